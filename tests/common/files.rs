//! Files of the repository and temporary folders.

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::{Assert, Data};
use tempfile::TempDir;

/// The root of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Creates a temporary folder, which is deleted when the returned `TempDir` is dropped.
pub(crate) fn temporary_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The names of the files and folders in `folder`, also hidden ones, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

/// The files in `folder` and in the folders in it, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Compares `actual` with a file of the repository, which has the format of `actual`. With
/// `SNAPSHOTS=overwrite` in the environment, the file is updated instead.
pub(crate) fn compare_with_file(actual: Data, file: &Path) {
    let expected = Data::read_from(file, Some(actual.format()));
    Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .eq(actual, expected);
}
