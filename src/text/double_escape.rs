//! Recognizes text that was escaped twice: its line breaks are a backslash and an `n`.

/// The first escape sequence in `text` that is certainly one: `\n`, `\"` or `\u00fc`. `None` if
/// there is none. Windows paths, search patterns and JSON in a text have backslashes too.
#[must_use]
pub(crate) fn find_escape(text: &str) -> Option<&str> {
    if is_json(text) {
        return None;
    }
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &text.as_bytes()[at..]) {
        let start = at + found;
        let rest = &text[start..];
        let backslashes = rest.len() - rest.trim_start_matches('\\').len();
        at = start + backslashes;
        // Of several backslashes, the last one starts the sequence.
        let sequence = &text[at - 1..];
        if let Some(length) = certain_length(sequence, &text[..start])
            && !is_in_path(text, start)
        {
            return Some(&sequence[..length]);
        }
    }
    None
}

/// Length of the escape sequence at the start of `sequence` if it is certainly one, after the text
/// `before`.
fn certain_length(sequence: &str, before: &str) -> Option<usize> {
    let mut characters = sequence.chars();
    characters.next();
    match characters.next()? {
        'n' | 'r' => {
            let after = &sequence[2..];
            let is_break_before = before.ends_with(|c: char| ".,:;!?)\"”“»…".contains(c));
            let may_start_line = match after.chars().next() {
                None => true,
                Some('\\') => ["\\n", "\\r", "\\t"]
                    .iter()
                    .any(|next| after.starts_with(next)),
                Some(c) if c.is_uppercase() || c.is_whitespace() => true,
                Some(c) => is_break_before || "-–•*„“»\"<[(".contains(c),
            };
            may_start_line.then_some(2)
        }
        'u' => {
            let digits = sequence.get(2..6)?;
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hex.then_some(6)
        }
        '"' => {
            let is_paired = sequence[2..].contains("\\\"");
            is_paired.then_some(2)
        }
        _ => None,
    }
}

/// True if the word around `at` is a path or a search pattern: it has a drive letter, starts with
/// two backslashes, or has a backslash that starts no escape sequence.
fn is_in_path(text: &str, at: usize) -> bool {
    /// Longest part of a word that is examined on each side.
    const MAX_LENGTH: usize = 200;
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ',' | ';');
    let start = text[..at].rfind(is_end).map_or(0, |end| {
        end + text[end..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &text[start..];
    let end = word.find(char::is_whitespace).unwrap_or(word.len());
    let word = &word[..end];
    if word.len() > 2 * MAX_LENGTH {
        return false;
    }
    let mut characters = word.chars();
    let has_drive = characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.as_str().starts_with(":\\");
    let mut is_escaped = false;
    let has_other_escape = word.chars().any(|c| {
        let is_other = is_escaped && !matches!(c, 'n' | 'r' | 't' | 'u' | '"' | '/' | '\\');
        is_escaped = c == '\\' && !is_escaped;
        is_other
    });
    has_drive || has_other_escape || word.starts_with("\\\\") && !word.starts_with("\\\\n")
}

/// True for text that seems to be JSON, in which escape sequences are right.
fn is_json(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with(['{', '[']) && text.ends_with(['}', ']']))
        || text.len() > 1 && text.starts_with('"') && text.ends_with('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_found() {
        for (text, found) in [
            (r"Hello.\nHow are you?", r"\n"),
            (r"Assistent: Guten Tag.\nKunde: Hallo", r"\n"),
            (r"one \n two", r"\n"),
            (r"one\n\ntwo", r"\n"),
            (r"one\r\ntwo", r"\r"),
            (r"list:\n- one\n- two", r"\n"),
            (r"end\n", r"\n"),
            (r"K\u00fcndigung", r"\u00fc"),
            (r#"he said \"yes\" twice"#, r#"\""#),
            (r"Hello.\\nHow", r"\n"),
            (r"Pfad C:\neu. Ende.\nNeu", r"\n"),
        ] {
            assert_eq!(find_escape(text), Some(found), "{text}");
        }
    }

    #[test]
    fn other_backslashes_are_not_found() {
        for text in [
            "",
            "plain\ntext",
            r"C:\Daten\neu",
            r"C:\Neu\nAlt",
            r"C:\nAlt",
            r"\\server\neu\Ordner",
            r"ordner\neu",
            r"(\d+)\n\w",
            r"\nabla",
            r"\u12",
            r#"5\" Display"#,
            r#"{"a":"x\nY"}"#,
            r#"["x\n"]"#,
            r#""x\nY""#,
            r"a\b",
            "\\",
            "\\\\",
            r"¯\_(ツ)_/¯",
        ] {
            assert_eq!(find_escape(text), None, "{text}");
        }
    }
}
