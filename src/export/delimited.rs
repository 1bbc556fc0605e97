//! CSV (RFC 4180: comma, CRLF, quotes where needed, one header) and its kin: with tabs, and as spreadsheet programs open it.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::buffer::Buffer;
use super::guard;
use super::program::{self, Program};
use crate::table::number::Number;
use crate::table::row::{Cell, CellKind};
use crate::table::writer::RowWriter;

/// How cells are written and kept apart.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// What stands between two cells.
    pub delimiter: u8,
    /// What ends a line.
    pub line_end: Terminator,
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
            line_end: Terminator::CRLF,
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
            line_end: Terminator::Any(b'\n'),
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

    /// The cell as it is written, quotes aside; `guards` counts those that were guarded.
    fn text<'c>(&'c self, cell: Option<&'c Cell>, guards: &mut u64) -> Cow<'c, str> {
        let Some(cell) = cell else {
            return Cow::Borrowed(&self.null);
        };
        let text: &'c str = &cell.text;
        match cell.kind {
            CellKind::Text => self.words(text, guards),
            CellKind::Boolean => Cow::Borrowed(&self.booleans[usize::from(text != "true")]),
            CellKind::Number => match self.program {
                Some(_) if Number::read(text).in_spreadsheet().is_none() => marked(text),
                Some(program) if program.has_decimal_comma() => Cow::Owned(text.replace('.', ",")),
                _ => Cow::Borrowed(text),
            },
            CellKind::Time | CellKind::Json => Cow::Borrowed(text),
        }
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

/// Writes delimited rows.
pub(super) struct DelimitedWriter {
    dialect: Dialect,
    header: Option<Vec<String>>,
    csv: csv::Writer<Buffer>,
    /// Where `csv` writes to. Rows go on from here, so that an I/O error of the output stays one (`csv::Error` would hide it).
    buffer: Buffer,
    guards: u64,
}

impl DelimitedWriter {
    pub(super) fn new(header: Vec<String>, dialect: Dialect) -> Self {
        let buffer = Buffer::default();
        let csv = WriterBuilder::new()
            .delimiter(dialect.delimiter)
            // Spreadsheet programs may split at other delimiters too, but not in quotes.
            .quote_style(match dialect.program {
                Some(_) => QuoteStyle::NonNumeric,
                None => QuoteStyle::Necessary,
            })
            .terminator(dialect.line_end)
            .from_writer(buffer.clone());
        Self {
            dialect,
            header: Some(header),
            csv,
            buffer,
            guards: 0,
        }
    }

    /// Hands on what `csv` has written.
    fn pass_on(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.csv.flush()?;
        self.buffer.pass_on(out)
    }

    fn header(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(header) = self.header.take() else {
            return Ok(());
        };
        if self.dialect.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        if !self.dialect.header {
            return Ok(());
        }
        for name in &header {
            // Strangers name variables too.
            self.csv
                .write_field(self.dialect.words(name, &mut self.guards).as_bytes())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.pass_on(out)
    }
}

impl RowWriter for DelimitedWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.header(out)?;
        for cell in cells {
            let text = self.dialect.text(cell.as_ref(), &mut self.guards);
            self.csv.write_field(text.as_bytes())?;
        }
        self.csv.write_record(None::<&[u8]>)?;
        self.pass_on(out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.header(out)
    }

    fn guarded(&self) -> u64 {
        self.guards
    }
}
