//! The list of the inputs to read, and facts about it that need no reading.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{FoundFile, walk_folder};
use super::outputs::{OutputIds, Outputs};
use super::rereadable::{CreateFile, RereadableStreams};
use crate::capture::source::cut_sizes::CutSizes;
use crate::capture::source::reader::{ByteCounter, TableUse};
use crate::capture::source::skipped_files::SkippedFiles;
use crate::capture::source::source_name::{STDIN, SourceName};
use crate::capture::source::unpack_limit::UnpackLimit;
use crate::host::Scratch;

/// The inputs to read, and how to read them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// Files, folders, and `-` for stdin. An empty list means stdin.
    pub(crate) paths: Vec<PathBuf>,
    /// The name of stdin in messages and findings, if it is not [`STDIN`].
    pub(crate) stdin_name: Option<SourceName>,
    /// True if files of any name are read from folders, not only those with one of
    /// [`EXTENSIONS`](crate::capture::source::file_name::EXTENSIONS).
    pub(crate) include_all: bool,
    /// Limit on the size of decompressed input.
    pub(crate) limit: UnpackLimit,
    /// The inputs that can be read only once; empty unless the run reads its input twice.
    pub(crate) streams: RereadableStreams,
    /// Number of bytes read from the inputs so far.
    pub(crate) bytes_read: ByteCounter,
    /// Files that the run writes. They are not read if they are found in a folder.
    pub(crate) outputs: Outputs,
    /// Files in folders and archives that were not read because of their names.
    pub(crate) skipped: SkippedFiles,
    /// Storage for archives that cannot be read where they are.
    pub(crate) scratch: &'static dyn Scratch,
    /// How tables of calls are read, unless they are found in folders or archives.
    pub(crate) tables: TableUse,
    /// Where sources are cut into batches.
    pub(crate) cut_sizes: CutSizes,
}

impl Inputs {
    /// True if stdin is one of the inputs.
    #[must_use]
    pub(crate) fn has_stdin(&self) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    /// The name of stdin as a source.
    #[must_use]
    pub(crate) fn stdin_name(&self) -> SourceName {
        let name = self.stdin_name.clone();
        name.unwrap_or_else(|| STDIN.into())
    }

    /// Makes stdin, pipes and all other inputs that can be read only once readable again: they are
    /// copied while they are read. `create` returns the files of the copies. Inputs that cannot be
    /// opened are skipped here: reading them reports the error.
    pub(crate) fn make_rereadable(&mut self, create: CreateFile) -> io::Result<()> {
        if self.paths.is_empty() {
            self.paths.push(PathBuf::from("-"));
        }
        // A stream cannot be opened twice.
        if self.streams.is_empty() {
            self.streams = RereadableStreams::of(&self.paths, create)?;
        }
        Ok(())
    }
}

/// Returns true if an input may come slowly, from another program or from a person. Files never do.
#[must_use]
pub(crate) fn may_pause(inputs: &Inputs) -> bool {
    let stdin_is_file = || {
        let stdin = same_file::Handle::stdin().and_then(|stdin| stdin.as_file().metadata());
        stdin.is_ok_and(|stdin| stdin.is_file())
    };
    let may_pause = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return !stdin_is_file();
        }
        path.metadata()
            .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
    };
    if inputs.paths.is_empty() {
        return !stdin_is_file();
    }
    inputs.paths.iter().any(may_pause)
}

/// Returns true if all inputs are regular files, and together have at most `bytes` bytes.
#[must_use]
pub(crate) fn are_small(inputs: &Inputs, bytes: usize) -> bool {
    let mut remaining = bytes as u64;
    let mut fits = |path: &PathBuf| {
        let is_file = |metadata: &Metadata| metadata.is_file() && path.as_os_str() != "-";
        let file = path.metadata().ok().filter(is_file);
        let left = file.and_then(|file| remaining.checked_sub(file.len()));
        remaining = left.unwrap_or_default();
        left.is_some()
    };
    !inputs.paths.is_empty() && inputs.paths.iter().all(&mut fits)
}

/// Returns the size of all inputs in bytes, before decompression. Returns `None` if an input is
/// neither a file nor a folder, because its size is unknown, or if there are no paths.
#[must_use]
pub(crate) fn total_bytes(inputs: &Inputs) -> Option<u64> {
    let file_metadata = |path: &Path| Some(path.metadata().ok()?).filter(Metadata::is_file);
    let mut total = 0;
    for path in &inputs.paths {
        if path.as_os_str() == "-" {
            return None;
        }
        if path.is_dir() {
            let files = walk_folder(
                path,
                inputs.include_all,
                OutputIds::of(&inputs.outputs).with_streams(),
            );
            let files = files.filter_map(|found| match found {
                Ok(FoundFile::Capture { path, .. }) => file_metadata(&path),
                _ => None,
            });
            total += files.map(|file| file.len()).sum::<u64>();
        } else if path.exists() {
            total += file_metadata(path)?.len();
        }
    }
    (!inputs.paths.is_empty()).then_some(total)
}
