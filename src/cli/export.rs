//! The arguments of `export`, and what they come to: a format with all that belongs to it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum, ValueHint};

use super::InputArgs;
use crate::call::zone::TimeFormat;
use crate::export::program::Program;
use crate::export::{Dialect, Target, TextTarget};

/// Arguments of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    #[command(flatten)]
    #[expect(
        missing_docs,
        reason = "clap would take a docstring here for the command's help"
    )]
    pub input: InputArgs,
    /// Write to this file, which appears when it is complete; its ending says in which format; - is stdout [default: stdout]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// In which format, whatever the file's ending says [default: what that says, or csv]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<ExportFormat>,
    /// What a row is [default: calls; in a workbook all but variables, a sheet each]
    #[arg(long, value_name = "WHAT")]
    pub rows: Option<RowsOf>,
    /// Write to this file what could not be exported, as it stood, with the reason beside it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rejects: Option<PathBuf>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub columns: ColumnArgs,
    #[command(flatten)]
    csv: CsvArgs,
    /// Write each row with all columns, instead of objects as in the body
    #[arg(long, help_heading = "JSON Lines options")]
    flat: bool,
}

/// Which columns, and how their values are written.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Columns")]
pub struct ColumnArgs {
    /// Which columns, in which order: names, globs, -name to leave out, name=Header to rename
    ///
    /// An object stands for its members: `lead` for all of `lead.*`. Items are separated by commas; one that holds a comma stands in double
    /// quotes.
    #[arg(long = "columns", value_name = "LIST", allow_hyphen_values = true)]
    pub lists: Vec<String>,
    /// List the columns instead: name, kind, how many rows have a value, an example
    #[arg(long = "list-columns", conflicts_with_all = ["output", "rejects"])]
    pub list_them: bool,
    /// How times are written, in strftime's signs: %d.%m.%Y %H:%M [default: as in the body]
    #[arg(long, value_name = "FORMAT")]
    time_format: Option<TimeFormat>,
}

/// How CSV and TSV are written.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "CSV options")]
struct CsvArgs {
    /// CSV as this program opens it on a double click
    #[arg(long = "for", value_name = "PROGRAM")]
    program: Option<Program>,
    /// What separates cells: a character, or tab
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<Delimiter>,
    /// Begin with a byte order mark, by which Excel tells UTF-8
    #[arg(long)]
    bom: bool,
    /// Write no line with the columns' names
    #[arg(long)]
    no_header: bool,
    /// What stands where there is no value [default: nothing]
    #[arg(long, value_name = "TEXT")]
    null: Option<String>,
    /// The words for true and false, such as yes/no or 1/0
    #[arg(long = "bool", value_name = "TRUE/FALSE")]
    booleans: Option<Booleans>,
    /// Leave text as it is that a spreadsheet could take for a formula
    #[arg(long)]
    no_guard: bool,
}

/// Formats that calls are exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180)
    Csv,
    /// Tab-separated values, quoted like CSV
    Tsv,
    /// One JSON object a line, as in the body
    #[value(alias = "ndjson")]
    Jsonl,
    /// An Excel workbook
    Xlsx,
    #[cfg(feature = "parquet")]
    #[expect(
        missing_docs,
        reason = "clap would take a docstring for the help, and clippy DuckDB for code"
    )]
    #[value(help = "Typed columns, for DuckDB, Spark, pandas and others")]
    Parquet,
}

impl ExportFormat {
    /// Whether it is text, as opposed to cells with types.
    fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Jsonl)
    }
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RowsOf {
    /// A call, with all its columns
    Calls,
    /// An utterance
    Turns,
    /// A variable of a call: id, name, kind, value
    Variables,
    /// A campaign, with its calls counted
    Campaigns,
}

/// Endings of table formats that we do not write, and what to write instead.
const OTHER_ENDINGS: &[(&str, &str)] = &[
    ("xls", ".xlsx"),
    ("xlsm", ".xlsx"),
    ("xlsb", ".xlsx"),
    ("ods", ".xlsx, which LibreOffice opens too"),
    ("numbers", ".xlsx, which Numbers opens too"),
    ("json", ".jsonl: one JSON object a line"),
    #[cfg(not(feature = "parquet"))]
    (
        "parquet",
        "another format: this program was built without Parquet",
    ),
    ("parq", ".parquet"),
    ("pq", ".parquet"),
    ("jsonlines", ".jsonl"),
    ("tab", ".tsv"),
    ("md", ".csv; `list --format markdown` prints Markdown"),
    ("html", ".xlsx"),
    ("xml", ".xlsx"),
    ("pdf", ".xlsx"),
    ("db", ".parquet, which DuckDB opens"),
    ("sqlite", ".csv, which sqlite3 imports"),
    ("gz", "the file without .gz, and compress it then"),
    ("zst", "the file without .zst, and compress it then"),
    ("zip", "the file without .zip, and compress it then"),
];

impl ExportFormat {
    /// The format that the ending of a file's name says; none where it says nothing.
    fn of_path(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some(ending) = path.extension().and_then(|ending| ending.to_str()) else {
            return Ok(None);
        };
        let ending = ending.to_ascii_lowercase();
        if let Some((_, instead)) = OTHER_ENDINGS.iter().find(|(other, _)| *other == ending) {
            bail!(
                "{}: there is no export to .{ending}; write {instead} (or say --format)",
                path.display()
            );
        }
        Ok(Self::from_str(&ending, true).ok())
    }
}

