//! Inspects saved post-call webhook bodies of the Famulor voice-AI platform. The binary only calls
//! [`run()`]; [`commands`] connects the stages below, one file per command.
//!
//! # Data flow
//!
//! ```text
//! files, folders, stdin
//!    │  open, decompress, decode            capture::source
//!    ▼
//! source
//!    │  cut at record boundaries            capture::split
//!    ▼
//! batch                                     from here on in N worker threads: run::pipeline
//!    │  parse                               capture::parse
//!    ▼
//! document
//!    │  search envelopes                    capture::find
//!    ▼
//! body
//!    │  filter, deduplicate, limit          select
//!    ▼
//! call
//!    ├── check with rules ──► findings      lint, settings
//!    ├── flatten ───────────► rows          table
//!    └── format ────────────► cards         view
//!    │
//!    │  put batch results in input order    run
//!    ▼
//! one thread writes: report (findings) · export (rows) · view (tables, cards)
//! ```
//!
//! Memory is bounded by the batches in flight, apart from the set of call ids where duplicates
//! matter. Rows whose columns are known only at the end of the input wait in a spool, which uses a
//! temporary file if they are many. Output is identical for any number of threads.
//!
//! The documented contract is one table, [`contract::FIELDS`]; [`contract::schema`] prints it as
//! JSON Schema.
//!
//! # Glossary
//!
//! Input:
//!
//! - **source** (`Source`): one input after decompression and decoding: a file or stdin.
//! - **record**: one unit of a capture, such as a JSON value, a log entry or an HTTP message.
//! - **record boundary**: an offset at which a source can be cut without splitting a record.
//! - **batch** (`Batch`): a bounded run of whole documents that one worker thread processes.
//! - **document** (`Document`): one JSON value of a source: a file, a line or an array element.
//! - **envelope**: the data that a capturing tool wrapped around a body.
//! - **body** (`Body`): the JSON object that the vendor posted. It describes one call.
//! - **member** (`Member`): a name and a value in a JSON object.
//! - **element**: a value in a JSON array.
//! - **nested text** (`NestedText`): text inside other text, such as JSON in a string or base64.
//! - **coding** (`Coding`): how nested or compressed text is encoded.
//! - **decoder** (`Decoder`): detects and decodes one encoded form of nested text.
//! - **piece**: a part of a text, such as a string or a cell, that a decoder may decode.
//! - **source map** (`SourceMap`): maps offsets in nested text to offsets in the outer text.
//! - **name hints** (`NameHints`): expected member names that make scanning faster.
//! - **cursor** (`Cursor`): the value that the search is at: text, pointer, depth, earlier calls.
//! - **item** (`Item`): a call, or input that is not a call.
//! - **deferred item** (`DeferredItem`): an item held back until the source shows if it matters.
//!
//! Calls:
//!
//! - **call** (`Call`): the typed view of a body.
//! - **lead** (`Lead`): the person who was called, as an object in a body.
//! - **campaign** (`Campaign`): the series of calls that a call belongs to, with its settings.
//! - **turn** (`Turn`): one utterance of the transcript.
//! - **variable** (`Variable`): a named value that a call extracted or was given.
//! - **filter** (`Filter`): conditions on the content of a call.
//! - **selection** (`Selection`): the calls that a command sees: filter, deduplication and limit.
//! - **sequencer** (`Sequencer`): lets batches pass in input order, for deduplication and limit.
//!
//! Contract and findings:
//!
//! - **contract**: the payload as the vendor documents it.
//! - **field** (`Field`): one documented member, with its type, format and meaning.
//! - **field set** (`FieldSet`): a bit set of fields of one object.
//! - **rule** (`Rule`): a check with an id, a default level and an explanation.
//! - **family** (`Family`): a group of related rules.
//! - **finding** (`Finding`): one violation of a rule, with level, location and help.
//! - **level** (`Level`): error, warning or note.
//! - **location**: source, position and pointer of a value.
//! - **position** (`Position`): byte offset, line and column in a source.
//! - **span** (`Span`): a start and an end position.
//! - **pointer**: a JSON Pointer (RFC 6901) to a value in a document or in a body.
//! - **excerpt** (`Excerpt`): the line of a source that a finding is on, cut to a length.
//!
//! Tables:
//!
//! - **row**: the flattened form of a call, turn, variable or campaign.
//! - **column** (`Column`): one member, or one variable, across all rows.
//! - **cell** (`Cell`): the value of one row in one column, as text with a kind.
//! - **heading** (`Heading`): name and layout of a column in the output.
//! - **column plan** (`ColumnPlan`): maps the cells of a stored row to the output columns.
//! - **spool** (`Spool`): rows that wait in memory or in a temporary file for the end of the input.
//! - **guard**: protects the reader of the output from formulas or control characters in values.
//!
//! Runs:
//!
//! - **host** ([`host`]): the program around the engine, which gives it the time, scratch space and
//!   workers.
//! - **session** (`Session`): one run of the program with its output, messages and exit code.
//! - **read plan** (`ReadPlan`): the inputs and the selection of a run.
//! - **batch result** (`BatchResult`): the output, counts and problems of one batch.
//! - **problem** (`Problem`): a message on stderr about bad input.
//! - **reject**: a record with a problem, written to a file with the reason.
//! - **report** (`Report`): findings in one output format.
//! - **destination** (`Destination`): a temporary file that replaces the target, or a device.
//! - **terminal** (`Terminal`): width and theme of the output for people.

