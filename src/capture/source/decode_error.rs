//! The error for data that is bad, as opposed to data that could not be read.

use std::io;

/// The error for compressed data that is truncated, damaged or too large when decompressed, and for
/// a value that is too large. The data before the error is valid.
#[derive(Debug)]
pub(crate) struct DecodeError(String);

/// Creates a [`DecodeError`] with this reason.
pub(super) fn decode_error(reason: impl Into<String>) -> io::Error {
    io::Error::other(DecodeError(reason.into()))
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DecodeError {}

/// Returns true if the error is a [`DecodeError`]: the data is bad, but reading it did not fail.
#[must_use]
pub(crate) fn is_decode_error(error: &io::Error) -> bool {
    matches!(error.get_ref(), Some(inner) if inner.is::<DecodeError>())
}
