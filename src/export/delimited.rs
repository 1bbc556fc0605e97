//! CSV (RFC 4180: comma, CRLF, quotes where needed, one header) and its kin: with tabs, and as spreadsheet programs open it.

use std::borrow::Cow;
use std::io::{self, Write};

use super::copy::{copy_few, copy_until, from_part_on, push_repeated};
use super::guard;
use super::program::{self, Program};
use crate::call::phone::is_e164;
use crate::json::{Json, Kind};
use crate::table::number::Number;
use crate::table::row::{Cell, CellKind};
use crate::table::writer::RowWriter;

/// How cells are written and kept apart.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// What stands between two cells.
    pub delimiter: u8,
    /// What ends a line.
    pub line_end: &'static str,
    /// Whether the file begins with a byte order mark, by which Excel tells UTF-8.
    pub bom: bool,
    /// Whether the columns' names are the first line.
    pub header: bool,
    /// What stands in cells without a value.
    pub null: String,
    /// Whether text is kept from running as a formula ([`guard`]).
    pub guard: bool,
    /// The words for true and false.
    pub booleans: [String; 2],
    /// The spreadsheet program that opens it, if one does: text that it would change is marked then ([`program::would_change`]).
    pub program: Option<Program>,
}

impl Dialect {
    /// Comma-separated values for programs.
    #[must_use]
    pub fn csv() -> Self {
        Self {
            delimiter: b',',
            line_end: "\r\n",
            bom: false,
            header: true,
            null: String::new(),
            guard: true,
            booleans: ["true", "false"].map(str::to_owned),
            program: None,
        }
    }

    /// Tab-separated values, quoted like CSV.
    #[must_use]
    pub fn tsv() -> Self {
        Self {
            delimiter: b'\t',
            line_end: "\n",
            ..Self::csv()
        }
    }

    /// As `program` opens it on a double click.
    #[must_use]
    pub fn for_program(program: Program) -> Self {
        Self {
            delimiter: program.delimiter(),
            bom: true,
            booleans: program.booleans().map(str::to_owned),
            program: Some(program),
            ..Self::csv()
        }
    }

