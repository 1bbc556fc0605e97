//! The raw command line, before clap parses it: moves the command to the front, and suggests a
//! command for a mistyped one.

use crate::text::similar::similar;
use std::ffi::OsString;

use clap::CommandFactory as _;

use super::Cli;

/// The name of the command that is most similar to `word`, if any is similar.
#[must_use]
pub(crate) fn similar_command(word: &str) -> Option<String> {
    let cli = Cli::command();
    let names = cli
        .get_subcommands()
        .flat_map(|command| command.get_name_and_visible_aliases());
    similar(word, names).map(str::to_owned)
}

/// Moves the command before the options. Without this, clap would parse leading options as the
/// start of the arguments of `show`, the default command.
#[must_use]
pub(crate) fn move_command_first(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let is_option = |argument: &OsString| argument.to_string_lossy().starts_with('-');
    if !arguments.get(1).is_some_and(is_option) {
        // The command is first already, or there is none. Building the parser is not needed.
        return arguments;
    }
    let cli = Cli::command();
    let is_command = |argument: &str| {
        let mut names = cli
            .get_subcommands()
            .flat_map(|c| c.get_name_and_visible_aliases());
        argument == "help" || names.any(|name| name == argument)
    };
    let with_value: Vec<String> = cli
        .get_arguments()
        .filter(|argument| argument.get_action().takes_values())
        .filter_map(|argument| argument.get_long().map(|long| format!("--{long}")))
        .collect();
    let mut index = 1;
    while let Some(argument) = arguments.get(index).and_then(|argument| argument.to_str()) {
        let option = argument.split('=').next().unwrap_or(argument);
        if with_value.iter().any(|known| known == option) {
            index += if argument.contains('=') { 1 } else { 2 };
            continue;
        }
        if is_command(argument) {
            arguments[1..=index].rotate_right(1);
        }
        break;
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
        assert_eq!(first("p --help list"), "p --help list");
    }
}
