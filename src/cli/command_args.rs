//! Arguments of the commands, except `export`.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{Args, ValueEnum, ValueHint};

use super::check_args::CheckArgs;
use super::export_args::{is_stdout, reject_unused};
use super::input_args::InputArgs;
use super::sort_args::SortArgs;
use crate::export::{RowFormat, TableOptions};
use crate::host::Clock;
use crate::report::FindingsFormat;
use crate::run::reports::ReportSpec;
use crate::select::filter::Windows;
use crate::stats::section::StatsSection;
use crate::stats::{Goal, GroupBy, PricePerMinute};
use crate::text::path_name::path_name;
use crate::text::shorten::shorten;
use crate::view::card::{Section, TranscriptLength};
use crate::view::html::Language;

/// Arguments of `show`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Show only these sections, such as call,transcript
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub(crate) only: Vec<Section>,
    /// Length of the transcript [default: preview]
    #[arg(long, value_name = "LENGTH")]
    pub(crate) transcript: Option<TranscriptLength>,
    /// Output format
    ///
    /// The JSON formats have the source, the location, the body, the turns and the findings of each
    /// call.
    #[arg(short, long, value_name = "FORMAT", default_value = "card")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShowFormat {
    /// A card for people
    Card,
    /// One JSON array with a document per call
    Json,
    /// One JSON document per line
    #[value(alias = "ndjson")]
    Jsonl,
}

/// Arguments of the commands that print a table.
#[derive(Args, Clone, Debug)]
pub(crate) struct TableArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Output format
    ///
    /// `table`, `vertical` and `markdown` are for people. The other formats print the values of the
    /// body unchanged.
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: RowFormat,
    /// Do not escape spreadsheet formulas in CSV and TSV
    ///
    /// By default, an apostrophe (') is put before each operator that could start a formula in a
    /// spreadsheet.
    #[arg(long)]
    no_guard: bool,
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
#[derive(Args, Clone, Debug)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) table: TableArgs,
    #[command(flatten)]
    pub(crate) sort: SortArgs,
}

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

/// Arguments of `stats`.
#[derive(Args, Clone, Debug)]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Also group by FIELD: campaign, hour, status, …
    ///
    /// FIELD is campaign, country (the code of the customer's number), day, week, hour, weekday, a
    /// column of `export`, or a variable: `extracted_variables.city`, or only `city` if nothing
    /// else has that name. Tables show the 20 groups with the most calls.
    #[arg(long, value_name = "FIELD")]
    pub(crate) by: Option<GroupBy>,
    /// The goal of a call: a variable, or a test: 'nps>=9'
    ///
    /// The goal is reached if the variable is true, or if the test holds, which is written as in
    /// `--var`. [default: `extracted_variables.status`]
    #[arg(long, value_name = "EXPR")]
    pub(crate) goal: Option<Goal>,
    /// Compare with the window before, equally long; needs --since
    ///
    /// Without `--until`, the window ends with yesterday, the last full day: `--since 8d` is the
    /// last 7 full days. Calls of today are not counted.
    #[arg(long)]
    pub(crate) compare: bool,
    /// Show the cost, at this price of a minute: 0.15
    ///
    /// The billed minutes are an estimate: each connected call counts at least 30 seconds.
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub(crate) per_minute: Option<PricePerMinute>,
    /// Show only these sections, such as rates,leads
    ///
    /// [default: all but review; in formats for people, calls to groups]
    #[arg(long, value_name = "SECTION", value_delimiter = ',')]
    pub(crate) only: Vec<StatsSection>,
    /// Output format [default: by extension, else table]
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<StatsFormat>,
    /// Write to FILE; its extension selects the format
    ///
    /// FILE is replaced when the output is complete. `-` is stdout. [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Title of the HTML report
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Language of the HTML report [default: en]
    #[arg(long, value_name = "LANG")]
    pub(crate) lang: Option<Language>,
    /// Show values that identify people in the HTML report
    ///
    /// Without it, the report can be shared: it has no ids, no phone numbers but the last four
    /// digits of your own, no values of fewer than 5 calls, and no values that can identify people.
    /// With it, the report also has the calls to look at.
    #[arg(long)]
    pub(crate) with_calls: bool,
}

impl StatsArgs {
    /// The output file; `None` means standard output.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }

    /// The format from `--format`, or else from the extension of the output file.
    pub(crate) fn format(&self) -> anyhow::Result<StatsFormat> {
        match (self.format, self.file()) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => StatsFormat::from_path(path),
            (None, None) => Ok(StatsFormat::Table),
        }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatsFormat {
    /// Tables, fitted to the terminal
    Table,
    /// One line per field, for narrow terminals and screen readers
    Vertical,
    /// Markdown tables, for issues and wikis
    #[value(alias = "md")]
    Markdown,
    /// One JSON object with all figures, versioned
    Json,
    /// Comma-separated values, one row per figure
    Csv,
    /// One HTML file to read, share and print
    #[value(alias = "htm")]
    Html,
}

impl StatsFormat {
    /// True for tables, as opposed to formats for programs and the HTML report.
    #[must_use]
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Vertical | Self::Markdown)
    }

    /// The format that the extension of `path` names. Files without one, and `.txt`, are tables.
    fn from_path(path: &Path) -> anyhow::Result<Self> {
        let Some(extension) = path.extension() else {
            return Ok(Self::Table);
        };
        let extension = extension.to_string_lossy().to_ascii_lowercase();
        match Self::from_str(&extension, false) {
            Ok(format) => Ok(format),
            Err(_) if extension == "txt" => Ok(Self::Table),
            Err(_) => bail!(
                "{}: stats cannot be written as .{}: use .html, .md, .json, .csv or .txt; or set --format",
                path_name(path),
                shorten(&extension)
            ),
        }
    }
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
