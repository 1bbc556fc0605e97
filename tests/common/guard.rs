//! The guard against formulas, by the rule in `docs/spreadsheets.md` and independent of the
//! program. `fuzz/` uses it too.

/// Removes the apostrophes that guard a CSV cell against running as a formula.
pub(crate) fn without_guard(cell: &str) -> String {
    without_guard_in(cell, ',')
}

/// Removes the apostrophes that guard a cell of a file with this delimiter.
pub(crate) fn without_guard_in(cell: &str, delimiter: char) -> String {
    let mut text = String::new();
    let mut begins_cell = true;
    for character in cell.chars() {
        if begins_cell && is_operator(character) && text.ends_with('\'') {
            text.pop();
        }
        let is_separator = ",;\t\r\n".contains(character) || character == delimiter;
        begins_cell = is_separator || begins_cell && is_ignored(character);
        text.push(character);
    }
    text
}

/// True for the operators of formulas.
pub(crate) fn is_operator(character: char) -> bool {
    "=+-@＝＋－＠﹦﹢﹣﹫−".contains(character)
}

/// True for blanks, quotes, and control and invisible characters.
pub(crate) fn is_ignored(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || "\"'`´«»‘’‚‛“”„‟‹›＂＇".contains(character)
        || "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{2800}\u{3164}\u{feff}\u{ffa0}"
            .contains(character)
        || matches!(
            u32::from(character),
            0x180b..=0x180f
                | 0x200b..=0x200f
                | 0x202a..=0x202e
                | 0x2060..=0x206f
                | 0xfe00..=0xfe0f
                | 0xfff0..=0xfffb
                | 0x1bca0..=0x1bca3
                | 0x1d173..=0x1d17a
                | 0xe0000..=0xe0fff
        )
}
