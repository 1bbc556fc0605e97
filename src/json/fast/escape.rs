//! Writes strings of JSON (RFC 8259 §7), 32 bytes at a time: transcripts are long and need few
//! escapes.

use super::string_end::{CHUNK, special_byte_mask};

/// Appends `text` as a string of JSON, as `serde_json` writes it.
pub(crate) fn push_string(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    out.push('"');
    let mut copied = 0;
    for start in (0..bytes.len()).step_by(CHUNK) {
        let mut special = match bytes[start..].first_chunk() {
            Some(chunk) => special_byte_mask(chunk),
            None => {
                let mut chunk = [b' '; CHUNK];
                chunk[..bytes.len() - start].copy_from_slice(&bytes[start..]);
                special_byte_mask(&chunk)
            }
        };
        while special != 0 {
            let at = start + special.trailing_zeros() as usize;
            out.push_str(&text[copied..at]);
            push_escape(bytes[at], out);
            copied = at + 1;
            special &= special - 1;
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

/// Appends the escape of a quote, a backslash or a control character.
fn push_escape(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let letter = match byte {
        b'\n' => 'n',
        b'"' | b'\\' => char::from(byte),
        b'\r' => 'r',
        b'\t' => 't',
        8 => 'b',
        12 => 'f',
        _ => {
            out.push_str("\\u00");
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(HEX[usize::from(digit)]));
            }
            return;
        }
    };
    out.push('\\');
    out.push(letter);
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
