//! Makes a body of a row of a table of calls. An empty cell is a member that is absent: a table
//! cannot distinguish null, an empty string and no value.

use super::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::table::cells::{TableCell, read_cells};
use crate::capture::split::table::head::TableHead;
use crate::capture::split::table::members::{CellType, TableColumn, TableMember};
use crate::json::syntax::parse_value;
use crate::json::{Json, Kind};
use crate::text::cell_units::{CellUnits, MAX_CELL_UNITS};
use crate::text::plural::format_count;
use crate::text::shorten::shorten;

/// Why a row is not read.
pub(super) struct RowFault {
    /// Offset in the text with the row.
    pub(super) offset: usize,
    pub(super) problem: String,
    pub(super) help: Option<&'static str>,
}

/// The body of `row`, which starts at `start` of its text. `None` if all cells are empty.
///
/// Cells may be missing at the end of the row only if those of all rows are, and only if the row
/// `is_complete`: it ends with a line end. A file that was cut ends without one.
///
/// The body of the first row has null for each empty cell of a variable or an undocumented member,
/// so that an export of the table has these columns too, and in the same order.
pub(super) fn body_of_row(
    row: &str,
    start: usize,
    head: &TableHead,
    is_first: bool,
    is_complete: bool,
) -> Result<Option<NestedText>, RowFault> {
    let cells = read_cells(row, start, head.syntax).map_err(|(offset, problem)| RowFault {
        offset,
        problem,
        help: Some("quote the cell, and double each quote in it"),
    })?;
    let width = head.width();
    if cells.len() < width && !(head.short_length == Some(cells.len()) && is_complete) {
        return Err(RowFault {
            offset: start,
            problem: format!(
                "{} for {width} headings",
                format_count(cells.len() as u64, "cell")
            ),
            help: Some("the row may be cut off, or have a line break that is not quoted"),
        });
    }
    let mut values: Vec<CellValue> = Vec::new();
    for (index, cell) in cells.into_iter().enumerate() {
        let cell = head.clean(cell);
        if !cell.text.is_empty() && head.headings.get(index).is_none_or(String::is_empty) {
            let count = head.headings.len();
            let problem = if index < count {
                format!("column {} has a value but no heading", index + 1)
            } else {
                format!("more cells than the {count} headings")
            };
            return Err(RowFault {
                offset: cell.outer_offset(0),
                problem,
                help: Some("quote cells that contain the delimiter or a line break"),
            });
        }
        values.push(CellValue(if cell.text.is_empty() {
            vec![]
        } else {
            vec![cell]
        }));
    }
    values.resize(head.headings.len().max(values.len()), CellValue::default());
    join_continued(&mut values, head);
    if values.iter().all(CellValue::is_empty) {
        return Ok(None);
    }
    let mut writer = BodyWriter {
        head,
        values: &values,
        is_first,
        row_start: start,
        body: NestedTextBuilder::with_capacity(row.len() * 2),
    };
    writer.add_members(&head.members, start, true)?;
    Ok(Some(writer.body.finish(start + row.len())))
}

/// The cells of one value: several if its text is too long for one.
#[derive(Clone, Debug, Default)]
struct CellValue(Vec<TableCell>);

impl CellValue {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Moves cells that continue the text of the column before them to that column. A text continues
/// only if its cell is full; else the column is one of its own.
fn join_continued(values: &mut [CellValue], head: &TableHead) {
    let mut base = 0;
    for index in 0..head.headings.len() {
        if !head.continues[index] {
            base = index;
            continue;
        }
        let next = values[index]
            .0
            .first()
            .and_then(|cell| cell.text.chars().next());
        let last = values[base].0.last();
        let is_full = last.zip(next).is_some_and(|(last, next)| {
            let next = CellUnits::Guarded.count(next.encode_utf8(&mut [0; 4]));
            CellUnits::Guarded.count(&last.text) + next > MAX_CELL_UNITS
        });
        if is_full {
            let cells = std::mem::take(&mut values[index].0);
            values[base].0.extend(cells);
        }
    }
}

/// Writes a body.
struct BodyWriter<'r> {
    head: &'r TableHead,
    values: &'r [CellValue],
    is_first: bool,
    row_start: usize,
    body: NestedTextBuilder,
}

