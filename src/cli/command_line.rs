//! The parsed command line. Most runs parse it with the arguments of one command only.

use std::ffi::OsString;

use clap::{Args, FromArgMatches as _, Parser as _};

use super::{Cli, Command, GlobalArgs};

/// The names and visible aliases of all commands.
const NAMES: &[&str] = &[
    "show",
    "summary",
    "list",
    "ls",
    "variables",
    "vars",
    "campaigns",
    "campaign",
    "stats",
    "transcript",
    "validate",
    "check",
    "rules",
    "schema",
    "export",
    "csv",
    "extract",
    "infer",
    "redact",
    "completions",
    "man",
    "help",
];

/// A command with its arguments.
#[derive(Debug)]
pub(crate) struct CommandLine {
    pub(crate) command: Command,
    pub(crate) global: GlobalArgs,
    /// False if `show` runs because there is no command on the command line.
    pub(crate) has_command: bool,
}

impl From<Cli> for CommandLine {
    fn from(cli: Cli) -> Self {
        Self {
            has_command: cli.command.is_some(),
            command: cli.command.unwrap_or(Command::Show(cli.show)),
            global: cli.global,
        }
    }
}

impl CommandLine {
    /// Parses the command line, which starts with the name of the program. All errors, also help
    /// and version, are those of the parser of all commands.
    pub(crate) fn parse(arguments: &[OsString]) -> Result<Self, clap::Error> {
        match Self::parse_one_command(arguments) {
            Some(parsed) => Ok(parsed),
            None => Cli::try_parse_from(arguments).map(Self::from),
        }
    }

    /// Parses the arguments of the command that is the first word, or of `show`. Returns `None` if
    /// they have an error, or if the first word is a command that is seldom run.
    ///
    /// The parser of all commands has more than 400 options with their help texts. To build it
    /// would take 16 % more of the processor time of `show` for a small body.
    fn parse_one_command(arguments: &[OsString]) -> Option<Self> {
        let words = arguments.get(1..)?;
        let first = words.first().and_then(|word| word.to_str());
        match first.unwrap_or_default() {
            "show" | "summary" => parse_args(words, Command::Show),
            "list" | "ls" => parse_args(words, Command::List),
            "variables" | "vars" => parse_args(words, Command::Variables),
            "campaigns" | "campaign" => parse_args(words, Command::Campaigns),
            "stats" => parse_args(words, Command::Stats),
            "transcript" => parse_args(words, Command::Transcript),
            "validate" | "check" => parse_args(words, Command::Validate),
            "export" | "csv" => parse_args(words, Command::Export),
            "extract" => parse_args(words, Command::Extract),
            "infer" => parse_args(words, Command::Infer),
            "redact" => parse_args(words, Command::Redact),
            // A command after other arguments has a meaning of its own.
            _ if words.iter().any(is_command) => None,
            _ => parse_args(arguments, Command::Show).map(|parsed| Self {
                has_command: false,
                ..parsed
            }),
        }
    }
}

/// Returns true if `word` is a command or an alias of one.
#[must_use]
pub(crate) fn is_command(word: &OsString) -> bool {
    NAMES.iter().any(|name| word == name)
}