    /// What the file begins with: the byte order mark and the columns' names, as far as they are wanted.
    #[must_use]
    pub fn beginning<'n>(&self, names: impl Iterator<Item = &'n str>, guards: &mut u64) -> Vec<u8> {
        let mut text = Vec::new();
        if self.bom {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        if self.header {
            let start = text.len();
            for name in names {
                // Strangers name variables too.
                self.push_field(&self.words(name, guards), &mut text);
                text.push(self.delimiter);
            }
            self.end_row(start, &mut text);
        }
        text
    }

    /// Adds a row; `guards` counts the cells that were guarded.
    pub fn push_row<'c>(
        &self,
        cells: impl IntoIterator<Item = Option<&'c Cell<'c>>>,
        text: &mut Vec<u8>,
        guards: &mut u64,
    ) {
        let start = text.len();
        for cell in cells {
            self.push_cell(cell, text, guards);
            text.push(self.delimiter);
        }
        self.end_row(start, text);
    }

    /// Ends the row that began at `start`, and has the delimiter behind each of its cells.
    pub fn end_row(&self, start: usize, text: &mut Vec<u8>) {
        if text.len() > start {
            text.pop();
        }
        if text.len() == start {
            // One empty cell: an empty line would be none to many readers.
            text.extend_from_slice(b"\"\"");
        }
        text.extend_from_slice(self.line_end.as_bytes());
    }

    /// Adds a cell, without a delimiter.
    pub fn push_cell(&self, cell: Option<&Cell>, text: &mut Vec<u8>, guards: &mut u64) {
        let Some(cell) = cell else {
            return self.push_null(text);
        };
        let words = &*cell.text;
        let words = match cell.kind {
            CellKind::Text => self.words(words, guards),
            CellKind::Boolean => Cow::Borrowed(&*self.booleans[usize::from(words != "true")]),
            CellKind::Number => match self.program {
                Some(_) if Number::read(words).in_spreadsheet().is_none() => marked(words),
                Some(program) if program.has_decimal_comma() => Cow::Owned(words.replace('.', ",")),
                _ => Cow::Borrowed(words),
            },
            CellKind::Time | CellKind::Json => Cow::Borrowed(words),
        };
        self.push_field(&words, text);
    }

    /// Adds the cell of a body's value that stands somewhere in `within`, without a delimiter: the same as that of [`Cell::from_json`], without making one
    /// where that can be avoided.
    pub fn push_value(&self, value: Json, within: &str, text: &mut Vec<u8>, guards: &mut u64) {
        // Copying is faster where it may look at what stands behind.
        let from = from_part_on(within, value.text());
        let is_done = self.program.is_none()
            && match value.kind() {
                Kind::String => self.push_string(value.text(), from, text),
                Kind::Number => self.push_number(value.text(), from, text),
                _ => false,
            };
        if !is_done {
            self.push_cell(Cell::from_json(value).as_ref(), text, guards);
        }
    }

    /// Adds a JSON number, with which `from` begins; false if it could have the delimiter in it.
    fn push_number(&self, number: &str, from: &[u8], text: &mut Vec<u8>) -> bool {
        let is_harmless =
            !self.delimiter.is_ascii_alphanumeric() && !b"+-.".contains(&self.delimiter);
        if is_harmless {
            copy_few(from, number.len(), text);
        }
        is_harmless
    }

    /// Adds a JSON string, with which `from` begins; false if that takes more thought. Without escapes it holds neither quotes nor line
    /// breaks (RFC 8259 §7), and no formula begins with a letter or digit.
    fn push_string(&self, string: &str, from: &[u8], text: &mut Vec<u8>) -> bool {
        let is_harmless = match from[1] {
            QUOTE => true,
            b'+' => is_e164(&string[1..string.len() - 1]),
            first => first.is_ascii_alphanumeric() || !self.guard && first != b'\\',
        };
        if !is_harmless {
            return false;
        }
        let start = text.len();
        let mut rest = &from[1..];
        let mut needs_quotes = false;
        let mut ends = [QUOTE, b'\\', self.delimiter];
        loop {
            rest = &rest[copy_until(ends, rest, text)..];
            let (character, length) = match rest {
                [QUOTE, ..] | [] => break,
                [b'\\', b'n', ..] => (b'\n', 2),
                [b'\\', b't', ..] => (b'\t', 2),
                [b'\\', b'r', ..] => (b'\r', 2),
                [b'\\', escaped @ (QUOTE | b'\\' | b'/'), ..] => (*escaped, 2),
                [b'\\', ..] => {
                    text.truncate(start);
                    return false;
                }
                [delimiter, ..] => (*delimiter, 1),
            };
            if !needs_quotes && (character == self.delimiter || is_special(character)) {
                needs_quotes = true;
                text.insert(start, QUOTE);
                // In quotes, delimiters are as good as any other character.
                ends = [QUOTE, b'\\', b'\\'];
            }
            if character == QUOTE {
                text.push(QUOTE);
            }
            text.push(character);
            rest = &rest[length..];
        }
        if needs_quotes {
            text.push(QUOTE);
        }
        true
    }

    /// Whether nothing stands in cells without a value.
    fn has_empty_nulls(&self) -> bool {
        self.program.is_none() && self.null.is_empty()
    }

    /// Adds what stands in cells without a value.
    fn push_null(&self, text: &mut Vec<u8>) {
        if !self.has_empty_nulls() {
            self.push_field(&self.null, text);
        }
    }

    /// Adds so many cells without a value, each with a delimiter.
    #[inline]
    pub fn push_nulls(&self, count: usize, text: &mut Vec<u8>) {
        if count == 0 {
            return;
        }
        if self.has_empty_nulls() {
            push_repeated(self.delimiter, count, text);
            return;
        }
        for _ in 0..count {
            self.push_null(text);
            text.push(self.delimiter);
        }
    }

    /// Adds a field, in quotes where it needs them (RFC 4180 §2).
    fn push_field(&self, field: &str, text: &mut Vec<u8>) {
        let needs_quotes = match self.program {
            // Spreadsheet programs may split at other delimiters too, but not in quotes.
            Some(_) => !is_number(field),
            None => (field.bytes()).any(|byte| byte == self.delimiter || is_special(byte)),
        };
        if !needs_quotes {
            text.extend_from_slice(field.as_bytes());
            return;
        }
        text.push(QUOTE);
        let mut rest = field.as_bytes();
        loop {
            rest = &rest[copy_until([QUOTE], rest, text)..];
            let Some((quote, behind)) = rest.split_first() else {
                break;
            };
            text.extend_from_slice(&[*quote; 2]);
            rest = behind;
        }
        text.push(QUOTE);
    }

    /// Text of strangers.
    fn words<'c>(&self, text: &'c str, guards: &mut u64) -> Cow<'c, str> {
        if self.guard
            && let Cow::Owned(guarded) = guard::guarded(text)
        {
            *guards += 1;
            return Cow::Owned(guarded);
        }
        if self.program.is_some() {
            return for_program(text);
        }
        Cow::Borrowed(text)
    }
}

/// Text as a spreadsheet program keeps it, with the line breaks that they have in a cell.
fn for_program(text: &str) -> Cow<'_, str> {
    if program::would_change(text) {
        marked(text)
    } else if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn marked(text: &str) -> Cow<'_, str> {
    Cow::Owned(format!("{}{text}", program::TEXT_MARK))
}

pub(super) const QUOTE: u8 = b'"';

/// Whether a field with this character needs quotes whatever the delimiter is. A carriage return alone ends a line to some readers.
fn is_special(byte: u8) -> bool {
    matches!(byte, QUOTE | b'\r' | b'\n')
}

/// Whether it is a number to spreadsheet programs, or to a computer: then it needs no quotes.
fn is_number(field: &str) -> bool {
    // Most text begins as no number does: infinity and NaN are some, too.
    let may_be = |first: &u8| first.is_ascii_digit() || b"+-.iInN".contains(first);
    field.as_bytes().first().is_some_and(may_be)
        && (field.parse::<f64>().is_ok() || field.parse::<i128>().is_ok())
}

