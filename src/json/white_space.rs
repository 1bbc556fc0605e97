//! White space and comments, also those that JSON does not allow.

/// Length in bytes of the comments and the white space of any kind at the start of `bytes`, or
/// `None` if a comment has no end.
pub(crate) fn lenient_space_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        at += match rest {
            [b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c, ..] => 1,
            [b'/', b'/', ..] | [b'#', ..] => memchr::memchr(b'\n', rest)? + 1,
            // The next byte decides if a comment starts.
            [b'/'] => return None,
            [b'/', b'*', comment @ ..] => memchr::memmem::find(comment, b"*/")? + 4,
            [0xc2, 0x85 | 0xa0, ..] => 2,
            // U+1680, U+2000 to U+200D, U+2028, U+2029, U+202F, U+205F, U+2060, U+3000, U+FEFF
            [0xe1, 0x9a, 0x80, ..]
            | [0xe2, 0x80, 0x80..=0x8d | 0xa8 | 0xa9 | 0xaf, ..]
            | [0xe2, 0x81, 0x9f | 0xa0, ..]
            | [0xe3, 0x80, 0x80, ..]
            | [0xef, 0xbb, 0xbf, ..] => 3,
            _ => return Some(at),
        };
    }
}
