//! Opens the inputs one at a time, as UTF-8 text: files, the captures in folders in sorted order,
//! and stdin. An input that cannot be opened yields an error, and the iteration goes on.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::{DirEntry, WalkBuilder};

use super::read_ahead::ReadAhead;
use super::rereadable::InputCopies;
use super::unpack::{Coding, UnpackLimit, unpack};
use crate::text::io_error::describe_io_error;

/// Name of stdin in messages and findings.
pub const STDIN: &str = "<stdin>";

/// Extensions of the files that are read from folders. A file that is named on the command line is
/// read whatever its extension.
pub const EXTENSIONS: &[&str] = &[
    "json", "jsonl", "ndjson", "har", "http", "log", "txt", "csv",
];

/// Extensions of compressed files. They follow one of [`EXTENSIONS`], as in `calls.json.gz`.
pub const COMPRESSED_EXTENSIONS: &[&str] = &["gz", "zst"];

/// Extensions that do not promise calls. A file with one of them that is found in a folder and
/// holds no call is not reported.
const UNCERTAIN_EXTENSIONS: &[&str] = &["har", "http", "log", "txt", "csv"];

/// The inputs to read, and how to read them.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Files, folders, and `-` for stdin. An empty list means stdin.
    pub paths: Vec<PathBuf>,
    /// True if files of any name are read from folders, not only those with one of [`EXTENSIONS`].
    pub include_all: bool,
    /// Limit on the size of decompressed input.
    pub limit: UnpackLimit,
    /// Copies of the inputs that can be read only once; empty unless the run reads its input twice.
    pub copies: InputCopies,
    /// Number of bytes read from the inputs so far.
    pub bytes_read: ByteCounter,
}

/// Counts the bytes read from all inputs, before decompression. Clones share one counter.
#[derive(Clone, Debug, Default)]
pub struct ByteCounter(Arc<AtomicU64>);

impl ByteCounter {
    /// Returns the number of bytes read so far.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets the counter to 0.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Adds the length of every read to `bytes_read`.
struct CountingReader<R> {
    reader: R,
    bytes_read: ByteCounter,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes_read.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Settings that all sources of a run share.
#[derive(Clone)]
struct SourceOptions {
    limit: UnpackLimit,
    bytes_read: ByteCounter,
}

/// One opened input.
pub struct Source {
    /// The path as the user would type it, or [`STDIN`].
    pub name: Arc<str>,
    /// Its text, decompressed and in UTF-8.
    pub reader: Box<dyn Read + Send>,
    /// The outermost coding that was removed, if any.
    pub coding: Option<Coding>,
    /// True if the file was found in a folder and its extension does not promise calls.
    pub may_lack_calls: bool,
    /// Limit on the size of compressed text inside it.
    pub limit: UnpackLimit,
}

/// An input, or a part of one, that could not be read.
#[derive(Debug)]
pub struct UnreadableInput {
    /// Its path, or [`STDIN`].
    pub name: Arc<str>,
    /// The reason, as a sentence without a full stop.
    pub reason: String,
    /// True if the input starts with readable data and is damaged further on. It then counts as bad
    /// data, not as a failure to read.
    pub is_partial: bool,
}

/// Opens the sources lazily, in the order of `inputs.paths`; files in folders are sorted by path.
pub fn open_sources(
    inputs: &Inputs,
) -> impl Iterator<Item = Result<Source, UnreadableInput>> + Send + use<> {
    let paths = if inputs.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        inputs.paths.clone()
    };
    let (include_all, copies) = (inputs.include_all, inputs.copies.clone());
    let options = SourceOptions {
        limit: inputs.limit,
        bytes_read: inputs.bytes_read.clone(),
    };
    paths
        .into_iter()
        .enumerate()
        .flat_map(move |(index, path)| {
            let is_stdin = path.as_os_str() == "-";
            let sources: Box<dyn Iterator<Item = _> + Send> = if let Some(copy) = copies.open(index)
            {
                let name = if is_stdin {
                    STDIN.into()
                } else {
                    display_name(&path)
                };
                Box::new(std::iter::once(source_from_file(name, copy, &options)))
            } else if is_stdin {
                let stdin = ReadAhead::new(io::stdin());
                Box::new(std::iter::once(source_from_reader(
                    STDIN.into(),
                    stdin,
                    &options,
                )))
            } else if path.is_dir() {
                Box::new(folder_sources(&path, include_all, &options))
            } else {
                Box::new(std::iter::once(open_path(&path, &options)))
            };
            sources
        })
}

/// Returns true if `file` is one of the inputs: named, found in a folder, or connected to stdin.
/// Returns false if `file` does not exist.
#[must_use]
pub fn is_input(inputs: &Inputs, file: &Path) -> bool {
    let (paths, include_all) = (&inputs.paths, inputs.include_all);
    let Ok(file) =
        same_file::Handle::from_path(file).and_then(|handle| Ok((handle, file.canonicalize()?)))
    else {
        return false;
    };
    let is_stdin = || same_file::Handle::stdin().is_ok_and(|stdin| stdin == file.0);
    let is_same = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return is_stdin();
        }
        match path.canonicalize() {
            Ok(folder) if folder.is_dir() => {
                // A table that an earlier export wrote into the folder may be overwritten.
                file.1.starts_with(folder) && (include_all || !may_lack_calls(&file.1))
            }
            Ok(path) => same_file::Handle::from_path(path).is_ok_and(|path| path == file.0),
            Err(_) => false,
        }
    };
    if paths.is_empty() {
        is_stdin()
    } else {
        paths.iter().any(is_same)
    }
}

