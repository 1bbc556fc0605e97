//! Arguments of `show`, `list`, `stats` and other commands that print a table.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Deserialize;

use super::export_args::{is_stdout, reject_unused};
use super::input_args::InputArgs;
use super::sort_args::SortArgs;
use crate::export::{RowFormat, TableOptions};
use crate::host::Clock;
use crate::select::filter::Windows;
use crate::stats::section::StatsSection;
use crate::stats::{Goal, GroupBy, PricePerMinute};
use crate::view::card::{Section, TranscriptLength};
use crate::view::html::Language;

/// Arguments of `show`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct ShowArgs {
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) input: InputArgs,
    /// Show only these sections, such as call,transcript
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "SECTION", value_delimiter = ',')
    )]
    pub(crate) only: Vec<Section>,
    /// Length of the transcript [default: preview]
    #[cfg_attr(feature = "cli", arg(long, value_name = "LENGTH"))]
    pub(crate) transcript: Option<TranscriptLength>,
    /// Output format
    ///
    /// The JSON formats have the source, the location, the body, the turns and the findings of each
    /// call.
    #[cfg_attr(
        feature = "cli",
        arg(short, long, value_name = "FORMAT", default_value = "card")
    )]
    pub(crate) format: ShowFormat,
}

impl ShowArgs {
    /// Fails if an option for cards is given with another format.
    pub(crate) fn check_options(&self) -> anyhow::Result<()> {
        let options = [
            ("--only", !self.only.is_empty()),
            ("--transcript", self.transcript.is_some()),
        ];
        let is_card = self.format == ShowFormat::Card;
        reject_unused(is_card, "cards, not to JSON", &options)
    }
}

/// Format of `show`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ShowFormat {
    /// A card for people
    #[default]
    Card,
    /// One JSON array with a document per call
    Json,
    /// One JSON document per line
    #[cfg_attr(feature = "cli", value(alias = "ndjson"))]
    Jsonl,
}

/// Arguments of the commands that print a table.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct TableArgs {
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) input: InputArgs,
    /// Output format
    ///
    /// `table`, `vertical` and `markdown` are for people. The other formats print the values of the
    /// body unchanged.
    #[cfg_attr(
        feature = "cli",
        arg(short, long, value_name = "FORMAT", default_value = "table")
    )]
    pub(crate) format: RowFormat,
    /// Do not escape spreadsheet formulas in CSV and TSV
    ///
    /// By default, an apostrophe (') is put before each operator that could start a formula in a
    /// spreadsheet.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) no_guard: bool,
}

impl TableArgs {
    /// The format of the table, and how its values are written.
    #[must_use]
    pub(crate) fn options(&self) -> TableOptions {
        TableOptions {
            format: self.format,
            guard: !self.no_guard,
            zone: self.input.zone(),
        }
    }
}

/// Arguments of `list`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct ListArgs {
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) table: TableArgs,
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) sort: SortArgs,
}

/// Arguments of `stats`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct StatsArgs {
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) input: InputArgs,
    /// Also group by FIELD: campaign, hour, status, …
    ///
    /// FIELD is campaign, country (the code of the customer's number), day, week, hour, weekday, a
    /// column of `export`, or a variable: `extracted_variables.city`, or only `city` if nothing
    /// else has that name. Tables show the 20 groups with the most calls.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FIELD"))]
    pub(crate) by: Option<GroupBy>,
    /// The goal of a call: a variable, or a test: 'nps>=9'
    ///
    /// The goal is reached if the variable is true, or if the test holds, which is written as in
    /// `--var`. [default: `extracted_variables.status`]
    #[cfg_attr(feature = "cli", arg(long, value_name = "EXPR"))]
    pub(crate) goal: Option<Goal>,
    /// Compare with the window before, equally long; needs --since
    ///
    /// Without `--until`, the window ends with yesterday, the last full day: `--since 8d` is the
    /// last 7 full days. Calls of today are not counted.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) compare: bool,
    /// Show the cost, at this price of a minute: 0.15
    ///
    /// The billed minutes are an estimate: each connected call counts at least 30 seconds.
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "PRICE", allow_negative_numbers = true)
    )]
    pub(crate) per_minute: Option<PricePerMinute>,
    /// Show only these sections, such as rates,leads
    ///
    /// [default: all but review; in formats for people, calls to groups]
    #[cfg_attr(
        feature = "cli",
        arg(long, value_name = "SECTION", value_delimiter = ',')
    )]
    pub(crate) only: Vec<StatsSection>,
    /// Output format [default: by extension, else table]
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "FORMAT"))]
    pub(crate) format: Option<StatsFormat>,
    /// Write to FILE; its extension selects the format
    ///
    /// FILE is replaced when the output is complete. `-` is stdout. [default: stdout]
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath))]
    pub(crate) output: Option<PathBuf>,
    /// Title of the HTML report
    #[cfg_attr(feature = "cli", arg(long, value_name = "TEXT"))]
    pub(crate) title: Option<String>,
    /// Language of the HTML report [default: en]
    #[cfg_attr(feature = "cli", arg(long, value_name = "LANG"))]
    pub(crate) lang: Option<Language>,
    /// Show values that identify people in the HTML report
    ///
    /// Without it, the report can be shared: it has no ids, no phone numbers but the last four
    /// digits of your own, no values of fewer than 5 calls, and no values that can identify people.
    /// With it, the report also has the calls to look at.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) with_calls: bool,
}

impl StatsArgs {
    /// The output file; `None` means standard output.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }

    /// The windows that are compared, if any are. Fails with a message for the user if `--compare`
    /// lacks an option, or has one that it cannot be combined with.
    pub(crate) fn windows(&self, clock: Clock) -> anyhow::Result<Option<Windows>> {
        if !self.compare {
            return Ok(None);
        }
        if self.input.calls.limit.is_some() {
            bail!("--limit stops within a window, so --compare cannot be combined with it");
        }
        let windows = self.input.calls.windows(clock);
        windows.map(Some).map_err(anyhow::Error::msg)
    }

    /// Fails if a section is requested that needs another option, or if `format` lacks an option.
    pub(crate) fn check_options(&self, format: StatsFormat) -> anyhow::Result<()> {
        if self.only.contains(&StatsSection::Groups) && self.by.is_none() {
            bail!("--only groups needs --by FIELD");
        }
        let is_review = self.only.contains(&StatsSection::Review);
        if is_review && format == StatsFormat::Html && !self.with_calls {
            bail!("--only review needs --with-calls in HTML: it names calls");
        }
        let html_options = [
            ("--title", self.title.is_some()),
            ("--lang", self.lang.is_some()),
            ("--with-calls", self.with_calls),
        ];
        let given = html_options.into_iter().find(|(_, is_given)| *is_given);
        if let Some((option, _)) = given.filter(|_| format != StatsFormat::Html) {
            bail!("{option} is an option of the HTML report: use -o FILE.html or --format html");
        }
        Ok(())
    }
}

/// Format of `stats`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StatsFormat {
    /// Tables, fitted to the terminal
    #[default]
    Table,
    /// One line per field, for narrow terminals and screen readers
    Vertical,
    /// Markdown tables, for issues and wikis
    #[cfg_attr(feature = "cli", value(alias = "md"))]
    Markdown,
    /// One JSON object with all figures, versioned
    Json,
    /// Comma-separated values, one row per figure
    Csv,
    /// One HTML file to read, share and print
    #[cfg_attr(feature = "cli", value(alias = "htm"))]
    Html,
}

impl StatsFormat {
    /// True for tables, as opposed to formats for programs and the HTML report.
    #[must_use]
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Vertical | Self::Markdown)
    }
}
