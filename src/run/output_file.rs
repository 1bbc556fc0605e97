//! Output files that appear complete or not at all. They are written to a temporary file in the
//! same folder, which replaces the target once it is complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use tempfile::NamedTempFile;

use crate::host::{AtomicFile, SeekableFile};
use crate::run::streams::PatientWriter;
use crate::run::{temporary_file, unfinished_files};
use crate::text::io_error::describe_io_error;
use crate::text::named_stream::NamedStream;
use crate::text::path_name::path_name;

const BUFFER_BYTES: usize = 256 * 1024;

/// An output file while it is written.
#[derive(Debug)]
pub(crate) struct OutputFile {
    /// Path of the target, with links resolved.
    path: PathBuf,
    /// True if completing this file replaces an existing one.
    has_existing: bool,
    destination: Destination,
}

#[derive(Debug)]
enum Destination {
    /// A temporary file, renamed to the target path when it is complete.
    Temporary(BufWriter<NamedStream<NamedTempFile>>),
    /// A device or a pipe, which cannot be replaced, or the file of a descriptor, to which other
    /// programs may write too.
    Direct(BufWriter<NamedStream<PatientWriter<File>>>),
}

impl OutputFile {
    /// Starts the file at `path`. Nothing appears there before [`OutputFile::complete`].
    ///
    /// Fails if `path` is a folder, or if it cannot be written. The path must have been claimed
    /// with [`Session::claim_outputs`](super::session::Session::claim_outputs), so that it is not
    /// one of the inputs.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_descriptor = is_descriptor(path);
        let is_stream = is_descriptor
            || fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        // A link to a pipe, such as `/dev/stdout`, resolves to a name that is not a path.
        let real = if is_stream {
            path.to_owned()
        } else {
            resolve_links(path)
        };
        let name = || path_name(path);
        let existing = fs::metadata(&real);
        let has_existing = existing.is_ok();
        let destination = match existing {
            Ok(metadata) if metadata.is_dir() => {
                bail!("{}: is a folder; name a file in it", path_name(path))
            }
            Ok(metadata) if is_descriptor || !metadata.is_file() => {
                let file = OpenOptions::new()
                    .write(true)
                    .append(metadata.is_file())
                    .open(&real)
                    .with_context(name)?;
                let file = NamedStream::new(name(), PatientWriter(file));
                Destination::Direct(BufWriter::with_capacity(BUFFER_BYTES, file))
            }
            existing => {
                let file = create_temporary(&real, existing.ok().as_ref()).with_context(name)?;
                let file = NamedStream::new(name(), file);
                Destination::Temporary(BufWriter::with_capacity(BUFFER_BYTES, file))
            }
        };
        Ok(Self {
            path: real,
            has_existing,
            destination,
        })
    }

    /// Starts the file at `path`, unless that is `None`.
    pub(crate) fn create_if_named(
        path: Option<&Path>,
    ) -> anyhow::Result<Option<Box<dyn AtomicFile>>> {
        let file = path.map(Self::create).transpose()?;
        Ok(file.map(|file| -> Box<dyn AtomicFile> { Box::new(file) }))
    }

    /// Finishes the file and makes it appear at its path.
    pub(crate) fn complete(self) -> anyhow::Result<()> {
        match self.destination {
            Destination::Temporary(file) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.act(|file| {
                    // After a power failure, either the old or the new file must be intact. Without
                    // an old file, nothing can be lost, so the run does not wait for the disk.
                    if self.has_existing {
                        file.as_file().sync_all()?;
                    }
                    unfinished_files::persist(file, &self.path)
                })?;
            }
            Destination::Direct(mut file) => file.flush()?,
        }
        Ok(())
    }
}

impl AtomicFile for OutputFile {
    fn is_readable(&self) -> bool {
        matches!(self.destination, Destination::Temporary(_))
    }

    fn reopen_for_reading(&mut self) -> io::Result<Option<Box<dyn SeekableFile>>> {
        self.flush()?;
        let Destination::Temporary(file) = &self.destination else {
            return Ok(None);
        };
        // Both handles share one position.
        let mut file = file.get_ref().open(|file| file.as_file().try_clone())?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Some(Box::new(file)))
    }

    fn complete(self: Box<Self>) -> anyhow::Result<()> {
        (*self).complete()
    }
}

/// Returns true if `path` names a file descriptor of this process.
fn is_descriptor(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"]
        .iter()
        .any(|folder| path.starts_with(folder))
        || ["/dev/stdout", "/dev/stderr"]
            .iter()
            .any(|name| path == Path::new(name))
}

/// Creates a temporary file in the folder of `path`, and deletes those of killed processes there.
/// Fails if the existing file is read-only.
fn create_temporary(path: &Path, existing: Option<&fs::Metadata>) -> io::Result<NamedTempFile> {
    if existing.is_some() {
        // A read-only file must not be replaced either, although renaming over it would succeed.
        OpenOptions::new().append(true).open(path)?;
    }
    let folder = folder_of(path);
    temporary_file::remove_stale(folder);
    temporary_file::create_in(folder, existing)
}

/// Creates `folder` and those that contain it, unless they exist.
pub(crate) fn create_folder(folder: &Path) -> anyhow::Result<()> {
    let name = path_name(folder);
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => anyhow!("{name}: is not a folder"),
        _ => anyhow!("{name}: {}", describe_io_error(&error)),
    })
}

/// True if both paths name the same file, which need not exist yet.
#[must_use]
pub(crate) fn is_same_file(first: &Path, second: &Path) -> bool {
    resolve_links(first) == resolve_links(second)
}

/// Resolves links to the file that would be written, which need not exist. The links themselves are
/// kept.
fn resolve_links(path: &Path) -> PathBuf {
    if let Ok(resolved) = fs::canonicalize(path) {
        return resolved;
    }
    let target = fs::read_link(path).map(|target| folder_of(path).join(target));
    let target = target.unwrap_or_else(|_| path.to_owned());
    match (fs::canonicalize(folder_of(&target)), target.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => target,
    }
}

/// The folder that contains `path`; `.` for a bare file name.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.destination {
            Destination::Temporary(file) => file.write(bytes),
            Destination::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.destination {
            Destination::Temporary(file) => file.flush(),
            Destination::Direct(file) => file.flush(),
        }
    }
}
