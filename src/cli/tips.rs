//! Tips for wrong options and values. A tip names an option only if it means what the user wrote,
//! or differs by a typing error. (clap's own tips go by similarity alone and would suggest
//! `--min-duration` for `--kind`.)

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory as _, Parser as _};

use super::Cli;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// Names from other programs, each with the option that has this meaning here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("search", "grep"),
    ("regex", "grep"),
    ("regexp", "grep"),
    ("pattern", "grep"),
    ("match", "grep"),
    ("contains", "grep"),
    ("text", "grep"),
    ("e", "grep"),
    ("call-id", "id"),
    ("call", "id"),
    ("after", "since"),
    ("from", "since"),
    ("start", "since"),
    ("before", "until"),
    ("to", "until"),
    ("end", "until"),
    ("state", "status"),
    ("outcome", "status"),
    ("number", "phone"),
    ("customer", "phone"),
    ("caller", "phone"),
    ("variable", "var"),
    ("where", "var"),
    ("timezone", "tz"),
    ("time-zone", "tz"),
    ("zone", "tz"),
    ("head", "limit"),
    ("max", "limit"),
    ("count", "limit"),
    ("n", "limit"),
    ("last", "dedupe last"),
    ("unique", "dedupe"),
    ("uniq", "dedupe"),
    ("dedup", "dedupe"),
    ("deduplicate", "dedupe"),
    ("colour", "color"),
    ("no-color", "color never"),
    ("no-colour", "color never"),
    ("jobs", "threads"),
    ("j", "threads"),
    ("type", "format"),
    ("silent", "quiet"),
    ("fields", "columns"),
    ("select", "columns"),
    ("separator", "delimiter"),
    ("sep", "delimiter"),
    ("sections", "only"),
    ("pointer", "at"),
    ("path", "at"),
];

/// Names that other programs have for the input file, which has no option here.
const INPUT_NAMES: &[&str] = &[
    "i",
    "in",
    "input",
    "infile",
    "in-file",
    "input-file",
    "file",
];

/// Names that other programs have for the output file.
const OUTPUT_NAMES: &[&str] = &["o", "out", "output", "outfile", "out-file", "output-file"];

/// Names from other programs, each with the value that has this meaning here.
const OTHER_VALUES: &[(&str, &str)] = &[
    ("excel", "xlsx"),
    ("xls", "xlsx"),
    ("ndjson", "jsonl"),
    ("json-lines", "jsonl"),
    ("text", "table"),
    ("txt", "table"),
    ("text", "human"),
    ("txt", "human"),
    ("yes", "always"),
    ("no", "never"),
];

