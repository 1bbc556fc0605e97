//! The table of counts by rule that `--summary` ends with.

use std::io::{self, Write};

use super::Summary;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter as _};
use crate::view::table::{Layout, TableWriter};

/// Writes the rules that found something, with their levels and how often, the worst and most frequent first.
pub fn table(summary: &Summary, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let headings = vec![
        Heading::new("Findings").right(),
        Heading::new("Level"),
        Heading::new("Rule").flexible(),
    ];
    let mut table = TableWriter::new(headings, layout);
    for (level, rule, count) in summary.tally.by_rule() {
        let count = count.to_string();
        let cells = [
            Cell::text(count.as_str()),
            Cell::text(level.name()),
            Cell::text(rule),
        ];
        table.row(&cells.map(Some), out)?;
    }
    table.finish(out)
}
