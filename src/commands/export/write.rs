//! A table in, its rows out, in a format of text.

use std::borrow::Cow;
use std::io::Write;

use super::collect::Table;
use crate::call::timestamp::Timestamp;
use crate::call::zone::{TimeFormat, Zone};
use crate::export::xlsx::ROWS_PER_SHEET;
use crate::export::{Dialect, TextTarget, delimited, json_lines};
use crate::table::column::{Column, Holds};
use crate::table::parts::PartsWriter;
use crate::table::row::{Cell, CellKind};
use crate::table::survey::{Contents, Survey};
use crate::table::writer::Heading;

/// How times are told.
#[derive(Clone, Debug)]
pub(super) struct Times {
    zone: Zone,
    format: Option<TimeFormat>,
}

impl Times {
    pub(super) fn new(zone: Zone, format: Option<TimeFormat>) -> Self {
        Self { zone, format }
    }

    /// Whether they stay as the body has them.
    pub(super) fn are_as_given(&self) -> bool {
        self.zone == Zone::AsGiven && self.format.is_none()
    }

    /// The same as they are told in a dialect: spreadsheet programs know no offsets.
    pub(super) fn in_dialect(&self, dialect: &Dialect) -> Self {
        let zone = match dialect.program {
            Some(_) => self.zone_without_offsets(),
            None => self.zone.clone(),
        };
        Self {
            zone,
            ..self.clone()
        }
    }

    /// The zone for spreadsheets, whose times have no offset: where none is asked for, UTC.
    pub(super) fn zone_without_offsets(&self) -> Zone {
        match &self.zone {
            Zone::AsGiven => Zone::Utc,
            zone => zone.clone(),
        }
    }

    /// The cell with its time as it is told; what is no time, or stays as it is, is left alone.
    pub(super) fn told<'c>(&self, cell: Cell<'c>) -> Cell<'c> {
        match self.tell(&cell) {
            Some(time) => Cell {
                kind: CellKind::Time,
                text: Cow::Owned(time),
            },
            None => cell,
        }
    }

    fn tell(&self, cell: &Cell) -> Option<String> {
        if cell.kind != CellKind::Text {
            return None;
        }
        let time = Timestamp::read(&cell.text)?;
        match &self.format {
            Some(format) => Some(self.zone.tell_as(time, format)),
            None => self.zone.tell_machine(time),
        }
    }
}

/// What there is to tell of a table that was written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written {
    /// How many cells were guarded.
    pub guarded: u64,
    /// The rows, if a spreadsheet program is to open them and shows not all.
    pub too_many_rows: Option<u64>,
}

/// So many rows, if a spreadsheet program is to open them and shows not all.
pub(super) fn too_many(rows: u64, dialect: &Dialect) -> Option<u64> {
    let is_too_many = dialect.program.is_some() && rows > u64::from(ROWS_PER_SHEET);
    is_too_many.then_some(rows)
}

/// Writes the table as text.
pub(super) fn text(
    table: &mut Table,
    target: &TextTarget,
    times: &Times,
    out: &mut dyn Write,
) -> anyhow::Result<Written> {
    let headings = |with_path: bool| -> Vec<Heading> {
        let heading = |column: &Column| {
            let heading = Heading::from(column);
            if with_path {
                return heading.nested(&column.path);
            }
            heading
        };
        table.columns.iter().map(heading).collect()
    };
    let mut times = times.clone();
    let mut too_many_rows = None;
    let mut writer = match target {
        TextTarget::Delimited(dialect) if dialect.program.is_some() => {
            times = times.in_dialect(dialect);
            let headings = headings(false);
            let survey = Survey::of(&mut table.spool, &table.columns)?;
            too_many_rows = too_many(survey.rows, dialect);
            let counts = survey.columns.iter().map(Contents::parts).collect();
            let make = |headings: Vec<Heading>| delimited(&headings, dialect.clone());
            Box::new(PartsWriter::new(&headings, counts, make))
        }
        TextTarget::Delimited(dialect) => delimited(&headings(false), dialect.clone()),
        TextTarget::JsonLines { flat } => json_lines(&headings(!flat), *flat),
    };
    let columns = table.columns.iter().enumerate();
    let with_times: Vec<usize> = columns
        .filter(|(_, column)| column.holds == Holds::Times && !times.are_as_given())
        .map(|(index, _)| index)
        .collect();
    table.spool.for_each(&table.columns, |cells| {
        if with_times.is_empty() {
            return Ok(writer.row(cells, out)?);
        }
        let mut cells = cells.to_vec();
        for index in &with_times {
            cells[*index] = cells[*index].take().map(|cell| times.told(cell));
        }
        Ok(writer.row(&cells, out)?)
    })?;
    writer.finish(out)?;
    Ok(Written {
        guarded: writer.guarded(),
        too_many_rows,
    })
}

/// Writes the table as Parquet.
#[cfg(feature = "parquet")]
pub(super) fn parquet(table: &mut Table, out: &mut dyn Write) -> anyhow::Result<()> {
    let survey = Survey::of(&mut table.spool, &table.columns)?;
    let mut writer = crate::export::parquet::ParquetWriter::new(&table.columns, &survey)?;
    table
        .spool
        .for_each(&table.columns, |cells| writer.row(cells, out))?;
    writer.finish(out)
}
