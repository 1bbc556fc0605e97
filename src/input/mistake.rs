//! What is wrong with text that should be JSON, so that the words and the place alone are enough to mend it.

/// A mistake in text that should be JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// Where it shows.
    pub offset: usize,
    /// Where reading ended, which may be a little further.
    pub stopped: usize,
    /// What is there, as a phrase without a full stop.
    pub problem: String,
    /// What to do about it, if there is more to say.
    pub help: Option<&'static str>,
    /// Whether the text ends too early, and is good so far.
    pub is_cut: bool,
}

impl Mistake {
    pub(super) fn new(offset: usize, problem: impl Into<String>) -> Self {
        Self {
            offset,
            stopped: offset,
            problem: problem.into(),
            help: None,
            is_cut: false,
        }
    }

    fn with_help(self, help: &'static str) -> Self {
        Self {
            help: Some(help),
            ..self
        }
    }
}

const QUOTE_IT: &str = "put it in double quotes";

/// What is wrong with `bytes`, which break as JSON at `offset`, or a byte beside it, for a parser with this `complaint`.
pub(super) fn explain(bytes: &[u8], offset: usize, complaint: &str) -> Mistake {
    if let Some(what) = complaint.strip_prefix("EOF while parsing ") {
        return Mistake::new(
            offset,
            format!("the end of the text in the middle of {what}"),
        );
    }
    if complaint.starts_with("control character") {
        return control_character(bytes, offset);
    }
    if complaint.contains("escape") || complaint.contains("surrogate") {
        return escape(bytes, offset);
    }
    let at = offset + space(&bytes[offset.min(bytes.len())..]);
    let rest = &bytes[at.min(bytes.len())..];
    let before = bytes[..at.min(bytes.len())].trim_ascii_end();
    let is_name = complaint == "key must be a string";
    let is_behind_quote = at == before.len() && before.ends_with(b"\"");
    if is_behind_quote
        && complaint.starts_with("expected `,`")
        && rest
            .first()
            .is_some_and(|next| !next.is_ascii_punctuation())
    {
        return Mistake::new(at - 1, "a quote in the midst of a text").with_help("a quote that belongs to the text is written as `\\\"`; or a quote before it is missing");
    }
    odd_character(at, rest, before, is_name)
        .or_else(|| missing_sign(at, rest, before, complaint))
        .unwrap_or_else(|| Mistake::new(offset, in_our_words(complaint)))
}

fn control_character(bytes: &[u8], offset: usize) -> Mistake {
    // The parser has read the character, or has not.
    let near = [offset, offset + 1];
    let found = near
        .into_iter()
        .find(|at| bytes.get(*at).is_some_and(|byte| *byte < b' '));
    let at = found.unwrap_or(offset);
    match bytes.get(at) {
        Some(b'\n' | b'\r') => {
            let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
            let open = last_quote(&bytes[line..at]).map_or(at, |quote| line + quote);
            Mistake::new(open, "a string that is not closed on its line")
                .with_help("close it with `\"`; a line break in a text is written as \\n")
        }
        Some(b'\t') => Mistake::new(at, "a raw tab in a string").with_help("write it as \\t"),
        Some(byte) => Mistake::new(
            at,
            format!("the raw control character U+{byte:04X} in a string"),
        )
        .with_help("write it as \\u and four hexadecimal digits, or leave it out"),
        None => Mistake::new(at, "a raw control character in a string"),
    }
}

/// The last quote in `line` that no backslash escapes.
fn last_quote(line: &[u8]) -> Option<usize> {
    let is_open = |at: &usize| {
        let slashes = line[..*at]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        slashes % 2 == 0
    };
    memchr::memrchr_iter(b'"', line).find(is_open)
}

