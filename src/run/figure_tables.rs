//! Output of tables with notes below them.

use std::io::Write;

use crate::export::{RowFormat, TableOptions, escape_markdown};
use crate::text::workflow_commands::break_commands;
use crate::view::figures::FigureTable;
use crate::view::terminal::Terminal;

/// Writes tables for people, each with its notes.
pub(crate) fn write_tables(
    tables: &[FigureTable],
    format: RowFormat,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for (index, table) in tables.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        if format == RowFormat::Markdown && tables.len() > 1 {
            writeln!(out, "## {}\n", escape_markdown(&table.title))?;
        }
        write_table(table, format, terminal, out)?;
        for note in &table.notes {
            if format == RowFormat::Markdown {
                writeln!(out, "\n{}", break_commands(&escape_markdown(note)))?;
                continue;
            }
            for line in terminal.note_lines(note) {
                writeln!(out, "{}", break_commands(&line))?;
            }
        }
    }
    Ok(())
}

fn write_table(
    table: &FigureTable,
    format: RowFormat,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut writer = TableOptions::from(format).create_writer(&table.headings, terminal);
    for row in &table.rows {
        writer.write_row(row, out)?;
    }
    Ok(writer.finish(out)?)
}
