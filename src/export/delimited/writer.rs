//! Writes rows of cells as delimited text.

use std::io::{self, Write};

use super::dialect::Dialect;
use crate::table::row::Cell;
use crate::table::writer::RowWriter;

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
