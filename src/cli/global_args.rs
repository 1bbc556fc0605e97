//! Arguments that every command has.

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args, ValueEnum, ValueHint};

use crate::run::process::SessionOptions;
use crate::run::session::Verbosity;
use crate::run::stdout::OutputWidth;
use crate::settings::config_source::ConfigSource;
use crate::text::symbols::Symbols;

/// The help heading of these arguments.
pub(super) const GLOBAL_HEADING: &str = "Global options";

/// Arguments that every command has.
#[derive(Args, Clone, Debug)]
pub(crate) struct GlobalArgs {
    /// Use colours: auto, always or never
    ///
    /// NO_COLOR and CLICOLOR_FORCE are respected.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = GLOBAL_HEADING
    )]
    pub(crate) color: Color,
    /// Width of tables and cards: N columns, or full [default: the terminal]
    ///
    /// In a narrow table, long names are cut, and columns that do not fit are named below it. With
    /// `full`, nothing is cut or wrapped. If the output is not a terminal, `full` is the default.
    /// The environment variable COLUMNS sets the width, too.
    #[arg(long, global = true, value_name = "N|full", help_heading = GLOBAL_HEADING)]
    pub(crate) width: Option<OutputWidth>,
    /// Draw tables and cards with ASCII characters only
    ///
    /// Text from a body is shown unchanged.
    #[arg(long, global = true, help_heading = GLOBAL_HEADING)]
    pub(crate) ascii: bool,
    /// Use N worker threads [default: one per core]
    #[arg(
        long,
        global = true,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..=256),
        help_heading = GLOBAL_HEADING
    )]
    pub(crate) threads: Option<u16>,
    /// Read settings from FILE [default: the nearest postcall.toml]
    ///
    /// The nearest postcall.toml is the one in the working directory or in the closest folder above
    /// it, up to the root of the repository (the first folder with a .git). Outside a repository,
    /// the search ends at the home folder. Outside both, only the working directory is searched.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        conflicts_with = "no_config",
        help_heading = GLOBAL_HEADING
    )]
    pub(crate) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, global = true, help_heading = GLOBAL_HEADING)]
    pub(crate) no_config: bool,
    /// Print errors only; no notes, warnings or progress
    ///
    /// Standard error has errors only. `validate` reports errors only, and prints nothing if there
    /// are none.
    #[arg(short, long, global = true, help_heading = GLOBAL_HEADING)]
    pub(crate) quiet: bool,
}

impl GlobalArgs {
    /// The options of the session.
    #[must_use]
    pub(crate) fn session_options(&self) -> SessionOptions {
        SessionOptions {
            color: match self.color {
                Color::Auto => ColorChoice::Auto,
                Color::Always => ColorChoice::Always,
                Color::Never => ColorChoice::Never,
            },
            width: self.width,
            symbols: Symbols::new(self.ascii),
            threads: self.threads,
            verbosity: if self.quiet {
                Verbosity::Quiet
            } else {
                Verbosity::Normal
            },
        }
    }

    /// Which settings file the run reads.
    #[must_use]
    pub(crate) fn config_source(&self) -> ConfigSource {
        match &self.config {
            Some(path) => ConfigSource::File(path.clone()),
            None if self.no_config => ConfigSource::Nothing,
            None => ConfigSource::Nearest,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Only on a terminal
    Auto,
    /// Even in pipes and files
    Always,
    /// Never
    Never,
}
