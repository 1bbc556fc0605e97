//! Writes bodies: to one output, or to one file per call.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::output_file::OutputFile;
use super::read_plan::ReadOptions;
use super::session::Session;
use super::stdout::on_stdout;
use crate::capture::find::item::Body;
use crate::export::bodies::BodyLayout;
use crate::json::Json;
use crate::text::plural::format_count;

/// Stem of the file for a call whose id cannot be used.
const WITHOUT_ID: &str = "without-id";

/// Writes the selected bodies to the file `output`, or to standard output if that is `None`. The
/// file appears when it is complete; without a call it is not written.
pub(crate) fn write_bodies(
    read: &ReadOptions,
    output: Option<&Path>,
    layout: BodyLayout,
    session: &mut Session,
) -> anyhow::Result<()> {
    let append = |body: &Body, text: &mut String| layout.push(body.value(), text);
    let Some(path) = output else {
        session.guard_terminal();
        return session.for_each_call(read, append, |out, text| {
            on_stdout(out.write_all(text.as_bytes()))
        });
    };
    let mut file = OutputFile::create(path)?;
    let name = file.name();
    session.for_each_call(read, append, |_, text| {
        file.write_all(text.as_bytes())
            .with_context(|| name.clone())
    })?;
    if session.counts().calls == 0 {
        return Ok(());
    }
    file.complete()
}

/// Writes one file per call to `folder`.
pub(crate) fn write_files(
    read: &ReadOptions,
    folder: &Path,
    layout: BodyLayout,
    session: &mut Session,
) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .map_err(anyhow::Error::from)
        .with_context(|| folder.display().to_string())?;
    let mut files = SplitFolder {
        folder: folder.to_owned(),
        use_counts: HashMap::new(),
        written: 0,
        unchanged: 0,
    };
    session.for_each_call(
        read,
        |body, bodies: &mut Vec<(String, String)>| {
            let mut text = String::new();
            layout.push(body.value(), &mut text);
            bodies.push((file_stem(body), text));
        },
        |_, bodies| {
            bodies
                .into_iter()
                .try_for_each(|(stem, text)| files.write(&stem, text.as_bytes()))
        },
    )?;
    let written = format_count(files.written, "file");
    let existing = match files.unchanged {
        0 => String::new(),
        existing => format!(", {} already present", format_count(existing, "file")),
    };
    session.print_message(&format!(
        "{written} written to {}{existing}",
        folder.display()
    ));
    Ok(())
}

/// Name of the file for a call, without extension: its id if that is a number. Any other id could
/// be a path, so it is not used.
fn file_stem(body: &Body) -> String {
    const MAX_LENGTH: usize = 40;
    let id = body.id().map_or("", Json::text).trim_matches('"');
    let is_number =
        !id.is_empty() && id.len() <= MAX_LENGTH && id.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        id.to_owned()
    } else {
        WITHOUT_ID.to_owned()
    }
}

/// Returns true if a file of [`write_files`] can have this name.
pub(super) fn is_split_file_name(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    name.strip_suffix(".json").is_some_and(|stem| {
        let (id, number) = match stem.rsplit_once('-') {
            Some((id, number)) if is_number(number) => (id, number),
            _ => (stem, "1"),
        };
        (is_number(id) || id == WITHOUT_ID) && is_number(number)
    })
}

/// Writes files to a folder without overwriting any.
struct SplitFolder {
    folder: PathBuf,
    /// Last number tried per file stem. Number 1 is the bare stem.
    use_counts: HashMap<String, u64>,
    written: u64,
    /// Number of files that existed before with identical text.
    unchanged: u64,
}

impl SplitFolder {
    /// Writes `text` to the first free name of `STEM.json`, `STEM-2.json` and so on. If a file with
    /// one of these names has this text already, nothing is written.
    fn write(&mut self, stem: &str, text: &[u8]) -> anyhow::Result<()> {
        let use_count = self.use_counts.entry(stem.to_owned()).or_default();
        loop {
            *use_count += 1;
            let name = match *use_count {
                1 => format!("{stem}.json"),
                number => format!("{stem}-{number}.json"),
            };
            let path = self.folder.join(name);
            match create_file(&path, text) {
                Ok(()) => {
                    self.written += 1;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if fs::read(&path).is_ok_and(|existing| existing == text) {
                        self.unchanged += 1;
                        return Ok(());
                    }
                }
                Err(error) => return Err(error).with_context(|| path.display().to_string()),
            }
        }
    }
}

/// Creates a file. If writing fails, the incomplete file is removed.
fn create_file(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text).inspect_err(|_| {
        // The write error is the one to report.
        let _ = fs::remove_file(path);
    })
}
