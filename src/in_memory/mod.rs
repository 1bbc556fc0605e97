//! Runs commands over sources in memory, in the calling thread. This is the entry for front ends
//! that have no files, threads or clock, such as a web page. Output is that of the program, byte
//! for byte.

mod engine;
mod request;
mod sliced_reader;

use std::io::Write;

use serde::Serialize;

use crate::capture::source::reader::{SourceOptions, TableUse};
use crate::capture::source::sources::sources_from_seekable;
use crate::exit::Exit;
use crate::export::{Dialect, RowFormat, TextFormat};
use crate::report::FindingsFormat;
use request::{Command, Request};
use sliced_reader::SlicedReader;

pub use engine::{export, validate};
pub use sliced_reader::ByteSource;

/// A source with its name.
pub struct NamedSource {
    /// The name in messages and findings, such as that of the file.
    pub name: String,
    /// The bytes.
    pub bytes: Box<dyn ByteSource>,
}

/// What a run did, as JSON for the caller.
#[derive(Debug, Default, Serialize)]
struct Response {
    /// The exit code of the program.
    exit: u8,
    /// The lines that the program writes to standard error.
    messages: Vec<String>,
    /// Number of calls in the sources.
    calls: u64,
    /// Number of calls that a filter excluded.
    excluded: u64,
    /// Input that was skipped, one kind per text, such as `1 broken record`.
    skipped: Vec<String>,
    /// The reason why the run failed.
    error: Option<String>,
}

/// Runs the command of `request`, a JSON text such as `{"command": "export", "options": {"format":
/// "csv"}, "now": 1800000000}`, over the `sources`, and writes its output to `out`. Calls
/// `progress` with the number of bytes read so far, about once per batch. Returns the result as
/// JSON text.
pub fn run(
    request: &str,
    sources: Vec<NamedSource>,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> String {
    let response = run_request(request, sources, out, progress).unwrap_or_else(|error| Response {
        exit: Exit::Usage as u8,
        error: Some(format!("{error:#}")),
        ..Response::default()
    });
    serde_json::to_string(&response).expect("its members are numbers and texts")
}

/// The commands with their options, as JSON text, for the page and its tests.
#[must_use]
pub fn describe() -> String {
    let options = ["format"];
    let commands = ["list", "validate", "export"];
    let commands = commands.map(|name| serde_json::json!({"name": name, "options": options}));
    serde_json::json!({"commands": commands, "lacking": []}).to_string()
}

fn run_request(
    request: &str,
    sources: Vec<NamedSource>,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> anyhow::Result<Response> {
    let request = Request::parse(request)?;
    // As in the program: a table with a column per field has rows, but no bodies to check.
    let options = SourceOptions {
        tables: match request.command {
            Command::Validate => TableUse::Refuse,
            _ => TableUse::Read,
        },
        ..SourceOptions::default()
    };
    let bytes_read = options.bytes_read.clone();
    let sources = sources.into_iter().flat_map(move |source| {
        sources_from_seekable(source.name, SlicedReader::new(source.bytes), &options)
    });
    match request.command {
        Command::List { lines } => {
            let format = if lines {
                RowFormat::Jsonl
            } else {
                RowFormat::Json
            };
            engine::list(sources, format, out)
        }
        Command::Validate => validate(sources, FindingsFormat::Json, request.clock, out),
        Command::Export => {
            let format = TextFormat::Delimited(Dialect::csv());
            export(sources, &format, request.clock, out)
        }
    }?;
    progress(bytes_read.get());
    Ok(Response::default())
}
