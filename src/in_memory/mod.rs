//! Runs commands over sources in memory, in the calling thread. This is the entry for front ends
//! that have no files, threads or clock, such as a web page. The tasks are those of the program, so
//! output, messages and exit codes are, too.

mod arguments;
mod commands;
mod lacking;
mod opened_sources;
mod recorder;
mod request;

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use crate::exit::Exit;
use crate::host::{Clock, MAX_SCRATCH_BYTES};
use crate::run::session::{Session, SessionHost, Verbosity};
use crate::run::surroundings::SCRATCH;
use crate::view::terminal::Terminal;
use commands::{COMMANDS, options_of};
use lacking::LACKING;
use recorder::{MessageRecorder, Messages};
use request::Request;

pub use crate::capture::source::named_sources::{ByteSource, NamedSource};
pub use opened_sources::{export, validate};

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
    /// The reason why the run failed. It is one of the messages, too.
    error: Option<String>,
}

/// Runs the command of `request`, a JSON text such as `{"command": "export", "options": {"format":
/// "csv"}, "now": 1800000000}`, over the `sources`, and writes its output to `out`. Calls
/// `progress` with the number of bytes read so far, about once per batch. Returns the result as
/// JSON text.
pub fn run(
    request: &str,
    sources: Vec<NamedSource>,
    out: impl Write + 'static,
    progress: impl FnMut(u64) + 'static,
) -> String {
    let response = match Request::parse(request) {
        Ok(request) => run_request(request, sources, Box::new(out), Box::new(progress)),
        Err(error) => Response {
            exit: Exit::Usage as u8,
            error: Some(format!("{error:#}")),
            ..Response::default()
        },
    };
    serde_json::to_string(&response).expect("its members are numbers and texts")
}

fn run_request(
    request: Request,
    sources: Vec<NamedSource>,
    out: Box<dyn Write>,
    progress: Box<dyn FnMut(u64)>,
) -> Response {
    let messages: Messages = Rc::new(RefCell::new(Vec::new()));
    let mut session = Session::new(SessionHost {
        out,
        out_is_terminal: false,
        stdin_is_terminal: false,
        terminal: Terminal::default(),
        observer: Box::new(MessageRecorder::new(Rc::clone(&messages), progress)),
        verbosity: Verbosity::Normal,
        clock: Clock::Fixed(request.now),
        scratch: SCRATCH,
        threads: None,
    });
    let Request {
        command,
        mut options,
        ..
    } = request;
    let sources = Arc::from(sources);
    let result = commands::run(&command, &mut options, &sources, &mut session)
        .and_then(|()| session.flush());
    let error = result.err().map(|error| session.report_failure(&error));
    let counts = session.counts();
    Response {
        exit: session.exit() as u8,
        calls: counts.calls,
        excluded: counts.excluded,
        skipped: session.skipped_input(),
        messages: messages.take(),
        error,
    }
}

/// The commands with their options, what the page lacks of the program, and the limit on memory, as
/// JSON text.
#[must_use]
pub fn describe() -> String {
    let commands = COMMANDS.iter().map(|command| {
        let options = options_of(command.name);
        json!({"name": command.name, "options": options})
    });
    let commands: Vec<_> = commands.collect();
    let description = json!({
        "commands": commands,
        "lacking": LACKING,
        "limits": {"scratch_bytes": MAX_SCRATCH_BYTES},
    });
    description.to_string()
}
