//! Paths in, opened sources out: files, the JSON files of folders in sorted order, and stdin, one at a time. What can not
//! be opened is told and the rest goes on.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

/// How stdin is named in messages and findings.
pub const STDIN: &str = "<stdin>";

/// Endings of the files that are taken from folders. A file that is named itself is read whatever its ending.
pub const ENDINGS: &[&str] = &["json", "jsonl", "ndjson"];

/// One opened input.
pub struct Source {
    /// The path as the user would type it, or [`STDIN`].
    pub name: Arc<str>,
    /// Its bytes.
    pub reader: Box<dyn Read + Send>,
}

/// An input, or a part of one, that could not be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its path.
    pub name: Arc<str>,
    /// Why, as a sentence without a full stop.
    pub reason: String,
}

/// The sources at `paths`, in the order given, each opened when its turn comes. No path at all means stdin.
pub fn sources(
    paths: &[PathBuf],
) -> impl Iterator<Item = Result<Source, Unreadable>> + Send + use<> {
    let paths = if paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        paths.to_vec()
    };
    paths.into_iter().flat_map(|path| {
        let found: Box<dyn Iterator<Item = _> + Send> = if path.as_os_str() == "-" {
            Box::new(std::iter::once(Ok(Source {
                name: STDIN.into(),
                reader: Box::new(io::stdin()),
            })))
        } else if path.is_dir() {
            Box::new(folder(&path))
        } else {
            Box::new(std::iter::once(open(&path)))
        };
        found
    })
}

/// Whether `file`, which may not exist, is among what is read from `paths`: itself, in a folder, or as stdin.
#[must_use]
pub fn reads(paths: &[PathBuf], file: &Path) -> bool {
    let Ok(file) =
        same_file::Handle::from_path(file).and_then(|handle| Ok((handle, file.canonicalize()?)))
    else {
        return false;
    };
    let is_stdin = || same_file::Handle::stdin().is_ok_and(|stdin| stdin == file.0);
    let is_read = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return is_stdin();
        }
        match path.canonicalize() {
            Ok(folder) if folder.is_dir() => file.1.starts_with(folder) && has_our_ending(&file.1),
            Ok(path) => same_file::Handle::from_path(path).is_ok_and(|path| path == file.0),
            Err(_) => false,
        }
    };
    if paths.is_empty() {
        is_stdin()
    } else {
        paths.iter().any(is_read)
    }
}

fn open(path: &Path) -> Result<Source, Unreadable> {
    match File::open(path) {
        Ok(file) => Ok(Source {
            name: name(path),
            reader: Box::new(file),
        }),
        Err(error) => Err(Unreadable {
            name: name(path),
            reason: reason(&error),
        }),
    }
}

/// Opens what a folder holds, if it is a file: opening a pipe that nobody writes to would wait for ever.
fn open_regular(path: &Path) -> Option<Result<Source, Unreadable>> {
    let is_something_else = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    (!is_something_else).then(|| open(path))
}

/// The files below a folder that are ours by their ending, sorted by path; hidden ones are left alone.
fn folder(path: &Path) -> impl Iterator<Item = Result<Source, Unreadable>> + Send + use<> {
    let is_ours = |entry: &DirEntry| {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        entry.depth() == 0 || !is_hidden
    };
    let mut files = WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(is_ours)
        .filter_map(|entry| match entry {
            Ok(entry) => has_our_ending(entry.path())
                .then(|| open_regular(entry.path()))
                .flatten(),
            Err(error) => Some(Err(unreadable(&error))),
        })
        .peekable();
    let nothing = files.peek().is_none().then(|| {
        Err(Unreadable {
            name: name(path),
            reason: format!("no {} file in this folder", file_patterns()),
        })
    });
    files.chain(nothing)
}

/// What a walk through a folder could not read.
fn unreadable(error: &walkdir::Error) -> Unreadable {
    Unreadable {
        name: name(error.path().unwrap_or(Path::new(""))),
        reason: error.io_error().map_or_else(|| error.to_string(), reason),
    }
}

/// The endings in words: `*.a, *.b or *.c`.
fn file_patterns() -> String {
    let patterns: Vec<String> = ENDINGS.iter().map(|ending| format!("*.{ending}")).collect();
    match patterns.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => patterns.concat(),
    }
}

fn has_our_ending(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ENDINGS.iter().any(|ours| ending.eq_ignore_ascii_case(ours)))
}

fn name(path: &Path) -> Arc<str> {
    path.to_string_lossy().into()
}

/// An I/O error in words, without the code that Rust appends.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    // What a library wrapped round the system's own error says no more than that.
    let system = error.raw_os_error().map(io::Error::from_raw_os_error);
    let text = system.as_ref().unwrap_or(error).to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
