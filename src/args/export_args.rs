//! Arguments of `export`, and their conversion to an output format with its options.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{anyhow, bail};

use super::input_args::InputArgs;
use super::sort_args::SortArgs;
use crate::exit::UsageError;
use crate::export::code_path::has_several_tables;
use crate::export::spreadsheet_program::Program;
use crate::export::tables::RowKind;
use crate::export::xlsx::number_format;
use crate::export::{BinaryFormat, Dialect, ExportFormat, LineBreaks, RowFormat, TextFormat};
use crate::table::column::SourceUse;
use crate::table::column_list::ColumnList;
use crate::table::headings::HeadingStyle;
use crate::table::sort::SortOrder;
use crate::time::zone::TimeFormat;

/// Arguments of `export`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct ExportArgs {
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) input: InputArgs,
    /// Write to FILE; its extension selects the format
    ///
    /// FILE is replaced when the output is complete. `-` is stdout. [default: stdout]
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath))]
    pub(crate) output: Option<PathBuf>,
    /// Format [default: by extension, else csv]
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "FORMAT"))]
    pub(crate) format: Option<ExportFormatName>,
    /// One row per call, turn, variable or campaign
    ///
    /// [default: calls; a workbook has a sheet each for calls, turns and campaigns]
    #[cfg_attr(feature = "cli", arg(long, value_name = "KIND"))]
    pub(crate) rows: Option<RowKind>,
    /// Names of the columns: full, short or sql
    ///
    /// Full names are paths, such as `extracted_variables.order.number`. Short ones omit the object
    /// that holds the variables, unless a documented column has the same name. SQL names have only
    /// lower-case letters, digits and `_`. [default: short for workbooks, else full]
    #[cfg_attr(feature = "cli", arg(long, value_name = "STYLE"))]
    pub(crate) headings: Option<HeadingStyle>,
    /// File for what cannot be exported
    ///
    /// Each line is JSON: a record, or a value that does not fit the type of its column, unchanged,
    /// with its location and the reason.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath))]
    pub(crate) rejects: Option<PathBuf>,
    /// JSON: write flat rows with all columns
    ///
    /// By default, each row of JSON is an object with the structure of the body, and Parquet is
    /// flat.
    #[cfg_attr(feature = "cli", arg(long, conflicts_with = "nested"))]
    pub(crate) flat: bool,
    /// Parquet: write structs, lists and maps
    ///
    /// Members that are neither documented nor declared are in the map `other` of their object, so
    /// that each run has the same schema.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) nested: bool,

    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) sort: SortArgs,
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) types: TypeArgs,
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) columns: ColumnArgs,
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) csv: CsvArgs,
}

/// The columns that each run has, and their types.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct TypeArgs {
    /// Have a column per variable that FILE declares
    ///
    /// FILE is the assistant's `post_call_schema`, or JSON that contains it. Its variables are
    /// always columns, in its order. In Parquet and flat JSON they have the declared types, all
    /// other variables are text, and a value that does not fit is in the column `_misfits`.
    /// [default: the setting `variables`]
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath))]
    pub(crate) variables: Option<PathBuf>,
    /// Leave out undeclared columns
    ///
    /// These are columns that are neither documented nor declared, unless `--columns` names them.
    /// Each run then has the same columns. The values left out are counted.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) only_declared: bool,
    /// Add the file, line and JSON Pointer of each call
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) with_source: bool,
}

/// Columns, and the format of their values.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct ColumnArgs {
    /// Select and order columns: id,*.summary,lead
    ///
    /// Each item is a name or a glob; `-name` excludes a column and `name=Header` renames it. The
    /// name of an object means all its members: `lead` is `lead.*`. A variable that no call has is
    /// an empty column, and is reported. Separate items with commas; put an item that contains a
    /// comma in double quotes.
    #[cfg_attr(
        feature = "cli",
        arg(long = "columns", value_name = "LIST", allow_hyphen_values = true)
    )]
    pub(crate) lists: Vec<String>,
    /// List the columns instead of rows
    ///
    /// For each column, the list has its name, kind, number of values and an example.
    #[cfg_attr(feature = "cli", arg(long = "list-columns", conflicts_with_all = ["output", "rejects"]))]
    pub(crate) list_columns: bool,
    /// Format of times, such as %d.%m.%Y
    ///
    /// FORMAT uses strftime specifiers. [default: as in the body]
    #[cfg_attr(feature = "cli", arg(long, value_name = "FORMAT"))]
    pub(crate) time_format: Option<TimeFormat>,
}

