//! The help texts, the table of commands in `docs/commands.md`, and the tips for wrong options, for
//! all commands that clap knows.
//! `SNAPSHOTS=overwrite cargo test --test integration help::` updates the table.

use std::fmt::Write as _;

use crate::common::{compare_with_file, postcall, repository, stdout};
use clap::{Arg, Command, CommandFactory as _};
use postcall::cli::Cli;
use snapbox::Data;

const MAX_COLUMNS: usize = 80;

/// Lines of a terminal of middle size, on which all commands and their options are in view.
const MAX_LINES: usize = 43;

/// The help headings of options that several commands share.
const SHARED_HEADINGS: [&str; 3] = ["Input options", "Filters", "Global options"];

#[test]
fn short_help_fits_on_a_screen() {
    let mut cli = Cli::command();
    cli.build();
    for name in command_names() {
        let help = help_of(&name, "-h");
        let lines: Vec<&str> = help.lines().collect();
        assert!(
            lines.len() <= MAX_LINES,
            "{name}: {} lines\n{help}",
            lines.len()
        );
        for line in &lines {
            assert!(line.chars().count() <= MAX_COLUMNS, "{name}: {line}");
            // The second line of a text is indented further than an option.
            let indent = line.len() - line.trim_start().len();
            let is_continuation = indent > 2 && !line.trim_start().starts_with(['-', 'p']);
            assert!(!is_continuation, "{name}: not one line: {line}");
        }
        let command = cli.find_subcommand(&name).unwrap_or(&cli);
        for option in options_under(command, "Filters") {
            let option = format!("--{}", option.get_long().expect("a long name"));
            let mut words = help.split_whitespace();
            assert!(words.any(|word| word == option), "{name}: no {option}");
        }
        let examples = lines.iter().skip_while(|line| **line != "Examples:");
        let count = examples.skip(1).count();
        assert!((2..=3).contains(&count), "{name}: {count} examples");
    }
}

#[test]
fn long_help_has_every_option_and_the_rule_of_filters_once() {
    let mut cli = Cli::command();
    cli.build();
    for name in command_names() {
        let help = help_of(&name, "--help");
        for line in help.lines() {
            assert!(line.chars().count() <= MAX_COLUMNS, "{name}: {line}");
        }
        let command = cli.find_subcommand(&name).unwrap_or(&cli);
        for option in command.get_arguments().filter_map(Arg::get_long) {
            let line = help.lines().find(|line| {
                let mut words = line.trim_start().split([' ', ',']);
                line.trim_start().starts_with('-')
                    && words.any(|word| word == format!("--{option}"))
            });
            assert!(line.is_some(), "{name}: no --{option}");
        }
        let words: Vec<&str> = help.split_whitespace().collect();
        let rule = "Values of one option are ORed, except that those of `--has` and `--var` are \
                    ANDed. Different options are ANDed.";
        let has_filters = command
            .get_arguments()
            .any(|option| option.get_long() == Some("has"));
        assert_eq!(
            words.join(" ").matches(rule).count(),
            usize::from(has_filters),
            "{name}"
        );
    }
}

