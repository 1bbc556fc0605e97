//! Reads a settings file as text. Only regular files are settings: a pipe or a device could block
//! the run or never end.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use super::owners::TrustedOwners;
use crate::text::io_error::describe_io_error;

/// Maximum size of a settings file in MiB, far above that of any real one.
pub(super) const MAX_MIB: u64 = 16;

pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Advice for a file that was not named on the command line.
pub(super) const ADVICE: &str =
    "use --config FILE to name the settings file, or --no-config to use none";

/// Reads the settings file at `path`, which may have `max_mib` MiB. With `owners`, the file must
/// belong to one of them, and so must the link if `path` is a symbolic link. The error has no path.
pub(super) fn read_text(
    path: &Path,
    owners: Option<TrustedOwners>,
    max_mib: u64,
) -> Result<String, String> {
    let text = read_bytes(path, owners, max_mib).and_then(decode);
    let mut text = text.map_err(|problem| match owners {
        Some(_) => format!("{problem}; {ADVICE}"),
        None => problem,
    })?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len_utf8());
    }
    Ok(text)
}

pub(super) fn read_bytes(
    path: &Path,
    owners: Option<TrustedOwners>,
    max_mib: u64,
) -> Result<Vec<u8>, String> {
    let max_bytes = max_mib * 1024 * 1024;
    let link = fs::symlink_metadata(path).map_err(describe)?;
    check_owner(&link, owners)?;
    match fs::metadata(path) {
        // Opening a device can have effects, so its type is known before.
        Ok(target) => check(&target, owners)?,
        Err(error) if link.is_symlink() && error.kind() == io::ErrorKind::NotFound => {
            return Err("this is a symbolic link to a missing file".to_owned());
        }
        Err(error) => return Err(describe(error)),
    }
    let file = open(path).map_err(describe)?;
    // The path can have another file by now.
    check(&file.metadata().map_err(describe)?, owners)?;
    let mut bytes = Vec::new();
    file.take(max_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(describe)?;
    if bytes.len() as u64 > max_bytes {
        return Err(format!("the file is larger than {max_mib} MiB"));
    }
    Ok(bytes)
}

fn check(file: &Metadata, owners: Option<TrustedOwners>) -> Result<(), String> {
    if !file.is_file() {
        let kind = describe_type(file.file_type());
        return Err(format!("expected a regular file, found {kind}"));
    }
    check_owner(file, owners)
}

fn check_owner(file: &Metadata, owners: Option<TrustedOwners>) -> Result<(), String> {
    owners.map_or(Ok(()), |owners| owners.check(file))
}

/// Opens a file that may have become a pipe: without `NONBLOCK`, this would wait for a writer.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn describe_type(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;

        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    if kind.is_dir() {
        "a folder"
    } else {
        "a special file"
    }
}

/// Decodes UTF-8, with or without a byte order mark, which stays.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, String> {
    const ADVICE: &str = "save the file as UTF-8";
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(format!("found UTF-16; {ADVICE}"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        format!("line {line} is not UTF-8; {ADVICE}")
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the parameter of `map_err`")]
fn describe(error: io::Error) -> String {
    describe_io_error(&error)
}
