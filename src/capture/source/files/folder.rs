//! Finds the captures in a folder by the names of its files.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::file_name::{EXTENSIONS, NameClass, SkippedKind, classify};
use super::outputs::OutputIds;

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
    let is_capture = include_all || matches!(class, NameClass::Capture { .. });
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
        NameClass::Unknown if starts_like_json(entry.path()) => {
            Some(FoundFile::Skipped(SkippedKind::Text))
        }
        _ => None,
    }
}

/// Returns true if the file is a regular file and starts as a JSON object or array does.
fn starts_like_json(path: &Path) -> bool {
    const HEAD_BYTES: u64 = 256;
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    let read_head = || {
        let mut head = Vec::new();
        File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
        std::io::Result::Ok(head)
    };
    let head = if is_file { read_head() } else { return false };
    head.is_ok_and(|head| matches!(head.trim_ascii_start(), [b'{' | b'[', ..]))
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
