//! Finds the captures in a folder by the names of its files.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::file_name::{EXTENSIONS, NameClass, SkippedKind, classify};
use super::outputs::OutputIds;
use crate::capture::source::unpack::{UnpackLimit, unpack};

/// A file that was found in a folder.
pub(crate) enum FoundFile {
    /// A file to read. `promises_calls` is true if it is reported when it holds no call.
    Capture { path: PathBuf, promises_calls: bool },
    /// A file that is not read because of its name, although it may hold calls.
    Skipped(SkippedKind),
    /// A file that would be read if the run did not write it, or the folder of such files.
    Output(PathBuf),
}

/// Lists the files below a folder, sorted by path. Hidden and git-ignored files are skipped, and so
/// is what the folder of `outputs` contains.
pub(crate) fn walk_folder(
    path: &Path,
    include_all: bool,
    outputs: OutputIds,
) -> impl Iterator<Item = Result<FoundFile, ignore::Error>> + Send + use<> {
    let mut walk = WalkBuilder::new(path);
    walk.ignore(false).sort_by_file_name(Ord::cmp);
    if outputs.has_folder() {
        let outputs = outputs.clone();
        walk.filter_entry(move |entry| {
            let folder = entry.path().parent();
            folder.is_none_or(|folder| !outputs.is_folder(folder))
        });
    }
    walk.build().filter_map(move |entry| match entry {
        Ok(entry) => classify_entry(entry, include_all, &outputs).map(Ok),
        Err(error) => Some(Err(error)),
    })
}

/// Classifies an entry of a folder, or returns `None` if it has nothing to do with calls.
fn classify_entry(entry: DirEntry, include_all: bool, outputs: &OutputIds) -> Option<FoundFile> {
    if entry.file_type().is_none_or(|kind| kind.is_dir()) {
        let is_output = outputs.has_folder() && outputs.is_folder(entry.path());
        return is_output.then(|| FoundFile::Output(entry.into_path()));
    }
    let class = classify(&entry.file_name().to_string_lossy());
    let promises_calls = matches!(
        class,
        NameClass::Capture {
            promises_calls: true
        }
    );
    let is_capture = match class {
        _ if include_all => true,
        NameClass::Capture { .. } => true,
        NameClass::Dated => !starts_with_nul(entry.path()),
        _ => false,
    };
    if !is_capture && matches!(class, NameClass::Other) {
        return None;
    }
    if outputs.contains(entry.path(), entry.path_is_symlink()) {
        return is_capture.then(|| FoundFile::Output(entry.into_path()));
    }
    match class {
        _ if is_capture => Some(FoundFile::Capture {
            path: entry.into_path(),
            promises_calls,
        }),
        NameClass::Skipped(kind) => Some(FoundFile::Skipped(kind)),
        NameClass::Dated => Some(FoundFile::Skipped(SkippedKind::Log)),
        NameClass::Unknown if starts_like_json(entry.path()) => {
            Some(FoundFile::Skipped(SkippedKind::Text))
        }
        _ => None,
    }
}

/// Returns true if the file is a regular file and starts as a JSON object or array does.
fn starts_like_json(path: &Path) -> bool {
    let head = open_regular(path).and_then(|file| read_head(file, 256));
    head.is_some_and(|head| matches!(head.trim_ascii_start(), [b'{' | b'[', ..]))
}

/// Returns true if the file is a regular file and its data, decompressed, starts with a NUL byte,
/// which no text does.
fn starts_with_nul(path: &Path) -> bool {
    let head = open_regular(path).and_then(|file| {
        let text = unpack(Box::new(file), UnpackLimit::default()).ok()?;
        read_head(text.reader, 1)
    });
    head.is_some_and(|head| head.starts_with(b"\0"))
}

/// Opens the file if it is a regular file: opening a pipe without a writer would block.
fn open_regular(path: &Path) -> Option<File> {
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    if is_file { File::open(path).ok() } else { None }
}

/// Returns at most `bytes` bytes from the start of `reader`.
fn read_head(reader: impl Read, bytes: u64) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(bytes).read_to_end(&mut head).ok()?;
    Some(head)
}

/// Formats [`EXTENSIONS`] as `*.a, *.b or *.c`.
pub(super) fn file_patterns() -> String {
    let patterns: Vec<String> = EXTENSIONS
        .iter()
        .map(|extension| format!("*.{extension}"))
        .collect();
    match patterns.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => patterns.concat(),
    }
}
