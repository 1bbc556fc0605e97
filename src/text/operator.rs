//! Operators that begin a formula in spreadsheets.

/// True if a spreadsheet could take text that starts with this character as a formula.
#[must_use]
pub(crate) fn is_operator(character: char) -> bool {
    matches!(
        character,
        // Plain, full-width (from U+FF01), small (from U+FE50), and the minus sign.
        '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−'
    )
}
