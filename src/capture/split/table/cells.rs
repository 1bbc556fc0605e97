//! The rows of a table and their cells (RFC 4180), with the offset of each character in the file.

/// The end of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowEnd {
    /// Offset after the last cell, without the line end.
    pub(crate) content: usize,
    /// Offset of the next row, or `None` if the row has no line end outside of quotes.
    pub(crate) next: Option<usize>,
}

const QUOTE: u8 = b'"';

/// How the cells of a table are delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowSyntax {
    pub(crate) delimiter: u8,
    /// The text of an empty cell if cells have escapes and no quotes, as `mysql --batch` (`NULL`)
    /// and `COPY` of `PostgreSQL` (`\N`) write them.
    pub(crate) null: Option<&'static str>,
}

impl RowSyntax {
    /// Cells that may be quoted.
    pub(crate) fn quoted(delimiter: u8) -> Self {
        Self {
            delimiter,
            null: None,
        }
    }
}

/// Finds the end of the row of `bytes` that starts at `start`.
#[must_use]
pub(crate) fn row_end(bytes: &[u8], start: usize, syntax: RowSyntax) -> RowEnd {
    let open = RowEnd {
        content: bytes.len(),
        next: None,
    };
    let mut at = start.min(bytes.len());
    loop {
        if syntax.null.is_none() && bytes.get(at) == Some(&QUOTE) {
            match closing_quote(bytes, at) {
                Some(closing) => at = closing + 1,
                None => return open,
            }
        }
        let Some(length) = memchr::memchr2(syntax.delimiter, b'\n', &bytes[at..]) else {
            return open;
        };
        let end = at + length;
        if bytes[end] == b'\n' {
            let is_crlf = end > start && bytes[end - 1] == b'\r';
            return RowEnd {
                content: end - usize::from(is_crlf),
                next: Some(end + 1),
            };
        }
        at = end + 1;
    }
}

/// Offset of the quote that closes the one at offset `open`.
fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let quote = at + memchr::memchr(QUOTE, bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&QUOTE) {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The text of a cell. Bytes of the file that are not part of the text, such as the second one of
/// two quotes, are removed from it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableCell {
    /// Offset of its first character in the text with the row.
    start: usize,
    pub(crate) text: String,
    /// Offsets in `text` before which a byte is removed, in ascending order.
    removed: Vec<usize>,
}

impl TableCell {
    /// Offset in the text with the row of the byte at `offset` of the cell.
    #[must_use]
    pub(crate) fn outer_offset(&self, offset: usize) -> usize {
        let removed = self.removed.partition_point(|removed| *removed <= offset);
        self.start + offset + removed
    }

    /// The offsets in the cell at which parts start that have no gap in the file, and its length.
    pub(crate) fn part_starts(&self) -> impl Iterator<Item = usize> + '_ {
        let starts = self.removed.iter().copied();
        let starts = starts.filter(|start| *start > 0 && *start < self.text.len());
        std::iter::once(0).chain(starts).chain([self.text.len()])
    }

    /// Replaces the escapes of `mysql` and `COPY`.
    fn unescape(&mut self) {
        let mut slashes = Vec::new();
        let mut text = String::with_capacity(self.text.len());
        let mut is_escaped = false;
        for (offset, character) in self.text.char_indices() {
            if !is_escaped && character == '\\' {
                slashes.push(offset);
                is_escaped = true;
                text.push(character);
                continue;
            }
            text.push(match character {
                character if !std::mem::take(&mut is_escaped) => character,
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'v' => '\u{b}',
                '0' => '\0',
                other => other,
            });
        }
        self.text = text;
        self.remove(&slashes);
    }

    /// Removes the bytes at these offsets, which are in ascending order and ASCII.
    pub(crate) fn remove(&mut self, offsets: &[usize]) {
        if offsets.is_empty() {
            return;
        }
        for removed in &mut self.removed {
            *removed -= offsets.partition_point(|offset| offset < removed);
        }
        let moved = offsets.iter().enumerate();
        self.removed
            .extend(moved.map(|(index, offset)| offset - index));
        self.removed.sort_unstable();
        let mut at = 0;
        self.text.retain(|character| {
            let offset = at;
            at += character.len_utf8();
            offsets.binary_search(&offset).is_err()
        });
    }
}

