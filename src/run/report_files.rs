//! Report files of `validate --report`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum as _;

use super::host::SCRATCH;
use super::known_findings::SourceNames;
use super::output_file::OutputFile;
use super::reports::{LimitedReport, ReportFile, ReportFileFormat};
use crate::capture::source::source_name::SourceName;
use crate::lint::levels::Levels;
use crate::lint::rule_data::Level;
use crate::report::{BaselineReport, FindingsFormat};
use crate::text::shorten::shorten;
use crate::view::terminal::Terminal;

/// Format and path of a report file, as on the command line: `sarif=findings.sarif`.
#[derive(Clone, Debug)]
pub(crate) struct ReportSpec {
    /// Format of the report.
    pub(crate) format: ReportFileFormat,
    /// Path of the file.
    pub(crate) path: PathBuf,
}

/// Name of [`ReportFileFormat::Baseline`].
const BASELINE: &str = "baseline";

impl FromStr for ReportSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or("expected FORMAT=FILE, as in sarif=findings.sarif")?;
        if path == "-" {
            return Err("use --format for standard output".to_owned());
        }
        let path = path.into();
        if format == BASELINE {
            let format = ReportFileFormat::Baseline;
            return Ok(Self { format, path });
        }
        let format = FindingsFormat::from_str(format, false).map_err(|_| {
            let names = FindingsFormat::value_variants()
                .iter()
                .filter_map(FindingsFormat::to_possible_value)
                .map(|value| value.get_name().to_owned())
                .chain([BASELINE.to_owned()]);
            format!(
                "unknown format `{}` (known formats: {})",
                shorten(format),
                names.collect::<Vec<_>>().join(", ")
            )
        })?;
        Ok(Self {
            format: ReportFileFormat::Findings(format),
            path,
        })
    }
}

impl ReportFile {
    /// Creates a report file with at most `limit` findings.
    pub(crate) fn create(
        to: &ReportSpec,
        limit: Option<u64>,
        levels: &Levels,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            file: Box::new(OutputFile::create(&to.path)?),
            report: match to.format {
                ReportFileFormat::Baseline => {
                    let mut names = SourceNames::default();
                    let name_source = move |source: &SourceName| names.name(source).to_owned();
                    LimitedReport::new_baseline(Box::new(BaselineReport::new(name_source)))
                }
                ReportFileFormat::Findings(format) => LimitedReport::new(
                    format,
                    limit,
                    Level::Note,
                    Terminal::default(),
                    levels,
                    SCRATCH,
                ),
            },
        })
    }
}
