//! Temporary files that a signal must not leave behind.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::signals;
use crate::text::named_stream::NamedStream;
use crate::text::path_name::path_name;

/// Paths of the files that exist. The lock is held while one of them is created or renamed, so that
/// the list is always right.
static PATHS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn lock() -> MutexGuard<'static, Vec<PathBuf>> {
    PATHS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes all files before a signal ends the process.
fn remove_all() {
    let paths = lock();
    for path in &*paths {
        // The process is about to end, so an error cannot be handled.
        let _ = fs::remove_file(path);
    }
    // Never unlocked: no file may be created until the process ends.
    std::mem::forget(paths);
}

/// Calls `create` and returns its file, which a signal removes.
pub(crate) fn create(
    create: impl FnOnce() -> io::Result<NamedTempFile>,
) -> io::Result<NamedTempFile> {
    signals::add_cleanup(remove_all);
    let mut paths = lock();
    let file = create()?;
    paths.push(file.path().to_owned());
    Ok(file)
}

/// Renames `file` to `path`, where it replaces an existing file.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut paths = lock();
    paths.retain(|unfinished| unfinished != file.path());
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Renames `file` to `path` if there is no file yet. Otherwise fails with
/// [`io::ErrorKind::AlreadyExists`], and deletes it.
pub(crate) fn persist_new(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut paths = lock();
    paths.retain(|unfinished| unfinished != file.path());
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Creates a file without a name in the system's folder for temporary files, and names that folder
/// in its errors. Some file systems only have files with a name, which is removed at once.
pub(crate) fn create_unnamed() -> io::Result<NamedStream<File>> {
    signals::add_cleanup(remove_all);
    let _paths = lock();
    let folder = path_name(&env::temp_dir());
    NamedStream::temporary(&folder).open(|()| tempfile::tempfile())
}
