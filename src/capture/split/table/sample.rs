//! Properties of a whole table that its first rows show: who wrote it, and how.

use super::cells::{RowSyntax, TableCell, read_cells, row_end};
use super::members::is_documented;
use crate::call::phone::is_e164;
use crate::guard::guard_formulas;
use crate::guard::offsets::{GUARD, guard_offsets};
use crate::text::cell_start::SEPARATORS;

/// A tab that `export --for excel` puts before text that Excel would convert.
pub(super) const TEXT_MARK: char = '\t';

/// The formula guards of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Guards {
    /// The rows that were examined have no guards.
    #[default]
    None,
    /// `export` wrote them, at least this many. They are removed.
    Removed(usize),
    /// Apostrophes that may also be text: at least this many.
    Kept(usize),
}

/// The rows at the start of a table, all rows if it is short.
#[derive(Debug, Default)]
pub(super) struct Sample {
    /// True if the table was made for a spreadsheet program, so that text may have a [`TEXT_MARK`].
    pub(super) has_text_marks: bool,
    pub(super) guards: Guards,
    /// Number of cells in each of at least two rows, if the same empty cells are missing at the end
    /// of all rows.
    pub(super) short_length: Option<usize>,
}

impl Sample {
    /// Examines `rows`, the text after the headings.
    pub(super) fn read(
        rows: &[u8],
        headings: &[TableCell],
        syntax: RowSyntax,
        has_text_marks: bool,
    ) -> Self {
        let phones: Vec<usize> = (0..headings.len())
            .filter(|index| PHONES.contains(&headings[*index].text.as_str()))
            .collect();
        let width = width(headings.iter().map(|heading| heading.text.as_str()));
        let mut cells: Vec<TableCell> = headings.to_vec();
        let mut lengths = Vec::new();
        let mut sample = Self {
            has_text_marks,
            ..Self::default()
        };
        for row in complete_rows_of(rows, syntax) {
            let Ok(row_cells) = read_cells(&String::from_utf8_lossy(row), 0, syntax) else {
                continue;
            };
            lengths.push(row_cells.len());
            sample.has_text_marks |= phones.iter().any(|index| {
                let phone = row_cells.get(*index).map(|cell| cell.text.as_str());
                phone.is_some_and(|phone| phone.strip_prefix(TEXT_MARK).is_some_and(is_e164))
            });
            cells.extend(row_cells);
        }
        if let [first, others @ ..] = &lengths[..]
            && *first < width
            && !others.is_empty()
            && others.iter().all(|length| length == first)
        {
            sample.short_length = Some(*first);
        }
        sample.guards = find_guards(&cells, syntax.delimiter, sample.has_text_marks);
        sample
    }
}

/// Columns with phone numbers, which `export --for excel` always marks as text.
const PHONES: [&str; 3] = ["customer_phone", "assistant_phone", "lead.phone_number"];

/// The rows that have a line end, without empty ones.
fn complete_rows_of(rows: &[u8], syntax: RowSyntax) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let end = row_end(rows, at, syntax);
        let row = &rows[at..end.content.max(at)];
        at = end.next?;
        Some(row)
    })
    .filter(|row| !row.trim_ascii().is_empty())
}

/// The number of cells that a row has at least: up to the last column with a heading.
pub(crate) fn width<'h>(
    headings: impl DoubleEndedIterator<Item = &'h str> + ExactSizeIterator,
) -> usize {
    let count = headings.len();
    count
        - headings
            .rev()
            .take_while(|heading| heading.is_empty())
            .count()
}

