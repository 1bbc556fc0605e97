//! The command line as clap structs. The `///` comments on their items are the help text: the first
//! paragraph is for `-h` and has to fit on one line, `--help` prints all.
//! Conversions to other types are next to the arguments they convert.

mod check_args;
mod command_args;
pub(crate) mod command_line;
mod defaults;
mod export_format;
pub(crate) mod first_word;
mod global_args;
pub(crate) mod help;
mod infer_args;
pub(crate) mod raw_arguments;
mod read_options;
mod stats_format;
pub(crate) mod tips;
pub(crate) mod undeclared;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::args::{ExportArgs, ListArgs, RedactArgs, ShowArgs, StatsArgs, TableArgs};
use crate::exit;

pub(crate) use check_args::CheckSettings;
pub(crate) use command_args::{
    ExtractArgs, ManArgs, RulesArgs, SchemaArgs, SchemaKind, ValidateArgs, VariablesArgs,
};
pub(crate) use global_args::GlobalArgs;
pub(crate) use infer_args::{DeclarationFormat, InferArgs};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Inspect saved post-call webhook bodies from the Famulor voice-AI platform.
///
/// Reads bodies from files, folders or stdin, shows each call, checks it against the documented
/// contract, and exports calls to tables and spreadsheets. Without a command, it runs `show`.
#[derive(Debug, Parser)]
#[command(
    name = "postcall",
    version = env!("POSTCALL_VERSION"),
    styles = STYLES,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    override_usage = "postcall [OPTIONS] [PATH]...\n       postcall <COMMAND> [OPTIONS] [PATH]...",
    after_help = with_exit_codes(EXAMPLES),
)]
pub struct Cli {
    /// The command; without one, `show` runs.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The arguments of `show`.
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    /// The arguments of all commands.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

// Examples. `-h` has the first three.

const EXAMPLES: &str = "Examples:
  postcall list calls/                  list the calls in a folder
  postcall export calls/ -o calls.xlsx  export them to Excel
  postcall validate --quiet calls/      check them, and fail on errors
  postcall call.json                    show one call
  pbpaste | postcall                    show the call in the clipboard";

const SHOW_EXAMPLES: &str = "Examples:
  postcall show call.json
  postcall show calls/ --only call,transcript --transcript full
  postcall show calls.jsonl --tz Europe/Berlin
  postcall show calls/ --format jsonl | jq '.turns[].text'";

const LIST_EXAMPLES: &str = "Examples:
  postcall list calls/ --status no-answer,busy --since 2024-01-15
  postcall list calls/ --sort duration:desc --limit 10
  postcall list calls/ --format csv > calls.csv
  tail -f calls.jsonl | postcall list
  postcall list calls.jsonl --format jsonl | jq .status";

const VARIABLES_EXAMPLES: &str = "Examples:
  postcall variables calls/ --var 'nps>=9'
  postcall variables calls/ --format csv > variables.csv
  postcall variables --input calls/";

const CAMPAIGNS_EXAMPLES: &str = "Examples:
  postcall campaigns calls/
  postcall campaigns calls/ --since 2024-01-01 --until 2024-01-31 --dedupe last
  postcall campaigns calls/ --format json";

const STATS_EXAMPLES: &str = "Examples:
  postcall stats calls/ --tz Europe/Berlin
  postcall stats calls/ --since 2024-01-15 --goal appointment_confirmed
  postcall stats calls/ --compare --since 8d --tz Europe/Berlin
  postcall stats calls/ --by assistant_phone --only groups
  postcall stats calls/ --only week
  postcall stats calls/ --only review
  postcall stats calls/ --by hour -o figures.csv
  postcall stats calls/ -o report.html --lang de --title 'Anrufe im Januar'
  postcall stats calls/ --format json | jq .rates.answered";

const TRANSCRIPT_EXAMPLES: &str = "Examples:
  postcall transcript call.json
  postcall transcript calls/ --phone +4915123456789
  postcall transcript calls/ --format csv > turns.csv";

const VALIDATE_EXAMPLES: &str = "Examples:
  postcall validate --quiet calls.jsonl && deploy
  postcall validate calls/ --format github --report junit=calls.xml
  postcall validate calls/ --allow unknown-field --deny 'missing-field:/lead/**'
  cat call.json | postcall validate --strict";

const RULES_EXAMPLES: &str = "Examples:
  postcall rules
  postcall rules missing-field
  postcall rules --format json";

const SCHEMA_EXAMPLES: &str = "Examples:
  postcall schema > post-call.schema.json
  postcall schema --strict --variables assistant.json
  postcall schema config > postcall.schema.json";

const EXPORT_EXAMPLES: &str = "Examples:
  postcall export calls/ -o calls.xlsx --tz Europe/Berlin
  postcall export calls/ --for excel-de -o calls.csv
  postcall export calls/ --columns 'id=Call,customer_phone,*.summary'
  postcall export calls/ -o calls.parquet
  postcall export calls/ --rows turns --since 2024-01-15 -o turns.csv
  cat calls.jsonl | postcall export --format jsonl --status completed";

const EXTRACT_EXAMPLES: &str = "Examples:
  postcall extract capture.har > calls.jsonl
  postcall extract server.log --split calls/ --pretty
  postcall extract --list captures/
  postcall extract calls/ --dedupe last -o calls.jsonl
  docker logs receiver 2>&1 | postcall extract | postcall validate";

const INFER_EXAMPLES: &str = "Examples:
  postcall infer calls/
  postcall infer calls/ -o postcall.toml
  postcall infer calls/today.jsonl --check
  postcall infer calls/ --since 30d -o assistant.json
  postcall infer calls/ --check --variables assistant.json";

const REDACT_EXAMPLES: &str = "Examples:
  postcall redact call.json > shared.json
  postcall redact --new-key redact.key
  postcall redact calls/ --key-file redact.key -o fixtures.jsonl
  postcall redact server.log --keep 'plan,product_*' --report json=report.json";

/// The names and visible aliases of the commands, without `help`, which clap adds.
pub(crate) fn command_names(root: &clap::Command) -> impl Iterator<Item = &str> {
    let commands = root.get_subcommands();
    commands
        .filter(|command| command.get_name() != "help")
        .flat_map(clap::Command::get_name_and_visible_aliases)
}

/// The examples, followed by the exit codes.
fn with_exit_codes(examples: &str) -> String {
    format!("{examples}\n\n{}", exit::help_table().trim_end())
}

const COMPLETIONS_EXAMPLES: &str = r#"Examples:
  eval "$(postcall completions bash)"         # in ~/.bashrc
  eval "$(postcall completions zsh)"          # in ~/.zshrc, after compinit
  postcall completions fish > ~/.config/fish/completions/postcall.fish
  eval (postcall completions elvish | slurp)  # in ~/.config/elvish/rc.elv
  postcall completions powershell | Out-String | Invoke-Expression  # in $PROFILE"#;

const MAN_EXAMPLES: &str = "Examples:
  postcall man --split ~/.local/share/man/man1
  postcall man | man -l -
  postcall man export | man -l -";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show each call as a card
    ///
    /// A card shows a call's details, variables, lead, campaign and transcript, and the number of
    /// findings that `validate` reports for it.
    #[command(visible_alias = "summary", after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
    /// List calls, one row per call
    ///
    /// Shows the most important columns. `export` writes all columns.
    #[command(visible_alias = "ls", after_help = LIST_EXAMPLES)]
    List(ListArgs),
    /// List the variables that the AI extracted
    ///
    /// Prints one row per call and one column per variable. The columns are known only at the end
    /// of the input. Until then, rows are kept in memory or in a temporary file, except with
    /// `--format json` or `jsonl`, which need no columns.
    #[command(visible_alias = "vars", after_help = VARIABLES_EXAMPLES)]
    Variables(VariablesArgs),
    /// Count calls and outcomes per campaign
    ///
    /// Prints one row per campaign: settings, calls, outcomes, talk time.
    #[command(visible_alias = "campaign", after_help = CAMPAIGNS_EXAMPLES)]
    Campaigns(TableArgs),
    /// Count what came out of the calls: answer rates, leads, goals
    ///
    /// Prints an overview: calls and talk time, answer and goal rates, leads by attempt, and the
    /// numbers of the assistants. Each rate has its numerator, its denominator and a 95 % interval.
    /// Of several bodies of a call, the last one counts; test deliveries do not. If an id occurs
    /// more than once, the input is read twice. Days and hours are those of `--tz`, else of the
    /// offset in each body. Memory grows by 48 bytes per campaign call.
    #[command(after_help = STATS_EXAMPLES)]
    Stats(StatsArgs),
    /// Print transcripts, one row per turn
    #[command(after_help = TRANSCRIPT_EXAMPLES)]
    Transcript(TableArgs),
    /// Check bodies against the documented contract
    ///
    /// Each finding has a location, a JSON Pointer, a rule, the expected value and the value found.
    /// Errors break the contract. Warnings are suspicious values or known variants; they do not
    /// change the exit code. `postcall rules` lists the rules. The nearest `postcall.toml` can set
    /// levels and options too; the summary names it.
    #[command(
        visible_alias = "check",
        after_help = with_exit_codes(VALIDATE_EXAMPLES)
    )]
    Validate(ValidateArgs),
    /// List the rules of `validate`, or explain one
    ///
    /// Shows the levels after `postcall.toml` and the options are applied.
    #[command(after_help = RULES_EXAMPLES)]
    Rules(RulesArgs),
    /// Print the JSON Schema of a body, or of postcall.toml
    ///
    /// The schema of a body (2020-12) is the documented contract. It accepts and rejects the same
    /// bodies as `validate`, except that a schema cannot compare two members, or two bodies.
    /// `schema config` (draft-07) describes the settings file, for editors.
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema(SchemaArgs),
    /// Export calls to CSV, Excel, Parquet or JSON Lines
    ///
    /// Columns follow the order of the vendor's documentation; nested names are joined with dots.
    /// Variables follow the field that holds them, and undocumented members follow the documented
    /// ones. Lists are written as JSON text; missing values and null are empty; numbers are
    /// unchanged. The columns are known only at the end of the input. Until then, rows are kept in
    /// memory or in a temporary file, except for JSON Lines without `--flat`.
    #[command(visible_alias = "csv", after_help = EXPORT_EXAMPLES)]
    Export(ExportArgs),
    /// Find the bodies in any capture, and print them as JSON Lines
    ///
    /// A capture is a file with bodies in it: a log, saved HTTP requests, or an export from an
    /// automation tool, a webhook inspector or a message queue. By default, each body is printed
    /// unchanged on a line of its own.
    #[command(after_help = EXTRACT_EXAMPLES)]
    Extract(ExtractArgs),
    /// Infer the names and types of the extracted variables
    ///
    /// Prints the table `[webhook.variables]` of `postcall.toml`. With this declaration, the tables
    /// of different days have the same columns and types. Comments have the evidence for each type:
    /// the number of calls with a value, the values that do not fit, and where names or types
    /// change. A type is that of all values, or of 95 % of at least 20 values, else string; null,
    /// "" and "-" are no values. Lists, objects and variables without a value are not declared.
    #[command(after_help = with_exit_codes(INFER_EXAMPLES))]
    Infer(InferArgs),
    /// Take personal data out of bodies, to share them
    ///
    /// Prints the bodies like `extract`, and replaces every value that is not known to be harmless:
    /// ids and phone numbers by pseudonyms, texts by filler of the same shape, times by earlier
    /// ones. `validate` reports the same findings in the result, and `stats` the same figures. The
    /// result is pseudonymous, not anonymous: people with the key, or who know the calls, can
    /// recognize them.
    #[command(after_help = REDACT_EXAMPLES)]
    Redact(RedactArgs),
    /// Print a completion script for a shell
    ///
    /// Add the line for your shell to its startup file, as in the examples. The Tab key then
    /// completes commands, options, values and files.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print a man page, or install all of them
    ///
    /// Each command has a page of its own, such as postcall-export(1).
    #[command(after_help = MAN_EXAMPLES)]
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::capture::source::file_name::{COMPRESSED_EXTENSIONS, EXTENSIONS};

    /// The texts list the extensions in words, because clap takes them from doc comments.
    #[test]
    fn the_help_lists_all_extensions() {
        let patterns: Vec<String> = (EXTENSIONS.iter())
            .map(|extension| format!(".{extension}"))
            .collect();
        let (last, others) = patterns.split_last().expect("some extensions");
        let files = format!("{} and {last}", others.join(", "));
        let compressed = format!(".{}", COMPRESSED_EXTENSIONS.join(", ."));
        let command = Cli::command();
        let paths = command
            .get_arguments()
            .find(|argument| argument.get_id() == "paths");
        let help = paths
            .and_then(clap::Arg::get_long_help)
            .expect("a help")
            .to_string();
        assert!(
            help.contains(&files) && help.contains(&compressed),
            "{help}"
        );
    }

    #[test]
    fn clap_accepts_the_definition() {
        Cli::command().debug_assert();
    }
}