/// The dialect of CSV and TSV.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
#[cfg_attr(feature = "cli", command(next_help_heading = "CSV options"))]
pub(crate) struct CsvArgs {
    /// Write CSV for this program: excel or excel-de
    #[cfg_attr(feature = "cli", arg(long = "for", value_name = "PROGRAM"))]
    pub(crate) program: Option<Program>,
    /// Separate cells with CHARACTER, or `tab` for a tab
    #[cfg_attr(feature = "cli", arg(long, value_name = "CHARACTER"))]
    pub(crate) delimiter: Option<Delimiter>,
    /// Start with a byte order mark
    ///
    /// Excel needs it to detect UTF-8.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) bom: bool,
    /// Write no header
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) no_header: bool,
    /// Write TEXT for missing values
    #[cfg_attr(feature = "cli", arg(long, value_name = "TEXT"))]
    pub(crate) null: Option<String>,
    /// Write line breaks in cells in this way
    ///
    /// With `escape` or `space`, each row is one line, for programs that read line by line, such as
    /// `pipe` of Spark. The escapes are those of JSON strings; an escaped text can be restored.
    /// Line breaks are LF, CR, VT, FF, FS, GS, RS, U+0085, U+2028 and U+2029. [default: keep]
    #[cfg_attr(feature = "cli", arg(long, value_name = "HOW"))]
    pub(crate) line_breaks: Option<LineBreaks>,
    /// Write booleans as two words, such as yes/no
    #[cfg_attr(feature = "cli", arg(long = "bool", value_name = "TRUE/FALSE"))]
    pub(crate) booleans: Option<Booleans>,
    /// Do not escape spreadsheet formulas
    ///
    /// By default, an apostrophe (') is put before each operator that could start a formula in a
    /// spreadsheet.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) no_guard: bool,
}

/// Name of a format of `export`, before it gets its options ([`ExportFormat`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportFormatName {
    Rows(RowFormat),
    Binary(BinaryFormat),
}

/// Returns true if `--output` names standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    // These must be written to. If standard output is a file, it must not be replaced, and if its
    // reader closes it, the run ends without a message.
    const NAMES: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    NAMES.iter().any(|name| path == Path::new(name))
}

impl ExportArgs {
    /// The output file; `None` means standard output.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }

    /// The output format `name` with its options; `None` is CSV. An option that does not apply to
    /// the format is an error.
    pub(crate) fn export_format(
        &self,
        name: Option<ExportFormatName>,
    ) -> anyhow::Result<ExportFormat> {
        let csv_format = ExportFormatName::Rows(RowFormat::Csv);
        let name = name.unwrap_or(csv_format);
        let csv = &self.csv;
        let format = match name {
            ExportFormatName::Rows(format) => {
                let dialect =
                    |default| csv.change(csv.program.map_or(default, Dialect::for_program));
                ExportFormat::Text(format.with_options(self.flat, dialect))
            }
            ExportFormatName::Binary(format) => ExportFormat::Binary {
                format,
                is_nested: self.nested && format.is_typed(),
            },
        };
        let is_text = matches!(format, ExportFormat::Text(_));
        let is_delimited = matches!(format, ExportFormat::Text(TextFormat::Delimited(_)));
        reject_unused(is_delimited, "CSV and TSV", &csv.option_states())?;
        csv.reject_unguarded_delimiter()?;
        csv.reject_escapes_for_program()?;
        let program = [("--for", csv.program.is_some())];
        reject_unused(name == csv_format, "CSV", &program)?;
        let nesting = [("--flat", self.flat), ("--nested", self.nested)];
        let can_nest = match &format {
            ExportFormat::Text(format) => {
                matches!(
                    format,
                    TextFormat::Json { .. } | TextFormat::JsonLines { .. }
                )
            }
            ExportFormat::Binary { format, .. } => format.is_typed(),
        };
        reject_unused(can_nest, "JSON, JSON Lines and Parquet", &nesting)?;
        let headings = [("--headings", self.headings.is_some())];
        reject_unused(!format.is_nested(), "tables; add --flat", &headings)?;
        let is_workbook = format.is_workbook();
        let time_format = [("--time-format", self.columns.time_format.is_some())];
        reject_unused(
            is_text || is_workbook,
            "text formats and workbooks; this format stores typed times",
            &time_format,
        )?;
        if let (Some(format), true) = (&self.columns.time_format, is_workbook) {
            number_format(format).map_err(|reason| anyhow!("--time-format: {reason}"))?;
        }
        Ok(format)
    }

