//! Paths in, opened sources out: files, the JSON files of folders in sorted order, and stdin, one at a time. What can not
//! be opened is told and the rest goes on.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    let root = path.to_owned();
    let mut files = ignore::WalkBuilder::new(path)
        .standard_filters(false)
        .hidden(true)
        .sort_by_file_path(Ord::cmp)
        .build()
        .filter_map(move |entry| match entry {
            Ok(entry) => has_our_ending(entry.path())
                .then(|| open_regular(entry.path()))
                .flatten(),
            Err(error) => Some(Err(Unreadable {
                name: name(&root),
                reason: error.to_string(),
            })),
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
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
