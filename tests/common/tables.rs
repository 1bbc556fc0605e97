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

/// Removes the apostrophe that guards a CSV cell against running as a formula.
///
/// This implements the rule in `docs/spreadsheets.md` independently of the program.
pub(crate) fn without_guard(cell: &str) -> &str {
    let Some(text) = cell.strip_prefix('\'') else {
        return cell;
    };
    let unquoted = text.trim_start_matches('\'');
    let is_dashes = unquoted.chars().all(|c| c == '-');
    let visible = unquoted.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || "\u{ad}\u{200b}\u{2060}\u{feff}".contains(c)
    });
    let is_formula = unquoted.starts_with(['\t', '\r', '\n'])
        || visible.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula && !is_dashes { text } else { cell }
}
