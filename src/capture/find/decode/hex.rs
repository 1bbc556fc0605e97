//! Bytes as hexadecimal digits, as databases write binary columns: in text, and in JSON strings,
//! there also as `\x…`, `0x…` and `X'…'`.
//!
//! [`hex`](crate::capture::split::text::hex) in `split` finds the digits in text.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::NestedText;
use crate::capture::location::coding::Coding;
use crate::capture::location::source_map::SourceMap;
use crate::capture::split::text::hex::has_body;

pub(super) const DECODER: Decoder = Decoder {
    name: "hex",
    detect,
    decode: |bytes, _, _| vec![decode(digits_of(bytes))],
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    let is_hex = match context.kind {
        PieceKind::Hex => true,
        PieceKind::String => is_hex_string(bytes),
        _ => false,
    };
    is_hex.then_some(Detection::Whole)
}

/// True if a JSON string has the digits of a body only.
pub(super) fn is_hex_string(string: &[u8]) -> bool {
    let digits = digits_of(string);
    has_body(digits) && digits.iter().all(u8::is_ascii_hexdigit)
}

/// The digits without a prefix.
fn digits_of(text: &[u8]) -> &[u8] {
    if let [b'X' | b'x', b'\'', digits @ .., b'\''] = text {
        return digits;
    }
    let prefixes: [&[u8]; 3] = [br"\\x", b"0x", b"0X"];
    let mut prefixes = prefixes.iter();
    prefixes
        .find_map(|prefix| text.strip_prefix(*prefix))
        .unwrap_or(text)
}

fn decode(digits: &[u8]) -> DecodedPiece {
    let (pairs, rest) = digits.as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default();
    let bytes = pairs.iter().map(|[high, low]| {
        // Two digits make one byte.
        u8::try_from(value(*high) << 4 | value(*low)).unwrap_or_default()
    });
    let text = NestedText::new(bytes.collect(), SourceMap::Opaque(0, Coding::Hex));
    let is_cut = !rest.is_empty();
    let damage = is_cut.then(|| "the hexadecimal digits end in the middle of a byte".to_owned());
    DecodedPiece::new(NestedText { damage, ..text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_decoded_with_and_without_a_prefix() {
        let text = r#"{"a":"ü and more text, so that it can be a body"}"#;
        let digit = |number: u8| char::from_digit(u32::from(number), 16).expect("below 16");
        let digits: String = (text.bytes())
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
            .collect();
        for string in [
            digits.clone(),
            digits.to_uppercase(),
            format!(r"\\x{digits}"),
            format!("0x{digits}"),
            format!("X'{digits}'"),
        ] {
            assert!(is_hex_string(string.as_bytes()), "{string}");
            let decoded = decode(digits_of(string.as_bytes())).text;
            assert_eq!(decoded.bytes, text.as_bytes());
            assert!(decoded.damage.is_none());
        }
        let cut = decode(&digits.as_bytes()[..digits.len() - 1]).text;
        assert!(cut.damage.is_some());
        assert!(!is_hex_string(format!("{digits}-").as_bytes()));
    }
}
