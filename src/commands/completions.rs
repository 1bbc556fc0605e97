//! `completions`: prints a completion script for a shell. The scripts are those of `clap_complete`,
//! with values for options that clap parses as free text, and with files where they are expected.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory as _, ValueHint};
use clap_complete::{Shell, generate};

use crate::cli::{Cli, command_names};
use crate::contract::CALL_STATUSES;
use crate::lint::rule_data::Family;
use crate::lint::rules;
use crate::run::session::Session;
use crate::time::zone::Zone;

/// The command of a command line that has none.
const DEFAULT_COMMAND: &str = "show";

pub(crate) fn run(shell: Shell, session: &mut Session) -> anyhow::Result<()> {
    let script = script(shell);
    Ok(session.out.write_all(script.as_bytes())?)
}

#[must_use]
fn script(shell: Shell) -> String {
    let complete = command();
    match shell {
        Shell::Bash => prefer_files_in_bash(&generate_script(shell, complete)),
        Shell::Fish => {
            let script = generate_script(shell, complete.clone());
            complete_in_fish(&script, &complete)
        }
        Shell::Zsh => {
            let script = generate_script(shell, without_positionals(&complete));
            complete_without_command_in_zsh(&script, &complete)
        }
        _ => generate_script(shell, complete),
    }
}

