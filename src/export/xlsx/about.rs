//! The last sheet, which describes the workbook.

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::layout;
use super::styles::{self, CellStyles};
use crate::table::cell_split;
use crate::text::cell_units::CellUnits;

/// Content of the last sheet, which describes the workbook.
pub(crate) struct AboutSheet<'a> {
    /// When the workbook is written. Programs show it among the file's properties too.
    pub(crate) created: DateTime<Utc>,
    /// Facts, each with its label.
    pub(crate) facts: Vec<(&'a str, String)>,
    /// Findings, one entry per rule: level, id of the rule, count, and summary of the rule.
    pub(crate) findings: Vec<(&'static str, &'static str, u64, &'static str)>,
}

/// The author of the workbook.
pub(super) const PROGRAM: &str = concat!("postcall ", env!("CARGO_PKG_VERSION"));

/// Widths of the columns in characters.
const WIDTHS: [usize; 4] = [20, 44, 9, 80];

/// Adds the sheet: facts, then findings.
pub(super) fn add_sheet(
    workbook: &mut Workbook,
    about: &AboutSheet,
    styles: &CellStyles,
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name("About")?;
    styles::set_page(sheet, 1);
    for (column, width) in (0..).zip(WIDTHS) {
        #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
        sheet.set_column_width(column, width as f64)?;
    }
    let created = about.created.format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let facts = [("Created by", PROGRAM), ("Created at", &created)];
    let other_facts = about.facts.iter().map(|(label, fact)| (*label, &**fact));
    let mut row = 0;
    for (label, fact) in facts.into_iter().chain(other_facts) {
        sheet.write_string_with_format(row, 0, label, &styles.label)?;
        let parts = cell_split::split_text(fact, CellUnits::Utf16);
        for (column, part) in (1..).zip(parts) {
            sheet.write_string_with_format(row, column, part, &styles.text)?;
        }
        styles::set_lines(sheet, row, layout::count_lines(fact, WIDTHS[1]))?;
        row += 1;
    }
    row += 1;
    for (column, name) in (0..).zip(["Finding", "Rule", "Count", "Meaning"]) {
        sheet.write_string_with_format(row, column, name, &styles.heading)?;
    }
    let first = row + 1;
    for (level, rule, count, summary) in &about.findings {
        row += 1;
        sheet.write_string(row, 0, *level)?;
        sheet.write_string(row, 1, *rule)?;
        #[expect(clippy::cast_precision_loss, reason = "findings are fewer than 2^53")]
        sheet.write_number_with_format(row, 2, *count as f64, &styles.integer)?;
        sheet.write_string_with_format(row, 3, *summary, &styles.text)?;
        styles::set_lines(sheet, row, layout::count_lines(summary, WIDTHS[3]))?;
    }
    if row < first {
        sheet.write_string_with_format(first, 0, "none", &styles.plain)?;
    } else {
        styles::add_bands(sheet, first, row, 3)?;
    }
    Ok(())
}
