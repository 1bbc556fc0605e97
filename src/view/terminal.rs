//! Width, colours and characters of output for people.

use super::theme::Theme;
use crate::text::symbols::Symbols;

/// Width, colours and characters of the output.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terminal {
    /// Width in columns, from `--width`, the environment variable `COLUMNS` or the terminal. `None`
    /// if there is no limit: then nothing is cut or wrapped, and each row is one line.
    pub(crate) width: Option<usize>,
    /// Colours of the output.
    pub(crate) theme: Theme,
    /// Characters that the output is drawn with.
    pub(crate) symbols: Symbols,
}

impl Terminal {
    /// How a file is drawn: with the same characters, but without limit on the width and colours.
    #[must_use]
    pub(crate) fn in_file(self) -> Self {
        Self {
            width: None,
            theme: Theme::Plain,
            symbols: self.symbols,
        }
    }
}