fn generate_script(shell: Shell, mut command: Command) -> String {
    let mut script = Vec::new();
    generate(shell, &mut command, "postcall", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The command line, with the values to complete. It cannot be used to parse: it accepts only these
/// values.
fn command() -> Command {
    Cli::command()
        .mut_args(with_values)
        .mut_subcommands(|command| command.mut_args(with_values))
}

fn with_values(argument: Arg) -> Arg {
    if !argument.get_action().takes_values() || !argument.get_possible_values().is_empty() {
        return argument;
    }
    let values = values_of(argument.get_id().as_str());
    if !values.is_empty() {
        // In zsh, a colon in the name of the value would end it.
        let name = argument.get_id().as_str().to_uppercase();
        return argument
            .value_name(name)
            .value_parser(PossibleValuesParser::new(values));
    }
    match argument.get_value_hint() {
        // Shells would complete files.
        ValueHint::Unknown => argument.value_hint(ValueHint::Other),
        _ => argument,
    }
}

/// The values of an argument that clap parses as free text, if they are known.
fn values_of(id: &str) -> Vec<PossibleValue> {
    match id {
        "status" => statuses().map(PossibleValue::new).collect(),
        "zone" => {
            let names = Zone::names().map(PossibleValue::new);
            let special = ["local", "utc"].map(PossibleValue::new);
            special.into_iter().chain(names).collect()
        }
        "rule" => rules_and_families().collect(),
        "allow" | "warn" | "deny" => {
            let all = PossibleValue::new("all").help("All rules");
            rules_and_families().chain([all]).collect()
        }
        "command" => {
            let root = Cli::command();
            let names = root.get_subcommands().map(|c| c.get_name().to_owned());
            names.map(PossibleValue::new).collect()
        }
        _ => Vec::new(),
    }
}

/// The documented statuses, in one spelling each: `no-answer` without `no_answer`.
fn statuses() -> impl Iterator<Item = &'static str> {
    let statuses = CALL_STATUSES.iter().copied();
    statuses.filter(|status| {
        !status.contains('_') || !CALL_STATUSES.contains(&&*status.replace('_', "-"))
    })
}

fn rules_and_families() -> impl Iterator<Item = PossibleValue> {
    let rules = rules::registry().map(|rule| {
        // clap_complete does not escape quotation marks.
        let summary = rule.summary.replace('"', "'");
        PossibleValue::new(rule.id).help(summary)
    });
    let families = Family::ALL.map(Family::name);
    // zsh arranges values with equal texts in columns, which makes long lists longer.
    let families =
        families.map(|name| PossibleValue::new(name).help(format!("Family of rules: {name}")));
    rules.chain(families)
}

/// Completes files instead of options after a command and at the end of a command line. Options are
/// completed after `-`.
fn prefer_files_in_bash(script: &str) -> String {
    let script = script
        .replace(" || ${COMP_CWORD} -eq 1 ]]", " ]]")
        .replace(" || ${COMP_CWORD} -eq 2 ]]", " ]]");
    // Words that match `-*` are excluded. Without a match, bash completes files.
    script.replace(
        "esac\n            COMPREPLY=( $(compgen -W",
        "esac\n            COMPREPLY=( $(compgen -X '-*' -W",
    )
}

/// Adds the values of positional arguments, and completes what follows a file like the arguments of
/// a command line without a command.
fn complete_in_fish(script: &str, root: &Command) -> String {
    let has_command = format!(r#"if contains -- "$argv[1]" {}"#, names(root));
    let mut script = script
        .replace("if set -q argv[1]", &has_command)
        // An option whose value is missing stops the parser. There is no command yet.
        .replace("    or return\n", "    or return 0\n");
    for command in root.get_subcommands() {
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            if !values.is_empty() {
                push_values_for_fish(command.get_name(), &values, &mut script);
            }
        }
    }
    // The lines of clap_complete for `help` have no effect, because `help` is a command itself.
    let commands: Vec<&str> = root.get_subcommands().map(Command::get_name).collect();
    push_values_for_fish("help", &commands, &mut script);
    script
}

fn push_values_for_fish(command: &str, values: &[&str], script: &mut String) {
    let _ = writeln!(
        script,
        r#"complete -c postcall -n "__fish_postcall_using_subcommand {command}" -f -a "{}""#,
        values.join(" "),
    );
}

/// The names and aliases of all commands, separated by spaces.
fn names(root: &Command) -> String {
    let names = command_names(root).chain(["help"]);
    names.collect::<Vec<_>>().join(" ")
}

/// The command line without the paths before the commands: in zsh, the first word would be taken
/// for a path, and nothing in a command would be completed. Its `--format` is excluded, because zsh
/// would show the values of that option in every command.
fn without_positionals(root: &Command) -> Command {
    let options = root
        .get_arguments()
        .filter(|argument| !argument.is_positional() && argument.get_id() != "format");
    Command::new("postcall")
        .version(env!("CARGO_PKG_VERSION"))
        .args(options.cloned())
        .subcommands(root.get_subcommands().cloned())
}

/// Completes files beside commands, and what follows a file like the arguments of `show`.
fn complete_without_command_in_zsh(script: &str, root: &Command) -> String {
    let script = script.replace(
        r#"":: :_postcall_commands""#,
        r#"'::command:{_alternative "commands:command:_postcall_commands" "files:file:_files"}'"#,
    );
    let case = format!(
        "local command={DEFAULT_COMMAND}
        [[ \" {} \" == *\" $line[1] \"* ]] && command=$line[1]
        case $command in",
        names(root)
    );
    // The first one is that of the commands; `help` has another.
    script.replacen("case $line[1] in", &case, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The changes replace text of scripts that another crate generates.
    #[test]
    fn all_changes_of_scripts_apply() {
        let bash = script(Shell::Bash);
        assert!(!bash.contains("COMP_CWORD} -eq 1"), "{bash}");
        assert!(!bash.contains("COMP_CWORD} -eq 2"), "{bash}");
        let commands = Cli::command().get_subcommands().count();
        assert!(bash.matches("compgen -X").count() > commands, "{bash}");
        let zsh = script(Shell::Zsh);
        assert!(zsh.contains("_alternative"), "{zsh}");
        assert!(zsh.contains("case $command in"), "{zsh}");
        let fish = script(Shell::Fish);
        assert!(fish.contains("if contains --"), "{fish}");
        assert!(fish.contains("or return 0"), "{fish}");
    }

    #[test]
    fn free_text_has_values() {
        let root = command();
        let commands = [&root].into_iter().chain(root.get_subcommands());
        let arguments: Vec<&Arg> = commands.flat_map(Command::get_arguments).collect();
        for id in ["status", "zone", "rule", "allow", "warn", "deny", "command"] {
            let argument = arguments.iter().find(|argument| argument.get_id() == id);
            let values = argument.map(|argument| argument.get_possible_values());
            assert!(values.is_some_and(|values| values.len() > 8), "{id}");
        }
        for value in arguments.iter().flat_map(|a| a.get_possible_values()) {
            let help = value.get_help().map(ToString::to_string);
            assert!(!help.unwrap_or_default().contains(['"', '$']), "{value:?}");
        }
    }
}
