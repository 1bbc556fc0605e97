//! `extract`: takes the bodies out of their envelopes and writes them as JSON Lines or as one file
//! per call, or lists all items of the input with their locations.

use std::path::Path;

use crate::capture::find::item::{Item, NonCallKind};
use crate::capture::source::reader::TableUse;
use crate::cli::ExtractArgs;
use crate::export::RowFormat;
use crate::export::bodies::BodyLayout;
use crate::run::bodies;
use crate::run::claims::OUTPUT_OPTION;
use crate::run::location::format_location;
use crate::run::output_file::OutputFile;
use crate::run::read_plan::ReadOptions;
use crate::run::rows;
use crate::run::session::Session;
use crate::run::split_bodies::write_files;
use crate::table::row::Cell;
use crate::table::sort::SortOrder;
use crate::table::writer::Heading;
use crate::text::plural::format_count;

pub(crate) fn run(args: &ExtractArgs, session: &mut Session) -> anyhow::Result<()> {
    let mut read = args.input.read_options(&session.config, session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    if args.list {
        return print_list(&read, args, session);
    }
    let layout = BodyLayout::new(args.pretty);
    if let Some(folder) = &args.split {
        session.claim_outputs(&mut read, &[], Some(folder))?;
        return write_files(&read, folder, layout.into(), session).map(|_| ());
    }
    let output = args.file();
    let outputs: Vec<_> = output
        .map(|path| (OUTPUT_OPTION, path))
        .into_iter()
        .collect();
    session.claim_outputs(&mut read, &outputs, None)?;
    let is_replaced = output.is_some_and(Path::is_file);
    let file = OutputFile::create_if_named(output)?;
    bodies::write_bodies(&read, file, layout.into(), &SortOrder::default(), session)?;
    if let Some(path) = output
        && session.counts().calls > 0
    {
        let calls = format_count(session.counts().selected(), "call");
        session.print_written(&[calls], path, is_replaced);
    }
    Ok(())
}

/// Lists all items of the input with their locations.
fn print_list(read: &ReadOptions, args: &ExtractArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let names: [&str; 7] = if format.is_for_people() {
        [
            "Source",
            "Location",
            "Pointer",
            "Kind",
            "Call",
            "Bytes",
            "Description",
        ]
    } else {
        ["source", "place", "pointer", "kind", "id", "bytes", "what"]
    };
    let headings = names.map(|name| match name {
        "Bytes" => Heading::new(name).right_aligned(),
        "Location" | "Kind" | "Call" => Heading::new(name),
        name => Heading::new(name).wrapped(),
    });
    rows::print_items(
        read,
        format.into(),
        headings.to_vec(),
        session,
        |item, rows| rows.push_row(item_row(item, format)),
    )
}

/// The row of an item, with a cell for each heading of [`print_list`].
fn item_row<'a>(item: &'a Item, format: RowFormat) -> [Option<Cell<'a>>; 7] {
    match item {
        Item::Call(body) => [
            Some(Cell::text(&**body.source)),
            Some(Cell::text(format_location(
                body.locator,
                body.locator.offset_of(body.value().text()),
            ))),
            Some(Cell::text(body.pointer.as_str())),
            Some(Cell::text("call")),
            body.id().and_then(|id| format.cell(id)),
            Some(Cell::number(body.value().text().len() as u64)),
            None,
        ],
        Item::NonCall(other) => [
            Some(Cell::text(&**other.source)),
            Some(Cell::text(format_location(other.locator, other.offset))),
            Some(Cell::text(other.pointer.as_str())),
            Some(Cell::text(match other.kind {
                NonCallKind::Broken | NonCallKind::BrokenRow => "broken",
                NonCallKind::Table => "table",
                NonCallKind::TooDeep => "too deep",
                NonCallKind::Repaired => "repaired",
                NonCallKind::OtherPayload(_) => "other payload",
                NonCallKind::LostBody => "empty envelope",
                NonCallKind::Json | NonCallKind::Text => "no call",
                NonCallKind::Windows1252 => "encoding",
            })),
            None,
            (!other.record.is_empty()).then(|| Cell::number(other.record.len() as u64)),
            Some(Cell::text(other.description.as_str())),
        ],
    }
}
