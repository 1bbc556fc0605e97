//! A table in, its rows out, in a format of text.

use std::borrow::Cow;
use std::io::{self, Write};

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
use crate::table::spool::{MANY_COLUMNS, Portion, Size};
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

/// So many bytes of text are made together.
const PORTION_BYTES: usize = 256 * 1024;

/// Writes the table as text, which so many threads make.
pub(super) fn text(
    table: &mut Table,
    target: &TextTarget,
    times: &Times,
    threads: usize,
    out: &mut dyn Write,
) -> anyhow::Result<Written> {
    let Table { columns, spool, .. } = table;
    let mut text = Text::new(columns, target, times);
    let mut too_many_rows = None;
    if let Some(dialect) = text.spreadsheet() {
        let survey = Survey::of(spool, columns, threads)?;
        too_many_rows = too_many(survey.rows, dialect);
        text.parts = Some(survey.columns.iter().map(Contents::parts).collect());
    }
    let mut first = text.writer(true);
    let mut guarded = 0;
    if threads <= 1 || columns.len() > MANY_COLUMNS {
        spool.for_each(columns, |cells| Ok(text.row(cells, &mut *first, out)?))?;
        first.finish(out)?;
    } else {
        // Without rows it is the beginning.
        first.finish(out)?;
        let text_of = |portion: Portion| {
            let mut writer = text.writer(false);
            let mut rows = Vec::new();
            portion.for_each(|cells| Ok(text.row(cells, &mut *writer, &mut rows)?))?;
            writer.finish(&mut rows)?;
            Ok((rows, writer.guarded()))
        };
        let size = Size {
            bytes: PORTION_BYTES,
            row_bytes: text.row_bytes(),
            rows: usize::MAX,
        };
        spool.for_each_portion(columns, size, threads, text_of, |(rows, guards)| {
            guarded += guards;
            Ok(out.write_all(&rows)?)
        })?;
    }
    Ok(Written {
        guarded: guarded + first.guarded(),
        too_many_rows,
    })
}

/// How a table becomes text.
struct Text<'t> {
    columns: &'t [Column],
    target: &'t TextTarget,
    times: Times,
    /// The places of the columns whose times are not told as they are given.
    with_times: Vec<usize>,
    /// For a spreadsheet program: into how many cells the texts of each column go.
    parts: Option<Vec<usize>>,
}

impl<'t> Text<'t> {
    fn new(columns: &'t [Column], target: &'t TextTarget, times: &Times) -> Self {
        let times = match target {
            TextTarget::Delimited(dialect) => times.in_dialect(dialect),
            TextTarget::JsonLines { .. } => times.clone(),
        };
        let places = columns.iter().enumerate();
        let places = places
            .filter(|(_, column)| column.holds == Holds::Times && !times.are_as_given())
            .map(|(place, _)| place);
        Self {
            with_times: places.collect(),
            columns,
            target,
            times,
            parts: None,
        }
    }

    /// The dialect, where a spreadsheet program is to open it.
    fn spreadsheet(&self) -> Option<&'t Dialect> {
        match self.target {
            TextTarget::Delimited(dialect) => Some(dialect).filter(|own| own.program.is_some()),
            TextTarget::JsonLines { .. } => None,
        }
    }

    /// What writes rows: the first ones, with which the text begins, or later ones.
    fn writer(&self, begins: bool) -> Box<dyn RowWriter> {
        let headings = self.columns.iter().map(Heading::from);
        match self.target {
            TextTarget::JsonLines { flat: true } => json_lines(&headings.collect::<Vec<_>>(), true),
            TextTarget::JsonLines { flat: false } => {
                let headings = headings.zip(self.columns);
                let headings = headings.map(|(heading, column)| heading.nested(&column.path));
                json_lines(&headings.collect::<Vec<_>>(), false)
            }
            TextTarget::Delimited(dialect) => {
                let dialect = Dialect {
                    header: dialect.header && begins,
                    bom: dialect.bom && begins,
                    ..dialect.clone()
                };
                let headings: Vec<_> = headings.collect();
                let Some(parts) = self.parts.clone() else {
                    return delimited(&headings, dialect);
                };
                let make = |headings: Vec<Heading>| delimited(&headings, dialect);
                Box::new(PartsWriter::new(&headings, parts, make))
            }
        }
    }

    /// About how many bytes of text a row takes, besides its values.
    fn row_bytes(&self) -> usize {
        /// Quotes, colon, comma and `null`.
        const MEMBER: usize = 8;
        match self.target {
            TextTarget::JsonLines { .. } => {
                let names = self.columns.iter().map(|column| column.name.len() + MEMBER);
                names.sum()
            }
            TextTarget::Delimited(dialect) => {
                let parts = self.parts.as_ref().map(|parts| parts.iter().sum());
                let quotes_and_delimiter = 3;
                parts.unwrap_or(self.columns.len()) * (dialect.null.len() + quotes_and_delimiter)
            }
        }
    }

    /// Writes one row.
    fn row(
        &self,
        cells: &[Option<Cell>],
        writer: &mut dyn RowWriter,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.with_times.is_empty() {
            return writer.row(cells, out);
        }
        let mut cells = cells.to_vec();
        for place in &self.with_times {
            cells[*place] = cells[*place].take().map(|cell| self.times.told(cell));
        }
        writer.row(&cells, out)
    }
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
    // Each has its hands full of values.
    let most = if columns.len() > MANY_COLUMNS { 1 } else { 8 };
    let size = parquet::group_size(columns.len());
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
    spool.for_each_portion(columns, size, threads.min(most), group_of, |group| {
        file.push(group, out)
    })?;
    file.finish(out)
}