fn open_path(path: &Path, options: &SourceOptions) -> Result<Source, UnreadableInput> {
    source_from_file(display_name(path), File::open(path), options)
}

fn source_from_file(
    name: Arc<str>,
    file: io::Result<File>,
    options: &SourceOptions,
) -> Result<Source, UnreadableInput> {
    match file {
        Ok(file) if file.metadata().is_ok_and(|metadata| metadata.is_file()) => {
            source_from_reader(name, file, options)
        }
        Ok(file) => source_from_reader(name, ReadAhead::new(file), options),
        Err(error) => Err(UnreadableInput {
            name,
            reason: describe_io_error(&error),
            is_partial: false,
        }),
    }
}

fn source_from_reader(
    name: Arc<str>,
    reader: impl Read + Send + 'static,
    options: &SourceOptions,
) -> Result<Source, UnreadableInput> {
    let (limit, bytes_read) = (options.limit, options.bytes_read.clone());
    match unpack(Box::new(CountingReader { reader, bytes_read }), limit) {
        Ok(decoded) => Ok(Source {
            name,
            reader: decoded.reader,
            coding: decoded.coding,
            may_lack_calls: false,
            limit,
        }),
        Err(error) => Err(UnreadableInput {
            name,
            reason: describe_io_error(&error),
            is_partial: false,
        }),
    }
}

/// Opens a file found in a folder, or returns `None` for anything but a regular file: opening a
/// pipe without a writer would block forever.
fn open_folder_entry(
    path: &Path,
    options: &SourceOptions,
) -> Option<Result<Source, UnreadableInput>> {
    let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    (!is_special).then(|| {
        open_path(path, options).map(|source| Source {
            may_lack_calls: may_lack_calls(path),
            ..source
        })
    })
}

/// Returns true if a file found in a folder does not promise calls by its extension.
fn may_lack_calls(path: &Path) -> bool {
    extension(path).is_none_or(|extension| {
        UNCERTAIN_EXTENSIONS.contains(&extension.as_str())
            || !EXTENSIONS.contains(&extension.as_str())
    })
}

/// Lists the files to read below a folder, sorted by path. Hidden and git-ignored files are
/// skipped.
fn walk_folder(
    path: &Path,
    include_all: bool,
) -> impl Iterator<Item = Result<DirEntry, ignore::Error>> + Send + use<> {
    let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| !kind.is_dir());
    let is_included = move |entry: &DirEntry| {
        is_file(entry) && (include_all || has_capture_extension(entry.path()))
    };
    WalkBuilder::new(path)
        .ignore(false)
        .sort_by_file_name(Ord::cmp)
        .build()
        .filter(move |entry| entry.as_ref().map_or(true, is_included))
}

