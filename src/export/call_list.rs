//! The rows of `list` in the data formats: some values of each call, named as in `export`.

use super::row_format::RowFormat;
use crate::call::{Call, read_timestamp};
use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::time::zone::Zone;

/// Gets one value of a call.
type ValueGetter = for<'a> fn(&Call<'a>) -> Option<Json<'a>>;

/// The columns, named as in `export`.
const COLUMNS: &[(&str, ValueGetter)] = &[
    ("id", |call| call.id()),
    ("customer_phone", |call| call.customer_phone()),
    ("assistant_phone", |call| call.assistant_phone()),
    ("duration", |call| call.duration()),
    ("status", |call| call.status()),
    ("recording_url", |call| call.recording_url()),
    ("created_at", |call| call.created_at()),
    ("finished_at", |call| call.finished_at()),
    ("lead.id", |call| call.lead.as_ref()?.id()),
    ("lead.status", |call| call.lead.as_ref()?.status()),
    ("campaign.id", |call| call.campaign.as_ref()?.id()),
    ("campaign.name", |call| call.campaign.as_ref()?.name()),
];

/// The headings of [`data_row`].
pub(crate) fn data_headings() -> Vec<Heading> {
    COLUMNS
        .iter()
        .map(|(name, _)| {
            let path: Vec<String> = name.split('.').map(str::to_owned).collect();
            Heading::new(*name).nested(&path)
        })
        .collect()
}

/// The row of a call, with a cell for each of [`data_headings`]. Times are converted to `zone`.
pub(crate) fn data_row<'a>(
    call: &Call<'a>,
    format: RowFormat,
    zone: &Zone,
) -> impl Iterator<Item = Option<Cell<'a>>> {
    COLUMNS.iter().map(move |(name, value)| {
        let value = value(call)?;
        let is_time = name.ends_with("_at");
        let shifted = read_timestamp(value)
            .filter(|_| is_time)
            .and_then(|time| zone.format_machine(time));
        shifted.map(Cell::text).or_else(|| format.cell(value))
    })
}
