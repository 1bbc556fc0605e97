//! Finds the captures in a folder by the names of its files.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::output_ids::OutputIds;
use crate::capture::source::file_name::{FileChoice, SkippedKind, choose};
use crate::capture::source::unpack::unpack;
use crate::capture::source::unpack_limit::UnpackLimit;

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
    let name = entry.file_name().to_string_lossy();
    let choice = choose(&name, include_all, |bytes| read_head(entry.path(), bytes));
    let is_output = || outputs.contains(entry.path(), entry.path_is_symlink());
    match choice {
        FileChoice::Ignore => None,
        FileChoice::Skip(kind) => (!is_output()).then_some(FoundFile::Skipped(kind)),
        FileChoice::Read { .. } if is_output() => Some(FoundFile::Output(entry.into_path())),
        FileChoice::Read { promises_calls } => Some(FoundFile::Capture {
            path: entry.into_path(),
            promises_calls,
        }),
    }
}

/// Returns at most `bytes` bytes from the start of the file, decompressed, if it is a regular file:
/// opening a pipe without a writer would block.
fn read_head(path: &Path, bytes: u64) -> Option<Vec<u8>> {
    if !path.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let file = File::open(path).ok()?;
    let text = unpack(Box::new(file), UnpackLimit::default()).ok()?;
    let mut head = Vec::new();
    text.reader.take(bytes).read_to_end(&mut head).ok()?;
    Some(head)
}
