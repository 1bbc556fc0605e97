//! Arguments of the commands, except `export`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::input::InputArgs;
use super::rules::RuleArgs;
use crate::export::{TableFormat, TableOptions};
use crate::report::FindingsFormat;
use crate::run::reports::ReportSpec;
use crate::view::card::{Section, TranscriptLength};

/// Arguments of `show`.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would take a docstring here for the command's help"
    )]
    pub input: InputArgs,
    /// Show these sections only
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub only: Vec<Section>,
    /// How much of the conversation to show
    #[arg(long, value_name = "LENGTH", default_value = "preview")]
    pub transcript: TranscriptLength,
}

/// Arguments of the commands that print a table.
#[derive(Args, Clone, Debug)]
#[expect(
    missing_docs,
    reason = "clap would take a docstring on a flattened field for the command's help"
)]
pub struct TableArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// How to print it; table and markdown are for people, the others hold the body's own values
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub format: TableFormat,
    /// Leave text in CSV and TSV as it is that a spreadsheet could take for a formula
    #[arg(long)]
    no_guard: bool,
}

impl TableArgs {
    /// The format of the table, and its guard against formulas.
    #[must_use]
    pub fn options(&self) -> TableOptions {
        TableOptions {
            format: self.format,
            guard: !self.no_guard,
        }
    }
}

/// Arguments of `variables`.
#[derive(Args, Clone, Debug)]
#[expect(
    missing_docs,
    reason = "clap would take a docstring on a flattened field for the command's help"
)]
pub struct VariablesArgs {
    #[command(flatten)]
    pub table: TableArgs,
    /// List the variables that the assistant was given before the call
    #[arg(long = "input")]
    pub input_variables: bool,
}

/// Arguments of `validate`.
#[derive(Args, Clone, Debug)]
#[expect(
    missing_docs,
    reason = "clap would take a docstring on a flattened field for the command's help"
)]
pub struct ValidateArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// How to report findings
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub format: FindingsFormat,
    /// Report to a file too, in another format (repeatable)
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub reports: Vec<ReportSpec>,
    /// End with a table of the findings by rule (on stderr where stdout is data)
    #[arg(long)]
    pub summary: bool,
    /// Show at most so many findings; all are counted [default: 1000 in human form, else all]
    #[arg(long, value_name = "N")]
    pub max_findings: Option<u64>,
    /// Print errors only, and nothing at all when there are none
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// Arguments of `rules`.
#[derive(Args, Clone, Debug)]
#[expect(
    missing_docs,
    reason = "clap would take a docstring on a flattened field for the command's help"
)]
pub struct RulesArgs {
    /// Explain this rule, or list this family
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
    /// How to print them
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub format: TableFormat,
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// Arguments of `schema`.
#[derive(Args, Clone, Debug)]
pub struct SchemaArgs {
    /// Refuse also what `validate` only warns of
    #[arg(long)]
    pub strict: bool,
    /// Include the variables of this post-call schema
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub variables: Option<PathBuf>,
}

/// Arguments of `extract`.
#[derive(Args, Clone, Debug)]
pub struct ExtractArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would take a docstring here for the command's help"
    )]
    pub input: InputArgs,
    /// Indent the bodies
    #[arg(long)]
    pub pretty: bool,
    /// Write a file for each call to this folder, named by its id; none is overwritten
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, conflicts_with = "output")]
    pub split: Option<PathBuf>,
    /// Write to this file, which appears when it is complete; - is stdout [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// List what is where instead: calls, and what was passed over and why
    #[arg(long, conflicts_with_all = ["pretty", "split", "output"])]
    pub list: bool,
    /// How to print the list
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "table",
        requires = "list"
    )]
    pub format: TableFormat,
}
