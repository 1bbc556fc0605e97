//! White space and comments, also those that JSON does not allow.

/// Length in bytes of the comments and the white space of any kind at the start of `bytes`, or
/// `None` if a comment has no end. A `#` starts a comment only before white space: `#N/A` is a
/// value of a spreadsheet.
pub(crate) fn lenient_space_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        at += match rest {
            [b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
            [b'/', b'/', ..] | [b'#', b' ' | b'\t' | b'\r' | b'\n' | b'#', ..] => {
                memchr::memchr(b'\n', rest)? + 1
            }
            // The next byte decides if a comment starts.
            [b'/' | b'#'] => return None,
            [b'/', b'*', comment @ ..] => memchr::memmem::find(comment, b"*/")? + 4,
            _ => match foreign_space_length(rest) {
                0 => return Some(at),
                length => length,
            },
        };
    }
}

/// Length in bytes of the character at the start of `bytes` if it is white space or invisible, and
/// JSON does not allow it between values; else 0.
pub(crate) fn foreign_space_length(bytes: &[u8]) -> usize {
    match bytes {
        // Vertical tab and form feed.
        [0x0b | 0x0c, ..] => 1,
        // U+0085, U+00A0, U+00AD
        [0xc2, 0x85 | 0xa0 | 0xad, ..] => 2,
        // U+1680, U+180E, U+2000 to U+200F, U+2028 to U+202F, U+205F to U+2064, U+2066 to U+2069,
        // U+3000, U+FEFF
        [0xe1, 0x9a, 0x80, ..]
        | [0xe1, 0xa0, 0x8e, ..]
        | [0xe2, 0x80, 0x80..=0x8f | 0xa8..=0xaf, ..]
        | [0xe2, 0x81, 0x9f..=0xa4 | 0xa6..=0xa9, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    }
}
