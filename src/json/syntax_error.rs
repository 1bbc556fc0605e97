//! Explains JSON syntax errors so that the message and the location suffice to fix them.

use super::scalar::is_no_number;
use super::white_space::lenient_space_length;

/// A JSON syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Byte offset where the error was detected.
    pub(crate) offset: usize,
    /// Byte offset where the parser stopped, which may be slightly after `offset`.
    pub(crate) stop_offset: usize,
    /// Description of the error: a phrase without a full stop.
    pub(crate) problem: String,
    /// Advice on how to fix it, if there is any.
    pub(crate) help: Option<&'static str>,
    /// True if the text is valid so far but ends too early.
    pub(crate) is_truncated: bool,
}

impl SyntaxError {
    pub(crate) fn new(offset: usize, problem: impl Into<String>) -> Self {
        Self {
            offset,
            stop_offset: offset,
            problem: problem.into(),
            help: None,
            is_truncated: false,
        }
    }

    #[must_use]
    pub(crate) fn with_help(self, help: &'static str) -> Self {
        Self {
            help: Some(help),
            ..self
        }
    }
}

const QUOTE_IT: &str = "put it in double quotes";
const WRITE_JSON: &str = "print JSON, not the notation of a program";
const ESCAPE_QUOTE: &str = "write it as `\\\"`, or add the quote that is missing before it";
const NO_SUCH_NUMBER: &str = "send a number, or null where null is allowed";

/// Explains why parsing `bytes` failed at `offset`, or one byte beside it, with this
/// `parser_message` of `serde_json`.
pub(crate) fn explain(bytes: &[u8], offset: usize, parser_message: &str) -> SyntaxError {
    if let Some(construct) = parser_message.strip_prefix("EOF while parsing ") {
        let construct = construct.replace("a list", "an array");
        return SyntaxError::new(
            offset,
            format!("the text ends in the middle of {construct}"),
        );
    }
    if parser_message.starts_with("control character") {
        return explain_control_character(bytes, offset);
    }
    if parser_message.contains("escape") || parser_message.contains("surrogate") {
        return explain_escape(bytes, offset);
    }
    let offset = match parser_message {
        // The parser stops inside a word that starts like `true`, `false` or `null`.
        "expected ident" => start_of_word(bytes, offset),
        // It stops after the sign of `-Infinity`.
        "invalid number" if bytes[..offset.min(bytes.len())].ends_with(b"-") => offset - 1,
        _ => offset,
    };
    let at = offset + whitespace_length(&bytes[offset.min(bytes.len())..]);
    let rest = &bytes[at.min(bytes.len())..];
    let before = bytes[..at.min(bytes.len())].trim_ascii_end();
    let expects_name = parser_message == "key must be a string";
    let is_behind_quote = at == before.len() && before.ends_with(b"\"");
    if is_behind_quote
        && parser_message.starts_with("expected `,`")
        && rest
            .first()
            .is_some_and(|next| !next.is_ascii_punctuation())
    {
        return SyntaxError::new(at - 1, "unescaped quote in a string").with_help(ESCAPE_QUOTE);
    }
    explain_unexpected_character(at, rest, before, expects_name)
        .or_else(|| explain_missing_separator(at, rest, before, parser_message))
        .unwrap_or_else(|| SyntaxError::new(offset, rephrase(parser_message)))
}

fn start_of_word(bytes: &[u8], offset: usize) -> usize {
    let before = &bytes[..offset.min(bytes.len())];
    let letters = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphabetic());
    before.len() - letters.count()
}

fn explain_control_character(bytes: &[u8], offset: usize) -> SyntaxError {
    // The parser may or may not have consumed the character.
    let near = [offset, offset + 1];
    let found = near
        .into_iter()
        .find(|at| bytes.get(*at).is_some_and(|byte| *byte < b' '));
    let at = found.unwrap_or(offset);
    match bytes.get(at) {
        Some(b'\n' | b'\r') => {
            let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
            let open = last_unescaped_quote(&bytes[line..at]).map_or(at, |quote| line + quote);
            SyntaxError::new(open, "unclosed string")
                .with_help("close it with `\"`, or write a line break in it as \\n")
        }
        Some(b'\t') => {
            SyntaxError::new(at, "unescaped tab in a string").with_help("write it as \\t")
        }
        Some(byte) => SyntaxError::new(
            at,
            format!("unescaped control character U+{byte:04X} in a string"),
        )
        .with_help("write it as \\u and four hexadecimal digits, or remove it"),
        None => SyntaxError::new(at, "unescaped control character in a string"),
    }
}

