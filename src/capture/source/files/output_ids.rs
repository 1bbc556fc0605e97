//! The identities of the files that a run writes, to find them among its inputs.

use std::path::{Path, PathBuf};

use super::file_id::{FileId, OutputStream};
use super::outputs::Outputs;

/// The identities of the files that a run writes, as far as they exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutputIds {
    files: Vec<FileId>,
    folder: Option<FileId>,
}

impl OutputIds {
    /// Identifies `outputs`.
    #[must_use]
    pub(crate) fn of(outputs: &Outputs) -> Self {
        let files = outputs.files.iter().chain(&outputs.baseline);
        let files = files.filter_map(|path| FileId::of_path(path));
        Self {
            files: files.collect(),
            folder: outputs.folder.as_deref().and_then(FileId::of_path),
        }
    }

    /// Adds the files that standard output and standard error are connected to.
    #[must_use]
    pub(crate) fn with_streams(mut self) -> Self {
        let streams = OutputStream::ALL.into_iter();
        self.files.extend(streams.filter_map(FileId::of_output));
        self
    }

    /// The identities of a single file.
    #[must_use]
    pub(crate) fn of_file(file: FileId) -> Self {
        Self {
            files: vec![file],
            folder: None,
        }
    }

    /// Returns true if the run writes to a folder that exists.
    #[must_use]
    pub(crate) fn has_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// Returns true if no output exists yet.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folder.is_none()
    }

    /// Returns true if `path` is the folder that the run writes to.
    #[must_use]
    pub(crate) fn is_folder(&self, path: &Path) -> bool {
        self.folder.is_some() && FileId::of_path(path) == self.folder
    }

    /// Returns true if the run writes the file at `path`. A link to a file in the output folder
    /// counts too; `may_be_link` is false if `path` is known not to lead there.
    #[must_use]
    pub(crate) fn contains(&self, path: &Path, may_be_link: bool) -> bool {
        let is_file = !self.files.is_empty()
            && FileId::of_path(path).is_some_and(|id| self.files.contains(&id));
        is_file || (may_be_link && self.has_in_folder(path))
    }

    /// Returns true if `path` is the folder that the run writes to, or is below it.
    #[must_use]
    pub(crate) fn has_in_folder(&self, path: &Path) -> bool {
        let is_below = |path: PathBuf| path.ancestors().any(|folder| self.is_folder(folder));
        self.has_folder() && path.canonicalize().is_ok_and(is_below)
    }
}