impl BodyWriter<'_> {
    /// Adds an object with these members, those of the body itself if `is_body`.
    fn add_members(
        &mut self,
        members: &[TableMember],
        start: usize,
        is_body: bool,
    ) -> Result<(), RowFault> {
        let mut separator = "{";
        for member in members {
            if !self.is_present(member, is_body) {
                continue;
            }
            let name = serde_json::to_string(&member.name).unwrap_or_default();
            let at = self.start_of(member).unwrap_or(start);
            self.body.add_generated(at, separator.as_bytes());
            self.body.add_generated(at, name.as_bytes());
            self.body.add_generated(at, b":");
            separator = ",";
            self.add_member(member, at)?;
        }
        if separator == "{" {
            self.body.add_generated(start, b"{");
        }
        self.body.add_generated(start, b"}");
        Ok(())
    }

    fn add_member(&mut self, member: &TableMember, start: usize) -> Result<(), RowFault> {
        let column = member
            .column
            .filter(|column| !self.value(*column).is_empty());
        let has_members = member.members.iter().any(|inner| self.has_value(inner));
        match column {
            Some(column) if has_members => {
                let heading = shorten(&self.head.headings[column.index]);
                Err(RowFault {
                    offset: start,
                    problem: format!("`{heading}` has a value, and so have its members"),
                    help: None,
                })
            }
            Some(column) => self.add_value(column),
            None if member.members.is_empty() => {
                self.body.add_generated(start, b"null");
                Ok(())
            }
            None => self.add_members(&member.members, start, false),
        }
    }

    /// True if the member is written. A call without a lead or a campaign does not get one.
    fn is_present(&self, member: &TableMember, is_of_body: bool) -> bool {
        let is_optional = is_of_body && OPTIONAL_OBJECTS.contains(&member.name.as_str());
        self.has_value(member) || self.is_first && !is_optional && self.is_null(member)
    }

    fn has_value(&self, member: &TableMember) -> bool {
        let column = member.column;
        column.is_some_and(|column| !self.value(column).is_empty())
            || member.members.iter().any(|inner| self.has_value(inner))
    }

    /// True if the member is null in the first row when its cells are empty, or has such a member.
    fn is_null(&self, member: &TableMember) -> bool {
        let is_undocumented = |column: TableColumn| {
            column.cell_type == CellType::Undocumented && !self.head.continues[column.index]
        };
        member.column.is_some_and(is_undocumented)
            || member.members.iter().any(|inner| self.is_null(inner))
    }

    fn value(&self, column: TableColumn) -> &CellValue {
        &self.values[column.index]
    }

    /// Offset of the first cell with a value of the member.
    fn start_of(&self, member: &TableMember) -> Option<usize> {
        let own = member
            .column
            .and_then(|column| self.value(column).0.first());
        own.map(|cell| cell.outer_offset(0)).or_else(|| {
            let mut inner = member.members.iter();
            inner.find_map(|inner| self.start_of(inner))
        })
    }

    fn add_value(&mut self, column: TableColumn) -> Result<(), RowFault> {
        let cells = &self.values[column.index].0;
        match (column.cell_type, cells.as_slice()) {
            (CellType::Integer, [cell]) => {
                // Programs that have no null for whole numbers write `95.0`.
                let digits = cell.text.strip_suffix(".0").unwrap_or(&cell.text);
                if !is_whole_number(digits) {
                    let heading = shorten(&self.head.headings[column.index]);
                    let text = shorten(&cell.text);
                    return Err(RowFault {
                        offset: cell.outer_offset(0),
                        problem: format!("`{heading}` is not a whole number: {text}"),
                        help: None,
                    });
                }
                self.add_verbatim(cell, digits.len());
            }
            (CellType::Json('{'), [cell]) if is_json(&cell.text, Kind::Object) => {
                self.add_verbatim(cell, cell.text.len());
            }
            (CellType::Json('['), [cell]) if is_json(&cell.text, Kind::Array) => {
                self.add_verbatim(cell, cell.text.len());
            }
            (_, cells) => self.add_string(cells),
        }
        Ok(())
    }

    /// Adds the first bytes of a cell, up to `end`.
    fn add_verbatim(&mut self, cell: &TableCell, end: usize) {
        let starts: Vec<usize> = cell.part_starts().collect();
        for part in starts.windows(2) {
            let text = &cell.text.as_bytes()[part[0].min(end)..part[1].min(end)];
            self.body.add(cell.outer_offset(part[0]), text);
        }
    }

    fn add_string(&mut self, cells: &[TableCell]) {
        let start = cells
            .first()
            .map_or(self.row_start, |cell| cell.outer_offset(0));
        self.body.add_generated(start, b"\"");
        let mut end = start;
        for cell in cells {
            let starts: Vec<usize> = cell.part_starts().collect();
            for part in starts.windows(2) {
                self.add_escaped_part(cell, part[0], part[1]);
            }
            end = cell.outer_offset(cell.text.len());
        }
        self.body.add_generated(end, b"\"");
    }

    /// Adds the bytes of `cell` from `start` to `end` to a JSON string.
    fn add_escaped_part(&mut self, cell: &TableCell, start: usize, end: usize) {
        let bytes = cell.text.as_bytes();
        let mut from = start;
        for at in start..end {
            let escape = match bytes[at] {
                b'"' => "\\\"".to_owned(),
                b'\\' => "\\\\".to_owned(),
                b'\n' => "\\n".to_owned(),
                control @ 0..0x20 => format!("\\u{control:04x}"),
                _ => continue,
            };
            self.body.add(cell.outer_offset(from), &bytes[from..at]);
            self.body
                .add_generated(cell.outer_offset(at), escape.as_bytes());
            from = at + 1;
        }
        self.body.add(cell.outer_offset(from), &bytes[from..end]);
    }
}

/// The objects that a call may lack.
const OPTIONAL_OBJECTS: [&str; 2] = ["lead", "campaign"];

/// True if `text` is a JSON number without a fraction or an exponent.
fn is_whole_number(text: &str) -> bool {
    !text.contains(['.', 'e', 'E']) && is_json(text, Kind::Number)
}

/// True if `text` is one JSON value of this kind.
fn is_json(text: &str, kind: Kind) -> bool {
    parse_value::<Json>(text).is_ok_and(|(value, end)| value.kind() == kind && end == text.len())
        && !text.starts_with(|first: char| first.is_ascii_whitespace())
}
