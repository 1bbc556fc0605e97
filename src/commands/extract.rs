//! `extract`: takes the bodies out of their envelopes and writes them as JSON Lines or as one file
//! per call, or lists all items of the input with their locations.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::capture::find::envelope::{Body, Item, NonCallKind};
use crate::cli::ExtractArgs;
use crate::export::TableFormat;
use crate::json::Json;
use crate::run::location::format_location;
use crate::run::output_file::OutputFile;
use crate::run::read_plan::ReadOptions;
use crate::run::rows;
use crate::run::session::{Session, on_stdout};
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::text::plural::format_count;

pub(crate) fn run(args: &ExtractArgs, session: &mut Session) -> anyhow::Result<()> {
    if args.list {
        return print_list(args, session);
    }
    if let Some(folder) = &args.split {
        return write_files(args, folder, session);
    }
    let output = args
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    write_bodies(&args.input.read_options(), output, args.pretty, session)
}

/// Writes the bodies to `output`, or to standard output if that is `None`: one line per body, or
/// indented if `pretty`.
pub(crate) fn write_bodies(
    read: &ReadOptions,
    output: Option<&Path>,
    pretty: bool,
    session: &mut Session,
) -> anyhow::Result<()> {
    let append = |body: &Body, text: &mut String| {
        push_body(text, body.value(), pretty);
    };
    let Some(path) = output else {
        session.guard_terminal();
        return session.for_each_call(read, append, |out, text| {
            on_stdout(out.write_all(text.as_bytes()))
        });
    };
    let mut file = OutputFile::create(path, &read.inputs)?;
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

/// Appends a body and a line break to `text`. Without `pretty`, a body that is on one line already
/// is copied verbatim.
fn push_body(text: &mut String, body: Json, pretty: bool) {
    if pretty {
        body.push_indented(text);
    } else if body.text().contains(['\n', '\r']) {
        text.push_str(&body.compact());
    } else {
        text.push_str(body.text());
    }
    text.push('\n');
}

/// Writes one file per call to `folder`.
fn write_files(args: &ExtractArgs, folder: &Path, session: &mut Session) -> anyhow::Result<()> {
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
        &args.input.read_options(),
        |body, bodies: &mut Vec<(String, String)>| {
            let mut text = String::new();
            push_body(&mut text, body.value(), args.pretty);
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
        existing => format!(", {} there already", format_count(existing, "file")),
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
        "without-id".to_owned()
    }
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

/// Lists all items of the input with their locations.
fn print_list(args: &ExtractArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let names: [&str; 7] = if format.is_for_people() {
        [
            "Source", "Place", "Pointer", "Kind", "Call", "Bytes", "What",
        ]
    } else {
        ["source", "place", "pointer", "kind", "id", "bytes", "what"]
    };
    let headings = names.map(|name| match name {
        "Bytes" => Heading::new(name).right_aligned(),
        "Place" | "Kind" | "Call" => Heading::new(name),
        name => Heading::new(name).flexible(),
    });
    rows::print_items(
        &args.input.read_options(),
        format.into(),
        headings.to_vec(),
        session,
        |item, rows| rows.push_row(row(item, format)),
    )
}

fn row<'a>(item: &'a Item, format: TableFormat) -> [Option<Cell<'a>>; 7] {
    match item {
        Item::Call(body) => [
            Some(Cell::text(&**body.source)),
            Some(Cell::text(format_location(
                body.locator,
                body.locator.offset_of(body.value().text()),
            ))),
            Some(Cell::text(body.pointer.as_str())),
            Some(Cell::text("call")),
            body.id().and_then(|id| format.cell(id)),
            Some(Cell::number(body.value().text().len() as u64)),
            None,
        ],
        Item::NonCall(other) => [
            Some(Cell::text(&**other.source)),
            Some(Cell::text(format_location(other.locator, other.offset))),
            Some(Cell::text(other.pointer.as_str())),
            Some(Cell::text(match other.kind {
                NonCallKind::Broken => "broken",
                NonCallKind::OtherPayload(_) => "other payload",
                NonCallKind::LostBody => "empty envelope",
                NonCallKind::Json | NonCallKind::Text => "no call",
            })),
            None,
            (!other.record.is_empty()).then(|| Cell::number(other.record.len() as u64)),
            Some(Cell::text(other.description.as_str())),
        ],
    }
}
