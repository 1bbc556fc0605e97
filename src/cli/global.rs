//! Arguments that every command has.

use anstream::ColorChoice;
use clap::{Args, ValueEnum};

use crate::run::session::SessionOptions;

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
    /// Use N worker threads [default: one per core]
    #[arg(
        long,
        global = true,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..=256),
        help_heading = GLOBAL_HEADING
    )]
    pub(crate) threads: Option<u16>,
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
            threads: self.threads,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Only on a terminal
    Auto,
    /// Also in pipes and files
    Always,
    /// Never
    Never,
}