/// The guards in these cells. They are removed only if `export` would write all cells exactly so,
/// and if one of the apostrophes is not part of a quotation such as `'-'`.
fn find_guards(cells: &[TableCell], delimiter: u8, has_text_marks: bool) -> Guards {
    let mut count = 0;
    let mut is_certain = false;
    let mut is_consistent = true;
    for cell in cells {
        let text = match cell.text.strip_prefix(TEXT_MARK) {
            Some(text) if has_text_marks => text,
            _ => &cell.text,
        };
        let guards = guard_offsets(text, delimiter);
        count += guards.len();
        is_certain |= guards.iter().any(|guard| !is_quotation(&text[*guard..]));
        is_consistent = is_consistent && (is_number(text) || is_guarded(text, &guards, delimiter));
    }
    match count {
        0 => Guards::None,
        _ if is_consistent && is_certain => Guards::Removed(count),
        _ => Guards::Kept(count),
    }
}

/// True if the text has exactly the guards that `export` writes.
fn is_guarded(text: &str, guards: &[usize], delimiter: u8) -> bool {
    let characters = text.char_indices();
    let plain: String = characters
        .filter(|(offset, _)| guards.binary_search(offset).is_err())
        .map(|(_, character)| character)
        .collect();
    guard_formulas(&plain, delimiter) == text
}

/// True for numbers and times, which have no guards.
fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.,:eE ".contains(&byte))
}

/// True if another apostrophe closes the one that starts the text.
fn is_quotation(text: &str) -> bool {
    let inner = &text[GUARD.len_utf8()..];
    let end = inner.find(|character: char| {
        u8::try_from(character).is_ok_and(|byte| SEPARATORS.contains(&byte))
    });
    let inner = &inner[..end.unwrap_or(inner.len())];
    inner.match_indices(GUARD).any(|(offset, _)| {
        let next = inner[offset + GUARD.len_utf8()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric())
    })
}

/// The syntax of a table that is separated by tabs. Cells have escapes if every row has a cell per
/// heading without regard to quotes, every backslash starts an escape, and a documented column has
/// a null, or a transcript has a line break before a turn. A `\n` alone may be verbatim: `C:\neu`.
pub(super) fn tab_syntax(rows: &[u8], headings: &[TableCell]) -> RowSyntax {
    const ESCAPED: RowSyntax = RowSyntax {
        delimiter: b'\t',
        null: Some(MYSQL_NULL),
    };
    let mut nulls = [false; 2];
    let mut has_line_break = false;
    for row in complete_rows_of(rows, ESCAPED) {
        let cells: Vec<&[u8]> = row.split(|byte| *byte == b'\t').collect();
        if cells.len() != headings.len() || !has_only_escapes(row) {
            return RowSyntax::quoted(b'\t');
        }
        for (cell, heading) in cells.into_iter().zip(headings) {
            if !is_documented(&heading.text) {
                continue;
            }
            for (has_null, null) in nulls.iter_mut().zip([COPY_NULL, MYSQL_NULL]) {
                *has_null |= cell == null.as_bytes();
            }
            let has_turns = |label: &[u8]| memchr::memmem::find(cell, label).is_some();
            has_line_break |= heading.text == "transcript"
                && (has_turns(b"\\nCustomer:") || has_turns(b"\\nAssistant:"));
        }
    }
    match nulls {
        [true, _] => RowSyntax {
            null: Some(COPY_NULL),
            ..ESCAPED
        },
        [_, true] => ESCAPED,
        _ if has_line_break => ESCAPED,
        _ => RowSyntax::quoted(b'\t'),
    }
}

const COPY_NULL: &str = "\\N";
const MYSQL_NULL: &str = "NULL";

/// True if each backslash of the row starts an escape, or is a null.
fn has_only_escapes(row: &[u8]) -> bool {
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'\\', &row[at..]) {
        let slash = at + length;
        let is_escape = match row.get(slash + 1) {
            Some(b'N') => {
                (slash == 0 || row[slash - 1] == b'\t')
                    && row.get(slash + 2).is_none_or(|next| *next == b'\t')
            }
            Some(letter) => b"ntrbfv0\\".contains(letter),
            None => false,
        };
        if !is_escape {
            return false;
        }
        at = slash + 2;
    }
    true
}
