//! A table that is printed while the input is read. All its times are in one zone, which is known
//! with the first row.

use std::io::Write;

use crate::export::TableOptions;
use crate::table::row::{Cell, for_each_row};
use crate::table::writer::{Heading, RowWriter};
use crate::time::timestamp::Timestamp;
use crate::time::zone::Zone;
use crate::view::terminal::Terminal;

/// A table that rows are added to.
pub(crate) struct LiveTable {
    options: TableOptions,
    headings: Vec<Heading>,
    terminal: Terminal,
    /// The writer and the zone of the times; `None` before the first row.
    writer: Option<(Box<dyn RowWriter>, Zone)>,
}

impl LiveTable {
    pub(crate) fn new(options: TableOptions, headings: Vec<Heading>, terminal: Terminal) -> Self {
        Self {
            options,
            headings,
            terminal,
            writer: None,
        }
    }

    /// Writes compact rows, encoded by [`Rows`](crate::table::row::Rows), to `out`. A compact row
    /// may lack the cell of any column, which is then empty.
    pub(crate) fn write_rows(&mut self, rows: &[u8], out: &mut dyn Write) -> anyhow::Result<()> {
        for_each_row(rows, |row| {
            let mut cells = vec![None; self.headings.len()];
            for (column, cell) in row.drain(..) {
                cells[column] = Some(cell);
            }
            self.write_row(&mut cells, out)
        })
    }

    /// Writes a row, which has one cell per heading. Its times are converted in place.
    pub(crate) fn write_row(
        &mut self,
        cells: &mut [Option<Cell>],
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let (writer, zone) = if let Some(writer) = &mut self.writer {
            writer
        } else {
            let times = self.headings.iter().zip(&*cells);
            let mut times = times.filter(|(heading, _)| heading.has_times);
            let first = times.find_map(|(_, cell)| Timestamp::read(&cell.as_ref()?.text));
            let zone = self.options.zone.of_table(first);
            let writer = self.create_writer(&zone);
            self.writer.insert((writer, zone))
        };
        for (heading, cell) in self.headings.iter().zip(&mut *cells) {
            if let Some(cell) = cell
                && heading.has_times
                && let Some(time) = Timestamp::read(&cell.text)
            {
                *cell = Cell::text(zone.format_minutes(time));
            }
        }
        Ok(writer.write_row(cells, out)?)
    }

    fn create_writer(&self, zone: &Zone) -> Box<dyn RowWriter> {
        let mut headings = self.headings.clone();
        let (name, short) = zone.heading_names();
        for heading in headings.iter_mut().filter(|heading| heading.has_times) {
            heading.short_name = Some(format!("{} ({short})", heading.name));
            heading.name = format!("{} ({name})", heading.name);
        }
        self.options.create_writer(&headings, self.terminal)
    }

    /// Writes buffered rows.
    pub(crate) fn pause(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        match &mut self.writer {
            Some((writer, _)) => Ok(writer.pause(out)?),
            None => Ok(()),
        }
    }

    /// Returns the writer after the last row. It is not finished.
    pub(crate) fn into_writer(self) -> Box<dyn RowWriter> {
        match self.writer {
            Some((writer, _)) => writer,
            None => self.options.create_writer(&self.headings, self.terminal),
        }
    }
}
