//! Paths in, opened sources out: files, the captures in folders in sorted order, and stdin, one at a time, as UTF-8 text. What can not be
//! opened is told and the rest goes on.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::{DirEntry, WalkBuilder};

use super::copies::Copies;
use super::gathering::Gathering;
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
    /// How much was read of them.
    pub read: ReadBytes,
}

/// Counts the bytes that were read of all inputs, as they stand there: compressed ones too. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct ReadBytes(Arc<AtomicU64>);

impl ReadBytes {
    /// So many so far.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts from 0 again.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Counts what is read.
struct Counting<R> {
    reader: R,
    read: ReadBytes,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.read.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What each source is opened with.
#[derive(Clone)]
struct Opening {
    limit: UnpackLimit,
    read: ReadBytes,
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
    let (all, copies) = (inputs.all, inputs.copies.clone());
    let opening = Opening {
        limit: inputs.limit,
        read: inputs.read.clone(),
    };
    paths
        .into_iter()
        .enumerate()
        .flat_map(move |(index, path)| {
            let is_stdin = path.as_os_str() == "-";
            let found: Box<dyn Iterator<Item = _> + Send> = if let Some(copy) = copies.open(index) {
                let name = if is_stdin { STDIN.into() } else { name(&path) };
                Box::new(std::iter::once(opened(name, copy, &opening)))
            } else if is_stdin {
                let stdin = Gathering::new(io::stdin());
                Box::new(std::iter::once(source(STDIN.into(), stdin, &opening)))
            } else if path.is_dir() {
                Box::new(folder(&path, all, &opening))
            } else {
                Box::new(std::iter::once(open(&path, &opening)))
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

fn open(path: &Path, opening: &Opening) -> Result<Source, Unreadable> {
    opened(name(path), File::open(path), opening)
}

fn opened(name: Arc<str>, file: io::Result<File>, opening: &Opening) -> Result<Source, Unreadable> {
    match file {
        Ok(file) if file.metadata().is_ok_and(|about| about.is_file()) => {
            source(name, file, opening)
        }
        Ok(file) => source(name, Gathering::new(file), opening),
        Err(error) => Err(Unreadable {
            name,
            reason: reason(&error),
            in_part: false,
        }),
    }
}

fn source(
    name: Arc<str>,
    reader: impl Read + Send + 'static,
    opening: &Opening,
) -> Result<Source, Unreadable> {
    let (limit, read) = (opening.limit, opening.read.clone());
    match unpack(Box::new(Counting { reader, read }), limit) {
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
fn open_regular(path: &Path, opening: &Opening) -> Option<Result<Source, Unreadable>> {
    let is_something_else = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    (!is_something_else).then(|| {
        open(path, opening).map(|source| Source {
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

/// The files below a folder that are read, sorted by path. Hidden files, and those that git ignores, are left alone.
fn walk(
    path: &Path,
    all: bool,
) -> impl Iterator<Item = Result<DirEntry, ignore::Error>> + Send + use<> {
    let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
    let is_read = move |entry: &DirEntry| is_file(entry) && (all || has_our_ending(entry.path()));
    WalkBuilder::new(path)
        .ignore(false)
        .sort_by_file_name(Ord::cmp)
        .build()
        .filter(move |entry| entry.as_ref().map_or(true, is_read))
}

/// Whether input may come slowly from another program or a person; files lie there as a whole.
#[must_use]
pub fn may_pause(inputs: &Inputs) -> bool {
    let stdin_is_file = || {
        let stdin = same_file::Handle::stdin().and_then(|stdin| stdin.as_file().metadata());
        stdin.is_ok_and(|stdin| stdin.is_file())
    };
    let may_pause = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return !stdin_is_file();
        }
        path.metadata()
            .is_ok_and(|about| !about.is_file() && !about.is_dir())
    };
    if inputs.paths.is_empty() {
        return !stdin_is_file();
    }
    inputs.paths.iter().any(may_pause)
}

/// Whether the inputs are files, no folders, that have at most so many bytes together.
#[must_use]
pub fn are_small(inputs: &Inputs, bytes: usize) -> bool {
    let mut room = bytes as u64;
    let mut fits = |path: &PathBuf| {
        let is_file = |about: &Metadata| about.is_file() && path.as_os_str() != "-";
        let length = path.metadata().ok().filter(is_file);
        let left = length.and_then(|about| room.checked_sub(about.len()));
        room = left.unwrap_or_default();
        left.is_some()
    };
    !inputs.paths.is_empty() && inputs.paths.iter().all(&mut fits)
}

/// The bytes of all inputs as they stand in files; none where there is one that is no file, whose end nobody knows.
#[must_use]
pub fn total_bytes(inputs: &Inputs) -> Option<u64> {
    let length = |path: &Path| Some(path.metadata().ok()?).filter(Metadata::is_file);
    let mut total = 0;
    for path in &inputs.paths {
        if path.as_os_str() == "-" {
            return None;
        }
        if path.is_dir() {
            let files = walk(path, inputs.all).filter_map(|entry| length(entry.ok()?.path()));
            total += files.map(|file| file.len()).sum::<u64>();
        } else if path.exists() {
            total += length(path)?.len();
        }
    }
    (!inputs.paths.is_empty()).then_some(total)
}

/// The captures below a folder.
fn folder(
    path: &Path,
    all: bool,
    opening: &Opening,
) -> impl Iterator<Item = Result<Source, Unreadable>> + Send + use<> {
    let opening = opening.clone();
    let mut files = walk(path, all)
        .filter_map(move |entry| match entry {
            Ok(entry) => open_regular(entry.path(), &opening),
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
