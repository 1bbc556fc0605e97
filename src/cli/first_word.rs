//! Checks the words of a command line without a command, before any input is read. A mistyped
//! command would otherwise be a missing file, and the calls in the other files would be shown:
//! `postcall redact call.json > shared.txt` would write the personal data that it should remove.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;

use clap::CommandFactory as _;

use super::command_line::is_command;
use super::raw_arguments::word_indices;
use super::{Cli, command_names};
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// Words that are no commands, with the arguments that do what they ask for.
const MEANINGS: &[(&[&str], &str)] = &[
    (&["version"], "--version"),
    (&["usage", "commands"], "--help"),
    (&["xlsx", "excel", "spreadsheet"], "export -o calls.xlsx"),
    (&["parquet"], "export -o calls.parquet"),
    (&["tsv"], "export --format tsv"),
    (&["jsonl", "ndjson"], "export --format jsonl"),
    (&["json"], "list --format json"),
    (&["markdown", "md"], "list --format markdown"),
    (&["convert", "save"], "export"),
    (&["lint", "verify", "test"], "validate"),
    (&["sarif"], "validate --format sarif"),
    (&["junit"], "validate --format junit"),
    (&["explain"], "rules"),
    (&["cat", "view", "print", "open", "card"], "show"),
    (&["conversation", "turns"], "transcript"),
    (&["bodies", "unwrap"], "extract"),
];

/// The error if a word can be neither a command nor a file, or if a command comes after the first
/// file. `arguments` start with the name of the program. With `knows_options`, all options in them
/// are known; otherwise, a word could be the value of an unknown one.
#[must_use]
pub(crate) fn first_word_error(arguments: &[OsString], knows_options: bool) -> Option<String> {
    let words = word_indices(arguments);
    let (first, rest) = words.split_first()?;
    let first = &arguments[*first];
    if !looks_like_path(first) && is_command(first) {
        return None;
    }
    if !may_be_input(first) {
        return Some(unknown_word(&first.to_string_lossy()));
    }
    let rest = rest.iter().map(|index| &arguments[*index]);
    let mut unknown = rest.filter(|word| !may_be_input(word));
    let command = unknown.clone().find(|word| is_command(word));
    let Some(command) = command else {
        let word = unknown.next().filter(|_| knows_options)?;
        return Some(unknown_word(&word.to_string_lossy()));
    };
    let command = command.to_string_lossy();
    Some(format!(
        "found the command `{command}` after a path; write the command first: `postcall {command} [PATH]...`"
    ))
}

/// Returns true if `word` is a path that exists, or is written like a path or a glob.
fn may_be_input(word: &OsStr) -> bool {
    // A link to nothing exists too: reading it reports the problem.
    looks_like_path(word) || !is_missing(word)
}

/// Returns true if `word` is written like a path or a glob. No command is.
fn looks_like_path(word: &OsStr) -> bool {
    let characters = ['/', '\\', '.', '*', '?', '['];
    word == "-" || word.to_string_lossy().contains(characters)
}

fn is_missing(word: &OsStr) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotFound};
    fs::symlink_metadata(word)
        .is_err_and(|error| matches!(error.kind(), NotFound | InvalidFilename | InvalidInput))
}

/// The message for a first word that is neither a command nor a file, with the arguments that it
/// probably means.
fn unknown_word(word: &str) -> String {
    if word.trim().is_empty() {
        return "an argument is empty: name a command or a file".to_owned();
    }
    let shown = shorten(word);
    match meaning(word) {
        Some(arguments) => {
            format!("no such command or file: {shown}; did you mean `postcall {arguments}`?")
        }
        None => {
            format!("no such command or file: {shown}; `postcall --help` lists the commands")
        }
    }
}

/// The arguments that `word` probably means.
fn meaning(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let cli = Cli::command();
    let words = MEANINGS.iter().flat_map(|(words, _)| words.iter().copied());
    let near = similar(&word, command_names(&cli).chain(words))?;
    let known = MEANINGS.iter().find(|(words, _)| words.contains(&near));
    Some(known.map_or(near, |(_, arguments)| arguments).to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn error(line: &str) -> Option<String> {
        let arguments: Vec<_> = line.split(' ').map(OsString::from).collect();
        first_word_error(&arguments, true)
    }

    #[test]
    fn meanings_are_command_lines_and_their_words_no_commands() {
        for (words, arguments) in MEANINGS {
            for word in *words {
                assert!(!is_command(&OsString::from(word)), "{word}");
            }
            let parsed = Cli::try_parse_from(["postcall"].into_iter().chain(arguments.split(' ')));
            let is_valid = parsed.map_or_else(|error| !error.use_stderr(), |_| true);
            assert!(is_valid, "{arguments}");
        }
    }

    #[test]
    fn mistyped_commands_are_recognized() {
        for (word, expected) in [
            ("exprot", "export"),
            ("vaildate", "validate"),
            ("Validate", "validate"),
            ("lst", "list"),
            ("transcripts", "transcript"),
            ("varaibles", "variables"),
            ("chekc", "check"),
            ("versoin", "--version"),
            ("convret", "export"),
        ] {
            assert_eq!(meaning(word).as_deref(), Some(expected), "{word}");
        }
        for word in ["deduce", "calls", "frobnicate", "x"] {
            assert_eq!(meaning(word), None, "{word}");
        }
    }

    #[test]
    fn paths_and_globs_are_inputs() {
        for line in [
            "p - ./frobnicate",
            "p ./frobnicate",
            "p a.json -- frobnicate",
            "p a.json --tz frobnicate",
            "p a.json",
            "p calls*",
            "p a?",
            "p [ab]",
            "p a\\b",
            "p src",
            "p list frobnicate",
            "p help",
            "p -- frobnicate",
            "p --all -- frobnicate",
            "p",
            "p --help frobnicate",
        ] {
            assert_eq!(error(line), None, "{line}");
        }
        for line in [
            "p frobnicate",
            "p --all frobnicate a.json",
            "p --tz utc frobnicate",
            "p frobnicate -- a.json",
            "p a.json frobnicate",
            "p src --all a.json --tz utc frobnicate b.json",
            "p - frobnicate",
            "p a.json frobnicate -- x",
        ] {
            let error = error(line).expect("an error");
            assert!(
                error.starts_with("no such command or file: frobnicate"),
                "{line}: {error}"
            );
        }
        for line in ["p src list", "p --all src --tz utc list", "p - list"] {
            let error = error(line).expect("an error");
            assert!(
                error.starts_with("found the command `list` after a path"),
                "{line}: {error}"
            );
        }
    }
}
