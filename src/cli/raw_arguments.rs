//! The raw command line, before clap parses it: which arguments are words, and the command moved to
//! the front.

use std::cell::LazyCell;
use std::ffi::OsString;

use clap::CommandFactory as _;

use super::Cli;
use super::command_line::is_command;

/// Options after which clap reads no further, or reads only paths.
const LAST_OPTIONS: &[&str] = &["--", "-h", "--help", "-V", "--version"];

/// The indices of the arguments that are neither options nor their values, as long as no command is
/// among them: its options are not known here.
#[must_use]
pub(crate) fn word_indices(arguments: &[OsString]) -> Vec<usize> {
    // Most runs have no option here. To build the parser again for them would double the
    // instructions until the first call is read.
    let cli = LazyCell::new(Cli::command);
    let takes_value = |option: &str| {
        cli.get_arguments().any(|argument| {
            let is_long = argument
                .get_long()
                .is_some_and(|long| option == format!("--{long}"));
            let is_short = argument
                .get_short()
                .is_some_and(|short| option == format!("-{short}"));
            argument.get_action().takes_values() && (is_long || is_short)
        })
    };
    let mut words = Vec::new();
    let mut index = 1;
    while let Some(argument) = arguments.get(index) {
        let option = argument.to_str().unwrap_or_default();
        if LAST_OPTIONS.contains(&option) {
            break;
        }
        let is_option = is_option(argument);
        if !is_option {
            words.push(index);
        }
        index += if is_option && takes_value(option) {
            2
        } else {
            1
        };
    }
    words
}

fn is_option(argument: &OsString) -> bool {
    argument.len() > 1 && argument.as_encoded_bytes().starts_with(b"-")
}

/// Moves the command before the options. Without this, clap would parse leading options as the
/// start of the arguments of `show`, the default command.
#[must_use]
pub(crate) fn move_command_first(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if !arguments.get(1).is_some_and(is_option) {
        // The command is first already, or there is none. Building the parser is not needed.
        return arguments;
    }
    let first = word_indices(&arguments).first().copied();
    if let Some(index) = first.filter(|index| is_command(&arguments[*index])) {
        arguments[1..=index].rotate_right(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_may_precede_the_command() {
        let first = |line: &str| {
            let words = move_command_first(line.split(' ').map(OsString::from).collect());
            words.join(" ".as_ref()).into_string().expect("text")
        };
        assert_eq!(first("p --color never list x"), "p list --color never x");
        assert_eq!(
            first("p --color=never --threads 2 csv"),
            "p csv --color=never --threads 2"
        );
        assert_eq!(first("p --color never x list"), "p --color never x list");
        assert_eq!(first("p --tz utc list x"), "p list --tz utc x");
        assert_eq!(
            first("p --no-search --all list x"),
            "p list --no-search --all x"
        );
        assert_eq!(first("p --help list"), "p --help list");
        assert_eq!(first("p --all -- list x"), "p --all -- list x");
    }

    #[test]
    fn words_are_neither_options_nor_their_values() {
        let words = |line: &str| {
            let arguments: Vec<_> = line.split(' ').map(OsString::from).collect();
            let words = word_indices(&arguments).into_iter();
            let words: Vec<_> = words.map(|index| arguments[index].clone()).collect();
            words.join(" ".as_ref()).into_string().expect("text")
        };
        assert_eq!(words("p a - --has lead b --all c --tz=utc d"), "a - b c d");
        assert_eq!(words("p --limit 5 --nope a -- b"), "a");
        assert_eq!(words("p a --help b"), "a");
        assert_eq!(words("p --tz"), "");
    }
}
