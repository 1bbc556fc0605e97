//! Reads exported tables.

use std::collections::HashMap;

/// The cells of a CSV file by column heading.
pub(crate) fn columns(bytes: &[u8], delimiter: u8) -> HashMap<String, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(bytes);
    let names: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns: HashMap<String, Vec<String>> = HashMap::new();
    for record in reader.records() {
        for (name, cell) in names
            .iter()
            .zip(&record.expect("a row as long as the header"))
        {
            columns
                .entry(name.clone())
                .or_default()
                .push(cell.to_owned());
        }
    }
    columns
}

/// Removes the apostrophes that guard a CSV cell against running as a formula.
///
/// This implements the rule in `docs/spreadsheets.md` independently of the program.
pub(crate) fn without_guard(cell: &str) -> String {
    let mut text = String::new();
    let mut begins_cell = true;
    for character in cell.chars() {
        if begins_cell && is_operator(character) && text.ends_with('\'') {
            text.pop();
        }
        let is_separator = ",;\t\r\n".contains(character);
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
