//! The words of a command line, before clap reads them: where the command stands, and what a wrong word may have been meant for.

use crate::similar::similar;
use std::ffi::OsString;

use clap::CommandFactory as _;

use super::Cli;

/// The command that `word` may have been meant for.
#[must_use]
pub fn similar_command(word: &str) -> Option<String> {
    let cli = Cli::command();
    let names = cli
        .get_subcommands()
        .flat_map(|command| command.get_name_and_visible_aliases());
    similar(word, names).map(str::to_owned)
}

/// The words of a command line with the command first: options may stand before it, which clap would take for the beginning of `show`'s own
/// arguments.
#[must_use]
pub fn command_first(mut words: Vec<OsString>) -> Vec<OsString> {
    let is_option = |word: &OsString| word.to_string_lossy().starts_with('-');
    if !words.get(1).is_some_and(is_option) {
        // It is there already, or there is none; no need to know all commands.
        return words;
    }
    let cli = Cli::command();
    let is_command = |word: &str| {
        let mut names = cli
            .get_subcommands()
            .flat_map(|c| c.get_name_and_visible_aliases());
        word == "help" || names.any(|name| name == word)
    };
    let with_value: Vec<String> = cli
        .get_arguments()
        .filter(|argument| argument.get_action().takes_values())
        .filter_map(|argument| argument.get_long().map(|long| format!("--{long}")))
        .collect();
    let mut at = 1;
    while let Some(word) = words.get(at).and_then(|word| word.to_str()) {
        let option = word.split('=').next().unwrap_or(word);
        if with_value.iter().any(|known| known == option) {
            at += if word.contains('=') { 1 } else { 2 };
            continue;
        }
        if is_command(word) {
            words[1..=at].rotate_right(1);
        }
        break;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_may_stand_before_the_command() {
        let first = |line: &str| {
            let words = command_first(line.split(' ').map(OsString::from).collect());
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
