//! CSV (RFC 4180: comma, CRLF, quotes where needed, one header line) and its variants:
//! tab-separated values, and CSV for one spreadsheet program.

use std::borrow::Cow;
use std::io::{self, Write};

use super::copy::{copy_short, copy_until_any, push_repeated, suffix_from};
use super::guard;
use super::spreadsheet_program::{self, Program};
use crate::call::phone::is_e164;
use crate::json::{Json, Kind};
use crate::table::number::Number;
use crate::table::row::{Cell, CellKind};
use crate::table::writer::RowWriter;

/// How cells are written and separated.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// Byte between two cells.
    pub delimiter: u8,
    /// Line terminator.
    pub(crate) line_end: &'static str,
    /// True if the file starts with a byte order mark, by which Excel detects UTF-8.
    pub(crate) bom: bool,
    /// True if the first line holds the column names.
    pub(crate) header: bool,
    /// Text of cells without a value.
    pub(crate) null: String,
    /// True if text that could run as a formula is guarded ([`guard`]).
    pub(crate) guard: bool,
    /// The words for true and false, in this order.
    pub(crate) booleans: [String; 2],
    /// The spreadsheet program that the file is meant for, if any. Text that the program would
    /// convert is marked ([`spreadsheet_program::needs_text_mark`]).
    pub(crate) program: Option<Program>,
}

impl Dialect {
    /// Comma-separated values (RFC 4180) with a header line, formulas guarded.
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
    pub(crate) fn tsv() -> Self {
        Self {
            delimiter: b'\t',
            line_end: "\n",
            ..Self::csv()
        }
    }

    /// CSV that `program` opens correctly when double-clicked.
    #[must_use]
    pub(crate) fn for_program(program: Program) -> Self {
        Self {
            delimiter: program.delimiter(),
            bom: true,
            booleans: program.booleans().map(str::to_owned),
            program: Some(program),
            ..Self::csv()
        }
    }

