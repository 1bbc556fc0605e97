//! Temporary files in the folder of the output that they become. Each is locked for as long as its
//! process lives, so that a later run can delete those of a process that was killed.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use super::unfinished_files;
use crate::capture::source::files::file_id::FileId;

const PREFIX: &str = ".postcall-";

/// Number of random letters and digits in a name. With this many, no other file has such a name.
const RANDOM_LENGTH: usize = 16;

const SUFFIX: &str = ".tmp";

/// Creates a temporary file in `folder`, which a signal removes. It has the permissions of the
/// `existing` file that it will replace, or those of a new one.
pub(crate) fn create_in(folder: &Path, existing: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(PREFIX).suffix(SUFFIX);
    let builder = builder.rand_bytes(RANDOM_LENGTH);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask of the process is applied to this mode.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    loop {
        let file = unfinished_files::create(|| builder.tempfile_in(folder))?;
        // Without support for locks, no run deletes the file.
        let is_locked = file.as_file().lock().is_ok();
        // Another run may have deleted the file before it was locked.
        if is_locked && !is_at(file.as_file(), file.path()) {
            continue;
        }
        if let Some(existing) = existing {
            file.as_file().set_permissions(existing.permissions())?;
        }
        return Ok(file);
    }
}

/// Deletes the temporary files in `folder` that killed processes have left. What cannot be deleted
/// stays: it is of no importance to the run.
pub(crate) fn remove_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_temporary_name(&entry.file_name().to_string_lossy()) || !is_file() {
            continue;
        }
        let path = entry.path();
        // The lock is held until the file is deleted, so that its process cannot lock it.
        if let Ok(file) = File::open(&path)
            && file.try_lock().is_ok()
            && is_at(&file, &path)
        {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Returns true if `file` is the one at `path`.
fn is_at(file: &File, path: &Path) -> bool {
    let id = FileId::of_file(file);
    id.is_some() && id == FileId::of_path(path)
}

fn is_temporary_name(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX);
    let random = random.and_then(|name| name.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        let is_random = |byte: u8| byte.is_ascii_alphanumeric();
        random.len() == RANDOM_LENGTH && random.bytes().all(is_random)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unlocked_files_with_a_temporary_name_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let stale = folder.path().join(".postcall-0123456789abcdEF.tmp");
        let kept = [
            ".postcall-0123456789abcde.tmp",
            ".postcall-0123456789abcdef0.tmp",
            ".postcall-0123456789abcd_f.tmp",
            ".postcall-0123456789abcdef.tmp.json",
            ".postcall-.tmp",
            "postcall-0123456789abcdef.tmp",
        ];
        fs::write(&stale, "x").expect("written");
        for name in kept {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        let subfolder = folder.path().join(".postcall-0123456789abcdeg.tmp");
        fs::create_dir(&subfolder).expect("created");
        let living = create_in(folder.path(), None).expect("created");
        remove_stale(folder.path());
        assert!(!stale.exists());
        assert!(living.path().exists() && subfolder.exists());
        for name in kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
        let path = living.path().to_owned();
        let (_, path) = living.keep().map(|(file, _)| (file, path)).expect("kept");
        remove_stale(folder.path());
        assert!(!path.exists(), "its process has closed it");
    }
}
