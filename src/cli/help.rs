//! The help texts. `-h` has one line per option of the command, and one line per group of options
//! that several commands share. `--help` has everything.

use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory as _};

use super::global_args::GLOBAL_HEADING;
use super::{Cli, STYLES};
use crate::args::filter_args::FILTER_HEADING;
use crate::args::input_args::INPUT_HEADING;

/// The help heading for the options of the default command, in the help of the program.
const SHOW_HEADING: &str = "Show options";
/// Headings under which `-h` only names the options.
const SHARED_HEADINGS: [&str; 4] = [SHOW_HEADING, FILTER_HEADING, INPUT_HEADING, GLOBAL_HEADING];
/// Lines in `-h` for the options that are not shared, with their headings and blank lines. If there
/// are more, `-h` only names the options under the last headings of the command.
const MAX_OPTION_LINES: usize = 19;
/// Lines in `-h` for the names in a group of options.
const MAX_GROUP_LINES: usize = 2;
const MAX_EXAMPLES: usize = 3;
const MAX_COLUMNS: usize = 80;
/// How filters combine. Each `--help` has it once.
const FILTER_RULE: &str = "How filters combine:
  Values of one option are ORed, except that those of `--has` and `--var` are
  ANDed. Different options are ANDed.

";

/// The command line with its complete help texts.
#[must_use]
pub(crate) fn command() -> Command {
    let root = Cli::command().mut_args(|argument| {
        // Options without a heading are those of `show`.
        match argument.get_help_heading() {
            None if !argument.is_positional() => argument.help_heading(SHOW_HEADING),
            _ => argument,
        }
    });
    let global = names_under(GLOBAL_HEADING, &root);
    with_help(root, &global).mut_subcommands(|command| with_help(command, &global))
}

/// The usage, commands and examples of a command, in at most 20 lines; of the program if the
/// command is unknown.
#[must_use]
pub(crate) fn short_usage(command: &str) -> StyledStr {
    let mut root = Cli::command();
    root.build();
    let mut command = root.find_subcommand(command).cloned().unwrap_or(root);
    let usage = command.render_usage();
    let names = command.get_subcommands().map(Command::get_name);
    let names: Vec<&str> = names.filter(|name| *name != "help").collect();
    let mut text = String::new();
    if !names.is_empty() {
        let options = textwrap::Options::new(MAX_COLUMNS)
            .initial_indent("  ")
            .subsequent_indent("  ");
        let names = textwrap::fill(&names.join(", "), options);
        let _ = write!(text, "Commands:\n{names}\n\n");
    }
    text.push_str(&examples(&command));
    let text = with_styled_headings(&text);
    format!("{}\n\n{}\n\n", usage.ansi(), text.ansi()).into()
}

/// Adds both help texts to a command, but not to its subcommands. `global` are the names of the
/// global options, which clap adds to subcommands later.
fn with_help(command: Command, global: &[String]) -> Command {
    let named = named_headings(&command);
    let mut groups = vec![("Formats".to_owned(), formats(&command))];
    for heading in &named {
        let label = heading.trim_end_matches(" options").to_owned();
        groups.push((label, names_under(heading, &command)));
    }
    groups.push(("Global".to_owned(), global.to_vec()));
    groups.retain(|(_, names)| !names.is_empty());
    let short = format!(
        "More (see --help):\n{}\n{}",
        group_lines(&groups),
        examples(&command)
    );
    let mut long = String::new();
    if !names_under(FILTER_HEADING, &command).is_empty() {
        long.push_str(FILTER_RULE);
    }
    if let Some(text) = command.get_after_help() {
        long.push_str(&text.to_string());
    }
    command
        .mut_args(|argument| {
            let is_named = argument.get_help_heading().is_some_and(|heading| {
                heading == GLOBAL_HEADING || named.iter().any(|named| named == heading)
            });
            with_values_in_long_help(argument).hide_short_help(is_named)
        })
        .after_help(with_styled_headings(&short))
        .after_long_help(with_styled_headings(&long))
}

/// The headings under which `-h` only names the options, except the global ones.
fn named_headings(command: &Command) -> Vec<String> {
    let mut own: Vec<&str> = Vec::new();
    let mut lines = 0;
    for argument in command.get_arguments() {
        match argument.get_help_heading() {
            Some(heading) if SHARED_HEADINGS.contains(&heading) => continue,
            Some(heading) if !own.contains(&heading) => {
                own.push(heading);
                lines += 2;
            }
            _ => {}
        }
        lines += usize::from(!argument.is_positional());
    }
    let mut named = Vec::new();
    while lines > MAX_OPTION_LINES
        && let Some(heading) = own.pop()
    {
        lines -= 2 + names_under(heading, command).len();
        named.insert(0, heading.to_owned());
    }
    let shared = SHARED_HEADINGS
        .iter()
        .filter(|heading| **heading != GLOBAL_HEADING);
    named.extend(shared.map(|heading| (*heading).to_owned()));
    named
}