/// Replaces clap's tip in `error` by a better one, or by none.
pub(crate) fn replace_tip(error: &mut clap::Error, arguments: &[OsString]) {
    error.remove(ContextKind::Suggested);
    let tip = match error.kind() {
        ErrorKind::UnknownArgument => context(error, ContextKind::InvalidArg)
            .and_then(|argument| option_tip(argument, arguments)),
        ErrorKind::InvalidValue => value_tip(error),
        ErrorKind::InvalidSubcommand => context(error, ContextKind::InvalidSubcommand)
            .and_then(similar_command)
            .map(|command| format!("a similar command exists: {command}")),
        _ => None,
    };
    if let Some(tip) = tip {
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
}

/// Shortens the words of the command line that `error` repeats.
pub(crate) fn shorten_values(error: &mut clap::Error) {
    let values = [
        ContextKind::InvalidArg,
        ContextKind::InvalidValue,
        ContextKind::InvalidSubcommand,
    ];
    for kind in values {
        let short = context(error, kind).map(|value| shorten(value).into_owned());
        if let Some(short) = short {
            error.insert(kind, ContextValue::String(short));
        }
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        _ => None,
    }
}

/// A tip for the unknown option `argument`, such as `--json`.
fn option_tip(argument: &str, arguments: &[OsString]) -> Option<String> {
    let mut root = Cli::command();
    root.build();
    let name = argument.trim_start_matches('-');
    let word = arguments.get(1).and_then(|word| word.to_str());
    let found = word.and_then(|word| root.find_subcommand(word));
    let command = found.unwrap_or(&root);
    if accepts_format(command, name) {
        return Some(format!("use --format {name}"));
    }
    if name == "json" && command.get_name() == "extract" {
        // It writes nothing but JSON.
        return None;
    }
    if let Some(commands) = commands_with(&root, |command| accepts_format(command, name)) {
        return Some(format!("commands with --format {name}: {commands}"));
    }
    if INPUT_NAMES.contains(&name) && has_paths(command) {
        let command = found.map(|command| format!(" {}", command.get_name()));
        return Some(format!("use postcall{} FILE", command.unwrap_or_default()));
    }
    if OUTPUT_NAMES.contains(&name) {
        let has_output = has_option(command, "output");
        return Some(
            if has_output {
                "use -o FILE"
            } else {
                "use > FILE"
            }
            .into(),
        );
    }
    if name == "version" {
        return Some("use postcall --version".to_owned());
    }
    let mut commands = root.get_subcommands();
    let is_command = commands.any(|command| command.get_name() == name);
    let command_tip = || format!("use the command: postcall {name}");
    if is_command && found.is_none() {
        return Some(command_tip());
    }
    if let Some(commands) = commands_with(&root, |command| has_option(command, name)) {
        return Some(format!("commands with --{name}: {commands}"));
    }
    if is_command {
        return Some(command_tip());
    }
    let has_meaning = |(other, option): &&(&str, &str)| {
        let option = option.split(' ').next().unwrap_or(option);
        *other == name && has_option(command, option)
    };
    if let Some((_, option)) = OTHER_NAMES.iter().find(has_meaning) {
        return Some(format!("use --{option}"));
    }
    let options = command.get_arguments().filter_map(Arg::get_long);
    similar_name(name, options).map(|option| format!("a similar option exists: --{option}"))
}

/// A tip for a value that is not one of the possible values.
fn value_tip(error: &clap::Error) -> Option<String> {
    let value = context(error, ContextKind::InvalidValue)?;
    let Some(ContextValue::Strings(possible)) = error.get(ContextKind::ValidValue) else {
        return None;
    };
    let mut same_meaning = OTHER_VALUES.iter().filter(|(other, _)| *other == value);
    same_meaning
        .find(|(_, here)| possible.iter().any(|possible| possible == here))
        .map(|(_, here)| format!("use {here}"))
        .or_else(|| {
            let similar = similar_name(value, possible.iter().map(String::as_str));
            similar.map(|similar| format!("a similar value exists: {similar}"))
        })
}

fn has_option(command: &Command, name: &str) -> bool {
    command
        .get_arguments()
        .any(|argument| argument.get_long() == Some(name))
}

/// True if the command reads the files that are its arguments.
fn has_paths(command: &Command) -> bool {
    command
        .get_arguments()
        .any(|argument| argument.get_id() == "paths")
}

fn similar_command(word: &str) -> Option<String> {
    let cli = Cli::command();
    let names = cli.get_subcommands().map(Command::get_name);
    similar(word, names).map(str::to_owned)
}

/// Returns true if the command needs nothing else to print in this format.
fn accepts_format(command: &Command, format: &str) -> bool {
    let name = command.get_name();
    let command = (name != "postcall").then_some(name);
    let line = ["postcall"].into_iter().chain(command);
    Cli::try_parse_from(line.chain(["--format", format])).is_ok()
}

/// The names of the commands that `is_match` accepts, for people; `None` if there are none.
fn commands_with(root: &Command, is_match: impl Fn(&Command) -> bool) -> Option<String> {
    let commands = root.get_subcommands().filter(|command| is_match(command));
    let names: Vec<&str> = commands.map(Command::get_name).collect();
    match names.as_slice() {
        [] => None,
        [first, second, _, _, ..] => Some(format!("{first}, {second}, …")),
        names => Some(names.join(", ")),
    }
}

/// The candidate that `name` is a misspelling of: at most one typing error in eight letters. Short
/// names are too much alike, such as `last` and `list`.
fn similar_name<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    const MIN_LEN: usize = 5;
    const MAX_LEN: usize = 64;
    if !(MIN_LEN..=MAX_LEN).contains(&name.len()) {
        return None;
    }
    candidates
        .filter(|candidate| candidate.len() >= MIN_LEN)
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= name.len().div_ceil(8))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
