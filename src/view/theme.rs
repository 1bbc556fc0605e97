//! Text styles of the views. The plain theme writes no escape codes, so a view need not check for
//! colours. Only the base colours of the terminal are used, because they are readable on light and
//! dark backgrounds.

use anstyle::{AnsiColor, Style};

use crate::contract::documented_status;
use crate::lint::rule_data::Level;
use crate::text::tone::Tone;

/// Support for colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// No escape codes.
    #[default]
    Plain,
    /// ANSI styles.
    Ansi,
}

impl Theme {
    /// Styles the text for its tone.
    #[must_use]
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let style = match (self, tone) {
            (Self::Plain, _) | (_, Tone::Plain) => return text.to_owned(),
            (_, Tone::Strong) => Style::new().bold(),
            (_, Tone::Faint) => Style::new().dimmed(),
            (_, Tone::Good) => AnsiColor::Green.on_default(),
            (_, Tone::Doubtful) => AnsiColor::Yellow.on_default(),
            (_, Tone::Bad) => AnsiColor::Red.on_default(),
            (_, Tone::Accent) => AnsiColor::Cyan.on_default(),
            // The colours of the text and its background, swapped: readable on any background.
            (_, Tone::Match) => Style::new().invert(),
        };
        format!("{style}{text}{style:#}")
    }
}

/// Returns the tone of findings of this level.
#[must_use]
pub(crate) fn tone_of_level(level: Level) -> Tone {
    match level {
        Level::Error => Tone::Bad,
        Level::Warning => Tone::Doubtful,
        Level::Note => Tone::Accent,
    }
}

/// Returns the tone of a call status.
#[must_use]
pub(crate) fn tone_of_status(status: &str) -> Tone {
    match documented_status(status) {
        Some("completed" | "ended" | "ended_by_customer" | "ended_by_assistant") => Tone::Good,
        Some("failed") => Tone::Bad,
        _ => Tone::Doubtful,
    }
}
