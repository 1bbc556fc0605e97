//! The zone and the format in which an export writes times.

use std::borrow::Cow;

use super::delimited::Dialect;
use crate::table::row::{Cell, CellKind};
use crate::time::timestamp::Timestamp;
use crate::time::zone::{TimeFormat, Zone};

/// Zone and format in which times are written.
#[derive(Clone, Debug)]
pub(crate) struct TimeStyle {
    zone: Zone,
    format: Option<TimeFormat>,
}

impl TimeStyle {
    pub(crate) fn new(zone: Zone, format: Option<TimeFormat>) -> Self {
        Self { zone, format }
    }

    /// True if times are written unchanged from the body.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.zone == Zone::FromBody && self.format.is_none()
    }

    /// The style for a dialect: spreadsheet programs do not support UTC offsets.
    pub(crate) fn in_dialect(&self, dialect: &Dialect) -> Self {
        let zone = match dialect.program {
            Some(_) => self.zone_without_offsets(),
            None => self.zone.clone(),
        };
        Self {
            zone,
            ..self.clone()
        }
    }

    /// The format of times, if it is not that of the body.
    pub(crate) fn format(&self) -> Option<&TimeFormat> {
        self.format.as_ref()
    }

    /// The zone for spreadsheets, whose times have no offset. Without `--tz` it is UTC.
    pub(crate) fn zone_without_offsets(&self) -> Zone {
        match &self.zone {
            Zone::FromBody => Zone::Utc,
            zone => zone.clone(),
        }
    }

    /// Formats the cell if it is a time. Other cells, and times that need no change, are returned
    /// unchanged.
    pub(crate) fn format_cell<'c>(&self, cell: Cell<'c>) -> Cell<'c> {
        match self.format_time(&cell) {
            Some(time) => Cell {
                kind: CellKind::Time,
                text: Cow::Owned(time),
            },
            None => cell,
        }
    }

    fn format_time(&self, cell: &Cell) -> Option<String> {
        if cell.kind != CellKind::Text {
            return None;
        }
        let time = Timestamp::read(&cell.text)?;
        match &self.format {
            Some(format) => Some(self.zone.format_as(time, format)),
            None => self.zone.format_machine(time),
        }
    }
}
