//! Facts about the inputs that need no reading, and how to read those twice that can be read only
//! once.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{FoundFile, walk_folder};
use super::inputs::Inputs;
use super::output_ids::OutputIds;
use super::rereadable::{CreateFile, open_streams};

impl Inputs {
    /// Makes stdin, pipes and all other inputs that can be read only once readable again: they are
    /// copied while they are read. `create` returns the files of the copies. Inputs that cannot be
    /// opened are skipped here: reading them reports the error.
    pub(crate) fn make_rereadable(&mut self, create: CreateFile) -> io::Result<()> {
        if self.paths.is_empty() {
            self.paths.push(PathBuf::from("-"));
        }
        // A stream cannot be opened twice.
        if self.streams.is_empty() {
            self.streams = open_streams(&self.paths, create)?;
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