/// Writes delimited rows.
pub(super) struct DelimitedWriter {
    dialect: Dialect,
    header: Option<Vec<String>>,
    /// The row that is being written.
    row: Vec<u8>,
    guards: u64,
}

impl DelimitedWriter {
    pub(super) fn new(header: Vec<String>, dialect: Dialect) -> Self {
        Self {
            dialect,
            header: Some(header),
            row: Vec::new(),
            guards: 0,
        }
    }

    fn header(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Ok(());
        };
        let names = header.iter().map(String::as_str);
        out.write_all(&self.dialect.beginning(names, &mut self.guards))
    }
}

impl RowWriter for DelimitedWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.header(out)?;
        self.row.clear();
        let cells = cells.iter().map(Option::as_ref);
        self.dialect
            .push_row(cells, &mut self.row, &mut self.guards);
        out.write_all(&self.row)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.header(out)
    }

    fn guarded(&self) -> u64 {
        self.guards
    }
}

#[cfg(test)]
pub(super) mod tests {
    use csv::{QuoteStyle, Terminator, WriterBuilder};

    use super::*;

    pub(in super::super) const TEXTS: [&str; 16] = [
        "",
        "a",
        "a,b",
        "a;b\tc",
        "say \"hi\"",
        "\"",
        "\r",
        "two\nlines",
        "5",
        "-1.5e3",
        "1,5",
        "12345678901234567890123",
        "NaN",
        " x ",
        "ü😀",
        "\\",
    ];

    pub(in super::super) fn dialects() -> [Dialect; 4] {
        let dialects = [
            Dialect::csv(),
            Dialect::tsv(),
            Dialect::for_program(Program::Excel),
            Dialect::for_program(Program::ExcelDe),
        ];
        dialects.map(|dialect| Dialect {
            guard: false,
            ..dialect
        })
    }

    #[test]
    fn fields_are_quoted_as_the_crate_csv_does_it() {
        for dialect in dialects() {
            let mut theirs = WriterBuilder::new()
                .delimiter(dialect.delimiter)
                .quote_style(match dialect.program {
                    Some(_) => QuoteStyle::NonNumeric,
                    None => QuoteStyle::Necessary,
                })
                .terminator(match dialect.line_end {
                    "\n" => Terminator::Any(b'\n'),
                    _ => Terminator::CRLF,
                })
                .flexible(true)
                .from_writer(Vec::new());
            let mut ours = Vec::new();
            for (place, text) in TEXTS.iter().enumerate() {
                for row in [&TEXTS[place..], &[text]] {
                    let cells: Vec<Cell> = row
                        .iter()
                        .map(|text| Cell {
                            kind: CellKind::Json,
                            text: (*text).into(),
                        })
                        .collect();
                    theirs.write_record(row).expect("a Vec takes every write");
                    dialect.push_row(cells.iter().map(Some), &mut ours, &mut 0);
                }
            }
            let theirs = theirs.into_inner().expect("a Vec takes every write");
            assert_eq!(
                String::from_utf8_lossy(&ours),
                String::from_utf8_lossy(&theirs)
            );
        }
    }

    #[test]
    fn values_make_the_same_fields_as_their_cells() {
        let values = TEXTS.map(|text| serde_json::to_string(text).expect("a string is JSON"));
        let others = [
            r#""\u00fc""#,
            r#""=1""#,
            r#""\n=1""#,
            r#""+49151234""#,
            r#""+49 151""#,
            r#""a\/b\t\ud800""#,
            r#""-""#,
            "1.10",
            "true",
            "null",
            r#"[1, "a,b"]"#,
            r#"{"a": "\""}"#,
        ];
        let unguarded = dialects();
        let guarded = dialects().map(|dialect| Dialect {
            guard: true,
            null: "NULL".to_owned(),
            ..dialect
        });
        for dialect in unguarded.iter().chain(&guarded) {
            let values = values.iter().map(String::as_str).chain(others);
            let behind = ["", r#","b":"More than is looked at together.""#];
            for (value, behind) in values.flat_map(|value| behind.map(|behind| (value, behind))) {
                let body = format!("{{\"a\":{value}{behind}}}");
                let body: Json = serde_json::from_str(&body).expect("well-formed");
                let value = body.members().and_then(|members| members.get("a"));
                let value = value.expect("it is there");
                let (mut field, mut guards) = (Vec::new(), 0);
                dialect.push_value(value, body.text(), &mut field, &mut guards);
                let (mut expected, mut expected_guards) = (Vec::new(), 0);
                let cell = Cell::from_json(value);
                dialect.push_cell(cell.as_ref(), &mut expected, &mut expected_guards);
                assert_eq!(
                    String::from_utf8_lossy(&field),
                    String::from_utf8_lossy(&expected),
                    "{value:?}"
                );
                assert_eq!(guards, expected_guards);
            }
        }
    }
}