    /// Returns the start of the file: the byte order mark and the header line, if the dialect has
    /// them. `guards` counts the guarded names.
    #[must_use]
    pub(crate) fn file_start<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
        guards: &mut u64,
    ) -> Vec<u8> {
        let mut text = Vec::new();
        if self.bom {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        if self.header {
            let start = text.len();
            for name in names {
                // Names of variables are untrusted text too.
                self.push_field(&self.escape_text(name, guards), &mut text);
                text.push(self.delimiter);
            }
            self.end_row(start, &mut text);
        }
        text
    }

    /// Appends a row to `text`. `guards` counts the guarded cells.
    pub(crate) fn push_row<'c>(
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

    /// Ends the row that starts at byte `start` of `text` and has a delimiter after each cell.
    /// Replaces the last delimiter with the line terminator.
    pub fn end_row(&self, start: usize, text: &mut Vec<u8>) {
        if text.len() > start {
            text.pop();
        }
        if text.len() == start {
            // A row of one empty cell needs quotes, because many readers skip an empty line.
            text.extend_from_slice(b"\"\"");
        }
        text.extend_from_slice(self.line_end.as_bytes());
    }

    /// Appends a cell to `text`, without a delimiter.
    pub(crate) fn push_cell(&self, cell: Option<&Cell>, text: &mut Vec<u8>, guards: &mut u64) {
        let Some(cell) = cell else {
            return self.push_null(text);
        };
        let content = &*cell.text;
        let content = match cell.kind {
            CellKind::Text => self.escape_text(content, guards),
            CellKind::Boolean => Cow::Borrowed(&*self.booleans[usize::from(content != "true")]),
            CellKind::Number => match self.program {
                Some(_) if Number::parse(content).to_spreadsheet_number().is_none() => {
                    mark_as_text(content)
                }
                Some(program) if program.has_decimal_comma() => {
                    Cow::Owned(content.replace('.', ","))
                }
                _ => Cow::Borrowed(content),
            },
            CellKind::Json => self.guard_text(content, guards),
            CellKind::Time => Cow::Borrowed(content),
        };
        self.push_field(&content, text);
    }

    /// Appends the cell of a value, without a delimiter. `within` is the text that contains the
    /// value, usually the body. The result equals that of [`Cell::from_json`] and
    /// [`Dialect::push_cell`], but in most cases no cell has to be created: `export` executes 12 %
    /// fewer instructions.
    pub fn push_value(&self, value: Json, within: &str, text: &mut Vec<u8>, guards: &mut u64) {
        // Copying is faster if it may read past the end of the value.
        let from = suffix_from(within, value.text());
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

    /// Appends the JSON number at the start of `from`. Returns false and appends nothing if the
    /// number could contain the delimiter.
    fn push_number(&self, number: &str, from: &[u8], text: &mut Vec<u8>) -> bool {
        let is_harmless =
            !self.delimiter.is_ascii_alphanumeric() && !b"+-.".contains(&self.delimiter);
        if is_harmless {
            copy_short(from, number.len(), text);
        }
        is_harmless
    }

    /// Appends the cell of the JSON string (with its quotes) at the start of `from`. Returns false
    /// and appends nothing if the slow path, [`Self::push_cell`], has to do it: because the text
    /// may need a guard, or because of an escape that is not one character.
    fn push_string(&self, string: &str, from: &[u8], text: &mut Vec<u8>) -> bool {
        let is_harmless = match from[1] {
            // The string is empty.
            QUOTE => true,
            // Phone numbers are common, and the only text after `+` that needs no guard.
            b'+' => is_e164(&string[1..string.len() - 1]),
            first => guard::is_harmless_start(first) || !self.guard && first != b'\\',
        };
        if !is_harmless {
            return false;
        }
        // In JSON, quotes and line breaks are escaped (RFC 8259 §7), so no other stops are needed.
        match self.delimiter {
            b',' | b';' | b'\t' => self.copy_string([QUOTE, b'\\', b',', b';'], &from[1..], text),
            other => self.copy_string([QUOTE, b'\\', b',', b';', other], &from[1..], text),
        }
    }

    /// Appends the field of the JSON string whose content is at the start of `rest`. `stops` are
    /// the bytes that need special handling. Returns false and appends nothing if the slow path has
    /// to do it.
    fn copy_string<const N: usize>(
        &self,
        stops: [u8; N],
        mut rest: &[u8],
        text: &mut Vec<u8>,
    ) -> bool {
        let start = text.len();
        let mut needs_quotes = false;
        let mut has_separator = false;
        loop {
            let length = if needs_quotes && has_separator {
                // From here on, separators are ordinary characters.
                copy_until_any([QUOTE, b'\\'], rest, text)
            } else {
                copy_until_any(stops, rest, text)
            };
            rest = &rest[length..];
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
                [separator, ..] => (*separator, 1),
            };
            let is_delimiter = character == self.delimiter;
            has_separator |= is_delimiter || !matches!(character, QUOTE | b'\\' | b'/');
            if !needs_quotes && (is_delimiter || needs_quotes_always(character)) {
                needs_quotes = true;
                text.insert(start, QUOTE);
            }
            if character == QUOTE {
                text.push(QUOTE);
            }
            text.push(character);
            rest = &rest[length..];
        }
        if has_separator && self.guard && guard::may_hold_formula(&text[start..], self.delimiter) {
            text.truncate(start);
            return false;
        }
        if needs_quotes {
            text.push(QUOTE);
        }
        true
    }

    /// True if a cell without a value is written as zero bytes.
    fn has_empty_nulls(&self) -> bool {
        self.program.is_none() && self.null.is_empty()
    }

    fn push_null(&self, text: &mut Vec<u8>) {
        if !self.has_empty_nulls() {
            self.push_field(&self.null, text);
        }
    }

    /// Appends `count` cells without a value, each followed by a delimiter.
    #[inline]
    pub(crate) fn push_nulls(&self, count: usize, text: &mut Vec<u8>) {
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

    /// Appends a field, quoted if it needs quotes (RFC 4180 §2). For a spreadsheet program,
    /// everything that is not a number is quoted.
    fn push_field(&self, field: &str, text: &mut Vec<u8>) {
        let needs_quotes = match self.program {
            // Spreadsheet programs may split at other delimiters too, but not inside quotes.
            Some(_) => !is_number(field),
            None => (field.bytes()).any(|byte| byte == self.delimiter || needs_quotes_always(byte)),
        };
        if !needs_quotes {
            text.extend_from_slice(field.as_bytes());
            return;
        }
        text.push(QUOTE);
        let mut rest = field.as_bytes();
        loop {
            rest = &rest[copy_until_any([QUOTE], rest, text)..];
            let Some((quote, tail)) = rest.split_first() else {
                break;
            };
            text.extend_from_slice(&[*quote; 2]);
            rest = tail;
        }
        text.push(QUOTE);
    }

    /// Escapes untrusted text: guards formulas, and marks text that the program would convert.
    fn escape_text<'c>(&self, text: &'c str, guards: &mut u64) -> Cow<'c, str> {
        let guarded = self.guard_text(text, guards);
        match (self.program, guarded) {
            (None, guarded) => guarded,
            (Some(_), Cow::Borrowed(text)) => escape_for_program(text),
            // A tab at the start of the text needs another one, because readers remove one. Other
            // guarded text is not converted, because of its apostrophe.
            (Some(_), Cow::Owned(text)) if text.starts_with(spreadsheet_program::TEXT_MARK) => {
                Cow::Owned(mark_as_text(&text).into_owned())
            }
            (Some(_), Cow::Owned(text)) => Cow::Owned(text.replace("\r\n", "\n")),
        }
    }

    /// Guards text that a spreadsheet could run as a formula. Text inside JSON needs it too: a
    /// reader with another delimiter finds cells inside it.
    fn guard_text<'c>(&self, text: &'c str, guards: &mut u64) -> Cow<'c, str> {
        if !self.guard {
            return Cow::Borrowed(text);
        }
        let guarded = guard::guard_formulas(text, self.delimiter);
        *guards += u64::from(matches!(guarded, Cow::Owned(_)));
        guarded
    }
}

