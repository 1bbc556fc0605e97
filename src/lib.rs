//! Inspects saved post-call webhook bodies of the Famulor voice-AI platform. What flows through:
//!
//! ```text
//! paths ──► input::source ──► input::batch ──► input::document ──► input::envelope ──► input::selection ──► call
//! stdin       (bytes)        (whole values)     (JSON values)        (bodies)       (those asked for)        │
//!                                                                                                            ├─► rules ─► report    findings (by settings)
//!             └── pipeline: N threads read and work, one writes, in order ───────────────────┘               ├─► table ─► export    rows
//!                                                                                                            └─► view              cards
//! ```
//!
//! The contract that all of it follows is one table, [`contract::FIELDS`]; [`schema`] prints it as JSON Schema. Commands, in [`commands`], join the
//! pieces; [`run`] runs one.

pub mod call;
pub mod cli;
pub mod commands;
pub mod contract;
pub mod exit;
pub mod export;
pub mod finding;
pub mod glob;
pub mod input;
pub mod interrupt;
pub mod json;
pub mod pipeline;
pub mod pointer;
pub mod report;
pub mod rules;
pub mod schema;
pub mod settings;
pub mod similar;
pub mod table;
pub mod view;

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory as _, Parser as _};

use cli::Cli;
use commands::session::{NoInput, Session};
use exit::{Exit, Misuse};

/// Runs `postcall` with the words of a command line, the program's name first. All that goes wrong is told on standard error; how it ended is
/// returned.
#[must_use]
pub fn run(words: impl IntoIterator<Item = OsString>) -> Exit {
    let words = cli::command_first(words.into_iter().collect());
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => return tell_clap(&error, &words),
    };
    let mut session = Session::new(&cli.global);
    let result = commands::run(cli, &mut session).and_then(|()| session.flush());
    match result {
        Ok(()) => {}
        Err(error) if exit::is_closed_pipe(&error) => {}
        Err(error) if error.is::<NoInput>() => {
            session.tell(&error.to_string());
            print_help(
                words
                    .get(1)
                    .and_then(|word| word.to_str())
                    .unwrap_or_default(),
            );
            session.fail(Exit::Usage);
        }
        Err(error) => {
            session.tell(&sentence(&error));
            session.fail(if error.is::<Misuse>() {
                Exit::Usage
            } else {
                Exit::Failed
            });
        }
    }
    session.exit()
}

/// Prints help, version or a usage error. What was typed may hold control characters; clap repeats it as it is.
fn tell_clap(error: &clap::Error, words: &[OsString]) -> Exit {
    // Without its colours, that is.
    let plain = error.render().to_string();
    let has_controls =
        |word: &OsString| word.to_string_lossy().contains(view::safe_text::is_unsafe);
    let printed = if error.use_stderr() && words.iter().any(has_controls) {
        io::Write::write_all(&mut io::stderr(), view::safe_text::lines(&plain).as_bytes())
    } else {
        error.print()
    };
    match printed {
        _ if error.use_stderr() => Exit::Usage,
        Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
            commands::session::tell(&format!(
                "standard output: {}",
                input::source::reason(&failed)
            ));
            Exit::Failed
        }
        _ => Exit::Done,
    }
}

/// The help of a command, or of the whole program where there is no such command, on standard error.
fn print_help(command: &str) {
    let mut cli = Cli::command();
    cli.build();
    let found = cli.find_subcommand_mut(command).cloned();
    let help = found.unwrap_or(cli).render_help();
    let mut stderr = anstream::stderr();
    // Nobody is left to tell when this fails.
    let _ = io::Write::write_fmt(&mut stderr, format_args!("\n{}", help.ansi()));
}

/// An error with its causes, outermost first.
fn sentence(error: &anyhow::Error) -> String {
    let causes = error
        .chain()
        .map(|cause| match cause.downcast_ref::<io::Error>() {
            Some(error) => input::source::reason(error),
            None => cause.to_string(),
        });
    causes.collect::<Vec<_>>().join(": ")
}
