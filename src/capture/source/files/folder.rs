//! Finds the captures in a folder by the extensions of its files.

use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

/// Extensions of the files that are read from folders. A file that is named on the command line is
/// read whatever its extension.
pub(crate) const EXTENSIONS: &[&str] = &[
    "json", "jsonl", "ndjson", "har", "http", "log", "txt", "csv",
];

/// Extensions of compressed files. They follow one of [`EXTENSIONS`], as in `calls.json.gz`.
pub(crate) const COMPRESSED_EXTENSIONS: &[&str] = &["gz", "zst"];

/// Extensions that do not promise calls. A file with one of them that is found in a folder and
/// holds no call is not reported.
const UNCERTAIN_EXTENSIONS: &[&str] = &["har", "http", "log", "txt", "csv"];

/// Returns true if a file found in a folder does not promise calls by its extension.
pub(super) fn may_lack_calls(path: &Path) -> bool {
    extension(path).is_none_or(|extension| {
        UNCERTAIN_EXTENSIONS.contains(&extension.as_str())
            || !EXTENSIONS.contains(&extension.as_str())
    })
}

/// Lists the files to read below a folder, sorted by path. Hidden and git-ignored files are
/// skipped.
pub(super) fn walk_folder(
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
