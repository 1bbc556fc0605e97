//! Paths in, opened sources out: files, the captures in folders in sorted order, and stdin, one at a time, as UTF-8 text. What can not be
//! opened is told and the rest goes on.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::{DirEntry, WalkBuilder};

use super::copies::Copies;
use super::unpack::{Coding, UnpackLimit, unpack};

/// How stdin is named in messages and findings.
pub const STDIN: &str = "<stdin>";

/// Endings of the files that are taken from folders; a file that is named itself is read whatever its ending.
pub const ENDINGS: &[&str] = &[
    "json", "jsonl", "ndjson", "har", "http", "log", "txt", "csv",
];

/// Endings of compressed files, behind one of the others.
pub const PACKED_ENDINGS: &[&str] = &["gz", "zst"];

/// Endings of files that may as well hold no call: they are not missed then, if a folder is read.
const MAYBE_ENDINGS: &[&str] = &["har", "http", "log", "txt", "csv"];

/// What to read, and how.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Files, folders, `-` for stdin; none means stdin.
    pub paths: Vec<PathBuf>,
    /// Whether all files of folders are taken, whatever their endings.
    pub all: bool,
    /// What compressed input may unfold to.
    pub limit: UnpackLimit,
    /// Copies of those that can be read only once, if they were needed.
    pub copies: Copies,
}

/// One opened input.
pub struct Source {
    /// The path as the user would type it, or [`STDIN`].
    pub name: Arc<str>,
    /// Its text.
    pub reader: Box<dyn Read + Send>,
    /// How the text was coded, if it was.
    pub coding: Option<Coding>,
    /// Whether nobody asked for it by name, and its name promises no call.
    pub is_maybe: bool,
    /// What compressed text in it may unfold to.
    pub limit: UnpackLimit,
}

/// An input, or a part of one, that could not be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its path.
    pub name: Arc<str>,
    /// Why, as a sentence without a full stop.
    pub reason: String,
    /// Whether the beginning of it could be read: then its data is bad.
    pub in_part: bool,
}

/// The sources that are asked for, in the order given, each opened when its turn comes.
pub fn sources(inputs: &Inputs) -> impl Iterator<Item = Result<Source, Unreadable>> + Send + use<> {
    let paths = if inputs.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        inputs.paths.clone()
    };
    let (all, limit, copies) = (inputs.all, inputs.limit, inputs.copies.clone());
    paths
        .into_iter()
        .enumerate()
        .flat_map(move |(index, path)| {
            let is_stdin = path.as_os_str() == "-";
            let found: Box<dyn Iterator<Item = _> + Send> = if let Some(copy) = copies.open(index) {
                let name = if is_stdin { STDIN.into() } else { name(&path) };
                Box::new(std::iter::once(opened(name, copy, limit)))
            } else if is_stdin {
                let stdin = Box::new(io::stdin());
                Box::new(std::iter::once(source(STDIN.into(), stdin, limit)))
            } else if path.is_dir() {
                Box::new(folder(&path, all, limit))
            } else {
                Box::new(std::iter::once(open(&path, limit)))
            };
            found
        })
}

/// Whether `file`, which may not exist, is among what is read from `paths`: itself, in a folder, or as stdin.
#[must_use]
pub fn reads(inputs: &Inputs, file: &Path) -> bool {
    let (paths, all) = (&inputs.paths, inputs.all);
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
            Ok(folder) if folder.is_dir() => {
                // A table written into the folder last time is no input that must be kept.
                file.1.starts_with(folder) && (all || !is_maybe(&file.1))
            }
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

fn open(path: &Path, limit: UnpackLimit) -> Result<Source, Unreadable> {
    opened(name(path), File::open(path), limit)
}

fn opened(
    name: Arc<str>,
    file: io::Result<File>,
    limit: UnpackLimit,
) -> Result<Source, Unreadable> {
    match file {
        Ok(file) => source(name, Box::new(file), limit),
        Err(error) => Err(Unreadable {
            name,
            reason: reason(&error),
            in_part: false,
        }),
    }
}

fn source(
    name: Arc<str>,
    reader: Box<dyn Read + Send>,
    limit: UnpackLimit,
) -> Result<Source, Unreadable> {
    match unpack(reader, limit) {
        Ok(unpacked) => Ok(Source {
            name,
            reader: unpacked.reader,
            coding: unpacked.coding,
            is_maybe: false,
            limit,
        }),
        Err(error) => Err(Unreadable {
            name,
            reason: reason(&error),
            in_part: false,
        }),
    }
}

/// Opens what a folder holds, if it is a file: opening a pipe that nobody writes to would wait for ever.
fn open_regular(path: &Path, limit: UnpackLimit) -> Option<Result<Source, Unreadable>> {
    let is_something_else = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    (!is_something_else).then(|| {
        open(path, limit).map(|source| Source {
            is_maybe: is_maybe(path),
            ..source
        })
    })
}

/// Whether a file that is found in a folder may as well hold no call.
fn is_maybe(path: &Path) -> bool {
    ending(path).is_none_or(|ending| {
        MAYBE_ENDINGS.contains(&ending.as_str()) || !ENDINGS.contains(&ending.as_str())
    })
}

/// The captures below a folder, sorted by path. Hidden files, and those that git ignores, are left alone.
fn folder(
    path: &Path,
    all: bool,
    limit: UnpackLimit,
) -> impl Iterator<Item = Result<Source, Unreadable>> + Send + use<> {
    let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
    let mut files = WalkBuilder::new(path)
        .ignore(false)
        .sort_by_file_name(Ord::cmp)
        .build()
        .filter_map(move |entry| match entry {
            Ok(entry) => (is_file(&entry) && (all || has_our_ending(entry.path())))
                .then(|| open_regular(entry.path(), limit))
                .flatten(),
            Err(error) => Some(Err(unreadable(&error))),
        })
        .peekable();
    let nothing = files.peek().is_none().then(|| {
        Err(Unreadable {
            name: name(path),
            reason: format!(
                "no {} file in this folder; --all takes files of any name, hidden and git-ignored ones have to be named",
                file_patterns()
            ),
            in_part: false,
        })
    });
    files.chain(nothing)
}

/// What a walk through a folder could not read.
fn unreadable(error: &ignore::Error) -> Unreadable {
    let mut path = Path::new("");
    let mut inner = error;
    while let ignore::Error::WithPath { err, .. }
    | ignore::Error::WithDepth { err, .. }
    | ignore::Error::WithLineNumber { err, .. } = inner
    {
        if let ignore::Error::WithPath { path: at, .. } = inner {
            path = at;
        }
        inner = err;
    }
    Unreadable {
        name: name(path),
        reason: match inner {
            ignore::Error::Io(error) => reason(error),
            error => error.to_string(),
        },
        in_part: false,
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
    ending(path).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// What a file's name ends with, in lower case; of a compressed file, what stands before that.
fn ending(path: &Path) -> Option<String> {
    let ending_of = |path: &Path| Some(path.extension()?.to_str()?.to_ascii_lowercase());
    let ending = ending_of(path)?;
    if PACKED_ENDINGS.contains(&ending.as_str()) {
        let inner = path.file_stem().map(Path::new).and_then(ending_of);
        // `calls.gz` says nothing of what is in it.
        return inner.or_else(|| Some("json".to_owned()));
    }
    Some(ending)
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