/// Returns true if an input may come slowly, from another program or from a person. Files never do.
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
            .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
    };
    if inputs.paths.is_empty() {
        return !stdin_is_file();
    }
    inputs.paths.iter().any(may_pause)
}

/// Returns true if all inputs are regular files, and together have at most `bytes` bytes.
#[must_use]
pub fn are_small(inputs: &Inputs, bytes: usize) -> bool {
    let mut remaining = bytes as u64;
    let mut fits = |path: &PathBuf| {
        let is_file = |metadata: &Metadata| metadata.is_file() && path.as_os_str() != "-";
        let file = path.metadata().ok().filter(is_file);
        let left = file.and_then(|file| remaining.checked_sub(file.len()));
        remaining = left.unwrap_or_default();
        left.is_some()
    };
    !inputs.paths.is_empty() && inputs.paths.iter().all(&mut fits)
}

/// Returns the size of all inputs in bytes, before decompression. Returns `None` if an input is
/// neither a file nor a folder, because its size is unknown, or if there are no paths.
#[must_use]
pub fn total_bytes(inputs: &Inputs) -> Option<u64> {
    let file_metadata = |path: &Path| Some(path.metadata().ok()?).filter(Metadata::is_file);
    let mut total = 0;
    for path in &inputs.paths {
        if path.as_os_str() == "-" {
            return None;
        }
        if path.is_dir() {
            let files = walk_folder(path, inputs.include_all)
                .filter_map(|entry| file_metadata(entry.ok()?.path()));
            total += files.map(|file| file.len()).sum::<u64>();
        } else if path.exists() {
            total += file_metadata(path)?.len();
        }
    }
    (!inputs.paths.is_empty()).then_some(total)
}

/// Opens the captures below a folder. A folder without any yields an error.
fn folder_sources(
    path: &Path,
    include_all: bool,
    options: &SourceOptions,
) -> impl Iterator<Item = Result<Source, UnreadableInput>> + Send + use<> {
    let options = options.clone();
    let mut files = walk_folder(path, include_all)
        .filter_map(move |entry| match entry {
            Ok(entry) => open_folder_entry(entry.path(), &options),
            Err(error) => Some(Err(walk_failure(&error))),
        })
        .peekable();
    let no_files = files.peek().is_none().then(|| {
        Err(UnreadableInput {
            name: display_name(path),
            reason: format!(
                "no {} file in this folder; --all takes files of any name, hidden and git-ignored ones have to be named",
                file_patterns()
            ),
            is_partial: false,
        })
    });
    files.chain(no_files)
}

/// Converts an error of the directory walk. Its path is that of the innermost error that has one.
fn walk_failure(error: &ignore::Error) -> UnreadableInput {
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
    UnreadableInput {
        name: display_name(path),
        reason: match inner {
            ignore::Error::Io(error) => describe_io_error(error),
            error => error.to_string(),
        },
        is_partial: false,
    }
}

/// Formats [`EXTENSIONS`] as `*.a, *.b or *.c`.
fn file_patterns() -> String {
    let patterns: Vec<String> = EXTENSIONS
        .iter()
        .map(|extension| format!("*.{extension}"))
        .collect();
    match patterns.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => patterns.concat(),
    }
}

fn has_capture_extension(path: &Path) -> bool {
    extension(path).is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

/// Returns the file's extension in lower case, or that below a compressed file's extension: `json`
/// for `calls.json.gz`.
fn extension(path: &Path) -> Option<String> {
    let extension_of = |path: &Path| Some(path.extension()?.to_str()?.to_ascii_lowercase());
    let extension = extension_of(path)?;
    if COMPRESSED_EXTENSIONS.contains(&extension.as_str()) {
        let inner = path.file_stem().map(Path::new).and_then(extension_of);
        // The name `calls.gz` does not reveal a format, so take it for JSON.
        return inner.or_else(|| Some("json".to_owned()));
    }
    Some(extension)
}

fn display_name(path: &Path) -> Arc<str> {
    path.to_string_lossy().into()
}
