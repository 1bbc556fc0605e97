//! The error that ends a run.

use std::io;

use super::session::Session;
use crate::exit::{Exit, UsageError};
use crate::text::io_error::{NamedIoError, describe_io_error};

impl Session {
    /// Prints the error that ended the run, sets the exit code, and returns the printed text.
    pub(crate) fn report_failure(&mut self, error: &anyhow::Error) -> String {
        let message = format_error(error);
        self.print_error(&message);
        self.fail(if error.is::<UsageError>() {
            Exit::Usage
        } else {
            Exit::Failed
        });
        message
    }
}

/// Formats an error with its causes, outermost first, separated by colons. The error of a file has
/// its name and needs no other.
fn format_error(error: &anyhow::Error) -> String {
    if let Some(error) = NamedIoError::find(error.as_ref()) {
        return error.to_string();
    }
    let causes = error
        .chain()
        .map(|cause| match cause.downcast_ref::<io::Error>() {
            Some(error) => describe_io_error(error),
            None => cause.to_string(),
        });
    causes.collect::<Vec<_>>().join(": ")
}
