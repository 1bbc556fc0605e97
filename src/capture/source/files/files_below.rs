//! The files of the repository, for tests.

use std::fs;
use std::path::{Path, PathBuf};

/// Adds all files below `folder` to `files`.
pub(crate) fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files_below(&path, files);
        } else {
            files.push(path);
        }
    }
}