#[test]
fn the_program_alone_prints_its_usage() {
    let output = postcall::<&str>(&[], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    let printed = String::from_utf8(output.stderr).expect("UTF-8");
    let lines: Vec<&str> = printed.lines().collect();
    assert!(lines.len() <= 20, "{printed}");
    assert!(
        lines
            .last()
            .is_some_and(|line| line.starts_with("postcall: error: nothing to read")),
        "{printed}"
    );
    for name in command_names() {
        assert!(printed.contains(&name), "{name}: {printed}");
    }
    let examples = lines.iter().filter(|line| line.starts_with("  postcall "));
    assert_eq!(examples.count(), 3, "{printed}");
}

#[test]
fn errors_have_one_prefix() {
    for line in [
        "--nope",
        "list --format nope",
        "list missing.json",
        "export --list-columns -o x.csv",
        "export -o x.ods samples/day.jsonl",
        "list --since yesteryear",
        "rules no-such-rule",
        "help no-such-command",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let printed = postcall(&arguments, b"").stderr;
        let printed = String::from_utf8(printed).expect("UTF-8");
        assert!(
            printed.starts_with("postcall: error: "),
            "{line}: {printed}"
        );
        assert_eq!(printed.matches("error:").count(), 1, "{line}: {printed}");
    }
}

#[test]
fn tips_do_not_mislead() {
    for (line, expected) in [
        ("--kid 480601", ""),
        ("list --kid=480601", ""),
        ("list --call-id 480601", "use --id"),
        ("export --redact", "use the command: postcall redact"),
        ("list --nope", ""),
        ("list --nope=3", ""),
        (
            "validate --sort name",
            "commands with --sort: list, variables, export",
        ),
        ("list --last", "use --dedupe last"),
        ("list --json", "use --format json"),
        ("list --csv", "use --format csv"),
        ("export --xlsx", "use --format xlsx"),
        ("validate --sarif", "use --format sarif"),
        ("--json", "use --format json"),
        ("--xlsx", "commands with --format xlsx: export"),
        (
            "extract --csv",
            "commands with --format csv: list, variables, …",
        ),
        ("export --json", "use --format json"),
        ("extract --json", ""),
        ("list --stats", "use the command: postcall stats"),
        ("--stats", "use the command: postcall stats"),
        ("list --input x.json", "use postcall list FILE"),
        ("export --input=x.json", "use postcall export FILE"),
        ("--input x.json", "use postcall FILE"),
        ("--file x.json", "use postcall FILE"),
        ("validate -i x.json", "use postcall validate FILE"),
        ("rules --input x.json", "commands with --input: variables"),
        ("export --out x.csv", "use -o FILE"),
        ("extract --output-file x", "use -o FILE"),
        ("list --output x", "use > FILE"),
        ("list -o x", "use > FILE"),
        ("list --rows turns", "commands with --rows: export"),
        ("--summary", "commands with --summary: validate"),
        ("--list", "use the command: postcall list"),
        ("--validate", "use the command: postcall validate"),
        ("list --version", "use postcall --version"),
        ("list --from 2024-01-01", "use --since"),
        ("list --to 2024-01-01", "use --until"),
        ("list --timezone utc", "use --tz"),
        ("list -n 5", "use --limit"),
        ("list --no-color", "use --color never"),
        ("list --stauts x", "a similar option exists: --status"),
        (
            "export --delimeter ;",
            "a similar option exists: --delimiter",
        ),
        ("list --frmat csv", "a similar option exists: --format"),
        ("export --format excel", "use xlsx"),
        ("validate --format githib", "a similar value exists: github"),
        ("list --format pdf", ""),
        ("show --only calls", ""),
        ("help exprt", "a similar command exists: export"),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = postcall(&arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{line}");
        let printed = String::from_utf8(output.stderr).expect("UTF-8");
        let tips = printed
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("tip: "));
        let tips: Vec<&str> = tips.collect();
        assert_eq!(tips.join("\n"), expected, "{line}: {printed}");
    }
}

#[test]
fn the_table_of_commands_is_current() {
    let path = repository().join("docs/commands.md");
    compare_with_file(Data::text(commands_page()), &path);
}

fn help_of(command: &str, option: &str) -> String {
    let arguments = [command, option];
    stdout(&arguments[usize::from(command.is_empty())..], b"")
}

/// The names of the commands, and "" for the program itself.
fn command_names() -> Vec<String> {
    let cli = Cli::command();
    let names = cli
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    let names: Vec<String> = [String::new()].into_iter().chain(names).collect();
    assert!(names.len() > 10, "{names:?}");
    names
}

/// The page that lists all commands, options and formats.
fn commands_page() -> String {
    let mut cli = Cli::command();
    cli.build();
    let commands: Vec<&Command> = cli.get_subcommands().collect();
    let mut page = "# Commands and options

All commands, options and formats, with the short help of each. `postcall COMMAND --help` has the
details. `SNAPSHOTS=overwrite cargo test --test integration help::` updates this page.

<!-- commands -->

## Commands

| command | alias | short help |
| --- | --- | --- |
"
    .to_owned();
    for command in &commands {
        let aliases: Vec<String> = command.get_visible_aliases().map(code).collect();
        let about = command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        let name = code(command.get_name());
        push_row(&mut page, &[name, aliases.join(", "), about]);
    }
    page.push_str("\nWithout a command, `show` runs.\n");
    for heading in SHARED_HEADINGS {
        let _ = write!(page, "\n## {heading}\n\n");
        let having = commands
            .iter()
            .filter(|command| !options_under(command, heading).is_empty());
        let names: Vec<String> = having
            .clone()
            .map(|command| code(command.get_name()))
            .collect();
        let _ = write!(page, "For {}.\n\n", names.join(", "));
        let options = having
            .clone()
            .map(|command| options_under(command, heading));
        let options = options
            .max_by_key(Vec::len)
            .expect("a command has the heading");
        page.push_str("| option | short help |\n| --- | --- |\n");
        for option in options {
            push_row(&mut page, &option_cells(option));
        }
    }
    push_own_options(&mut page, &commands);
    push_values(&mut page, &commands);
    page.push_str("\n<!-- end -->\n");
    page
}

/// The table of options without a shared heading. Equal options of several commands are one row.
fn push_own_options(page: &mut String, commands: &[&Command]) {
    let mut rows = Vec::new();
    for command in commands {
        for option in command.get_arguments() {
            let heading = option.get_help_heading().unwrap_or_default();
            if SHARED_HEADINGS.contains(&heading) || option.get_id() == "help" {
                continue;
            }
            let cells = option_cells(option);
            add_command(&mut rows, cells, command);
        }
    }
    page.push_str("\n## Options of commands\n\n");
    page.push_str("| option | short help | commands |\n| --- | --- | --- |\n");
    for ([option, help], names) in rows {
        push_row(page, &[option, help, names.join(", ")]);
    }
    page.push_str("| `-h`, `--help` | Print help | all |\n");
    page.push_str("| `-V`, `--version` | Print version | `postcall` |\n");
}

/// A row of a table, and the commands that it is for.
type CommandsRow = ([String; 2], Vec<String>);

/// Adds the command to the row with these cells, or adds such a row.
fn add_command(rows: &mut Vec<CommandsRow>, cells: [String; 2], command: &Command) {
    let name = code(command.get_name());
    match rows.iter_mut().find(|(known, _)| *known == cells) {
        Some((_, names)) => names.push(name),
        None => rows.push((cells, vec![name])),
    }
}

fn options_under<'c>(command: &'c Command, heading: &str) -> Vec<&'c Arg> {
    let options = command.get_arguments();
    options
        .filter(|option| option.get_help_heading() == Some(heading))
        .collect()
}

