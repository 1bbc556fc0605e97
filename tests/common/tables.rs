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