fn escape(bytes: &[u8], offset: usize) -> Mistake {
    const LONGEST: usize = 12;
    let end = (offset + 1).min(bytes.len());
    let from = end.saturating_sub(LONGEST);
    let at = memchr::memrchr(b'\\', &bytes[from..end]).map_or(offset, |slash| from + slash);
    let length = if bytes.get(at + 1) == Some(&b'u') {
        6
    } else {
        2
    };
    let escape = &bytes[at..(at + length).min(bytes.len())];
    let escape = String::from_utf8_lossy(escape);
    Mistake::new(
        at,
        format!("the escape `{escape}`, which JSON does not know"),
    )
    .with_help("a backslash itself is written as \\\\")
}

/// What no JSON has at this place, whatever was expected.
fn odd_character(at: usize, rest: &[u8], before: &[u8], is_name: bool) -> Option<Mistake> {
    let told = |problem: &str, help| Some(Mistake::new(at, problem).with_help(help));
    match rest {
        [b'}' | b']', ..] if before.ends_with(b",") => Some(
            Mistake::new(before.len() - 1, "a comma with nothing behind it")
                .with_help("leave the last comma out"),
        ),
        [b'}', ..] if before.is_empty() => told("a `}` too many", "leave it out"),
        [b']', ..] if before.is_empty() => told("a `]` too many", "leave it out"),
        [b',', ..] if before.is_empty() => told(
            "a comma between two values",
            "leave it out, or put both into an array: [ … ]",
        ),
        [b'/', b'/' | b'*', ..] | [b'#', ..] => {
            told("a comment", "JSON has no comments: leave it out")
        }
        [b'\'', ..] => told("text in single quotes", "JSON wants double quotes"),
        [0xe2, 0x80, 0x98..=0x9f, ..] | [0xc2, 0xab | 0xbb, ..] => told(
            "a typographic quotation mark",
            "JSON wants straight double quotes: `\"`",
        ),
        [b'<', ..] => told(
            "`<`, as HTML and XML begin",
            "look for an error page that was saved in place of the body",
        ),
        [b'+', ..] => told(
            "a number with a plus sign",
            "phone numbers are strings: put it in double quotes",
        ),
        [b'.', b'0'..=b'9', ..] => told("a number that begins with a point", "write a 0 before it"),
        [b';', ..] => told("`;`", "members and elements are separated by `,`"),
        [b'=', ..] => told("`=`", "a name is separated from its value by `:`"),
        [b'-', b'I', ..] => told("-Infinity, which is no number in JSON", "send null"),
        [b'x' | b'X', ..] if before.ends_with(b"0") => {
            told("a hexadecimal number", "JSON has decimal numbers only")
        }
        [b'0'..=b'9', ..] if before.ends_with(b"0") || before.ends_with(b"-0") => told(
            "a number that begins with 0",
            "leave the 0 out; phone numbers and codes are strings",
        ),
        [first, ..] if first.is_ascii_alphabetic() || *first == b'_' || *first == b'$' => {
            Some(word(at, rest, is_name))
        }
        [0..=8 | 14..=31 | 127, ..] => {
            told("binary data", "look at what saved it: this is no JSON")
        }
        _ => None,
    }
}

/// A word without quotes.
fn word(at: usize, rest: &[u8], is_name: bool) -> Mistake {
    const SHOWN: usize = 40;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-');
    let length = rest
        .iter()
        .position(|byte| !is_part(byte))
        .unwrap_or(rest.len());
    let word = String::from_utf8_lossy(&rest[..length.min(SHOWN)]);
    let (problem, help) = match &*word {
        name if is_name => (format!("the member name `{name}` without quotes"), QUOTE_IT),
        "NaN" | "Infinity" => (format!("{word}, which is no number in JSON"), "send null"),
        "undefined" | "None" | "nil" | "NULL" | "Null" => (format!("`{word}`"), "JSON writes null"),
        "True" | "False" | "TRUE" | "FALSE" => (
            format!("`{word}`"),
            "JSON writes true and false in lower case",
        ),
        word => (format!("the word `{word}` without quotes"), QUOTE_IT),
    };
    Mistake::new(at, problem).with_help(help)
}

