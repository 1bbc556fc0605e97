//! Findings as Markdown for the summary of a GitHub job (docs.github.com, "Adding a job summary"):
//! a heading with counts, and a table.
//!
//! Text of a body is only in code spans (`CommonMark` §6.1), in which GitHub renders no HTML,
//! links, images or mentions. In a table, `|` has to be escaped even there (GFM §4.10).

use std::io::{self, Write};

use super::finding_text::{format_location, format_sentence};
use super::summary::Summary;
use super::writer::Report;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule_data::Level;
use crate::text::plural::format_count;
use crate::text::safe_text;
use crate::text::shorten::cut_middle;
use crate::text::workflow_commands::break_commands;

/// Maximum size of the report in bytes: GitHub rejects longer summaries.
const MAX_BYTES: usize = 1024 * 1024;

/// Part of [`MAX_BYTES`] for the heading and the lines around the tables.
const FRAME_BYTES: usize = 16 * 1024;

/// Maximum number of characters of a text in a cell. The middle of a longer one is cut out.
const MAX_CELL_CHARACTERS: usize = 600;

/// Writes a heading and a table. The table is kept in memory, because the heading has the counts.
#[derive(Default)]
pub(crate) struct MarkdownReport {
    /// Rows of the table of findings.
    findings: Rows,
}

/// Rows of a table, up to a size.
#[derive(Default)]
struct Rows {
    text: String,
    /// Number of rows that did not fit.
    not_listed: u64,
}

impl Rows {
    /// Adds a row if it and all rows before it fit into `max_bytes`.
    fn push(&mut self, row: &str, max_bytes: usize) {
        if self.not_listed > 0 || self.text.len() + row.len() > max_bytes {
            self.not_listed += 1;
        } else {
            self.text.push_str(row);
        }
    }
}

impl Report for MarkdownReport {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        _out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let row = format!(
                "| {} | {} | {} | {} |\n",
                finding.level.name(),
                code_span(finding.rule.id),
                code_span(&format_location(body, finding.span.start)),
                code_span(&format_sentence(body, finding))
            );
            self.findings.push(&row, MAX_BYTES - FRAME_BYTES);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "## postcall: {}", format_count(summary.calls, "call"))?;
        for level in Level::ALL {
            let count = summary.tally.count(level);
            if level != Level::Note || count > 0 {
                write!(out, ", {}", format_count(count, level.name()))?;
            }
        }
        if summary.baseline.is_some() {
            write!(out, ", {}", format_count(summary.known(), "known finding"))?;
        }
        let unreadable = summary.unreadable.len() as u64;
        if unreadable > 0 {
            write!(out, ", {} not read", format_count(unreadable, "input"))?;
        }
        writeln!(out)?;
        if let Some(config) = &summary.config {
            writeln!(out, "\nSettings: {}", code_span(config))?;
        }
        let baseline = summary.baseline.as_ref();
        if let Some(note) = baseline.and_then(|baseline| baseline.note(code_span)) {
            writeln!(out, "\nBaseline: {note}.")?;
        }
        let heading = "| Level | Rule | Place | Message |\n| --- | --- | --- | --- |";
        let not_shown = summary.not_shown;
        write_table(heading, &self.findings, not_shown, "more finding", out)?;

        let room = MAX_BYTES - FRAME_BYTES - self.findings.text.len();
        let mut inputs = Rows::default();
        for unreadable in &summary.unreadable {
            let (name, reason) = (code_span(&unreadable.name), code_span(&unreadable.reason));
            inputs.push(&format!("| {name} | {reason} |\n"), room);
        }
        let heading = "| Not read | Reason |\n| --- | --- |";
        write_table(heading, &inputs, 0, "more input", out)
    }
}

/// Writes a table, and the number of rows that it lacks: `not_shown`, and those that did not fit.
fn write_table(
    heading: &str,
    rows: &Rows,
    not_shown: u64,
    noun: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    if !rows.text.is_empty() {
        write!(out, "\n{heading}\n{}", rows.text)?;
    }
    let more = rows.not_listed + not_shown;
    if more > 0 {
        writeln!(out, "\n… and {} not listed", format_count(more, noun))?;
    }
    Ok(())
}

/// Formats `text` as a code span for a cell of a table.
fn code_span(text: &str) -> String {
    let text = safe_text::one_line(text);
    let text = cut_middle(&text, MAX_CELL_CHARACTERS / 2, MAX_CELL_CHARACTERS / 2);
    // Parsers disagree on an escaped backslash before an escaped `|`.
    let text = text.replace("\\|", "\\u{5c}|");
    let text = break_commands(&text).replace('|', "\\|");
    let longest = text.split(|character| character != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0) + 1);
    // One space on each side is not part of the span.
    let is_edge = |character: char| character == '`' || character == ' ';
    if text.is_empty() || text.starts_with(is_edge) || text.ends_with(is_edge) {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}
