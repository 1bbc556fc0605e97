//! Output of tables with notes below them.

use std::io::Write;

use crate::export::{RowFormat, TableOptions, escape_markdown};
use crate::text::safe_text;
use crate::text::workflow_commands::break_commands;
use crate::text::wrap::wrap;
use crate::view::figures::FigureTable;
use crate::view::terminal::Terminal;

/// Writes the lines above all tables, if there are any.
pub(crate) fn write_heading(
    lines: &[String],
    format: RowFormat,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    for (index, line) in lines.iter().enumerate() {
        if format == RowFormat::Markdown {
            let end = if index + 1 < lines.len() { "\n" } else { "" };
            writeln!(out, "{}{end}", break_commands(&escape_markdown(line)))?;
            continue;
        }
        for line in wrap(
            &safe_text::one_line(line),
            terminal.width.unwrap_or(usize::MAX).max(1),
        ) {
            writeln!(out, "{}", break_commands(&line))?;
        }
    }
    Ok(writeln!(out)?)
}

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
    // A cut figure would be a wrong one.
    let format = match format {
        RowFormat::Table if table.cuts_figures(terminal) => RowFormat::Vertical,
        format => format,
    };
    let mut writer = TableOptions::from(format).create_writer(&table.headings, terminal);
    for row in &table.rows {
        writer.write_row(row, out)?;
    }
    Ok(writer.finish(out)?)
}