fn names_under(heading: &str, command: &Command) -> Vec<String> {
    let arguments = command
        .get_arguments()
        .filter(|argument| argument.get_help_heading() == Some(heading));
    arguments
        .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
        .collect()
}

/// The values of `--format`.
fn formats(command: &Command) -> Vec<String> {
    let format = command
        .get_arguments()
        .find(|argument| argument.get_id() == "format");
    let values = format.map(Arg::get_possible_values).unwrap_or_default();
    let names = values.iter().map(|value| value.get_name().to_owned());
    names.collect()
}

/// The label of each group and its names, on at most two lines. Names that do not fit are omitted.
fn group_lines(groups: &[(String, Vec<String>)]) -> String {
    let width = groups.iter().map(|(label, _)| label.len()).max();
    let width = width.unwrap_or_default() + ":".len();
    let mut lines = String::new();
    for (label, names) in groups {
        let label = format!("  {:width$} ", format!("{label}:"));
        let indent = " ".repeat(label.len());
        let options = textwrap::Options::new(MAX_COLUMNS - textwrap::core::display_width(" …"))
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .initial_indent(&label)
            .subsequent_indent(&indent);
        let names = names.join(" ");
        let wrapped = textwrap::wrap(&names, options);
        let shown = wrapped.len().min(MAX_GROUP_LINES);
        let more = if shown < wrapped.len() { " …" } else { "" };
        let _ = writeln!(lines, "{}{more}", wrapped[..shown].join("\n"));
    }
    lines
}

/// The heading and the first examples of the text that follows the help of `command`.
fn examples(command: &Command) -> String {
    let text = command.get_after_help().map(ToString::to_string);
    let text = text.unwrap_or_default();
    let lines = text.lines().take_while(|line| !line.is_empty());
    let lines: Vec<&str> = lines.take(1 + MAX_EXAMPLES).collect();
    lines.join("\n")
}

/// Moves the list of possible values to the long help, because it does not fit on one line.
fn with_values_in_long_help(argument: Arg) -> Arg {
    let values = argument.get_possible_values();
    let help = argument.get_long_help().or(argument.get_help());
    let has_help = values.iter().any(|value| value.get_help().is_some());
    if !argument.get_action().takes_values() || !has_help {
        return argument;
    }
    let mut text = format!("{}\n\nPossible values:", help.cloned().unwrap_or_default());
    let width = values.iter().map(|value| value.get_name().len()).max();
    let width = width.unwrap_or_default() + ":".len();
    for value in &values {
        let name = format!("{}:", value.get_name());
        let help = value.get_help().cloned().unwrap_or_default();
        let _ = write!(text, "\n- {name:width$} {help}");
    }
    argument.long_help(text).hide_possible_values(true)
}

/// Styles the lines that end with a colon and are not indented.
fn with_styled_headings(text: &str) -> StyledStr {
    let header = STYLES.get_header();
    let mut styled = String::new();
    for line in text.lines() {
        let _ = if line.ends_with(':') && !line.starts_with(' ') {
            writeln!(styled, "{header}{line}{header:#}")
        } else {
            writeln!(styled, "{line}")
        };
    }
    styled.truncate(styled.trim_end().len());
    styled.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A command with `count` options under `heading`, or without one.
    fn with_options(command: Command, heading: Option<&'static str>, count: usize) -> Command {
        (0..count).fold(command, |command, index| {
            let name = format!("{}-{index}", heading.unwrap_or("plain").replace(' ', "-"));
            let option = Arg::new(name.clone()).long(name).help("Help");
            command.arg(match heading {
                Some(heading) => option.help_heading(heading),
                None => option,
            })
        })
    }

    #[test]
    fn short_help_stays_short_with_many_options() {
        let mut command = Command::new("x").about("About").term_width(MAX_COLUMNS);
        for (heading, count) in [
            (None, 8),
            (Some(FILTER_HEADING), 30),
            (Some("Columns"), 8),
            (Some("CSV options"), 12),
        ] {
            command = with_options(command, heading, count);
        }
        let command = command.after_help("Examples:\n  1\n  2\n  3\n  4\n\nMore");
        let mut command = with_help(command, &["--color".to_owned()]);
        let help = command.render_help().to_string();
        assert!(help.lines().count() <= 40, "{help}");
        assert!(help.contains("  CSV:     --CSV-options-0 "), "{help}");
        assert!(help.contains("\n      --Columns-7"), "{help}");
        assert!(help.contains("  Filters: --Filters-0 "), "{help}");
        assert!(help.contains("\n           --Filters-5 "), "{help}");
        assert!(help.contains(" …\n  Global:"), "{help}");
        assert!(help.contains("  Global:  --color\n"), "{help}");
        assert!(help.ends_with("  2\n  3\n"), "{help}");
        let help = command.render_long_help().to_string();
        assert!(help.contains("--CSV-options-11"), "{help}");
        assert!(help.ends_with("  4\n\nMore\n"), "{help}");
    }
}