    /// The columns that the arguments select.
    pub(crate) fn column_list(&self) -> anyhow::Result<ColumnList> {
        let list = ColumnList::parse(&self.columns.lists)?;
        Ok(list.with_only_declared(self.types.only_declared))
    }

    /// The order of rows; an empty one means the order of the input. Orders that `format` cannot
    /// have are a [`UsageError`].
    pub(crate) fn sort_order(
        &self,
        format: &ExportFormat,
        list: &ColumnList,
    ) -> anyhow::Result<SortOrder> {
        let sort = self.sort.order()?;
        if !sort.is_empty() {
            self.check_sorting(format, list).map_err(UsageError)?;
        }
        Ok(sort)
    }

    /// Fails if rows cannot be sorted: those of campaigns, whose calls are not rows, and a limited
    /// number of calls in a workbook with further sheets.
    fn check_sorting(&self, format: &ExportFormat, list: &ColumnList) -> anyhow::Result<()> {
        if self.rows == Some(RowKind::Campaigns) {
            bail!("--sort cannot be used with --rows campaigns");
        }
        let is_limited = self.input.calls.limit.is_some();
        if is_limited && has_several_tables(format, self.rows, list) {
            bail!("--sort with --limit sorts one sheet only: add --rows calls");
        }
        Ok(())
    }

    /// Fails if an option for columns has no use for the rows.
    pub(crate) fn check_types(&self, has_declaration: bool) -> anyhow::Result<()> {
        let is_of_calls = self.rows.is_none_or(|rows| rows == RowKind::Calls);
        let only_declared = [("--only-declared", self.types.only_declared)];
        reject_unused(is_of_calls, "rows of calls", &only_declared)?;
        if self.types.only_declared && !has_declaration {
            bail!(
                "--only-declared needs a declaration: --variables FILE, or `variables` in the settings file"
            );
        }
        if self.types.with_source && self.rows == Some(RowKind::Campaigns) {
            bail!("--with-source cannot be used with --rows campaigns: they have many calls");
        }
        Ok(())
    }

    /// The use of the location of each row.
    #[must_use]
    pub(crate) fn source_use(&self, format: &ExportFormat) -> SourceUse {
        if self.types.with_source {
            SourceUse::Shown
        } else if self.rejects.is_some() && format.is_typed() {
            SourceUse::Hidden
        } else {
            SourceUse::None
        }
    }

    /// The first given option that affects how values are written. A list of columns rejects it.
    #[must_use]
    pub(crate) fn first_value_option(&self) -> Option<&'static str> {
        let more_options = [
            ("--for", self.csv.program.is_some()),
            ("--time-format", self.columns.time_format.is_some()),
            ("--flat", self.flat),
            ("--headings", self.headings.is_some()),
            ("--sort", self.sort.is_given()),
            ("--with-source", self.types.with_source),
        ];
        let mut all = self.csv.option_states().into_iter().chain(more_options);
        all.find(|(_, is_given)| *is_given)
            .map(|(option, _)| option)
    }

    /// How the columns are named in this format.
    #[must_use]
    pub(crate) fn heading_style(&self, format: &ExportFormat) -> HeadingStyle {
        let default = if format.is_workbook() {
            HeadingStyle::Short
        } else {
            HeadingStyle::Full
        };
        self.headings.unwrap_or(default)
    }

    /// The format of times; `None` leaves them as in the body.
    #[must_use]
    pub(crate) fn time_format(&self) -> Option<TimeFormat> {
        let for_program = || self.csv.program.map(|_| TimeFormat::spreadsheet());
        self.columns.time_format.clone().or_else(for_program)
    }
}

