//! Values in Windows-1252, the encoding of many programs on Windows, in place of UTF-8.
//!
//! A value is decoded only if it is not valid UTF-8. It is refused if it may be UTF-8 after all:
//! if a character of UTF-8 is cut, or if other characters of it are valid UTF-8.

use encoding_rs::WINDOWS_1252;

/// Offset and description of the text that is not decoded.
pub(crate) type EncodingError = (usize, &'static str);

const CUT_CHARACTER: &str = "UTF-8 that is cut in the middle of a character";
const TWO_ENCODINGS: &str = "text in two encodings: some of it is UTF-8, some is not";
const UNKNOWN_ENCODING: &str = "text that is neither UTF-8 nor Windows-1252";

/// Decodes one byte.
pub(crate) fn character(byte: u8) -> char {
    let byte = [byte];
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Decodes a value that is not valid UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, EncodingError> {
    check(bytes)?;
    Ok(bytes.iter().map(|byte| character(*byte)).collect())
}

/// Returns an error unless the bytes are certainly Windows-1252.
pub(crate) fn check(bytes: &[u8]) -> Result<(), EncodingError> {
    let (mut first_invalid, mut has_utf8, mut is_cut) = (None, false, true);
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        has_utf8 |= has_characters_of_utf8(chunk.valid());
        at += chunk.valid().len();
        if let [first, ..] = chunk.invalid() {
            first_invalid = first_invalid.or(Some(at));
            let next = bytes.get(at + chunk.invalid().len());
            let length = chunk.invalid().len();
            let is_cut_here = is_cut_character(*first, length, next.copied());
            is_cut &= is_cut_here;
            has_utf8 |= is_cut_here && length > 1;
        }
        at += chunk.invalid().len();
    }
    let at = first_invalid.unwrap_or_default();
    if is_cut {
        return Err((at, CUT_CHARACTER));
    }
    if has_utf8 {
        return Err((at, TWO_ENCODINGS));
    }
    // These bytes are not defined.
    let undefined = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    match bytes.iter().position(undefined) {
        Some(at) => Err((at, UNKNOWN_ENCODING)),
        None => Ok(()),
    }
}

/// True if `text` has characters that are not plausible in Windows-1252. There, `ß»` and `Ü“` look
/// like rare letters of UTF-8.
fn has_characters_of_utf8(text: &str) -> bool {
    let is_lead = |byte: u8| byte >= 0xc0 && !matches!(byte, 0xc9 | 0xd6 | 0xdc | 0xdf);
    text.bytes().any(is_lead)
}

/// True if the start of a UTF-8 character of `length` bytes is more plausible than text in
/// Windows-1252: `Ã`, `â€` and `ðŸ` start umlauts, punctuation and emoji, and are not the end of a
/// word. `next` is the byte after it.
fn is_cut_character(first: u8, length: usize, next: Option<u8>) -> bool {
    matches!(first, 0xc2 | 0xc3 | 0xe2 | 0xef | 0xf0)
        && (length > 1 || !next.is_some_and(|next| next.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_1252_is_decode() {
        for text in [
            "m\u{f6}chte",
            "\u{201e}Spa\u{df}\u{ab} f\u{fc}r 5 \u{20ac}",
            "Jos\u{e9}",
            "\u{201c}caf\u{e9}\u{201d}",
            "S\u{e3}o, \u{c2}ngela",
            "Men\u{dc}\u{2019}s \u{fc}",
        ] {
            let (bytes, _, _) = WINDOWS_1252.encode(text);
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn other_text_is_refused() {
        for cut in [
            &b"m\xc3"[..],
            b"m\xc3\" \xc3\xbc",
            b"\xf0\x9f\x98",
            b"\xe2\x80 x",
            b"m\xc3...",
        ] {
            assert_eq!(
                decode(cut).map_err(|(_, problem)| problem),
                Err(CUT_CHARACTER)
            );
        }
        assert_eq!(decode(b"\xc3\xbc \xfc"), Err((3, TWO_ENCODINGS)));
        assert_eq!(decode(b"\xf0\x9f [\x98"), Err((0, TWO_ENCODINGS)));
        assert_eq!(decode(b"\xfc \x9d"), Err((2, UNKNOWN_ENCODING)));
    }
}
