//! The format of `export`, by `--format` or by the extension of the output file.

use std::path::Path;
use std::sync::LazyLock;

use anyhow::bail;
use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::args::ExportArgs;
use crate::args::export_args::ExportFormatName;
use crate::export::{BinaryFormat, ExportFormat, RowFormat};
use crate::text::path_name::path_name;

impl ValueEnum for ExportFormatName {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<ExportFormatName>> = LazyLock::new(|| {
            let rows = RowFormat::value_variants().iter().copied();
            let binary = BinaryFormat::value_variants().iter().copied();
            (rows.map(ExportFormatName::Rows))
                .chain(binary.map(ExportFormatName::Binary))
                .collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Rows(format) => format.to_possible_value(),
            Self::Binary(format) => format.to_possible_value(),
        }
    }
}

/// Extensions of table formats that are not in [`ExportFormatName`], each with a replacement.
const UNSUPPORTED_EXTENSIONS: &[(&str, &str)] = &[
    ("xls", ".xlsx"),
    ("xlsm", ".xlsx"),
    ("xlsb", ".xlsx"),
    ("ods", ".xlsx, which LibreOffice opens"),
    ("numbers", ".xlsx, which Numbers opens"),
    (
        "parquet",
        "another format, because this program was built without Parquet",
    ),
    ("parq", ".parquet"),
    ("pq", ".parquet"),
    ("jsonlines", ".jsonl"),
    ("tab", ".tsv"),
    ("html", ".xlsx"),
    ("xml", ".xlsx"),
    ("pdf", ".xlsx"),
    ("db", ".parquet, which DuckDB opens"),
    ("sqlite", ".csv, which sqlite3 imports"),
    ("gz", "a name without .gz, and compress the file afterwards"),
    (
        "zst",
        "a name without .zst, and compress the file afterwards",
    ),
    (
        "zip",
        "a name without .zip, and compress the file afterwards",
    ),
];

impl ExportFormatName {
    /// The format for the extension of `path`; `None` if the extension is missing or unknown. The
    /// extension of a known but unsupported format is an error.
    fn from_path(path: &Path) -> anyhow::Result<Option<Self>> {
        let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else {
            return Ok(None);
        };
        if let Ok(format) = <Self as ValueEnum>::from_str(extension, true) {
            return Ok(Some(format));
        }
        let extension = extension.to_ascii_lowercase();
        if let Some((_, replacement)) = UNSUPPORTED_EXTENSIONS
            .iter()
            .find(|(unsupported, _)| *unsupported == extension)
        {
            bail!(
                "{}: cannot export to .{extension}: use {replacement}; or set --format",
                path_name(path)
            );
        }
        Ok(None)
    }
}

impl ExportArgs {
    /// The format from `--format`, or else from the extension of the output file.
    pub(crate) fn requested_format(&self) -> anyhow::Result<Option<ExportFormatName>> {
        match (self.format, self.file()) {
            (None, Some(path)) => ExportFormatName::from_path(path),
            (format, _) => Ok(format),
        }
    }

    /// Fails if standard output, which is a terminal, would get a binary format.
    pub(crate) fn reject_binary_stdout(&self, format: &ExportFormat) -> anyhow::Result<()> {
        if let ExportFormat::Binary { format, .. } = format
            && self.file().is_none()
            && let Some(value) = format.to_possible_value()
        {
            let name = value.get_name();
            bail!("{name} is a binary format, not for a terminal: name a file (-o calls.{name})");
        }
        Ok(())
    }

    /// The format of the list of columns: by default a table.
    pub(crate) fn list_format(&self) -> anyhow::Result<RowFormat> {
        match self.format {
            None => Ok(RowFormat::Table),
            Some(ExportFormatName::Rows(format)) => Ok(format),
            Some(ExportFormatName::Binary(_)) => {
                let formats = RowFormat::value_variants().iter();
                let names = formats.filter_map(ValueEnum::to_possible_value);
                let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
                let (last, others) = names.split_last().expect("there are several formats");
                let others = others.join(", ");
                bail!("--list-columns supports --format {others} and {last} only")
            }
        }
    }
}
