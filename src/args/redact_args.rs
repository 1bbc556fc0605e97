//! The arguments of `redact`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use super::export_args::is_stdout;
use super::input_args::InputArgs;
use crate::redact::body::TextMode;

/// Arguments of `redact`.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct RedactArgs {
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) input: InputArgs,
    /// Read the key from FILE [default: a random key]
    ///
    /// Bodies that were redacted with the same key have the same pseudonyms. FILE has 32 bytes or
    /// 64 hexadecimal digits, as `--new-key` writes it. Without FILE, the environment variable
    /// `POSTCALL_REDACT_KEY` can hold the key.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath))]
    pub(crate) key_file: Option<PathBuf>,
    /// Write a new random key to FILE, and do nothing else
    ///
    /// Only you can read FILE. An existing file is not replaced.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, exclusive = true))]
    pub(crate) new_key: Option<PathBuf>,
    /// Free text: shape, scrub or keep [default: shape]
    ///
    /// `scrub` keeps text readable, but misses some personal data: names without a usual cue,
    /// numbers said in an unusual way. `redact` prints capitalized words and numbers that it left,
    /// and docs/redaction.md says how much it finds in test conversations.
    #[cfg_attr(
        feature = "cli",
        arg(
            long,
            value_name = "MODE",
            default_value = "shape",
            hide_default_value = true
        )
    )]
    pub(crate) text: TextMode,
    /// Times: shift or keep [default: shift]
    #[cfg_attr(
        feature = "cli",
        arg(
            long,
            value_name = "MODE",
            default_value = "shift",
            hide_default_value = true
        )
    )]
    pub(crate) times: TimesMode,
    /// Do not change the variables with this name
    ///
    /// `product_*` names all that start so, and `extracted_variables.plan` one place. Undocumented
    /// members can be kept too. The list `keep` under `[redact]` in `postcall.toml` does the same.
    #[cfg_attr(feature = "cli", arg(long, value_name = "GLOB", value_delimiter = ','))]
    pub(crate) keep: Vec<String>,
    /// Write counts of replaced values to FILE, as JSON
    ///
    /// With `--text scrub`, FILE also has the places of the first 1,000 words and numbers that may
    /// be personal. It has no values.
    #[cfg_attr(feature = "cli", arg(long, value_name = "json=FILE"))]
    pub(crate) report: Option<RedactReport>,
    /// Exit with 1 if personal data may be left
    ///
    /// The exit code is 1 if `--text keep` kept texts, if `--text scrub` printed words or numbers,
    /// or if input was skipped. What `--text scrub` misses without printing it does not count.
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) strict: bool,
    /// Indent the bodies
    #[cfg_attr(feature = "cli", arg(long))]
    pub(crate) pretty: bool,
    /// Write each call to a file in FOLDER
    ///
    /// The file is named after the new id. Existing files are not overwritten.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath, conflicts_with = "output"))]
    pub(crate) split: Option<PathBuf>,
    /// Write to FILE [default: stdout]
    ///
    /// FILE is replaced when the output is complete. `-` is stdout.
    #[cfg_attr(feature = "cli", arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath))]
    pub(crate) output: Option<PathBuf>,
}

/// What happens to times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TimesMode {
    #[default]
    /// Shift them all by the same number of weeks, 1 to 10 years, into the past
    Shift,
    /// Leave them unchanged
    Keep,
}

/// The file of `--report json=FILE`.
#[derive(Clone, Debug)]
pub(crate) struct RedactReport {
    pub(crate) path: PathBuf,
}

impl FromStr for RedactReport {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some(("json", path)) if !path.is_empty() && path != "-" => {
                Ok(Self { path: path.into() })
            }
            _ => Err("expected json=FILE, as in json=report.json"),
        }
    }
}

impl RedactArgs {
    /// The output file; `None` means standard output.
    #[must_use]
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_stdout(path))
    }
}
