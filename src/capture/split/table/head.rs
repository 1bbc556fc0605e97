//! Recognizes a table of calls by its headings, and reads them.

use std::collections::HashSet;

use super::cells::{RowSyntax, TableCell, read_cells, row_end};
use super::members::{self, MembersBuilder, TableMember};
use super::sample::{Guards, Sample, TEXT_MARK, tab_syntax, width};
use crate::capture::split::boundary::BYTE_ORDER_MARK;
use crate::capture::split::text::call_members::mentions_call;
use crate::contract::recognition::{TEXT_NAME, has_fields_of_body};
use crate::contract::{CALL_ID, fields_of};
use crate::guard::offsets::guard_offsets;
use crate::text::shorten::shorten;
use crate::text::windows_1252;

/// Number of bytes after which it is decided in any case that a source is not a table.
const MAX_HEAD_BYTES: usize = 1024 * 1024;

/// Maximum number of lines before the headings.
const MAX_TITLE_LINES: usize = 5;

/// Delimiters to try if the file does not name its own.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A line that names the delimiter for Excel, as in `sep=;`.
const DELIMITER_LINE: &[u8] = b"sep=";

/// The headings of a table of calls.
#[derive(Debug)]
pub(crate) struct TableHead {
    pub(crate) syntax: RowSyntax,
    /// Number of bytes before the first row.
    pub(crate) length: usize,
    /// True if the table is made for a spreadsheet program, so that text may have a [`TEXT_MARK`].
    has_text_marks: bool,
    pub(crate) guards: Guards,
    /// The number of cells in each row if it is less than that of the headings, because the last
    /// ones are empty.
    pub(crate) short_length: Option<usize>,
    /// The headings; empty for a column without one.
    pub(crate) headings: Vec<String>,
    /// True for each column that may continue the one before it, because a text was too long for
    /// one cell.
    pub(crate) continues: Vec<bool>,
    /// The members of the bodies.
    pub(crate) members: Vec<TableMember>,
    /// The headings of columns that are neither documented fields nor variables.
    pub(crate) undocumented: Vec<String>,
}

/// The result of looking for a table.
pub(crate) enum Detection {
    /// More bytes are needed.
    Undecided,
    NoTable,
    Table(TableHead),
    /// A table that cannot be read, with the reason.
    Unreadable(String),
}

/// Looks for a table of calls in a source that starts with `head`, and has no more bytes if
/// `is_whole`. More bytes never change a result other than [`Detection::Undecided`].
#[must_use]
pub(crate) fn detect(head: &[u8], is_whole: bool) -> Detection {
    if head.first().is_some_and(|first| b"{[<".contains(first)) {
        return Detection::NoTable;
    }
    let is_whole = is_whole || head.len() >= MAX_HEAD_BYTES;
    let head = &head[..head.len().min(MAX_HEAD_BYTES)];
    let undecided = if is_whole {
        Detection::NoTable
    } else {
        Detection::Undecided
    };
    if head.len() < BYTE_ORDER_MARK.len() + DELIMITER_LINE.len() {
        return undecided;
    }
    let has_bom = head.starts_with(BYTE_ORDER_MARK);
    let mut start = 0;
    while head[start..].starts_with(BYTE_ORDER_MARK) {
        start += BYTE_ORDER_MARK.len();
    }
    let mut delimiters = &DELIMITERS[..];
    if head[start..].starts_with(DELIMITER_LINE) {
        let Some(length) = memchr::memchr(b'\n', &head[start..]) else {
            return undecided;
        };
        delimiters = match head[start + DELIMITER_LINE.len()..start + length].trim_ascii_end() {
            // A tab is white space.
            [] => b"\t",
            delimiter @ [_] => delimiter,
            _ => return Detection::NoTable,
        };
        start += length + 1;
    }
    match find_headings(head, start) {
        Headings::At(found) => start = found,
        Headings::None => return Detection::NoTable,
        Headings::Undecided => return undecided,
    }
    for delimiter in delimiters {
        match read_head(head, start, *delimiter, is_whole, has_bom) {
            Detection::NoTable => {}
            detection => return detection,
        }
    }
    Detection::NoTable
}

