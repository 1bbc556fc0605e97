//! Plausibility of texts: they were read in the right encoding, and escaped once.

use memchr::memmem;

use crate::call::transcript::has_escaped_breaks;
use crate::json::{Json, Token, ValueTraits, scan};
use crate::lint::collector::RuleContext;
use crate::lint::describe::describe;
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule};
use crate::text::double_escape::find_escape;
use crate::text::mojibake;
use crate::text::shorten::escape_blank;

pub(crate) static RULES: &[&RuleCheck] = &[&MOJIBAKE, &ESCAPED_TWICE];

static MOJIBAKE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "mojibake",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "UTF-8 text that a program read as Latin-1 or Windows-1252",
        explanation: "\
In UTF-8, ö is two bytes. A program that reads them as Latin-1 or Windows-1252 makes two characters \
of them, so that möchte becomes mÃ¶chte. The text is garbled in every report and in every message \
to the customer. It can happen more than once.

The finding has the text as it was meant. The rule checks all texts and member names, and reports \
only text that is certainly garbled. postcall shows and exports the text unchanged.",
        bad: "\"customer_name\": \"JÃ¶rg MÃ¼ller\"",
        good: "\"customer_name\": \"Jörg Müller\"",
        fix: "\
Find the step that reads or writes text without naming its encoding, and set it to UTF-8: the \
database connection, the CSV import, or the Content-Type header.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(check_encoding),
};

fn check_encoding<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if !may_be_garbled(whole.body, whole.traits) {
        return;
    }
    scan(whole.body, |path, token| {
        let text = match token {
            Token::Name(text) => text,
            Token::Scalar(value) => value.text(),
            Token::Object | Token::ObjectEnd => return,
        };
        let Some(found) = Json::from_well_formed(text).as_str() else {
            return;
        };
        if let Some(meant) = mojibake::restore(&found) {
            let message = || garbled_text(&found, &meant);
            context.report_lazily(text, None, || path.pointer(""), message);
        }
    });
}

fn garbled_text(found: &str, meant: &str) -> Message {
    let pairs = found.char_indices().zip(meant.chars());
    let mut different = pairs.skip_while(|((_, found), meant)| found == meant);
    let at = different.next().map_or(0, |((at, _), _)| at);
    let start = found[..at]
        .char_indices()
        .rfind(|(_, c)| c.is_whitespace())
        .map_or(0, |(space, c)| space + c.len_utf8());
    let excerpt = |text: &str| {
        let before = if start > 0 { "…" } else { "" };
        quote(&format!("{before}{}", &text[start..]))
    };
    Message::new(format!("the text {}", excerpt(meant)), excerpt(found))
        .with_help("it is UTF-8 that was read as Latin-1 or Windows-1252")
}

/// The start of `text` as a JSON string.
fn quote(text: &str) -> String {
    const SHOWN: usize = 60;
    let (shown, rest) = match text.char_indices().nth(SHOWN) {
        Some((end, _)) => (&text[..end], "…"),
        None => (text, ""),
    };
    let quoted = serde_json::Value::from(format!("{shown}{rest}")).to_string();
    escape_blank(&quoted).into_owned()
}

static ESCAPED_TWICE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "escaped-twice",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a text in which an escape sequence such as `\\n` is visible",
        explanation: "\
A line break in JSON is written \\n. If a text that is already escaped is escaped again, it has a \
backslash and an n instead of the line break, and shows them to everybody who reads it.

The rule checks all texts, and reports only sequences that are certainly escaped twice: Windows \
paths and JSON in a text are not. postcall splits transcripts into turns there, and shows and \
exports the text unchanged.",
        bad: "\"transcript\": \"Assistant: Hello Mr. Mustermann!\\\\nCustomer: Hello\"",
        good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!\\nCustomer: Hello\"",
        fix: "\
Find the step that puts the text into JSON, such as a template, and make it escape the text once.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(check_escapes),
};

fn check_escapes<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if !may_be_escaped_twice(whole.body, whole.traits) {
        return;
    }
    scan(whole.body, |path, token| {
        let Token::Scalar(value) = token else {
            return;
        };
        let Some(text) = value.as_str().filter(|_| has_visible_escape(value)) else {
            return;
        };
        let pointer = || path.pointer("");
        let in_transcript = || has_escaped_breaks(&text) && pointer() == "/transcript";
        let sequence = find_escape(&text).or_else(|| in_transcript().then_some("\\n"));
        if let Some(sequence) = sequence {
            let message = || {
                Message::new("a text that is escaped once", describe(value))
                    .with_problem(format!(
                        "text that was escaped twice: it contains `{sequence}`"
                    ))
                    .with_help("find the step that escapes it again")
            };
            context.report_lazily(value.text(), None, pointer, message);
        }
    });
}

/// Fast path: false if no text of `body`, whose members have these traits, is garbled.
fn may_be_garbled(body: Json, traits: ValueTraits) -> bool {
    let json = body.text();
    mojibake::may_be_garbled(json)
        || traits.may_have_escaped_codes() && mojibake::may_have_garbled_codes(json)
}

/// Fast path: false if no text of `body`, whose members have these traits, is escaped twice.
fn may_be_escaped_twice(body: Json, traits: ValueTraits) -> bool {
    traits.may_have_escaped_codes() && has_visible_escape(body)
}

/// True if a text in `json` has a backslash before `n`, `r`, `u` or an escape.
fn has_visible_escape(json: Json) -> bool {
    const BACKSLASH: &[u8] = br"\\";
    let json = json.text().as_bytes();
    memmem::find_iter(json, BACKSLASH).any(|at| {
        let next = json.get(at + BACKSLASH.len());
        matches!(next, Some(b'n' | b'r' | b'u' | b'\\'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::contract_object::ContractObject;

    #[test]
    fn suspects_are_found_at_each_index() {
        for index in 0..70 {
            for (text, is_garbled, is_escaped) in [
                ("Ã¶", true, false),
                ("â€“", true, false),
                ("\\u00c3\\u00b6", true, false),
                ("Ã\\u00b6", true, false),
                ("\\\\n", false, true),
                ("\\\\\\\"", false, true),
                ("\\\\u00fc", false, true),
                ("öo – \\n \\\" \\u00f6o \\\\a", false, false),
            ] {
                let text = format!("{}{text}", "x".repeat(index));
                for json in [
                    format!("{{\"a\":\"{text}\"}}"),
                    format!("{{\"{text}\":1}}"),
                    format!("{{\"a\":{{\"{text}\":1}}}}"),
                    format!("{{\"a\":[\"{text}\",1]}}"),
                ] {
                    let body = Json::from_well_formed(&json);
                    let members = body.members().expect("an object");
                    let traits = ContractObject::read("", body, members).all_traits;
                    assert_eq!(may_be_garbled(body, traits), is_garbled, "{json}");
                    assert_eq!(may_be_escaped_twice(body, traits), is_escaped, "{json}");
                }
            }
        }
    }
}
