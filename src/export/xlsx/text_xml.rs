//! Text in cells, as XML. Excel has escapes of its own for characters that XML does not allow:
//! `_x001B_`. Text that looks like one is escaped too.

/// Length of `_x001B_`.
const ESCAPE_BYTES: usize = 7;

/// The noncharacters that XML does not allow, in UTF-8, and their escapes.
const NONCHARACTERS: [([u8; 3], &[u8; ESCAPE_BYTES]); 2] = [
    ([0xEF, 0xBF, 0xBE], b"_xFFFE_"),
    ([0xEF, 0xBF, 0xBF], b"_xFFFF_"),
];

/// True for bytes that are or may be the start of something to escape.
const MAY_NEED_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = byte != b'\t' as usize && byte != b'\n' as usize;
        byte += 1;
    }
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'_' as usize] = true;
    table[NONCHARACTERS[0].0[0] as usize] = true;
    table
};

/// Appends the text of a cell.
pub(super) fn push_text(text: &str, xml: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    loop {
        let special = rest
            .iter()
            .position(|byte| MAY_NEED_ESCAPE[usize::from(*byte)]);
        let Some(start) = special else {
            xml.extend_from_slice(rest);
            return;
        };
        xml.extend_from_slice(&rest[..start]);
        let escaped = push_special(&rest[start..], xml);
        rest = &rest[start + escaped..];
    }
}

/// Appends the first character of `text`, which may need an escape. Returns its number of bytes, or
/// that of its first bytes.
fn push_special(text: &[u8], xml: &mut Vec<u8>) -> usize {
    match text[0] {
        b'&' => xml.extend_from_slice(b"&amp;"),
        b'<' => xml.extend_from_slice(b"&lt;"),
        b'>' => xml.extend_from_slice(b"&gt;"),
        b'_' if is_escape(text) => xml.extend_from_slice(b"_x005F_"),
        control @ ..0x20 => {
            let digits =
                [control >> 4, control & 15].map(|digit| b"0123456789ABCDEF"[usize::from(digit)]);
            xml.extend_from_slice(b"_x00");
            xml.extend_from_slice(&digits);
            xml.push(b'_');
        }
        first => {
            let found = NONCHARACTERS
                .iter()
                .find(|(character, _)| text.starts_with(character));
            if let Some((character, escape)) = found {
                xml.extend_from_slice(*escape);
                return character.len();
            }
            xml.push(first);
        }
    }
    1
}

/// True if the text starts with an escape, such as `_x001B_`.
fn is_escape(text: &[u8]) -> bool {
    let Some([b'_', b'x', digits @ .., b'_']) = text.first_chunk::<ESCAPE_BYTES>() else {
        return false;
    };
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// True if XML readers may remove white space at the start or the end of the text.
pub(super) fn has_outer_space(text: &str) -> bool {
    let is_space = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\n'));
    is_space(text.as_bytes().first()) || is_space(text.as_bytes().last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_xml_or_excel_would_change_is_escaped() {
        for (text, expected) in [
            ("", ""),
            ("a\tb\nc", "a\tb\nc"),
            ("a & <b> \"c\" 'd'", "a &amp; &lt;b&gt; \"c\" 'd'"),
            (
                "\u{0}\r\u{1b}\u{1f}\u{7f}",
                "_x0000__x000D__x001B__x001F_\u{7f}",
            ),
            ("_x0041_", "_x005F_x0041_"),
            ("_x0041_x00aF_", "_x005F_x0041_x005F_x00aF_"),
            (
                "_x004_ _x00g1_ _X0041_ __ _x0041",
                "_x004_ _x00g1_ _X0041_ __ _x0041",
            ),
            (
                "\u{fffe}\u{ffff}\u{fffd}\u{ff1d}",
                "_xFFFE__xFFFF_\u{fffd}\u{ff1d}",
            ),
        ] {
            let mut xml = Vec::new();
            push_text(text, &mut xml);
            assert_eq!(String::from_utf8_lossy(&xml), expected);
        }
    }
}
