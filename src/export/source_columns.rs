//! The location of the body that a row comes from (`--with-source`, `--rejects`).

use crate::call::campaign::Campaign;
use crate::capture::find::item::Body;
use crate::capture::location::coding::position_coding;
use crate::contract::CALL_ID;
use crate::contract::recognition::CAMPAIGN_IN_LEAD_POINTER;
use crate::json::pointer;
use crate::table::column::{Columns, SOURCE_COLUMNS};
use crate::table::row::{Cell, Rows};

/// Adds the cells of the location of `body` to each of the next rows.
pub(crate) fn add_source(body: &Body, columns: &Columns, rows: &mut Rows) {
    let Some(first) = columns.first_source_column() else {
        return;
    };
    let position = body.position();
    let is_call_id = body.id().is_some() && body.members().get("id").is_none();
    let campaign = Campaign::from_body(body.object);
    let is_inside_lead = campaign.is_some_and(|campaign| campaign.is_inside_lead());
    let cells: [Option<Cell>; SOURCE_COLUMNS.len()] = [
        Some(Cell::text(body.source.to_string())),
        Some(Cell::number(position.line)),
        Some(Cell::text(body.pointer.as_str())),
        Some(Cell::number(position.column)),
        position_coding(body.locator.coding()).map(|coding| Cell::text(coding.name())),
        is_call_id.then(|| Cell::text(pointer::child("", CALL_ID))),
        is_inside_lead.then(|| Cell::text(CAMPAIGN_IN_LEAD_POINTER)),
    ];
    let cells = (first..).zip(cells);
    rows.set_tail(cells.filter_map(|(column, cell)| Some((column, cell?))));
}
