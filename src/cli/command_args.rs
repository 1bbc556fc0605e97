//! Arguments of the commands, except `export`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::checks::CheckArgs;
use super::input::InputArgs;
use crate::export::{TableFormat, TableOptions};
use crate::report::FindingsFormat;
use crate::run::reports::ReportSpec;
use crate::view::card::{Section, TranscriptLength};

/// Arguments of `show`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Show these sections only
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub(crate) only: Vec<Section>,
    /// How much of the conversation to show
    #[arg(long, value_name = "LENGTH", default_value = "preview")]
    pub(crate) transcript: TranscriptLength,
}

/// Arguments of the commands that print a table.
#[derive(Args, Clone, Debug)]
pub(crate) struct TableArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// How to print it; table and markdown are for people, the others hold the body's own values
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableFormat,
    /// Leave text in CSV and TSV as it is that a spreadsheet could take for a formula
    #[arg(long)]
    no_guard: bool,
}

impl TableArgs {
    /// The format of the table, and its guard against formulas.
    #[must_use]
    pub(crate) fn options(&self) -> TableOptions {
        TableOptions {
            format: self.format,
            guard: !self.no_guard,
        }
    }
}

/// Arguments of `variables`.
#[derive(Args, Clone, Debug)]
pub(crate) struct VariablesArgs {
    #[command(flatten)]
    pub(crate) table: TableArgs,
    /// List the variables that the assistant was given before the call
    #[arg(long = "input")]
    pub(crate) input_variables: bool,
}

/// Arguments of `validate`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// How to report findings
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: FindingsFormat,
    /// Report to a file too, in another format (repeatable)
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<ReportSpec>,
    /// End with a table of the findings by rule (on stderr where stdout is data)
    #[arg(long)]
    pub(crate) summary: bool,
    /// Show at most so many findings; all are counted [default: 1000 in human form, else all]
    #[arg(long, value_name = "N")]
    pub(crate) max_findings: Option<u64>,
    /// Print errors only, and nothing at all when there are none
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) checks: CheckArgs,
}

/// Arguments of `rules`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RulesArgs {
    /// Explain this rule, or list this family
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// How to print them
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableFormat,
    #[command(flatten)]
    pub(crate) checks: CheckArgs,
}

/// Arguments of `schema`.
#[derive(Args, Clone, Debug)]
pub(crate) struct SchemaArgs {
    /// Refuse also what `validate` only warns of
    #[arg(long)]
    pub(crate) strict: bool,
    /// Include the variables of this post-call schema
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) variables: Option<PathBuf>,
}

/// Arguments of `extract`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExtractArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Indent the bodies
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Write a file for each call to this folder, named by its id; none is overwritten
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "output")]
    pub(crate) split: Option<PathBuf>,
    /// Write to this file, which appears when it is complete; - is stdout [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// List what is where instead: calls, and what was passed over and why
    #[arg(long, conflicts_with_all = ["pretty", "split", "output"])]
    pub(crate) list: bool,
    /// How to print the list
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "table",
        requires = "list"
    )]
    pub(crate) format: TableFormat,
}

/// Arguments of `man`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ManArgs {
    /// Print the page of this command [default: the main page]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write all pages to FOLDER, one file per page
    ///
    /// FOLDER is created. Existing pages are replaced.
    #[arg(
        long,
        value_name = "FOLDER",
        value_hint = ValueHint::DirPath,
        conflicts_with = "command"
    )]
    pub(crate) split: Option<PathBuf>,
}
