//! The program: parses the command line, runs the command, and reports errors.

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory as _, Parser as _};

use crate::cli::first_word::first_word_error;
use crate::cli::{Cli, raw_arguments};
use crate::commands;
use crate::exit::{self, Exit, UsageError};
use crate::run::session::{NoInput, Session, print_message};
use crate::text::io_error::describe_io_error;
use crate::text::safe_text;

/// Runs `postcall` with a command line that starts with the name of the program. Errors are printed
/// on standard error; the exit code is returned.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = raw_arguments::move_command_first(arguments.into_iter().collect());
    let parsed = Cli::try_parse_from(&arguments);
    let has_command = parsed.as_ref().is_ok_and(|cli| cli.command.is_some());
    if !has_command && let Some(error) = first_word_error(&arguments) {
        print_message(&error);
        return Exit::Usage;
    }
    let cli = match parsed {
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
    let has_controls =
        |argument: &OsString| argument.to_string_lossy().contains(safe_text::is_unsafe);
    let printed = if error.use_stderr() && arguments.iter().any(has_controls) {
        io::Write::write_all(&mut io::stderr(), safe_text::lines(&plain).as_bytes())
    } else {
        error.print()
    };
    match printed {
        _ if error.use_stderr() => Exit::Usage,
        Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
            print_message(&format!("standard output: {}", describe_io_error(&failed)));
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
            Some(error) => describe_io_error(error),
            None => cause.to_string(),
        });
    causes.collect::<Vec<_>>().join(": ")
}
