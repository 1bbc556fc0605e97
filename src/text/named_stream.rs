//! Files and streams whose errors have a name.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::io_error::NamedIoError;

/// A file or a stream. Its errors are [`NamedIoError`]s.
#[derive(Debug)]
pub(crate) struct NamedStream<S> {
    name: String,
    hint: Option<&'static str>,
    /// The stream without a name.
    pub(crate) stream: S,
}

impl NamedStream<()> {
    /// The name of temporary files in `folder`, with a hint for their errors.
    pub(crate) fn temporary(folder: &str) -> Self {
        Self {
            hint: Some("set TMPDIR to another folder"),
            ..Self::new(format!("temporary file in {folder}"), ())
        }
    }
}

impl<S> NamedStream<S> {
    /// Names `stream`.
    pub(crate) fn new(name: impl Into<String>, stream: S) -> Self {
        Self {
            name: name.into(),
            hint: None,
            stream,
        }
    }

    /// Calls `act` with the stream, and names its error.
    pub(crate) fn act<T>(self, act: impl FnOnce(S) -> io::Result<T>) -> io::Result<T> {
        act(self.stream).map_err(|error| NamedIoError::wrap(&self.name, self.hint, error))
    }

    /// Opens another stream of the same name with `open`.
    pub(crate) fn open<T>(
        &self,
        open: impl FnOnce(&S) -> io::Result<T>,
    ) -> io::Result<NamedStream<T>> {
        let result = open(&self.stream);
        Ok(NamedStream {
            name: self.name.clone(),
            hint: self.hint,
            stream: self.with_name(result)?,
        })
    }

    /// Adds the name to an error, unless it has one already.
    pub(crate) fn name(&self, error: io::Error) -> io::Error {
        NamedIoError::wrap(&self.name, self.hint, error)
    }

    fn with_name<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| self.name(error))
    }
}

impl<S: Write> Write for NamedStream<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.stream.write(bytes);
        self.with_name(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.stream.flush();
        self.with_name(result)
    }
}

impl<S: Read> Read for NamedStream<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.stream.read(buffer);
        self.with_name(result)
    }
}

impl<S: Seek> Seek for NamedStream<S> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let result = self.stream.seek(position);
        self.with_name(result)
    }
}
