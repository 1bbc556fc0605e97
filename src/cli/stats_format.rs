//! The format of `stats`, by `--format` or by the extension of the output file.

use std::path::Path;

use anyhow::bail;
use clap::ValueEnum as _;

use crate::args::{StatsArgs, StatsFormat};
use crate::text::path_name::path_name;
use crate::text::shorten::shorten;

impl StatsArgs {
    /// The format from `--format`, or else from the extension of the output file.
    pub(crate) fn format(&self) -> anyhow::Result<StatsFormat> {
        match (self.format, self.file()) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => StatsFormat::from_path(path),
            (None, None) => Ok(StatsFormat::Table),
        }
    }
}

impl StatsFormat {
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
