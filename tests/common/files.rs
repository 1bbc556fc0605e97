//! Files of the repository and temporary folders.

use std::path::Path;

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

/// Compares `actual` with a file of the repository, which has the format of `actual`. With
/// `SNAPSHOTS=overwrite` in the environment, the file is updated instead.
pub(crate) fn compare_with_file(actual: Data, file: &Path) {
    let expected = Data::read_from(file, Some(actual.format()));
    Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .eq(actual, expected);
}