/// The name of the option with its short help.
fn option_cells(option: &Arg) -> [String; 2] {
    let short = option.get_short().map(|short| format!("`-{short}`, "));
    let name = short.unwrap_or_default() + &code(&option.to_string());
    let help = option.get_help().map(ToString::to_string);
    let mut help = help.unwrap_or_default();
    let defaults = option.get_default_values();
    if let [default] = defaults
        && option.get_action().takes_values()
    {
        let _ = write!(help, " [default: {}]", default.to_string_lossy());
    }
    [name, help]
}

/// The table of the possible values, such as formats. Equal lists of several commands are one row.
fn push_values(page: &mut String, commands: &[&Command]) {
    let mut rows = Vec::new();
    for command in commands {
        for option in command.get_arguments() {
            let values = option.get_possible_values();
            if values.is_empty() || !option.get_action().takes_values() {
                continue;
            }
            let values: Vec<String> = values.iter().map(|value| code(value.get_name())).collect();
            let cells = [code(&option.to_string()), values.join(", ")];
            add_command(&mut rows, cells, command);
        }
    }
    page.push_str("\n## Values and formats\n\n");
    page.push_str("| option | values | commands |\n| --- | --- | --- |\n");
    for ([option, values], names) in rows {
        push_row(page, &[option, values, names.join(", ")]);
    }
}

fn push_row(page: &mut String, cells: &[String]) {
    // GitHub reads a pipe as the end of a cell, even inside code.
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn code(text: &str) -> String {
    format!("`{text}`")
}
