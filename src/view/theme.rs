//! The few styles that the views use. Plain ones write nothing, so a view need not ask whether there is colour. Only the
//! terminal's own base colours are used: they are readable on light and on dark.

use anstyle::{AnsiColor, Style};

use crate::finding::Level;

/// What a piece of text stands for; how it looks is the theme's business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    #[default]
    Plain,
    /// Headings and names.
    Strong,
    /// What may be overlooked.
    Faint,
    /// What went well.
    Good,
    /// What deserves a look.
    Doubtful,
    /// What went wrong.
    Bad,
    /// The assistant's voice, and other things to tell apart.
    Accent,
}

impl Tone {
    /// The tone of a finding.
    #[must_use]
    pub fn of_level(level: Level) -> Self {
        match level {
            Level::Error => Self::Bad,
            Level::Warning => Self::Doubtful,
            Level::Note => Self::Accent,
        }
    }
}

/// Whether tones have colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// No escape codes at all.
    #[default]
    Plain,
    /// ANSI styles.
    Ansi,
}

impl Theme {
    /// The text in its tone.
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let style = match (self, tone) {
            (Self::Plain, _) | (_, Tone::Plain) => return text.to_owned(),
            (_, Tone::Strong) => Style::new().bold(),
            (_, Tone::Faint) => Style::new().dimmed(),
            (_, Tone::Good) => AnsiColor::Green.on_default(),
            (_, Tone::Doubtful) => AnsiColor::Yellow.on_default(),
            (_, Tone::Bad) => AnsiColor::Red.on_default(),
            (_, Tone::Accent) => AnsiColor::Cyan.on_default(),
        };
        format!("{style}{text}{style:#}")
    }
}

/// The tone of a call status.
#[must_use]
pub fn tone_of_status(status: &str) -> Tone {
    match status {
        "completed" | "ended" | "ended_by_customer" | "ended_by_assistant" => Tone::Good,
        "failed" => Tone::Bad,
        _ => Tone::Doubtful,
    }
}
