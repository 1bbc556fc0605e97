//! CSV (RFC 4180: comma, CRLF, quotes where needed, one header) and its twin with tabs. Cells are written exactly: whatever reads the
//! file gets every cell back.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use csv::{Terminator, WriterBuilder};

use crate::table::row::Cell;
use crate::table::writer::RowWriter;

/// Writes delimited rows.
pub(super) struct DelimitedWriter {
    header: Option<Vec<String>>,
    csv: csv::Writer<Buffer>,
    /// Where `csv` writes to. Rows go on from here, so that an I/O error of the output stays one (`csv::Error` would hide it).
    buffer: Buffer,
}

impl DelimitedWriter {
    pub(super) fn csv(header: Vec<String>) -> Self {
        Self::new(header, b',', Terminator::CRLF)
    }

    pub(super) fn tsv(header: Vec<String>) -> Self {
        Self::new(header, b'\t', Terminator::Any(b'\n'))
    }

    fn new(header: Vec<String>, delimiter: u8, terminator: Terminator) -> Self {
        let buffer = Buffer::default();
        let csv = WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(terminator)
            .from_writer(buffer.clone());
        Self {
            header: Some(header),
            csv,
            buffer,
        }
    }

    fn record<'a>(
        &mut self,
        fields: impl Iterator<Item = &'a str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.csv.write_record(fields)?;
        self.csv.flush()?;
        let mut bytes = self.buffer.0.borrow_mut();
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }

    fn header(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match self.header.take() {
            Some(header) => self.record(header.iter().map(String::as_str), out),
            None => Ok(()),
        }
    }
}

impl RowWriter for DelimitedWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.header(out)?;
        self.record(
            cells
                .iter()
                .map(|cell| cell.as_ref().map_or("", |cell| &cell.text)),
            out,
        )
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.header(out)
    }
}

#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
