//! Arguments of the commands that only the program has.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::check_args::CheckArgs;
use crate::args::export_args::{is_stdout, reject_unused};
use crate::args::{InputArgs, SortArgs, TableArgs};
use crate::export::RowFormat;
use crate::report::FindingsFormat;
use crate::run::report_files::ReportSpec;

/// Arguments of `variables`.
#[derive(Args, Clone, Debug)]
pub(crate) struct VariablesArgs {
    #[command(flatten)]
    pub(crate) table: TableArgs,
    /// List the input variables instead of the extracted ones
    ///
    /// Input variables are given to the assistant before the call.
    #[arg(long = "input")]
    pub(crate) input_variables: bool,
    #[command(flatten)]
    pub(crate) sort: SortArgs,
}

/// Arguments of `validate`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Report format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: FindingsFormat,
    /// Also write a report to FILE (repeatable)
    ///
    /// FORMAT is one of those of `--format`, or `baseline`, a file for `--baseline`.
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<ReportSpec>,
    /// End with a table of findings per rule
    ///
    /// The table goes to stderr if the format on stdout is machine-readable, such as json.
    #[arg(long)]
    pub(crate) summary: bool,
    /// Show at most N findings; all are counted
    ///
    /// [default: 1000 with `--format human`, otherwise no limit]
    #[arg(long, value_name = "N")]
    pub(crate) max_findings: Option<u64>,
    /// Accept the findings that FILE lists
    ///
    /// Known findings are counted, but do not change the exit code. FILE is written by
    /// `--report baseline=FILE`. A finding is known if FILE has its source, rule, JSON Pointer and
    /// call id.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,
    /// Exit with 0 even if there are errors
    ///
    /// Findings then do not change the exit code. Wrong usage, input that cannot be read and input
    /// without a call still do.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) checks: CheckArgs,
}

/// Arguments of `rules`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RulesArgs {
    /// Rule to explain, or family of rules to list
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: RowFormat,
    #[command(flatten)]
    pub(crate) checks: CheckArgs,
}

/// Arguments of `schema`.
#[derive(Args, Clone, Debug)]
pub(crate) struct SchemaArgs {
    /// Which schema to print: of a body, or of postcall.toml
    #[arg(value_name = "SCHEMA", default_value = "post-call")]
    pub(crate) schema: SchemaKind,
    /// Also reject values that `validate` only warns about
    #[arg(long)]
    pub(crate) strict: bool,
    /// Include the variables that FILE declares
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) variables: Option<PathBuf>,
}

impl SchemaArgs {
    /// Fails if an option for the schema of a body is given with the other schema.
    pub(crate) fn check_options(&self) -> anyhow::Result<()> {
        let options = [
            ("--strict", self.strict),
            ("--variables", self.variables.is_some()),
        ];
        let is_of_body = self.schema == SchemaKind::PostCall;
        reject_unused(is_of_body, "the schema of a body", &options)
    }
}

/// The file that a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// The body of a post-call webhook (2020-12)
    PostCall,
    /// The settings file, postcall.toml (draft-07)
    Config,
}

/// Arguments of `extract`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExtractArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Indent the bodies
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Write each call to FOLDER, in a file named after its id
    ///
    /// Existing files are not overwritten.
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "output")]
    pub(crate) split: Option<PathBuf>,
    /// Write to FILE [default: stdout]
    ///
    /// FILE is replaced when the output is complete. `-` is stdout.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// List calls and skipped input; do not print bodies
    ///
    /// Each row has the location and, for skipped input, the reason. To see the calls themselves,
    /// use `list`.
    #[arg(long, conflicts_with_all = ["pretty", "split", "output"])]
    pub(crate) list: bool,
    /// Format of the list
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "table",
        requires = "list"
    )]
    pub(crate) format: RowFormat,
}

impl ExtractArgs {
    /// The output file; `None` means standard output.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }
}

/// Arguments of `man`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ManArgs {
    /// Print the page of COMMAND [default: the main page]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write all pages to FOLDER, one file per page
    ///
    /// FOLDER is created if it does not exist. Existing pages are replaced.
    #[arg(
        long,
        value_name = "FOLDER",
        value_hint = ValueHint::DirPath,
        conflicts_with = "command"
    )]
    pub(crate) split: Option<PathBuf>,
}
