//! Tables of calls: text with a column per field, such as a sheet of calls, or the CSV and TSV that
//! `export` writes. A row is the record; it may have line breaks inside of quotes.

pub(crate) mod cells;
pub(crate) mod head;
pub(crate) mod members;
pub(crate) mod sample;

use self::cells::row_end;
use self::head::TableHead;

/// Offset at which the `pending` rows can be cut: after the last complete one. The first batch of a
/// source, if `is_start`, has the headings and at least one row, whose members fix the columns.
pub(crate) fn find_row_cut(pending: &[u8], head: &TableHead, is_start: bool) -> Option<usize> {
    let mut at = if is_start { head.length } else { 0 };
    let mut cut = None;
    while let Some(next) = row_end(pending, at, head.syntax).next {
        if cut.is_some() || !is_start || !pending[at..next].trim_ascii().is_empty() {
            cut = Some(next);
        }
        at = next;
    }
    cut
}
