//! Standard output and standard error, as streams that wait if they are in non-blocking mode.

use std::io::{self, Write};

use super::stdout::STDOUT;
use crate::capture::source::files::readiness::{Pollable, Readiness, act_when_ready};
use crate::text::named_stream::NamedStream;

/// Standard output of the process.
pub(crate) fn stdout() -> impl Write {
    NamedStream::new(STDOUT, PatientWriter(io::stdout()))
}

/// Writes to standard error, at once. An error on standard error has nowhere to be reported.
pub(crate) fn print_on_stderr(text: &[u8]) {
    let _ = PatientWriter(io::stderr()).write_all(text);
}

/// A writer that waits while its stream is full, even in non-blocking mode.
#[derive(Debug)]
pub(crate) struct PatientWriter<W>(pub(crate) W);

impl<W: Write + Pollable> Write for PatientWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        act_when_ready(&mut self.0, Readiness::Write, |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        act_when_ready(&mut self.0, Readiness::Write, W::flush)
    }
}
