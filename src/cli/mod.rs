//! The command line as clap structs. The `///` comments on their items are the help text.
//! Conversions to other types are next to the arguments they convert.

mod calls;
mod checks;
mod command_args;
mod export;
pub(crate) mod first_word;
mod global;
mod input;
pub(crate) mod raw_arguments;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::exit;

pub(crate) use checks::CheckSettings;
pub(crate) use command_args::{
    ExtractArgs, ManArgs, RulesArgs, SchemaArgs, ShowArgs, TableArgs, ValidateArgs, VariablesArgs,
};
pub(crate) use export::ExportArgs;
pub(crate) use global::GlobalArgs;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Inspect saved post-call webhook bodies of the Famulor voice-AI platform.
///
/// Reads webhook JSON from files, folders or stdin, shows each call, checks it against the documented contract, and turns calls into tables
/// and spreadsheets.
#[derive(Debug, Parser)]
#[command(
    name = "postcall",
    version,
    styles = STYLES,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    override_usage = "postcall [OPTIONS] [PATH]...\n       postcall <COMMAND> [OPTIONS] [PATH]...",
    after_help = after_help(),
)]
pub struct Cli {
    /// What to do; without a command, calls are shown.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The arguments of `show`.
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    /// What all commands know.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

fn after_help() -> String {
    format!(
        "Examples:\n  \
         postcall call.json                    show one call\n  \
         pbpaste | postcall                    the same, from stdin\n  \
         postcall list calls/                  one row a call, of a whole folder\n  \
         postcall validate --quiet calls/      a gate: says what breaks the contract\n  \
         postcall export calls/ -o calls.xlsx  a spreadsheet of everything\n\n{}",
        exit::help_table().trim_end()
    )
}

fn validate_after_help() -> String {
    format!(
        "Examples:\n  \
         postcall validate calls/\n  \
         postcall validate --quiet calls.jsonl && deploy\n  \
         cat call.json | postcall validate --strict\n  \
         postcall validate calls/ --allow unknown-field --deny 'missing-field:/lead/**'\n  \
         postcall validate calls/ --format github --report junit=calls.xml\n\n{}",
        exit::help_table().trim_end()
    )
}

const COMPLETIONS_EXAMPLES: &str = r#"Examples:
  eval "$(postcall completions bash)"         in ~/.bashrc
  eval "$(postcall completions zsh)"          in ~/.zshrc, after compinit
  postcall completions fish > ~/.config/fish/completions/postcall.fish
  eval (postcall completions elvish | slurp)  in ~/.config/elvish/rc.elv
  postcall completions powershell | Out-String | Invoke-Expression  in $PROFILE"#;

const MAN_EXAMPLES: &str = "Examples:
  postcall man --split ~/.local/share/man/man1
  postcall man export | man -l -";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show a card for each call: summary, variables, lead, campaign, conversation
    #[command(
        visible_alias = "summary",
        after_help = "Examples:\n  postcall show call.json\n  postcall show calls/ --only call,transcript --transcript full\n  postcall show calls.jsonl --tz Europe/Berlin"
    )]
    Show(ShowArgs),
    /// List the calls, one row each
    #[command(
        visible_alias = "ls",
        after_help = "Examples:\n  postcall list calls/\n  postcall list calls/ --status no-answer,busy --since 2024-01-15\n  postcall list calls/ --format csv > calls.csv\n  postcall list calls.jsonl --format jsonl | jq .status\n  tail -f calls.jsonl | postcall list"
    )]
    List(TableArgs),
    /// List the variables that the AI extracted: a row a call, a column a variable
    ///
    /// The columns are known when the whole input has been read: until then, rows wait in memory or in a temporary file. `--format json` and
    /// `jsonl` need no columns and do not wait.
    #[command(
        visible_alias = "vars",
        after_help = "Examples:\n  postcall variables calls/\n  postcall variables calls/ --var 'nps>=9'\n  postcall variables --input calls/\n  postcall variables calls/ --format tsv"
    )]
    Variables(VariablesArgs),
    /// Sum up the campaigns: settings, calls, outcomes, talk time
    #[command(
        visible_alias = "campaign",
        after_help = "Examples:\n  postcall campaigns calls/\n  postcall campaigns calls/ --since 2024-01-01 --until 2024-01-31 --dedupe last\n  postcall campaigns calls/ --format json"
    )]
    Campaigns(TableArgs),
    /// Print the conversations, turn by turn
    #[command(
        after_help = "Examples:\n  postcall transcript call.json\n  postcall transcript calls/ --phone +4915123456789\n  postcall transcript calls/ --format csv > turns.csv"
    )]
    Transcript(TableArgs),
    /// Check bodies against the documented contract
    ///
    /// Each finding is told with its place, its JSON Pointer, its rule, what was expected and what was found. Errors break the documented
    /// contract; warnings keep within it, or are variants that are known to arrive, and do not change the exit code. `postcall rules` lists
    /// the rules; levels and settings can also stand in a file `postcall.toml`, here or in a folder above.
    #[command(
        visible_alias = "check",
        after_help = validate_after_help()
    )]
    Validate(ValidateArgs),
    /// List the rules of `validate`, or explain one
    ///
    /// Levels are told as they are in effect here: with the options given and with `postcall.toml`. "The page" is the vendor's documentation of the
    /// post-call webhook.
    #[command(
        after_help = "Examples:\n  postcall rules\n  postcall rules missing-field\n  postcall rules --format json"
    )]
    Rules(RulesArgs),
    /// Print the contract as JSON Schema (2020-12)
    ///
    /// A schema validator that is given this schema accepts and refuses the same bodies as `validate`, as far as a schema can say it: it
    /// can not compare two members, nor bodies with each other.
    #[command(
        after_help = "Examples:\n  postcall schema > post-call.schema.json\n  postcall schema --strict --variables assistant.json"
    )]
    Schema(SchemaArgs),
    /// Export the calls to a spreadsheet or a table, with every column of the whole input
    ///
    /// Columns come in documented order, nested names joined with dots; variables stand behind the field that holds them, undocumented members
    /// behind the documented ones. Lists are JSON text, missing and null are empty, numbers are as they stood. All columns are known when the
    /// whole input has been read: until then, rows wait in memory or in a temporary file. Only JSON Lines as in the body do not wait.
    #[command(
        visible_alias = "csv",
        after_help = "Examples:\n  postcall export calls/ -o calls.xlsx --tz Europe/Berlin\n  postcall export calls/ --for excel-de -o calls.csv\n  postcall export calls/ -o calls.parquet\n  postcall export calls/ --columns 'id=Call,customer_phone,*.summary' > calls.csv\n  postcall export calls/ --rows turns --since 2024-01-15 -o turns.csv\n  cat calls.jsonl | postcall export --format jsonl --status completed"
    )]
    Export(ExportArgs),
    /// Extract the bodies from whatever they were saved in, as clean JSON Lines
    ///
    /// Bodies are found in arrays, JSON Lines, logs, saved HTTP requests, CSV, exports of automation tools and webhook inspectors, message queues, and
    /// in compressed files. Each comes as it stood, on a line of its own.
    #[command(
        after_help = "Examples:\n  postcall extract capture.har > calls.jsonl\n  postcall extract --list captures/\n  postcall extract calls/ --dedupe last -o calls.jsonl\n  postcall extract server.log --split calls/ --pretty\n  docker logs receiver 2>&1 | postcall extract | postcall validate"
    )]
    Extract(ExtractArgs),
    /// Print a completion script for a shell
    ///
    /// TAB then completes commands, options, values and files. Add the line for your shell to its
    /// startup file, as in the examples.
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
    use crate::capture::source::files::folder::{COMPRESSED_EXTENSIONS, EXTENSIONS};

    /// The texts list the extensions in words, because clap takes them from doc comments.
    #[test]
    fn the_help_lists_all_extensions() {
        let patterns: Vec<String> = (EXTENSIONS.iter())
            .map(|extension| format!("*.{extension}"))
            .collect();
        let (last, others) = patterns.split_last().expect("some extensions");
        let files = format!("{} and {last}", others.join(", "));
        let compressed = format!(".{}", COMPRESSED_EXTENSIONS.join(" or ."));
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
