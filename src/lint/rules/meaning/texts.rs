//! Plausibility of texts: they were read in the right encoding, and escaped once.

use memchr::memmem;

use crate::call::transcript::has_escaped_breaks;
use crate::json::{Json, Token, scan};
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
        level: Level::Warning,
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
    if !whole.suspects.may_be_garbled {
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
        level: Level::Warning,
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
    if !whole.suspects.may_be_escaped_twice {
        return;
    }
    scan(whole.body, |path, token| {
        let Token::Scalar(value) = token else {
            return;
        };
        let Some(text) = value.as_str().filter(|_| has_backslash(value.text())) else {
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

/// True if JSON has a backslash in a text.
fn has_backslash(json: &str) -> bool {
    memmem::find(json.as_bytes(), b"\\\\").is_some()
}
