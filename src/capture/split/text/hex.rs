//! Finds bytes that are written as hexadecimal digits: `X'7b22…'` of `SQLite` and `MySQL`,
//! `0x7B22…` of `MySQL` and SQL Server, `\x7b22…` of Postgres, and digits without a prefix.

use std::ops::Range;

/// Two digits for each byte of the shortest body.
const MIN_DIGITS: usize = 80;

/// Distance of the bytes that are looked at. At least two of them are digits of a body.
const STEP: usize = MIN_DIGITS / 2;

/// The first digits of JSON, in UTF-8 or UTF-16, and of gzip and zstd data.
const STARTS: &[&[u8]] = &[
    b"7b22",
    b"7b20",
    b"7b0a",
    b"7b0d",
    b"7b09",
    b"7b00",
    b"5b7b",
    b"5b0a",
    b"5b0d",
    b"5b20",
    b"5b00",
    b"efbbbf",
    b"fffe",
    b"1f8b08",
    b"28b52ffd",
];

/// Finds the digits of the next text or compressed data, at or after `from`.
pub(super) fn next_hex(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let mut at = from;
    // Behind the first of these bytes in a body, half a step and a step further are digits too:
    // this skips most words.
    while at + STEP < bytes.len() {
        let places = [at, at + STEP / 2, at + STEP];
        if !places.iter().all(|at| bytes[*at].is_ascii_hexdigit()) {
            at += STEP;
            continue;
        }
        let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
        let start = at - bytes[from..at].iter().rev().take_while(is_digit).count();
        let end = at + bytes[at..].iter().take_while(is_digit).count();
        if has_body(&bytes[start..end]) && starts_word(bytes, start) {
            return Some(start..end);
        }
        at = end + 1;
    }
    None
}

/// True if the digits may be those of a body.
pub(crate) fn has_body(digits: &[u8]) -> bool {
    let is_start = |start: &&[u8]| {
        let digits = digits.get(..start.len());
        digits.is_some_and(|digits| digits.eq_ignore_ascii_case(start))
    };
    digits.len() >= MIN_DIGITS && STARTS.iter().any(is_start)
}

/// True if no word goes on before the digits, apart from a prefix.
fn starts_word(bytes: &[u8], digits: usize) -> bool {
    let before = &bytes[..digits];
    let prefixes: [&[u8]; 4] = [br"\\x", br"\x", b"0x", b"0X"];
    let mut prefixes = prefixes.iter();
    let outer = prefixes.find_map(|prefix| before.strip_suffix(*prefix));
    let before = outer.unwrap_or(before);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    !before.last().is_some_and(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_a_body_are_found_wherever_they_start() {
        let digits: String = "7b22".chars().chain("0".repeat(76).chars()).collect();
        for before in 0..100 {
            for prefix in ["X'", "0x", "\\x", "\\\\x", "\t", ",", ""] {
                for after in ["", "'"] {
                    let text = format!("{}{prefix}{digits}{after}", " ".repeat(before));
                    let found = next_hex(text.as_bytes(), 0);
                    let start = before + prefix.len();
                    assert_eq!(found, Some(start..start + 80), "{text}");
                }
            }
        }
        for other in [
            format!("a{digits}"),
            format!("ax{digits}"),
            format!("00{digits}"),
            digits[..78].to_owned(),
        ] {
            assert_eq!(next_hex(other.as_bytes(), 0), None, "{other}");
        }
    }
}
