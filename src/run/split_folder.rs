//! A folder with one file per call. Each file appears complete or not at all, and no file is
//! overwritten, even if several runs write to the folder at the same time.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{temporary_file, unfinished_files};
use crate::json::Json;
use crate::text::path_name::path_name;

/// Stem of the file for a call whose id cannot be used.
const WITHOUT_ID: &str = "without-id";

/// Name of the file for a call with this id, without extension: the id if that is a number. Any
/// other id could be a path, so it is not used.
pub(super) fn file_stem(id: Option<Json>) -> String {
    const MAX_LENGTH: usize = 40;
    let id = id.map_or("", |id| id.text()).trim_matches('"');
    if is_number(id) && id.len() <= MAX_LENGTH {
        id.to_owned()
    } else {
        WITHOUT_ID.to_owned()
    }
}

/// Returns true if a file in a [`SplitFolder`] can have this name.
pub(super) fn is_split_name(name: &str) -> bool {
    name.strip_suffix(".json").is_some_and(|stem| {
        let stem = match stem.rsplit_once('-') {
            Some((stem, number)) if is_number(number) => stem,
            _ => stem,
        };
        is_number(stem) || stem == WITHOUT_ID
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes files to a folder without overwriting any.
pub(super) struct SplitFolder {
    folder: PathBuf,
    /// Last number tried per file stem. Number 1 is the bare stem.
    use_counts: HashMap<String, u64>,
    pub(super) written: u64,
    /// Number of files that existed before with identical text.
    pub(super) unchanged: u64,
}

/// What exists under the name of a file that is to be written.
#[derive(PartialEq, Eq)]
enum Existing {
    Nothing,
    /// A file with the same text.
    Same,
    /// A file with the start of the text, left by an interrupted program that did not write its
    /// files atomically.
    Start,
    /// Anything else. A pipe or a device is not opened.
    Other,
}

impl SplitFolder {
    /// Opens `folder`, which must exist, and deletes the temporary files of killed processes there.
    pub(super) fn open(folder: &Path) -> Self {
        temporary_file::remove_stale(folder);
        Self {
            folder: folder.to_owned(),
            use_counts: HashMap::new(),
            written: 0,
            unchanged: 0,
        }
    }

    /// Writes `text` to the first free name of `STEM.json`, `STEM-2.json` and so on. If a file with
    /// one of these names has this text already, nothing is written.
    pub(super) fn write(&mut self, stem: &str, text: &[u8]) -> anyhow::Result<()> {
        loop {
            let use_count = self.use_counts.entry(stem.to_owned()).or_default();
            *use_count += 1;
            let name = match *use_count {
                1 => format!("{stem}.json"),
                number => format!("{stem}-{number}.json"),
            };
            let path = self.folder.join(name);
            let existing = self.write_unless_exists(&path, text);
            match existing.with_context(|| path_name(&path))? {
                Existing::Nothing => {
                    self.written += 1;
                    return Ok(());
                }
                Existing::Same => {
                    self.unchanged += 1;
                    return Ok(());
                }
                Existing::Start | Existing::Other => {}
            }
        }
    }

    /// Writes `text` to `path` if there is nothing, or only the start of the text. Returns what
    /// exists there instead; [`Existing::Nothing`] if the text was written.
    fn write_unless_exists(&self, path: &Path, text: &[u8]) -> io::Result<Existing> {
        loop {
            match find_existing(path, text) {
                Existing::Nothing => match self.write_new(path, text) {
                    // Another run has created the file.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                    result => return result.map(|()| Existing::Nothing),
                },
                Existing::Start => {
                    if let Some(existing) = self.replace_start(path, text)? {
                        return Ok(existing);
                    }
                }
                existing => return Ok(existing),
            }
        }
    }

    /// Creates the file. Fails with [`io::ErrorKind::AlreadyExists`] if there is one.
    fn write_new(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        let mut file = temporary_file::create_in(&self.folder, None)?;
        file.write_all(text)?;
        match unfinished_files::persist_new(file, path) {
            // Some file systems can neither rename without replacing nor link (FAT, FUSE, network
            // file systems), and their errors differ. If there is another reason, creating the
            // file fails too.
            Err(error) if error.kind() != ErrorKind::AlreadyExists => write_directly(path, text),
            result => result,
        }
    }

    /// Replaces a file that has only the start of `text`. Runs in other processes wait, so that two
    /// of them cannot replace the same file. Returns [`Existing::Nothing`] if the text was written,
    /// and `None` if the file has changed.
    fn replace_start(&self, path: &Path, text: &[u8]) -> io::Result<Option<Existing>> {
        let is_file = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_file());
        let lock = File::open(&self.folder).and_then(|folder| {
            folder.lock()?;
            Ok(folder)
        });
        // Some systems cannot lock a folder. The text then gets another name.
        if lock.is_err() || !is_file(path) {
            return Ok(Some(Existing::Other));
        }
        if find_existing(path, text) != Existing::Start {
            return Ok(None);
        }
        let existing = fs::metadata(path)?;
        let mut file = temporary_file::create_in(&self.folder, Some(&existing))?;
        file.write_all(text)?;
        unfinished_files::persist(file, path)?;
        Ok(Some(Existing::Nothing))
    }
}

/// Creates the file and writes it in place. If writing fails, the incomplete file is removed.
fn write_directly(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text).inspect_err(|_| {
        // The write error is the one to report.
        let _ = fs::remove_file(path);
    })
}

/// Compares `text` with the file at `path`.
fn find_existing(path: &Path, text: &[u8]) -> Existing {
    // This check comes first: otherwise a file that another run creates between the two checks
    // would look like a broken link.
    if path.symlink_metadata().is_err() {
        return Existing::Nothing;
    }
    let Ok(metadata) = path.metadata() else {
        return Existing::Other;
    };
    if !metadata.is_file() || metadata.len() > text.len() as u64 {
        return Existing::Other;
    }
    match fs::read(path) {
        Ok(existing) if existing == text => Existing::Same,
        Ok(existing) if text.starts_with(&existing) => Existing::Start,
        _ => Existing::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_written_directly_is_new_and_is_completed_by_a_later_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("1.json");
        write_directly(&path, b"{\"id\"").expect("written");
        let again = write_directly(&path, b"{}").map_err(|error| error.kind());
        assert_eq!(again, Err(ErrorKind::AlreadyExists));
        let mut split = SplitFolder::open(folder.path());
        split.write("1", b"{\"id\":1}\n").expect("written");
        assert_eq!(fs::read(&path).expect("a file"), b"{\"id\":1}\n");
        let missing = folder.path().join("missing/1.json");
        let error = write_directly(&missing, b"{}").map_err(|error| error.kind());
        assert_eq!(error, Err(ErrorKind::NotFound));
    }
}
