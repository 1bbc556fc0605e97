//! Where a cell that begins inside a text ends.

use crate::text::cell_start::is_skipped;

/// Where a cell that begins inside a text ends in every reader that begins one there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellEnd {
    /// At the end of the text: one of the readers has our delimiter, or several separators precede.
    Text,
    /// At the next CR LF: CR, LF or both precede.
    Line,
    /// At the next separator of this kind.
    Separator(u8),
}

impl CellEnd {
    /// The end of a cell that begins after `separator`. `before` is the end of the cell that
    /// consists of the separator and blanks before it, if there is one.
    pub(super) fn after(separator: u8, before: Option<Self>) -> Self {
        match (before, separator) {
            (Some(Self::Separator(before)), _) if before == separator => Self::Separator(separator),
            (Some(Self::Line | Self::Separator(b'\n' | b'\r')), b'\n' | b'\r') => Self::Line,
            (Some(_), _) if is_skipped(char::from(separator)) => Self::Text,
            _ => Self::Separator(separator),
        }
    }
}