/// Parses the arguments of one command. The first of them is its name.
fn parse_args<A: Args>(arguments: &[OsString], command: fn(A) -> Command) -> Option<CommandLine> {
    let parser = GlobalArgs::augment_args(A::augment_args(clap::Command::new("postcall")));
    let mut matches = parser.try_get_matches_from(arguments).ok()?;
    Some(CommandLine {
        command: command(A::from_arg_matches_mut(&mut matches).ok()?),
        global: GlobalArgs::from_arg_matches_mut(&mut matches).ok()?,
        has_command: true,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::command_names;

    /// Values of which each option and argument accepts some and rejects others.
    const VALUES: &[&str] = &[
        "",
        "0",
        "7",
        "-1",
        "1m30s",
        "500M",
        "utc",
        "nowhere",
        "a",
        "a=b",
        "nps>=9",
        "[",
        "/a/*/b",
        "2024-01-15",
        "7d",
        "json",
        "csv=x",
        "json=x",
        "full",
        "id:desc",
        "id,status",
        "-",
        "--",
        "list",
        "help",
        "show",
    ];

    fn line(words: &[&str]) -> Vec<OsString> {
        let program = ["postcall"].into_iter();
        program
            .chain(words.iter().copied())
            .map(OsString::from)
            .collect()
    }

    /// Fails if the parser of one command accepts these words and the one of all commands rejects
    /// them or reads them otherwise. Returns true if it accepts them.
    fn check(words: &[&str]) -> bool {
        let line = line(words);
        let Some(parsed) = CommandLine::parse_one_command(&line) else {
            return false;
        };
        let expected = Cli::try_parse_from(&line).map(CommandLine::from);
        let expected = expected.unwrap_or_else(|error| panic!("{words:?}: {error}"));
        assert_eq!(format!("{parsed:?}"), format!("{expected:?}"), "{words:?}");
        true
    }

    #[test]
    fn names_are_those_of_the_parser() {
        let mut root = Cli::command();
        root.build();
        let names: Vec<_> = command_names(&root).chain(["help"]).collect();
        assert_eq!(NAMES, names);
    }

    /// The words that set an argument to `value`.
    fn words<'a>(argument: &'a clap::Arg, value: &'a str) -> Vec<String> {
        let long = argument.get_long().map(|long| format!("--{long}"));
        long.into_iter().chain([value.to_owned()]).collect()
    }

    #[test]
    fn both_parsers_read_each_option_alike() {
        /// Each value that is accepted builds the slow parser.
        const MAX_ACCEPTED: usize = 2;
        let mut root = Cli::command();
        root.build();
        let (mut options, mut accepted) = (0, 0);
        for command in root.get_subcommands().chain([&root]) {
            let name = Some(command.get_name()).filter(|name| *name != "postcall");
            for argument in command.get_arguments() {
                let possible = argument.get_possible_values();
                let possible = possible.iter().map(clap::builder::PossibleValue::get_name);
                let is_accepted = |value: &&str| {
                    let words = words(argument, value);
                    check(
                        &name
                            .into_iter()
                            .chain(words.iter().map(String::as_str))
                            .collect::<Vec<_>>(),
                    )
                };
                let values = possible.chain(VALUES.iter().copied());
                accepted += values.filter(is_accepted).take(MAX_ACCEPTED).count();
                options += 1;
            }
        }
        assert!(options > 300 && accepted > options, "{options} {accepted}");
    }

    #[test]
    fn both_parsers_read_lines_alike() {
        for words in [
            "",
            "-",
            "a b",
            "a -- b",
            "-- list",
            "a list",
            "list a list",
            "list -- --tz",
            "ls a",
            "--tz utc a",
            "--tz=utc a --tz berlin",
            "a -q",
            "show -qq",
            "show -q -q",
            "list -qfjson",
            "list --color never --color always",
            "show --config a --no-config",
            "show --ascii=yes",
            "validate --allow a --allow b --deny c a b",
            "extract --format json",
            "extract --format json --list",
            "extract --split a -o b",
            "export -o a.xlsx --tz utc a",
            "show --only call,transcript --transcript full a",
            "list --no-search --at /a b",
            "list --help",
            "list -h",
            "-h",
            "--version",
            "list --version",
            "-V",
            "list -V",
            "help",
            "help list",
            "list help",
            "lst",
            "--lst",
            "list --lst",
            "show show",
            "summary summary",
        ] {
            check(&words.split_whitespace().collect::<Vec<_>>());
        }
    }

    /// A first word that is none of [`NAMES`] must not become a path if clap knows it.
    #[test]
    fn rare_commands_have_the_parser_of_all_commands() {
        for words in [
            &["rules"][..],
            &["schema"],
            &["completions", "bash"],
            &["man"],
            &["help"],
        ] {
            assert!(!check(words), "{words:?}");
        }
    }
}