impl CsvArgs {
    /// The CSV and TSV options, each with whether it is given.
    fn option_states(&self) -> [(&'static str, bool); 7] {
        [
            ("--delimiter", self.delimiter.is_some()),
            ("--bom", self.bom),
            ("--no-header", self.no_header),
            ("--null", self.null.is_some()),
            ("--line-breaks", self.line_breaks.is_some()),
            ("--bool", self.booleans.is_some()),
            ("--no-guard", self.no_guard),
        ]
    }

    /// Fails if the delimiter defeats the guard: for a reader with another delimiter, several cells
    /// could be one formula.
    fn reject_unguarded_delimiter(&self) -> anyhow::Result<()> {
        match self.delimiter {
            Some(Delimiter(byte)) if !self.no_guard && FORMULA_OPERATORS.contains(&byte) => {
                let delimiter = char::from(byte);
                bail!(
                    "--delimiter '{delimiter}': the formula guard does not hold with a formula operator between cells; use another delimiter, or --no-guard"
                )
            }
            _ => Ok(()),
        }
    }

    /// Fails if line breaks would be escaped for a spreadsheet program. None of them restores text,
    /// and their limit on the length of a cell holds for unescaped text.
    fn reject_escapes_for_program(&self) -> anyhow::Result<()> {
        if self.program.is_some() && self.line_breaks == Some(LineBreaks::Escape) {
            bail!(
                "--line-breaks escape cannot be used with --for: spreadsheets show escapes as text; use --line-breaks space"
            )
        }
        Ok(())
    }

    /// The dialect with each given option in place of its own.
    fn change(&self, dialect: Dialect) -> Dialect {
        let dialect = Dialect {
            delimiter: self.delimiter.map_or(dialect.delimiter, |given| given.0),
            bom: self.bom || dialect.bom,
            header: !self.no_header && dialect.header,
            null: self.null.clone().unwrap_or(dialect.null),
            guard: !self.no_guard && dialect.guard,
            booleans: match &self.booleans {
                Some(Booleans(words)) => words.clone(),
                None => dialect.booleans,
            },
            ..dialect
        };
        dialect.with_line_breaks(self.line_breaks.unwrap_or_default())
    }
}

/// Fails if one of the options is given although nothing uses it. The error says what the option
/// `applies_to`.
pub(crate) fn reject_unused(
    is_used: bool,
    applies_to: &str,
    options: &[(&str, bool)],
) -> anyhow::Result<()> {
    match options.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) if !is_used => Err(anyhow!("{option} applies only to {applies_to}")),
        _ => Ok(()),
    }
}

/// Operators and brackets of spreadsheet formulas that may follow a number or a name.
const FORMULA_OPERATORS: &[u8] = b"=+-@*/^&<>%:!()";

/// The separator of cells: one ASCII byte.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delimiter(u8);

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.as_bytes()) {
            ("tab" | "\\t", _) => Ok(Self(b'\t')),
            (_, [b'"' | b'\'' | b'\r' | b'\n']) => {
                Err("quotes and line breaks are reserved in CSV".to_owned())
            }
            (_, [byte]) if byte.is_ascii_punctuation() || matches!(byte, b'\t' | b' ' | 0x1f) => {
                Ok(Self(*byte))
            }
            _ => Err("expected one character, such as ; or |, or `tab`".to_owned()),
        }
    }
}

/// The texts for true and false, in this order.
#[derive(Clone, Debug)]
pub(crate) struct Booleans([String; 2]);

impl FromStr for Booleans {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            Some((yes, no)) if yes != no => Ok(Self([yes.to_owned(), no.to_owned()])),
            _ => Err("expected two words separated by a slash, such as yes/no".to_owned()),
        }
    }
}