/// A sign that is missing behind what came before.
fn missing_sign(at: usize, rest: &[u8], before: &[u8], complaint: &str) -> Option<Mistake> {
    let last = before.len().checked_sub(1)?;
    match (complaint, rest.first()?) {
        ("expected `,` or `}`", b']') => Some(
            Mistake::new(at, "`]` where the object should go on or end")
                .with_help("an object ends with `}`"),
        ),
        ("expected `,` or `]`", b'}') => Some(
            Mistake::new(at, "`}` where the array should go on or end")
                .with_help("an array ends with `]`"),
        ),
        ("expected `,` or `}`", _) => Some(
            Mistake::new(last, "no comma behind this value")
                .with_help("put `,` between it and the next member"),
        ),
        ("expected `,` or `]`", _) => Some(
            Mistake::new(last, "no comma behind this value")
                .with_help("put `,` between it and the next element"),
        ),
        ("expected `:`", _) => Some(
            Mistake::new(last, "no `:` behind this member name")
                .with_help("put `:` between it and its value"),
        ),
        _ => None,
    }
}

fn in_our_words(complaint: &str) -> &str {
    match complaint {
        "expected value" | "expected ident" => "text that is no JSON value",
        "trailing comma" => "a comma with nothing behind it",
        "trailing characters" => "more text right behind the value",
        "key must be a string" => "a member name without quotes",
        "invalid number" => "a number that is not written as JSON wants it",
        other => other,
    }
}

fn space(bytes: &[u8]) -> usize {
    bytes.len() - bytes.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use super::super::syntax::skip_one;

    /// Where the mistake shows, as the text from there on, and what it is.
    fn mistake(text: &str) -> (&str, String) {
        let mistake = skip_one(text.as_bytes()).expect_err("broken");
        (&text[mistake.offset..], mistake.problem)
    }

    #[test]
    fn mistakes_are_called_what_they_are_where_they_are() {
        for (text, place, problem) in [
            ("{\"a\":1,}", ",}", "comma with nothing"),
            ("[1,\n]", ",\n]", "comma with nothing"),
            ("{\"a\":1 // x\n}", "// x", "comment"),
            ("{\"a\":1, # x\n}", "# x", "comment"),
            ("{'a':1}", "'a'", "single quotes"),
            ("{“a”:1}", "“a”", "typographic"),
            ("{a:1}", "a:1", "name `a` without"),
            ("{\"a\":NaN}", "NaN", "no number"),
            ("{\"a\":None}", "None", "`None`"),
            ("{\"a\":done}", "done", "word `done`"),
            ("{\"a\":\"b\n}", "\"b\n}", "not closed"),
            ("{\"a\":\"b\tc\"}", "\tc", "raw tab"),
            ("{\"a\":\"ü\u{2}c\"}", "\u{2}c", "U+0002"),
            ("{\"a\":\"b\\x\"}", "\\x", "escape `\\x`"),
            ("{\"a\":\"b\\u12G4\"}", "\\u12G4", "escape `\\u12G4`"),
            ("{\"a\":1 \"b\":2}", "1 \"b", "no comma"),
            ("[1 2]", "1 2", "no comma"),
            ("{\"a\":\"b \"c\" d\"}", "\"c", "midst of a text"),
            ("{\"a\" 1}", "\" 1}", "no `:`"),
            ("{\"a\"=1}", "=1", "`=`"),
            ("{\"a\":1;}", ";}", "`;`"),
            ("{\"a\":[1}", "}", "array should go on"),
            ("{\"a\":+49}", "+49", "plus sign"),
            ("{\"a\":0xB4}", "xB4", "hexadecimal"),
            ("{\"a\":0180}", "180", "begins with 0"),
            ("{\"a\":.5}", ".5", "point"),
            ("<html>", "<html>", "HTML"),
            ("}", "}", "too many"),
        ] {
            let (at, told) = mistake(text);
            assert!(at.starts_with(place), "{text}: marks {at}");
            assert!(told.contains(problem), "{text}: {told}");
        }
    }
}
