//! The commands to test, derived from the command line, so that new commands and options are
//! included.

use clap::error::{ContextKind, ContextValue};
use clap::{Command, CommandFactory as _, Id, Parser as _};
use postcall::cli::Cli;

/// Every command that reads calls: once without options, and once with each value of each option
/// that has a fixed list of values, such as `--format`. Options that select calls are not included;
/// they are the same for all commands, and `tests/calls.rs` tests them.
pub(crate) fn reading_commands() -> Vec<Vec<String>> {
    let mut cli = Cli::command();
    cli.build();
    let is_reading = |command: &&Command| command.get_arguments().any(|a| a.get_id() == "paths");
    let commands = cli.get_subcommands().filter(is_reading);
    let lines: Vec<_> = commands.flat_map(with_each_value).collect();
    assert!(lines.len() > 50, "commands are missing: {lines:?}");
    lines
}

fn with_each_value(command: &Command) -> Vec<Vec<String>> {
    let mut groups = command.get_groups();
    let group = groups.find(|group| group.get_id() == "CallArgs");
    let selecting: Vec<&Id> = group
        .expect("options that select calls")
        .get_args()
        .collect();
    let mut lines = vec![vec![command.get_name().to_owned()]];
    for option in command.get_arguments() {
        // Flags have the possible values `true` and `false`.
        if !option.get_action().takes_values()
            || option.is_global_set()
            || selecting.contains(&option.get_id())
        {
            continue;
        }
        for value in option.get_possible_values() {
            let name = option.get_long().expect("every option has a long name");
            let option = format!("--{name}={}", value.get_name());
            let mut line = with_required(vec![command.get_name().to_owned(), option]);
            // `stats --only=groups` needs a field; clap does not know that.
            if value.get_name() == "groups" {
                line.push("--by=status".to_owned());
            }
            // `stats --lang` is an option of one format.
            if name == "lang" {
                line.push("--format=html".to_owned());
            }
            lines.push(line);
        }
    }
    lines
}

/// Adds the flags that clap requires. For example, `extract --format` requires `--list`.
fn with_required(mut arguments: Vec<String>) -> Vec<String> {
    let line = std::iter::once("postcall").chain(arguments.iter().map(String::as_str));
    let error = Cli::try_parse_from(line).err();
    if let Some(ContextValue::Strings(missing)) = error
        .as_ref()
        .and_then(|error| error.get(ContextKind::InvalidArg))
    {
        arguments.extend(missing.iter().cloned());
    }
    arguments
}