/// Result of looking for the line of the headings.
enum Headings {
    At(usize),
    None,
    Undecided,
}

/// Looks for the line of the headings from `start` on. Titles may be before it, but no values in
/// JSON. Cheap for everything else: most text has no such name in its first lines.
fn find_headings(head: &[u8], mut start: usize) -> Headings {
    for titles in 0..=MAX_TITLE_LINES {
        let length = memchr::memchr(b'\n', &head[start..]);
        let line = &head[start..length.map_or(head.len(), |length| start + length)];
        let has_brackets = memchr::memchr3(b'{', b'[', b'<', line).is_some();
        let has_name = memchr::memmem::find(line, TEXT_NAME.as_bytes()).is_some();
        match length {
            _ if has_name && (titles == 0 || !has_brackets) => return Headings::At(start),
            _ if has_brackets => return Headings::None,
            Some(length) => start += length + 1,
            None => return Headings::Undecided,
        }
    }
    Headings::None
}

/// Reads the headings, which start at `start`.
fn read_head(head: &[u8], start: usize, delimiter: u8, is_whole: bool, has_bom: bool) -> Detection {
    let mut syntax = RowSyntax::quoted(delimiter);
    let end = row_end(head, start, syntax);
    let length = match end.next {
        Some(next) => next,
        None if is_whole && head.len() < MAX_HEAD_BYTES => head.len(),
        None if is_whole => return Detection::NoTable,
        None => return Detection::Undecided,
    };
    let row = &head[start..end.content];
    let row = match std::str::from_utf8(row) {
        Ok(row) => row.to_owned(),
        Err(_) => windows_1252::decode(row).unwrap_or_default(),
    };
    let has_text_marks = has_bom && row.starts_with('"');
    let Ok(mut cells) = read_cells(&row, start, syntax) else {
        return Detection::NoTable;
    };
    if row.starts_with('"') && matches!(&cells[..], [cell] if has_quoted_headings(&cell.text)) {
        return Detection::Unreadable(QUOTED_ROWS.to_owned());
    }
    name_id(&mut cells);
    if !are_of_calls(&cells) {
        return Detection::NoTable;
    }
    match holds_body(&head[length..], syntax, is_whole) {
        None => return Detection::Undecided,
        Some(true) => return Detection::NoTable,
        Some(false) => {}
    }
    // The properties of the table must not depend on the number of bytes that arrived so far.
    if !is_whole {
        return Detection::Undecided;
    }
    if delimiter == b'\t' {
        syntax = tab_syntax(&head[length..], &cells);
    }
    let sample = Sample::read(&head[length..], &cells, syntax, has_text_marks);
    let mut table = TableHead {
        syntax,
        length,
        has_text_marks: sample.has_text_marks,
        guards: sample.guards,
        short_length: sample.short_length,
        headings: Vec::new(),
        continues: Vec::new(),
        members: Vec::new(),
        undocumented: Vec::new(),
    };
    let headings = cells.into_iter().map(|cell| table.clean(cell).text);
    table.headings = headings.collect();
    if let Some(heading) = find_repeated(&table.headings) {
        return Detection::Unreadable(format!(
            "a table of calls with two columns `{}`; rename one of them",
            shorten(heading)
        ));
    }
    table.add_members();
    Detection::Table(table)
}

/// True if `cell` is a row with headings in quotes.
fn has_quoted_headings(cell: &str) -> bool {
    let mut headings = cell.split([',', ';', '\t']);
    let is_name = |heading: &str| heading.trim_matches('"') == TEXT_NAME;
    headings.any(|heading| heading.starts_with('"') && is_name(heading))
}

const QUOTED_ROWS: &str = "a table in which each row is one quoted cell: a program saved it with another \
                           delimiter; use the original file";

