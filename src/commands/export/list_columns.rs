//! `export --list-columns`: lists the columns of the input with their types and contents.

use anyhow::anyhow;

use crate::args::ExportArgs;
use crate::exit::UsageError;
use crate::export::tables::{RowKind, TableRequest};
use crate::lint::checker::Checker;
use crate::run::collect::collect_tables;
use crate::run::rows;
use crate::run::session::Session;
use crate::table::column::Columns;
use crate::table::column_list::ColumnList;
use crate::table::headings::HeadingStyle;
use crate::table::row::Cell;
use crate::table::sort::SortOrder;
use crate::table::survey::Survey;
use crate::table::writer::Heading;

/// Prints the columns of the input (`--list-columns`), which start with `columns` in a table of
/// calls.
pub(super) fn print(
    args: &ExportArgs,
    list: &ColumnList,
    columns: Columns,
    session: &mut Session,
) -> anyhow::Result<()> {
    if let Some(option) = args.first_value_option() {
        let unused = anyhow!("--list-columns cannot be used with {option}");
        return Err(UsageError(unused).into());
    }
    let rows = args.rows.unwrap_or(RowKind::Calls);
    let format = args.list_format().map_err(UsageError)?;
    let read = args.input.read_options(&session.config, session.clock)?;
    // The list has no findings, whatever the settings.
    let checker = Checker::standard(session.clock);
    let request = TableRequest::only(rows).with_call_columns(columns);
    let mut collected = collect_tables(
        &read,
        &request,
        list,
        &SortOrder::default(),
        &checker,
        session.config.only_completed,
        session,
    )?;
    if session.lacks_calls() {
        return Ok(());
    }
    let is_empty = session.counts().selected() == 0;
    let notes = collected.apply_column_list(rows, list, HeadingStyle::Full, is_empty)?;
    session.print_messages(&notes);
    let for_people = format.is_for_people();
    let headings = if for_people {
        vec![
            Heading::new("Column").wrapped(),
            Heading::new("Kind"),
            Heading::new("Filled").right_aligned(),
            Heading::new("Example").wrapped(),
        ]
    } else {
        ["name", "kind", "rows", "filled", "example"]
            .map(Heading::new)
            .to_vec()
    };
    let mut lines = Vec::new();
    for table in &mut collected.tables {
        let survey = Survey::run(&mut table.spool, &table.columns, session.workers())?;
        for (column, contents) in table.columns.iter().zip(survey.columns) {
            let (rows, filled) = (survey.rows, contents.non_empty_cells());
            let kind = contents.type_name(column.column_type);
            let mut line = vec![Cell::text(column.name.clone()), Cell::text(kind)];
            if for_people {
                line.push(Cell::text(percent(filled, rows)));
            } else {
                line.extend([rows, filled].map(Cell::number));
            }
            let example = contents.example.map(Cell::text);
            lines.push(line.into_iter().map(Some).chain([example]).collect());
        }
    }
    rows::print_rows(&format.into(), &headings, lines, session)
}

/// Formats a share in whole percent. Only an empty share is 0 % and only a complete one is 100 %.
fn percent(part: u64, all: u64) -> String {
    let percent = match (part, all) {
        (0, _) => 0,
        (part, all) if part == all => 100,
        (part, all) => (u128::from(part) * 100 / u128::from(all)).clamp(1, 99),
    };
    format!("{percent} %")
}
