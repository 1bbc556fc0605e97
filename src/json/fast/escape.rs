//! Writes strings of JSON (RFC 8259 §7), 16 bytes at a time: transcripts are long and need few
//! escapes.

use wide::u8x16;

/// Bytes per vector comparison.
const CHUNK: usize = 16;

/// Appends `text` as a string of JSON, as `serde_json` writes it.
pub(crate) fn push_string(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    out.reserve(text.len() + text.len() / 16 + 2);
    out.push('"');
    let mut copied = 0;
    let mut push_escapes = |start: usize, chunk: [u8; CHUNK]| {
        let mut escaped = escaped_byte_mask(chunk);
        while escaped != 0 {
            let at = start + escaped.trailing_zeros() as usize;
            out.push_str(&text[copied..at]);
            push_escape(bytes[at], out);
            copied = at + 1;
            escaped &= escaped - 1;
        }
    };
    let (chunks, rest) = bytes.as_chunks();
    for (index, chunk) in chunks.iter().enumerate() {
        push_escapes(index * CHUNK, *chunk);
    }
    let mut last = [b' '; CHUNK];
    last[..rest.len()].copy_from_slice(rest);
    push_escapes(bytes.len() - rest.len(), last);
    out.push_str(&text[copied..]);
    out.push('"');
}

/// Marks the quotes, backslashes and control characters: one bit per byte, the lowest for the first
/// byte.
fn escaped_byte_mask(bytes: [u8; CHUNK]) -> u32 {
    let bytes = u8x16::new(bytes);
    // The XOR moves the quote (0x22) to 0x20, right after the control characters, and only permutes
    // the control characters. One comparison then finds both.
    let moved = bytes ^ u8x16::splat(b'"' ^ 0x20);
    let is_quote_or_control = moved.min(u8x16::splat(0x20)).simd_eq(moved);
    (is_quote_or_control | bytes.simd_eq(u8x16::splat(b'\\'))).to_bitmask()
}

/// Appends the escape of a quote, a backslash or a control character.
fn push_escape(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let escape = match byte {
        b'\n' => "\\n",
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\r' => "\\r",
        b'\t' => "\\t",
        8 => "\\b",
        12 => "\\f",
        _ => "\\u00",
    };
    out.push_str(escape);
    if escape.len() > 2 {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(HEX[usize::from(digit)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_escaped_as_serde_json_does(
            parts in proptest::collection::vec("[\u{0}-\"\\\\\u{7f}]{0,3}|[a-zü]{0,40}|.{0,9}", 0..8),
        ) {
            let text = parts.concat();
            let mut escaped = String::new();
            push_string(&text, &mut escaped);
            prop_assert_eq!(escaped, serde_json::to_string(&text).expect("a string"));
        }
    }
}
