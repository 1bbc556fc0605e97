//! Reads and creates the file with the key of `redact`.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::settings_file::read_bytes;
use crate::redact::key::RedactKey;
use crate::text::path_name::path_name;

/// Reads the key in the file at `path`.
pub(crate) fn read_key_file(path: &Path) -> anyhow::Result<RedactKey> {
    let bytes = read_bytes(path, None, 1).map_err(anyhow::Error::msg);
    let bytes = bytes.with_context(|| path_name(path))?;
    let key = RedactKey::read(&bytes).map_err(anyhow::Error::msg);
    key.with_context(|| path_name(path))
}

/// True if other users of this computer can read the file at `path`.
#[must_use]
pub(crate) fn is_readable_by_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        const GROUP_AND_OTHERS: u32 = 0o044;
        path.metadata()
            .is_ok_and(|file| file.permissions().mode() & GROUP_AND_OTHERS != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Writes `key` to a new file at `path` that only its owner can read. An existing file stays: other
/// bodies may depend on its key.
pub(crate) fn create_key_file(path: &Path, key: &RedactKey) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path).and_then(|mut file| {
        file.write_all(format!("{}\n", key.to_hex()).as_bytes())?;
        file.sync_all()
    });
    match file {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(anyhow!(
            "{} exists and may hold a key that is in use: name a new file",
            path_name(path)
        )),
        written => written.with_context(|| path_name(path)),
    }
}