/// Marks text that a spreadsheet program would convert, or else writes its line breaks as LF, as
/// used within a cell.
fn escape_for_program(text: &str) -> Cow<'_, str> {
    if spreadsheet_program::needs_text_mark(text) {
        mark_as_text(text)
    } else if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn mark_as_text(text: &str) -> Cow<'_, str> {
    Cow::Owned(format!("{}{text}", spreadsheet_program::TEXT_MARK))
}

pub(crate) const QUOTE: u8 = b'"';

/// True if a field with this byte needs quotes, whatever the delimiter is. Some readers end a line
/// at a lone carriage return.
fn needs_quotes_always(byte: u8) -> bool {
    matches!(byte, QUOTE | b'\r' | b'\n')
}

/// True if spreadsheet programs or programming languages read the field as a number. A number needs
/// no quotes.
fn is_number(field: &str) -> bool {
    // Fast path: most text starts with another character (3 % fewer instructions with `--for
    // excel`). Infinity and NaN are numbers too.
    let may_be = |first: &u8| first.is_ascii_digit() || b"+-.iInN".contains(first);
    field.as_bytes().first().is_some_and(may_be)
        && (field.parse::<f64>().is_ok() || field.parse::<i128>().is_ok())
}

pub(crate) struct DelimitedWriter {
    dialect: Dialect,
    header: Option<Vec<String>>,
    /// Bytes of the current row; the allocation is reused.
    row: Vec<u8>,
    guards: u64,
}

impl DelimitedWriter {
    pub(crate) fn new(header: Vec<String>, dialect: Dialect) -> Self {
        Self {
            dialect,
            header: Some(header),
            row: Vec::new(),
            guards: 0,
        }
    }

    fn write_header(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Ok(());
        };
        let names = header.iter().map(String::as_str);
        out.write_all(&self.dialect.file_start(names, &mut self.guards))
    }
}

impl RowWriter for DelimitedWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.write_header(out)?;
        self.row.clear();
        let cells = cells.iter().map(Option::as_ref);
        self.dialect
            .push_row(cells, &mut self.row, &mut self.guards);
        out.write_all(&self.row)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.write_header(out)
    }

    fn guarded_cells(&self) -> u64 {
        self.guards
    }
}

#[cfg(test)]
pub(crate) mod tests {
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
    fn quoting_equals_that_of_the_csv_crate() {
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
            for (index, text) in TEXTS.iter().enumerate() {
                for row in [&TEXTS[index..], &[text]] {
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
    fn a_value_and_its_cell_give_equal_fields() {
        let values = TEXTS.map(|text| serde_json::to_string(text).expect("a string is JSON"));
        let more_values = [
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
            let values = values.iter().map(String::as_str).chain(more_values);
            let rest = ["", r#","b":"More than is looked at together.""#];
            for (value, rest) in values.flat_map(|value| rest.map(|rest| (value, rest))) {
                assert_fields_are_equal(dialect, value, rest);
            }
        }
    }

    #[test]
    fn values_with_any_first_character_are_guarded_like_their_cells() {
        for first in ('\0'..='\u{ff}').chain("\u{200b}\u{feff}＝−﹫".chars()) {
            for rest in ["", "1", "=1", "4915123456789", " x"] {
                let text = format!("{first}{rest}");
                let value = serde_json::to_string(&text).expect("a string is JSON");
                assert_fields_are_equal(&Dialect::csv(), &value, "");
            }
        }
    }

    /// Checks that `push_value` appends the field of the cell of `value`, a JSON text. `rest`
    /// follows the value in its body.
    fn assert_fields_are_equal(dialect: &Dialect, value: &str, rest: &str) {
        let body = format!("{{\"a\":{value}{rest}}}");
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
