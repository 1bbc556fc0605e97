//! A table in, its rows out, in a format of text.

use std::borrow::Cow;
use std::io::Write;

use super::collect::Table;
use crate::call::timestamp::Timestamp;
use crate::call::zone::{TimeFormat, Zone};
#[cfg(feature = "parquet")]
use crate::export::parquet::{self, ParquetTable};
use crate::export::xlsx::ROWS_PER_SHEET;
use crate::export::{Dialect, TextTarget, delimited, json_lines};
use crate::table::column::{Column, Holds};
use crate::table::parts::PartsWriter;
use crate::table::row::{Cell, CellKind};
use crate::table::spool::{Portion, Size};
use crate::table::survey::{Contents, Survey};
use crate::table::writer::{Heading, RowWriter};

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

/// Of so many columns rows are written one after another: what a portion of them becomes would be too much to wait for its turn.
const MANY_COLUMNS: usize = 1_000;

/// What becomes text together.
const PORTION: Size = Size {
    bytes: 256 * 1024,
    rows: usize::MAX,
    cells: 256 * 1024,
};

/// Writes the table as text, which so many threads make.
pub(super) fn text(
    table: &mut Table,
    target: &TextTarget,
    times: &Times,
    threads: usize,
    out: &mut dyn Write,
) -> anyhow::Result<Written> {
    let Table { columns, spool, .. } = table;
    let headings = |with_path: bool| -> Vec<Heading> {
        let heading = |column: &Column| {
            let heading = Heading::from(column);
            if with_path {
                return heading.nested(&column.path);
            }
            heading
        };
        columns.iter().map(heading).collect()
    };
    let mut times = times.clone();
    let mut survey = None;
    if let TextTarget::Delimited(dialect) = target
        && dialect.program.is_some()
    {
        times = times.in_dialect(dialect);
        survey = Some(Survey::of(spool, columns, threads)?);
    }
    // Of the rows behind the first ones, which begin the text.
    let headless = |dialect: &Dialect| Dialect {
        header: false,
        bom: false,
        ..dialect.clone()
    };
    let writer = |begins: bool| -> Box<dyn RowWriter> {
        match (target, &survey) {
            (TextTarget::JsonLines { flat }, _) => json_lines(&headings(!flat), *flat),
            (TextTarget::Delimited(dialect), survey) => {
                let dialect = if begins {
                    dialect.clone()
                } else {
                    headless(dialect)
                };
                let Some(survey) = survey else {
                    return delimited(&headings(false), dialect);
                };
                let counts = survey.columns.iter().map(Contents::parts).collect();
                let make = |headings: Vec<Heading>| delimited(&headings, dialect);
                Box::new(PartsWriter::new(&headings(false), counts, make))
            }
        }
    };
    let with_times = columns.iter().enumerate();
    let with_times: Vec<usize> = with_times
        .filter(|(_, column)| column.holds == Holds::Times && !times.are_as_given())
        .map(|(index, _)| index)
        .collect();
    let write_row = |writer: &mut dyn RowWriter, cells: &[Option<Cell>], out: &mut dyn Write| {
        if with_times.is_empty() {
            return writer.row(cells, out);
        }
        let mut cells = cells.to_vec();
        for index in &with_times {
            cells[*index] = cells[*index].take().map(|cell| times.told(cell));
        }
        writer.row(&cells, out)
    };
    let mut first = writer(true);
    let mut guarded = 0;
    if threads <= 1 || columns.len() > MANY_COLUMNS {
        spool.for_each(columns, |cells| Ok(write_row(&mut *first, cells, out)?))?;
        first.finish(out)?;
    } else {
        // Without rows it is the beginning.
        first.finish(out)?;
        let text_of = |portion: Portion| {
            let mut writer = writer(false);
            let mut text = Vec::new();
            portion.for_each(|cells| Ok(write_row(&mut *writer, cells, &mut text)?))?;
            writer.finish(&mut text)?;
            Ok((text, writer.guarded()))
        };
        spool.for_each_portion(columns, PORTION, threads, text_of, |(text, guards)| {
            guarded += guards;
            Ok(out.write_all(&text)?)
        })?;
    }
    let too_many_rows = match target {
        TextTarget::Delimited(dialect) => survey.and_then(|survey| too_many(survey.rows, dialect)),
        TextTarget::JsonLines { .. } => None,
    };
    Ok(Written {
        guarded: guarded + first.guarded(),
        too_many_rows,
    })
}

/// Writes the table as Parquet.
#[cfg(feature = "parquet")]
pub(super) fn parquet(
    table: &mut Table,
    threads: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let Table { columns, spool, .. } = table;
    let survey = Survey::of(spool, columns, threads)?;
    let format = ParquetTable::new(columns, &survey)?;
    let mut file = format.begin()?;
    let group_of = |portion: Portion| {
        let mut group = format.group();
        portion.for_each(|cells| {
            group.push(cells);
            Ok(())
        })?;
        group.encode()
    };
    spool.for_each_portion(columns, parquet::GROUP, threads, group_of, |group| {
        file.push(group, out)
    })?;
    file.finish(out)
}
