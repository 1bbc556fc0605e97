//! Start and end of the line around an offset.

/// Start of the line that contains `offset`.
pub(crate) fn line_start(bytes: &[u8], offset: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |newline| newline + 1)
}

/// End of the line that contains `from`, including its line break.
pub(crate) fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |newline| from + newline + 1)
}
