//! Characters of texts in which escapes of JSON and of links are visible, because a text contains
//! a piece of JSON or a link: `\u002b49` and `%2B49` are `+49`.

/// The character at the start of `text` and its length in bytes; `None` at the end. The escapes
/// `\uXXXX`, `\/` and `%XX` of ASCII count as the character that they denote.
#[must_use]
pub(crate) fn first_character(text: &str) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    let escaped = match first {
        '\\' => json_escape(text),
        '%' => percent_escape(text),
        _ => None,
    };
    Some(escaped.unwrap_or((first, first.len_utf8())))
}

/// Length in bytes of the escape sequence of JSON at the start of `text`: `\n`, `\u00fc`. `None` if
/// there is none.
#[must_use]
pub(crate) fn escape_length(text: &str) -> Option<usize> {
    let after = text.strip_prefix('\\')?;
    match after.bytes().next()? {
        b'n' | b'r' | b't' | b'"' | b'/' | b'\\' => Some(2),
        b'u' => hex_number(after.get(1..5)?).map(|_| r"\u00fc".len()),
        _ => None,
    }
}

fn json_escape(text: &str) -> Option<(char, usize)> {
    if text.starts_with(r"\/") {
        return Some(('/', 2));
    }
    let digits = text.get(2..6).filter(|_| text.starts_with(r"\u"))?;
    let character = char::from_u32(hex_number(digits)?)?;
    Some((character, r"\u002b".len()))
}

fn percent_escape(text: &str) -> Option<(char, usize)> {
    let byte = u8::try_from(hex_number(text.get(1..3)?)?).ok()?;
    (b' '..0x7f)
        .contains(&byte)
        .then_some((char::from(byte), "%2B".len()))
}

fn hex_number(digits: &str) -> Option<u32> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_count_as_what_they_denote() {
        for (text, expected) in [
            ("", None),
            ("ü1", Some(('ü', 2))),
            (r"\u002b49", Some(('+', 6))),
            (r"\u00a0", Some(('\u{a0}', 6))),
            (r"\/1", Some(('/', 2))),
            ("%2B49", Some(('+', 3))),
            ("%40", Some(('@', 3))),
        ] {
            assert_eq!(first_character(text), expected, "{text}");
        }
        for text in [
            r"\ud83d", r"\u00", r"\u+041", r"\n", r"\", "%", "%+1", "%C3%BC", "% 4", "%0A",
        ] {
            let first = text.chars().next().expect("a character");
            assert_eq!(first_character(text), Some((first, 1)), "{text}");
        }
        assert_eq!(first_character("%4ü"), Some(('%', 1)));
    }
}