/// The offset of a cell that cannot be read, with the reason.
pub(crate) type CellFault = (usize, String);

/// Reads the cells of `row`, which starts at offset `start` of its text.
pub(crate) fn read_cells(
    row: &str,
    start: usize,
    syntax: RowSyntax,
) -> Result<Vec<TableCell>, CellFault> {
    let RowSyntax { delimiter, null } = syntax;
    let bytes = row.as_bytes();
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let mut cell = TableCell::default();
        let end = if null.is_none() && bytes.get(at) == Some(&QUOTE) {
            let Some(closing) = closing_quote(bytes, at) else {
                return Err((
                    start + at,
                    "the quote of this cell is not closed".to_owned(),
                ));
            };
            cell.start = start + at + 1;
            for (index, part) in row[at + 1..closing].split("\"\"").enumerate() {
                if index > 0 {
                    cell.text.push('"');
                    cell.removed.push(cell.text.len());
                }
                cell.text.push_str(part);
            }
            closing + 1
        } else {
            let length = memchr::memchr(delimiter, &bytes[at..]);
            let end = length.map_or(bytes.len(), |length| at + length);
            cell.start = start + at;
            row[at..end].clone_into(&mut cell.text);
            if null.is_some_and(|null| cell.text == null) {
                cell.text.clear();
            } else if null.is_some() {
                cell.unescape();
            }
            end
        };
        cells.push(cell);
        match bytes.get(end) {
            None => return Ok(cells),
            Some(byte) if *byte == delimiter => at = end + 1,
            Some(_) => {
                return Err((
                    start + end,
                    "text follows the closing quote of a cell".to_owned(),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_ends_at_a_line_break_outside_of_quotes() {
        let text = b"a,\"b\n\"\"\n\",c\"\r\n\"d";
        let first = row_end(text, 0, RowSyntax::quoted(b','));
        assert_eq!((first.content, first.next), (12, Some(14)));
        let second = row_end(text, 14, RowSyntax::quoted(b','));
        assert_eq!((second.content, second.next), (16, None));
    }

    #[test]
    fn characters_keep_their_offsets() {
        let row = "x,\"a\"\"b\"\"\",";
        let mut cells =
            read_cells(row, 10, RowSyntax::quoted(b',')).expect("its quotes are closed");
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["x", "a\"b\"", ""]);
        let offsets = |cell: &TableCell| -> Vec<usize> {
            let offsets = 0..cell.text.len();
            offsets.map(|offset| cell.outer_offset(offset)).collect()
        };
        assert_eq!(offsets(&cells[1]), [13, 14, 16, 17]);
        assert_eq!(cells[1].part_starts().collect::<Vec<_>>(), [0, 2, 4]);
        cells[1].remove(&[0, 1]);
        assert_eq!(cells[1].text, "b\"");
        assert_eq!(offsets(&cells[1]), [16, 17]);
    }

    #[test]
    fn escapes_keep_their_offsets() {
        let syntax = RowSyntax {
            delimiter: b'\t',
            null: Some("NULL"),
        };
        let cells = read_cells("\"a\\nb\\\\\tNULL", 0, syntax).expect("it has no quotes");
        assert_eq!(cells[0].text, "\"a\nb\\");
        assert_eq!(cells[1].text, "");
        let offsets: Vec<_> = (0..5).map(|offset| cells[0].outer_offset(offset)).collect();
        assert_eq!(offsets, [0, 1, 3, 4, 6]);
    }

    #[test]
    fn wrong_quotes_are_faults() {
        for (row, offset) in [("a,\"b", 2), ("\"a\"b,c", 3)] {
            let fault = read_cells(row, 0, RowSyntax::quoted(b',')).expect_err("it is wrong");
            assert_eq!(fault.0, offset, "{row}");
        }
    }
}
