//! I/O errors as text.

use std::io;

/// Formats an I/O error without the ` (os error N)` that Rust appends.
#[must_use]
pub(crate) fn describe_io_error(error: &io::Error) -> String {
    // Prefer the system's error: a library's wrapper adds no information.
    let system = error.raw_os_error().map(io::Error::from_raw_os_error);
    let text = system.as_ref().unwrap_or(error).to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
