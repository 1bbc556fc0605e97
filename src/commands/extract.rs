//! `extract`: the bodies out of whatever they were saved in, as clean JSON Lines, as files, or as a list of what is where.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::rows;
use super::session::{Session, on_stdout, place_in};
use crate::cli::{ExtractArgs, InputArgs};
use crate::export::Format;
use crate::export::file::OutputFile;
use crate::input::envelope::{Body, Item, OtherKind};
use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::view::words::counted;

pub(super) fn run(args: &ExtractArgs, session: &mut Session) -> anyhow::Result<()> {
    if args.list {
        return list(args, session);
    }
    if let Some(folder) = &args.split {
        return split(args, folder, session);
    }
    let output = args
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    write_bodies(&args.input, output, args.pretty, session)
}

/// Writes the bodies to `output` or to standard output, a line each unless they are `pretty`.
pub(super) fn write_bodies(
    input: &InputArgs,
    output: Option<&Path>,
    pretty: bool,
    session: &mut Session,
) -> anyhow::Result<()> {
    let work = |body: &Body, text: &mut String| {
        push_body(text, body.value(), pretty);
    };
    let Some(path) = output else {
        session.guard_terminal();
        return session.for_each_call(input, work, |out, text| {
            on_stdout(out.write_all(text.as_bytes()))
        });
    };
    let mut file = OutputFile::create(path, &input.inputs())?;
    let name = file.name();
    session.for_each_call(input, work, |_, text| {
        file.write_all(text.as_bytes())
            .with_context(|| name.clone())
    })?;
    if session.seen().calls == 0 {
        return Ok(());
    }
    file.complete()
}

/// Adds a body with a line break behind it: on one line, its bytes as they stood if they stood so, or indented.
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

/// Writes a file for each call.
fn split(args: &ExtractArgs, folder: &Path, session: &mut Session) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .map_err(anyhow::Error::from)
        .with_context(|| folder.display().to_string())?;
    let mut files = Files {
        folder: folder.to_owned(),
        taken: HashMap::new(),
        written: 0,
        there: 0,
    };
    session.for_each_call(
        &args.input,
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
    let written = counted(files.written, "file");
    let there = match files.there {
        0 => String::new(),
        there => format!(", {} there already", counted(there, "file")),
    };
    session.tell(&format!("{written} written to {}{there}", folder.display()));
    Ok(())
}

/// What the file of a call is called: by its id if that is a number, for anything else may be a path.
fn file_stem(body: &Body) -> String {
    const LONGEST: usize = 40;
    let id = body
        .members()
        .get("id")
        .map_or("", Json::text)
        .trim_matches('"');
    let is_number = !id.is_empty() && id.len() <= LONGEST && id.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        id.to_owned()
    } else {
        "without-id".to_owned()
    }
}

/// Files in a folder, none of which is overwritten.
struct Files {
    folder: PathBuf,
    /// How often each name was asked for.
    taken: HashMap<String, u64>,
    written: u64,
    /// Files with the same text that were there before.
    there: u64,
}

impl Files {
    fn write(&mut self, stem: &str, text: &[u8]) -> anyhow::Result<()> {
        let taken = self.taken.entry(stem.to_owned()).or_default();
        loop {
            *taken += 1;
            let name = match *taken {
                1 => format!("{stem}.json"),
                number => format!("{stem}-{number}.json"),
            };
            let path = self.folder.join(name);
            match create(&path, text) {
                Ok(()) => {
                    self.written += 1;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if fs::read(&path).is_ok_and(|there| there == text) {
                        self.there += 1;
                        return Ok(());
                    }
                }
                Err(error) => return Err(error).with_context(|| path.display().to_string()),
            }
        }
    }
}

/// Writes a new file, whole or not at all.
fn create(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text).inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::remove_file(path);
    })
}

/// Lists what is where.
fn list(args: &ExtractArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let names: [&str; 7] = if format.is_for_people() {
        [
            "Source", "Place", "Pointer", "Kind", "Call", "Bytes", "What",
        ]
    } else {
        ["source", "place", "pointer", "kind", "id", "bytes", "what"]
    };
    let headings = names.map(|name| match name {
        "Bytes" => Heading::new(name).right(),
        "Place" | "Kind" | "Call" => Heading::new(name),
        name => Heading::new(name).flexible(),
    });
    rows::print_items(
        &args.input,
        format.into(),
        headings.to_vec(),
        session,
        |item, rows| rows.push_row(row(item, format)),
    )
}

fn row<'a>(item: &'a Item, format: Format) -> [Option<Cell<'a>>; 7] {
    match item {
        Item::Call(body) => [
            Some(Cell::text(&**body.source)),
            Some(Cell::text(place_in(
                body.locator,
                body.locator.offset_of(body.value().text()),
            ))),
            Some(Cell::text(body.pointer.as_str())),
            Some(Cell::text("call")),
            body.members().get("id").and_then(|id| format.cell(id)),
            Some(Cell::number(body.value().text().len() as u64)),
            None,
        ],
        Item::Other(other) => [
            Some(Cell::text(&**other.source)),
            Some(Cell::text(place_in(other.locator, other.offset))),
            Some(Cell::text(other.pointer.as_str())),
            Some(Cell::text(match other.kind {
                OtherKind::Broken => "broken",
                OtherKind::Neighbour(_) => "other payload",
                OtherKind::Empty => "empty envelope",
                OtherKind::NoCall | OtherKind::Text => "no call",
            })),
            None,
            (!other.record.is_empty()).then(|| Cell::number(other.record.len() as u64)),
            Some(Cell::text(other.description.as_str())),
        ],
    }
}
