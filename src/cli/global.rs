//! Arguments that every command has.

use anstream::ColorChoice;
use clap::{Args, ValueEnum};

use crate::run::session::SessionOptions;

/// Arguments that every command has.
#[derive(Args, Clone, Debug)]
pub(crate) struct GlobalArgs {
    /// When to use colours (NO_COLOR and CLICOLOR_FORCE are heeded)
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub(crate) color: Color,
    /// How many threads work [default: one per core]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256), help_heading = "Global options")]
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
    /// On a terminal
    Auto,
    /// Also in pipes and files
    Always,
    /// Not at all
    Never,
}