/// Offset of the last quote in `line` that is not escaped by a backslash.
fn last_unescaped_quote(line: &[u8]) -> Option<usize> {
    let is_unescaped = |at: &usize| {
        let slashes = line[..*at]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        slashes % 2 == 0
    };
    memchr::memrchr_iter(b'"', line).find(is_unescaped)
}

fn explain_escape(bytes: &[u8], offset: usize) -> SyntaxError {
    const MAX_ESCAPE_BYTES: usize = 12;
    let end = (offset + 1).min(bytes.len());
    let from = end.saturating_sub(MAX_ESCAPE_BYTES);
    let at = memchr::memrchr(b'\\', &bytes[from..end]).map_or(offset, |slash| from + slash);
    let length = if bytes.get(at + 1) == Some(&b'u') {
        6
    } else {
        2
    };
    let escape = &bytes[at..(at + length).min(bytes.len())];
    let escape = String::from_utf8_lossy(escape);
    SyntaxError::new(at, format!("invalid escape `{escape}`"))
        .with_help("write a backslash in a string as \\\\")
}

/// Explains characters that are invalid at this offset of any JSON, regardless of the expected
/// token.
fn explain_unexpected_character(
    at: usize,
    rest: &[u8],
    before: &[u8],
    expects_name: bool,
) -> Option<SyntaxError> {
    let error = |problem: &str, help| Some(SyntaxError::new(at, problem).with_help(help));
    match rest {
        [separator @ (b',' | b'}' | b']'), ..] => explain_separator(at, *separator, before),
        [b'/', b'/' | b'*', ..] | [b'#', b' ' | b'\t' | b'\r' | b'\n' | b'#', ..] => {
            error("comment", "remove it: JSON has no comments")
        }
        [b'0'..=b'9', ..] if expects_name && has_digit_before_comma(before) => error(
            "number with a decimal comma",
            "write a point in place of the comma",
        ),
        [b'\'', ..] => error("string in single quotes", "JSON requires double quotes"),
        [0xe2, 0x80, 0x98..=0x9f, ..] | [0xc2, 0xab | 0xbb, ..] => error(
            "typographic quotation mark",
            "JSON requires straight double quotes: `\"`",
        ),
        _ if lenient_space_length(rest).is_some_and(|length| length > 0) => error(
            "white space that JSON does not allow",
            "replace it by spaces: JSON allows only spaces, tabs and line breaks",
        ),
        [b'<', ..] => error(
            "`<`, the start of HTML or XML",
            "check whether an error page was saved instead of the body",
        ),
        [b'+', b'I' | b'N' | b'i' | b'n', ..] => error("word with a plus sign", NO_SUCH_NUMBER),
        [b'+', ..] => error(
            "number with a plus sign",
            "remove the plus sign (phone numbers belong in double quotes)",
        ),
        [b'.', b'0'..=b'9', ..] => error(
            "number without digits before the point",
            "write 0 before the point",
        ),
        [b';', ..] => error(
            "`;` instead of `,`",
            "separate members and elements with `,`",
        ),
        [b'=', ..] => error(
            "`=` instead of `:`",
            "write `:` between a name and its value",
        ),
        [b'x' | b'X', ..] if before.ends_with(b"0") => {
            error("hexadecimal number", "write it as a decimal number")
        }
        [b'0'..=b'9', ..] if before.ends_with(b"0") || before.ends_with(b"-0") => error(
            "number with a leading 0",
            "remove the 0 (phone numbers and codes belong in double quotes)",
        ),
        [b'-', first, ..] | [first, ..]
            if first.is_ascii_alphabetic() || *first == b'_' || *first == b'$' =>
        {
            Some(explain_bare_word(at, rest, expects_name))
        }
        [0..=8 | 14..=31 | 127, ..] => error("binary data", "check the program that saved it"),
        _ => None,
    }
}

