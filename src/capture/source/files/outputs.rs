//! The files that a run writes, which it must not read.

use std::path::PathBuf;

/// The files that a run writes, and others that are not captures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outputs {
    /// Files that appear when they are complete. They need not exist.
    pub(crate) files: Vec<PathBuf>,
    /// A folder in which the run creates files.
    pub(crate) folder: Option<PathBuf>,
    /// The file of known findings. The run may write it, too.
    pub(crate) baseline: Option<PathBuf>,
}
