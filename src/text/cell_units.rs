//! The length of texts in the cells of spreadsheets, which is limited.

use super::operator::is_operator;

/// Maximum UTF-16 units per cell: the limit of Excel (32,767), less one unit for a tab that marks
/// text.
pub(crate) const MAX_CELL_UNITS: usize = 32_766;

/// How the length of a text is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellUnits {
    /// UTF-16 units.
    Utf16,
    /// UTF-16 units, and one more for each operator, because CSV may have a guard before it. An
    /// upper bound of the length with guards.
    Guarded,
}

impl CellUnits {
    /// Number of units of `character`.
    #[must_use]
    pub(crate) fn of(self, character: char) -> usize {
        let has_guard = self == Self::Guarded && is_operator(character);
        character.len_utf16() + usize::from(has_guard)
    }

    /// Number of units of `text`.
    #[must_use]
    pub(crate) fn count(self, text: &str) -> usize {
        text.chars().map(|character| self.of(character)).sum()
    }

    /// Fast path for most texts: true only if `text` fits into one cell.
    #[must_use]
    pub(crate) fn fits(self, text: &str) -> bool {
        // A text has at most as many UTF-16 units as bytes.
        let max_units_per_byte = match self {
            Self::Utf16 => 1,
            Self::Guarded => 2,
        };
        text.len() <= MAX_CELL_UNITS / max_units_per_byte
    }
}
