//! I/O errors as text.

use std::error::Error;
use std::fmt;
use std::io;

/// Formats an I/O error without the ` (os error N)` that Rust appends.
#[must_use]
pub(crate) fn describe_io_error(error: &io::Error) -> String {
    let text = match system_error(error) {
        Some(code) => io::Error::from_raw_os_error(code).to_string(),
        None => error.to_string(),
    };
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// Finds the code of the operating system in `error` or its causes. A library that wraps the error
/// of the system adds a name that the message has already.
fn system_error(error: &io::Error) -> Option<i32> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if error.is::<NamedIoError>() {
            return None;
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(error) if error.raw_os_error().is_some() => return error.raw_os_error(),
            // `source` would skip the error inside.
            Some(error) => error.get_ref().map(|inner| inner as _),
            None => error.source(),
        };
    }
    None
}

/// The error of a file or a stream, with its name. Formatted as `NAME: reason; hint`.
#[derive(Debug)]
pub(crate) struct NamedIoError {
    name: String,
    error: io::Error,
    hint: Option<&'static str>,
}

impl NamedIoError {
    /// Adds `name` to an error, unless it has a name already. The kind of the error is unchanged.
    #[cold]
    pub(crate) fn wrap(name: &str, hint: Option<&'static str>, error: io::Error) -> io::Error {
        if Self::find(&error).is_some() {
            return error;
        }
        let name = name.to_owned();
        io::Error::new(error.kind(), Self { name, error, hint })
    }

    /// Finds a named error in `error` or its causes.
    #[must_use]
    pub(crate) fn find<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(named) = error.downcast_ref() {
                return Some(named);
            }
            next = match error.downcast_ref::<io::Error>() {
                // `source` would skip the error inside.
                Some(error) => error.get_ref().map(|inner| inner as _),
                None => error.source(),
            };
        }
        None
    }

    /// The kind of the error.
    #[must_use]
    pub(crate) fn kind(&self) -> io::ErrorKind {
        self.error.kind()
    }

    /// The name of the file or stream.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for NamedIoError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.name, describe_io_error(&self.error))?;
        self.hint.map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl Error for NamedIoError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_name_is_kept_and_found() {
        let error =
            NamedIoError::wrap("inner", Some("try again"), io::ErrorKind::BrokenPipe.into());
        let error = NamedIoError::wrap("outer", None, error);
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        let error = anyhow::Error::from(error).context("more");
        let named = NamedIoError::find(error.as_ref()).expect("it has a name");
        assert_eq!(named.to_string(), "inner: broken pipe; try again");
    }
}
