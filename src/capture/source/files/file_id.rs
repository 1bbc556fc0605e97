//! The identity of a file: two names of one file, such as links to it, have the same.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// A stream that the run writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputStream {
    Stdout,
    Stderr,
}

impl OutputStream {
    pub(crate) const ALL: [Self; 2] = [Self::Stdout, Self::Stderr];

    /// Name of the stream in messages.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
        }
    }

    /// Returns true if the stream is connected to an empty file.
    #[must_use]
    pub(crate) fn is_empty_file(self) -> bool {
        let metadata = self.handle().and_then(|stream| stream.as_file().metadata());
        metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0)
    }

    fn handle(self) -> io::Result<same_file::Handle> {
        match self {
            Self::Stdout => same_file::Handle::stdout(),
            Self::Stderr => same_file::Handle::stderr(),
        }
    }
}

/// The identity of a file, whatever the path that leads to it. On Unix, a file need not be opened
/// to be identified: opening a pipe would block, and some files cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileId(Inner);

#[cfg(unix)]
type Inner = (u64, u64);

#[cfg(not(unix))]
type Inner = std::sync::Arc<same_file::Handle>;

impl FileId {
    /// Identifies the file at `path`. Links are followed. Returns `None` if there is none, and for
    /// devices and sockets: these can be input and output at the same time, as a terminal is.
    #[must_use]
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let metadata = path.metadata().ok()?;
        #[cfg(unix)]
        return Self::of_metadata(&metadata);
        #[cfg(not(unix))]
        return Self::of_handle(&metadata, same_file::Handle::from_path(path));
    }

    /// Identifies an open file.
    #[must_use]
    pub(crate) fn of_file(file: &File) -> Option<Self> {
        #[cfg(unix)]
        return Self::of_metadata(&file.metadata().ok()?);
        #[cfg(not(unix))]
        return Self::of_stream(file.try_clone().and_then(same_file::Handle::from_file));
    }

    /// Identifies the file that standard input is connected to.
    #[must_use]
    pub(crate) fn of_stdin() -> Option<Self> {
        Self::of_stream(same_file::Handle::stdin())
    }

    /// Identifies the file that standard output or standard error is connected to.
    #[must_use]
    pub(crate) fn of_output(stream: OutputStream) -> Option<Self> {
        Self::of_stream(stream.handle())
    }

    #[cfg(unix)]
    fn of_stream(stream: io::Result<same_file::Handle>) -> Option<Self> {
        Self::of_metadata(&stream.ok()?.as_file().metadata().ok()?)
    }

    #[cfg(unix)]
    fn of_metadata(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

        let kind = metadata.file_type();
        let is_known = kind.is_file() || kind.is_dir() || kind.is_fifo();
        is_known.then(|| Self((metadata.dev(), metadata.ino())))
    }

    #[cfg(not(unix))]
    fn of_stream(stream: io::Result<same_file::Handle>) -> Option<Self> {
        let metadata = stream.as_ref().ok()?.as_file().metadata().ok()?;
        Self::of_handle(&metadata, stream)
    }

    #[cfg(not(unix))]
    fn of_handle(metadata: &Metadata, handle: io::Result<same_file::Handle>) -> Option<Self> {
        let is_known = metadata.is_file() || metadata.is_dir();
        handle
            .ok()
            .filter(|_| is_known)
            .map(|handle| Self(handle.into()))
    }
}