/// Explains a comma or a closing bracket where a value or a name belongs.
fn explain_separator(at: usize, separator: u8, before: &[u8]) -> Option<SyntaxError> {
    let error = |problem: &str, help| Some(SyntaxError::new(at, problem).with_help(help));
    match separator {
        b'}' | b']' if before.ends_with(b",") => {
            Some(SyntaxError::new(before.len() - 1, "trailing comma").with_help("remove the comma"))
        }
        b',' if before.ends_with(b",") => error("two commas in a row", "remove one of them"),
        b',' if before.ends_with(b"{") || before.ends_with(b"[") => {
            error("comma without a value before it", "remove the comma")
        }
        b',' | b'}' if before.ends_with(b":") => {
            error("member without a value", "write a value after `:`")
        }
        b'}' if before.is_empty() => error("unmatched `}`", "remove it"),
        b']' if before.is_empty() => error("unmatched `]`", "remove it"),
        b',' if before.is_empty() => error(
            "comma between two values",
            "remove it, or put both values in an array: [ … ]",
        ),
        _ => None,
    }
}

/// Explains a word without quotes.
fn explain_bare_word(at: usize, rest: &[u8], expects_name: bool) -> SyntaxError {
    const MAX_SHOWN_BYTES: usize = 40;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-');
    let length = rest
        .iter()
        .position(|byte| !is_part(byte))
        .unwrap_or(rest.len());
    let word = String::from_utf8_lossy(&rest[..length.min(MAX_SHOWN_BYTES)]);
    let (problem, help) = match &*word {
        name if expects_name => (format!("member name `{name}` without quotes"), QUOTE_IT),
        "undefined" | "None" | "nil" | "NULL" | "Null" => {
            (format!("`{word}` instead of `null`"), "write `null`")
        }
        "True" | "False" | "TRUE" | "FALSE" => (
            format!("`{word}` instead of `{}`", word.to_lowercase()),
            "write it in lower case",
        ),
        word if is_no_number(word) => (format!("`{word}` is not a JSON number"), NO_SUCH_NUMBER),
        word if rest[length..].starts_with(b"(") => {
            (format!("call of the function `{word}`"), WRITE_JSON)
        }
        word => (format!("word `{word}` without quotes"), QUOTE_IT),
    };
    SyntaxError::new(at, problem).with_help(help)
}

/// Explains a separator that is missing after the preceding text.
fn explain_missing_separator(
    at: usize,
    rest: &[u8],
    before: &[u8],
    parser_message: &str,
) -> Option<SyntaxError> {
    let last = before.len().checked_sub(1)?;
    match (parser_message, rest.first()?) {
        ("expected `,` or `}`", b']') => {
            Some(SyntaxError::new(at, "`]` in an object").with_help("an object ends with `}`"))
        }
        ("expected `,` or `]`", b'}') => {
            Some(SyntaxError::new(at, "`}` in an array").with_help("an array ends with `]`"))
        }
        ("expected `,` or `}`", _) => Some(
            SyntaxError::new(last, "missing comma after this value")
                .with_help("write `,` between it and the next member"),
        ),
        ("expected `,` or `]`", _) => Some(
            SyntaxError::new(last, "missing comma after this value")
                .with_help("write `,` between it and the next element"),
        ),
        ("expected `:`", _) => Some(
            SyntaxError::new(last, "missing `:` after this member name")
                .with_help("write `:` between it and its value"),
        ),
        _ => None,
    }
}

/// True if `before` ends with a digit and a comma.
fn has_digit_before_comma(before: &[u8]) -> bool {
    matches!(before, [.., b'0'..=b'9', b','])
}