pub mod call;
pub mod capture;
pub mod cli;
pub mod commands;
pub mod contract;
pub mod exit;
pub mod export;
pub mod host;
pub mod json;
pub mod lint;
pub mod report;
pub mod run;
pub mod select;
pub mod settings;
pub mod table;
pub mod text;
pub mod time;
pub mod view;

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory as _, Parser as _};

use crate::run::session::{NoInput, Session};
use cli::Cli;
use exit::{Exit, UsageError};

/// Runs `postcall` with a command line that starts with the name of the program. Errors are printed
/// on standard error; the exit code is returned.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = cli::command_line::move_command_first(arguments.into_iter().collect());
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return print_clap_error(&error, &arguments),
    };
    let mut session = Session::new(cli.global.session_options());
    let result = session
        .set_clock()
        .and_then(|()| commands::run(cli, &mut session))
        .and_then(|()| session.flush());
    match result {
        Ok(()) => {}
        Err(error) if exit::is_closed_pipe(&error) => {}
        Err(error) if error.is::<NoInput>() => {
            session.print_message(&error.to_string());
            print_help(
                arguments
                    .get(1)
                    .and_then(|argument| argument.to_str())
                    .unwrap_or_default(),
            );
            session.fail(Exit::Usage);
        }
        Err(error) => {
            session.print_message(&format_error(&error));
            session.fail(if error.is::<UsageError>() {
                Exit::Usage
            } else {
                Exit::Failed
            });
        }
    }
    session.exit()
}

/// Prints help, version or a usage error. Clap repeats arguments verbatim, so control characters in
/// them are escaped first.
fn print_clap_error(error: &clap::Error, arguments: &[OsString]) -> Exit {
    // Without colours: escaping would break their codes.
    let plain = error.render().to_string();
    let has_controls = |argument: &OsString| {
        argument
            .to_string_lossy()
            .contains(text::safe_text::is_unsafe)
    };
    let printed = if error.use_stderr() && arguments.iter().any(has_controls) {
        io::Write::write_all(&mut io::stderr(), text::safe_text::lines(&plain).as_bytes())
    } else {
        error.print()
    };
    match printed {
        _ if error.use_stderr() => Exit::Usage,
        Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
            run::session::print_message(&format!(
                "standard output: {}",
                text::io_error::describe_io_error(&failed)
            ));
            Exit::Failed
        }
        _ => Exit::Done,
    }
}

/// Prints the help of a command on standard error; for an unknown command, that of the program.
fn print_help(command: &str) {
    let mut cli = Cli::command();
    cli.build();
    let found = cli.find_subcommand_mut(command).cloned();
    let help = found.unwrap_or(cli).render_help();
    let mut stderr = anstream::stderr();
    // An error on standard error has nowhere to be reported.
    let _ = io::Write::write_fmt(&mut stderr, format_args!("\n{}", help.ansi()));
}

/// Formats an error with its causes, outermost first, separated by colons.
fn format_error(error: &anyhow::Error) -> String {
    let causes = error
        .chain()
        .map(|cause| match cause.downcast_ref::<io::Error>() {
            Some(error) => text::io_error::describe_io_error(error),
            None => cause.to_string(),
        });
    causes.collect::<Vec<_>>().join(": ")
}
