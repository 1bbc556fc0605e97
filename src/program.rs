//! The program: parses the command line, runs the command, and reports errors.

use std::ffi::OsString;
use std::io::{self, BufRead as _, IsTerminal as _, StdinLock, Write as _};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::builder::StyledStr;
use clap::error::ErrorKind;

use crate::capture::source::files::readiness::{Readiness, act_when_ready};
use crate::cli::command_line::CommandLine;
use crate::cli::first_word::first_word_error;
use crate::cli::{help, raw_arguments, tips};
use crate::commands;
use crate::exit::Exit;
use crate::run::input_messages::NoInput;
use crate::run::process::print_error;
use crate::run::session::Session;
use crate::run::signals;
use crate::run::stdout::STDOUT;
use crate::run::streams::{self, print_on_stderr};
use crate::text::io_error::{NamedIoError, describe_io_error};
use crate::text::safe_text;
use crate::text::workflow_commands::break_commands;

/// Runs `postcall` with a command line that starts with the name of the program. Errors are printed
/// on standard error; the exit code is returned.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    signals::prepare();
    let arguments = raw_arguments::move_command_first(arguments.into_iter().collect());
    let parsed = CommandLine::parse(&arguments);
    let has_command = parsed.as_ref().is_ok_and(|parsed| parsed.has_command);
    // The first word may be the value of an unknown option before it, as in `--kind busy`.
    let is_after_unknown_option = parsed
        .as_ref()
        .is_err_and(|error| error.kind() == ErrorKind::UnknownArgument)
        && (arguments.get(1)).is_some_and(|first| first.to_string_lossy().starts_with('-'));
    if !has_command
        && !is_after_unknown_option
        && let Some(error) = first_word_error(&arguments, parsed.is_ok())
    {
        print_error(&error);
        return Exit::Usage;
    }
    let command_line = match parsed {
        Ok(command_line) => command_line,
        Err(error) => return print_clap_error(error, &arguments),
    };
    let mut session = Session::of_process(&command_line.global.session_options());
    if arguments.len() == 1 && stdin_is_empty() {
        print_usage(&arguments);
        session.print_error("nothing to read: standard input is empty");
        return Exit::Failed;
    }
    let result = session
        .set_clock()
        .and_then(|()| commands::run(command_line, &mut session))
        .and_then(|()| session.flush());
    match result {
        Ok(()) => {}
        Err(error) if is_closed_pipe(&error) => {}
        Err(error) if error.is::<NoInput>() => {
            print_usage(&arguments);
            session.print_error(&error.to_string());
            session.fail(Exit::Usage);
        }
        Err(error) => {
            session.report_failure(&error);
        }
    }
    session.exit()
}

/// Returns true if standard input has an end, and nothing before it. Waits until this is known.
fn stdin_is_empty() -> bool {
    let mut stdin = io::stdin().lock();
    let is_empty = |stdin: &mut StdinLock| stdin.fill_buf().map(<[u8]>::is_empty);
    !stdin.is_terminal()
        && act_when_ready(&mut stdin, Readiness::Read, is_empty).is_ok_and(|is_empty| is_empty)
}

/// Prints help, version or a usage error.
fn print_clap_error(mut error: clap::Error, arguments: &[OsString]) -> Exit {
    // Clap has no help for its command `help`.
    let is_help_of_help = matches!(arguments, [_, command, option]
        if command == "help" && (option == "-h" || option == "--help"));
    if error.kind() == ErrorKind::DisplayHelp || is_help_of_help {
        let (program, rest) = arguments.split_at(1);
        let rest = rest.iter().skip(usize::from(is_help_of_help));
        // Most runs do not need the help texts, so they are only built here.
        error = help::command()
            .try_get_matches_from(program.iter().chain(rest))
            .err()
            .unwrap_or(error);
    }
    if error.use_stderr() {
        print_usage_error(error, arguments);
        return Exit::Usage;
    }
    let text = styled(&error.render(), &io::stdout());
    let mut out = streams::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
            print_error(&describe_io_error(&failed));
            Exit::Failed
        }
        _ => Exit::Done,
    }
}

/// Prints a usage error with a tip. Clap repeats arguments verbatim, so control characters in them
/// are escaped first.
fn print_usage_error(mut error: clap::Error, arguments: &[OsString]) {
    tips::replace_tip(&mut error, arguments);
    tips::shorten_values(&mut error);
    let message = error.render();
    let has_controls =
        |argument: &OsString| argument.to_string_lossy().contains(safe_text::is_unsafe);
    let message = if arguments.iter().any(has_controls) {
        // Without colours: escaping would break their codes.
        safe_text::lines(&message.to_string()).into_owned()
    } else {
        styled(&message, &io::stderr())
    };
    let message = format!("postcall: {message}");
    print_on_stderr(break_commands(&message).as_bytes());
}

/// Prints the usage of the command on standard error, or that of the program if there is none.
fn print_usage(arguments: &[OsString]) {
    let command = arguments.get(1).and_then(|argument| argument.to_str());
    let usage = help::short_usage(command.unwrap_or_default());
    print_on_stderr(styled(&usage, &io::stderr()).as_bytes());
}

/// Formats styled text, with colours if `stream` shows them.
fn styled(text: &StyledStr, stream: &impl RawStream) -> String {
    match AutoStream::choice(stream) {
        ColorChoice::Never => text.to_string(),
        _ => text.ansi().to_string(),
    }
}

/// Returns true if standard output is a pipe whose reader has closed it, as with `| head`. The run
/// then ends without a message.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    NamedIoError::find(error.as_ref())
        .is_some_and(|error| error.name() == STDOUT && error.kind() == io::ErrorKind::BrokenPipe)
}
