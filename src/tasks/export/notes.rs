//! Messages about a finished export.

use crate::exit::Exit;
use crate::export::counts::{ExportCounts, LeftOut, TypeCounts};
use crate::export::xlsx::ROWS_PER_SHEET;
use crate::run::rows;
use crate::run::session::Session;
use crate::table::headings::MISFITS;
use crate::text::plural::format_count;
use crate::text::shorten::shorten;

/// Maximum number of columns in a message.
const MAX_COLUMNS: usize = 5;

/// Prints the messages. Values that do not have the type of their column change the exit code.
pub(super) fn print(counts: &ExportCounts, session: &mut Session) {
    rows::warn_about_guards(counts.guarded, session);
    if let Some(rows) = counts.too_many_rows {
        session.print_message(&format!(
            "{rows} rows, but a spreadsheet shows only {ROWS_PER_SHEET}; a workbook (-o calls.xlsx) splits them into sheets"
        ));
    }
    print_left_out(&counts.left_out, session);
    print_long_numbers(&counts.types, session);
    print_misfits(&counts.types, session);
}

/// Prints how to give columns the same types in each run, if some were chosen from the input.
pub(super) fn print_declaration_hint(counts: &ExportCounts, session: &mut Session) {
    let inferred = counts.types.inferred as u64;
    if inferred > 0 {
        let columns = format_count(inferred, "column");
        session.print_message(&format!(
            "the types of {columns} were chosen from this input, and may differ in the next run; to declare them: postcall infer -o postcall.toml"
        ));
    }
}

fn print_left_out(left_out: &LeftOut, session: &mut Session) {
    if left_out.values > 0 {
        let values = format_count(left_out.values, "value");
        let columns = format_count(left_out.columns.len() as u64, "undeclared column");
        let verb = if left_out.values == 1 { "was" } else { "were" };
        let names = name_columns(
            left_out
                .columns
                .iter()
                .map(|name| shorten(name).into_owned()),
        );
        session.print_message(&format!("{values} in {columns} {verb} left out: {names}"));
    }
}

fn print_long_numbers(types: &TypeCounts, session: &mut Session) {
    if !types.long_numbers.is_empty() {
        let names = name_columns(
            types
                .long_numbers
                .iter()
                .map(|name| shorten(name).into_owned()),
        );
        session.print_message(&format!(
            "numbers with more digits than a double keeps are text: {names}"
        ));
    }
}

fn print_misfits(types: &TypeCounts, session: &mut Session) {
    let count: u64 = types.misfits.values().sum();
    if count > 0 {
        let columns = types.misfits.iter();
        let columns = columns.map(|(name, count)| format!("{} ({count})", shorten(name)));
        let columns = name_columns(columns);
        let values = if count == 1 {
            "1 value does not fit the type of its column and is".to_owned()
        } else {
            format!("{count} values do not fit the types of their columns and are")
        };
        let hint = if session.has_rejects() {
            ""
        } else {
            "; --rejects FILE lists them"
        };
        session.print_error(&format!("{values} in {MISFITS}: {columns}{hint}"));
        session.fail(Exit::BadData);
    }
}

/// The first of these columns, separated by commas.
fn name_columns(columns: impl Iterator<Item = String>) -> String {
    let mut columns = columns.peekable();
    let mut names: Vec<String> = columns.by_ref().take(MAX_COLUMNS).collect();
    if columns.peek().is_some() {
        names.push("…".to_owned());
    }
    names.join(", ")
}