fn rephrase(parser_message: &str) -> &str {
    match parser_message {
        "expected value" | "expected ident" => "text that is not a JSON value",
        "trailing comma" => "trailing comma",
        "trailing characters" => "text right after the value",
        "key must be a string" => "member name without quotes",
        "invalid number" => "invalid number",
        other => other,
    }
}

fn whitespace_length(bytes: &[u8]) -> usize {
    bytes.len() - bytes.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use crate::json::syntax::skip_value;

    /// Returns the text from the error on, and its description.
    fn first_error(text: &str) -> (&str, String) {
        let error = skip_value(text.as_bytes()).expect_err("broken");
        (&text[error.offset..], error.problem)
    }

    #[test]
    fn errors_are_explained_where_they_show() {
        for (text, start, problem) in [
            ("{\"a\":1,}", ",}", "trailing comma"),
            ("[1,\n]", ",\n]", "trailing comma"),
            ("{\"a\":1,,\"b\":2}", ",\"b\"", "two commas"),
            ("[1, ,2]", ",2]", "two commas"),
            ("[,1]", ",1]", "comma without a value"),
            ("{,\"a\":1}", ",\"a\"", "comma without a value"),
            ("{\"a\":,\"b\":1}", ",\"b\"", "member without a value"),
            ("{\"a\":1 // x\n}", "// x", "comment"),
            ("{\u{a0}\"a\":1}", "\u{a0}\"a", "white space"),
            ("{\"a\":\u{2003}1}", "\u{2003}1", "white space"),
            ("{\"a\":1, # x\n}", "# x", "comment"),
            ("{\"a\":#N/A}", "#N/A", "not a JSON value"),
            ("{\"a\":1,5}", "5}", "decimal comma"),
            ("{'a':1}", "'a'", "single quotes"),
            ("{“a”:1}", "“a”", "typographic"),
            ("{a:1}", "a:1", "name `a` without"),
            ("{\"a\":NaN}", "NaN", "`NaN` is not a JSON number"),
            ("{\"a\":nil}", "nil", "`nil` instead of `null`"),
            ("{\"a\":nan}", "nan", "`nan` is not a JSON number"),
            ("{\"a\":Infinity}", "Infinity", "`Infinity` is not"),
            ("{\"a\":-Infinity}", "-Infinity", "`-Infinity` is not"),
            ("[1, -inf]", "-inf", "`-inf` is not"),
            ("{\"a\":}", "}", "member without a value"),
            ("{\"a\":None}", "None", "`None`"),
            ("{\"a\":done}", "done", "word `done`"),
            ("{\"a\":\"b\n}", "\"b\n}", "unclosed string"),
            ("{\"a\":\"b\tc\"}", "\tc", "unescaped tab"),
            ("{\"a\":\"ü\u{2}c\"}", "\u{2}c", "U+0002"),
            ("{\"a\":\"b\\x\"}", "\\x", "escape `\\x`"),
            ("{\"a\":\"b\\u12G4\"}", "\\u12G4", "escape `\\u12G4`"),
            ("{\"a\":1 \"b\":2}", "1 \"b", "missing comma"),
            ("[1 2]", "1 2", "missing comma"),
            ("{\"a\":\"b \"c\" d\"}", "\"c", "unescaped quote"),
            ("{\"a\" 1}", "\" 1}", "missing `:`"),
            ("{\"a\"=1}", "=1", "`=`"),
            ("{\"a\":1;}", ";}", "`;`"),
            ("{\"a\":[1}", "}", "`}` in an array"),
            ("{\"a\":+49}", "+49", "plus sign"),
            ("{\"a\":+Infinity}", "+I", "word with a plus sign"),
            ("{\"a\":BinData(0)}", "BinData", "the function `BinData`"),
            ("{\"a\":0xB4}", "xB4", "hexadecimal"),
            ("{\"a\":0180}", "180", "leading 0"),
            ("{\"a\":.5}", ".5", "point"),
            ("<html>", "<html>", "HTML"),
            ("}", "}", "unmatched"),
        ] {
            let (at, found) = first_error(text);
            assert!(at.starts_with(start), "{text}: marks {at}");
            assert!(found.contains(problem), "{text}: {found}");
        }
    }
}