/// Writes the heading `ID` in lower case, unless there is another id.
fn name_id(headings: &mut [TableCell]) {
    if headings
        .iter()
        .any(|heading| heading.text == CALL_ID || heading.text == "id")
    {
        return;
    }
    let mut headings = headings.iter_mut();
    if let Some(heading) = headings.find(|heading| heading.text.eq_ignore_ascii_case("id")) {
        heading.text.make_ascii_lowercase();
    }
}

/// True if the headings have an id and enough of the fields that only calls have.
fn are_of_calls(headings: &[TableCell]) -> bool {
    let headings = headings.iter().map(|heading| heading.text.as_str());
    let has = |name: &str| headings.clone().any(|heading| heading == name);
    let is_present = |name: &str| {
        let mut rests = headings
            .clone()
            .filter_map(|heading| heading.strip_prefix(name));
        rests.any(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let fields = fields_of("").enumerate();
    let present = fields.filter(|(_, field)| is_present(field.name));
    let present = present.fold(0, |set, (index, _)| set | 1 << index);
    let has_fields = has_fields_of_body(present) || has("duration") && present.count_ones() >= 4;
    (has("id") || has(CALL_ID)) && has(TEXT_NAME) && has_fields
}

/// True if a cell of the first row of `rows` holds a body, as in a table of webhooks. `None` if
/// more bytes are needed.
fn holds_body(rows: &[u8], syntax: RowSyntax, is_whole: bool) -> Option<bool> {
    let mut at = 0;
    loop {
        let end = row_end(rows, at, syntax);
        if end.next.is_none() && !is_whole {
            return None;
        }
        let row = &rows[at..end.content];
        match end.next {
            Some(next) if row.trim_ascii().is_empty() => at = next,
            _ => return Some(mentions_body(row)),
        }
    }
}

/// True if this row has a cell that may be a body.
#[must_use]
pub(crate) fn mentions_body(row: &[u8]) -> bool {
    memchr::memchr(b'{', row).is_some_and(|bracket| mentions_call(&row[bracket..]))
}

/// The first heading that occurs twice.
fn find_repeated(headings: &[String]) -> Option<&str> {
    let mut known = HashSet::new();
    let mut headings = headings.iter().filter(|heading| !heading.is_empty());
    headings
        .find(|heading| !known.insert(heading.as_str()))
        .map(String::as_str)
}

impl TableHead {
    /// The text of `cell`, without what `export` adds for spreadsheets: the tab before text that
    /// they would convert, and the guards of formulas.
    #[must_use]
    pub(crate) fn clean(&self, mut cell: TableCell) -> TableCell {
        if self.has_text_marks && cell.text.starts_with(TEXT_MARK) {
            cell.remove(&[0]);
        }
        if matches!(self.guards, Guards::Removed(_)) {
            let guards = guard_offsets(&cell.text, self.syntax.delimiter);
            cell.remove(&guards);
        }
        cell
    }

    /// The number of cells that a row has at least, if its last cells are not missing.
    pub(crate) fn width(&self) -> usize {
        width(self.headings.iter().map(String::as_str))
    }

    fn add_members(&mut self) {
        let headings = &self.headings;
        let mut base = "";
        for heading in headings {
            let continues = is_continuation(heading, base);
            self.continues.push(continues);
            if !continues {
                base = heading;
            }
        }
        let paths = members::paths(headings);
        let mut members = MembersBuilder::default();
        for (index, path) in paths.iter().enumerate() {
            if headings[index].is_empty() {
                continue;
            }
            members.add(path, index);
            if members::is_undocumented(path) && !self.continues[index] {
                self.undocumented.push(headings[index].clone());
            }
        }
        self.members = members.finish();
    }
}

/// True if a column continues the texts of the column `base`: `transcript (2)`.
fn is_continuation(heading: &str, base: &str) -> bool {
    let part = heading.strip_prefix(base);
    let part = part.and_then(|part| part.strip_prefix(" (")?.strip_suffix(')'));
    !base.is_empty() && part.is_some_and(|part| part.parse::<u32>().is_ok_and(|part| part >= 2))
}