impl ExportArgs {
    /// The file to write to, if not standard output.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        // What stdout goes to is not ours to replace.
        let is_stdout = |path: &Path| path.as_os_str() == "-" || path == Path::new("/dev/stdout");
        self.output.as_deref().filter(|path| !is_stdout(path))
    }

    /// The format that is asked for by name or by the file's ending.
    fn chosen_format(&self) -> anyhow::Result<Option<ExportFormat>> {
        match (self.format, self.file()) {
            (None, Some(path)) => ExportFormat::of_path(path),
            (format, _) => Ok(format),
        }
    }

    /// The format with all that belongs to it. An error says which option the format has no use for.
    pub fn target(&self) -> anyhow::Result<Target> {
        let format = self.chosen_format()?.unwrap_or(ExportFormat::Csv);
        let is_delimited = matches!(format, ExportFormat::Csv | ExportFormat::Tsv);
        let time_format = [("--time-format", self.columns.time_format.is_some())];
        refuse(is_delimited, "CSV and TSV", &self.csv.given())?;
        refuse(
            format == ExportFormat::Csv,
            "CSV",
            &[("--for", self.csv.program.is_some())],
        )?;
        refuse(
            format == ExportFormat::Jsonl,
            "JSON Lines",
            &[("--flat", self.flat)],
        )?;
        refuse(
            format.is_text(),
            "text formats: here, times are times",
            &time_format,
        )?;
        let dialect = |dialect| Target::Text(TextTarget::Delimited(self.csv.dialect(dialect)));
        Ok(match format {
            ExportFormat::Csv => dialect(
                self.csv
                    .program
                    .map_or_else(Dialect::csv, Dialect::for_program),
            ),
            ExportFormat::Tsv => dialect(Dialect::tsv()),
            ExportFormat::Jsonl => Target::Text(TextTarget::JsonLines { flat: self.flat }),
            ExportFormat::Xlsx => Target::Xlsx,
            #[cfg(feature = "parquet")]
            ExportFormat::Parquet => Target::Parquet,
        })
    }

    /// The first option given that says how values are written: a list of columns has no use for it.
    #[must_use]
    pub fn option_of_values(&self) -> Option<&'static str> {
        let others = [
            ("--for", self.csv.program.is_some()),
            ("--time-format", self.columns.time_format.is_some()),
            ("--flat", self.flat),
        ];
        let mut all = self.csv.given().into_iter().chain(others);
        all.find(|(_, is_given)| *is_given)
            .map(|(option, _)| option)
    }

    /// How times are written, if not as in the body.
    #[must_use]
    pub fn time_format(&self) -> Option<TimeFormat> {
        let of_program = || self.csv.program.map(|_| TimeFormat::of_spreadsheets());
        self.columns.time_format.clone().or_else(of_program)
    }
}

impl CsvArgs {
    /// The options, and whether they are given.
    fn given(&self) -> [(&'static str, bool); 6] {
        [
            ("--delimiter", self.delimiter.is_some()),
            ("--bom", self.bom),
            ("--no-header", self.no_header),
            ("--null", self.null.is_some()),
            ("--bool", self.booleans.is_some()),
            ("--no-guard", self.no_guard),
        ]
    }

    fn dialect(&self, dialect: Dialect) -> Dialect {
        Dialect {
            delimiter: self.delimiter.map_or(dialect.delimiter, |given| given.0),
            bom: self.bom || dialect.bom,
            header: !self.no_header,
            null: self.null.clone().unwrap_or_default(),
            guard: !self.no_guard,
            booleans: match &self.booleans {
                Some(Booleans(words)) => words.clone(),
                None => dialect.booleans,
            },
            ..dialect
        }
    }
}

/// An error if one of the options is given to a format that has no use for it.
fn refuse(is_used: bool, by: &str, options: &[(&str, bool)]) -> anyhow::Result<()> {
    match options.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) if !is_used => Err(anyhow!("{option} is for {by}")),
        _ => Ok(()),
    }
}

/// What separates cells.
#[derive(Clone, Copy, Debug)]
struct Delimiter(u8);

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.as_bytes()) {
            ("tab" | "\\t", _) => Ok(Self(b'\t')),
            (_, [b'"' | b'\'' | b'\r' | b'\n']) => {
                Err("quotes and line breaks have a meaning of their own in CSV".to_owned())
            }
            (_, [byte]) if byte.is_ascii_punctuation() || matches!(byte, b'\t' | b' ' | 0x1f) => {
                Ok(Self(*byte))
            }
            _ => Err("give one character, such as ; or |, or the word tab".to_owned()),
        }
    }
}

/// The words for true and false.
#[derive(Clone, Debug)]
struct Booleans([String; 2]);

impl FromStr for Booleans {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            Some((yes, no)) if yes != no => Ok(Self([yes.to_owned(), no.to_owned()])),
            _ => Err("give two words with a slash between them: yes/no".to_owned()),
        }
    }
}
