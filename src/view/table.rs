//! Draws tables for people. Columns are as wide as their content, or narrowed and wrapped to fit
//! the terminal. Rows are drawn in portions, so that a table of any length streams: the first
//! portion decides the widths. A pause of the input ends a portion early.

use std::io::{self, Write};

use comfy_table::{
    Cell as DrawnCell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle,
    LineStyle, Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use super::marks::{paint_marked, split_marks, with_marks};
use super::theme::Theme;
use crate::table::row::Cell;
use crate::table::writer::{CellSearch, Heading, RowWriter};
use crate::text::safe_text;
use crate::text::tone::Tone;
use crate::text::workflow_commands::break_commands;
use crate::text::wrap::{longest_unbreakable, wrap};

/// Number of rows that are drawn together.
const PORTION_ROWS: usize = 500;

/// Maximum number of cells that are drawn together; each takes about 900 bytes.
const PORTION_CELLS: usize = 50_000;

/// Spaces between two columns: the padding of one, and the junction.
pub(crate) const GAP: usize = 2;

/// Width below which a flexible column is not narrowed while another one can shrink.
const MIN_WIDTH: usize = 8;

/// No borders; a line under the header.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '));
const HEADER_LINE: LineStyle = LineStyle::none().fill('─').junction('─');

/// Width and colours of the output.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terminal {
    /// Width in columns, from the terminal or the environment variable `COLUMNS`. `None` if the
    /// output is not a terminal: then nothing is wrapped, and each row is one line.
    pub(crate) width: Option<usize>,
    /// Colours of the output.
    pub(crate) theme: Theme,
}

/// Writer of a table for people.
pub(crate) struct TableWriter {
    headings: Vec<Heading>,
    terminal: Terminal,
    pending: Vec<Vec<String>>,
    widths: Vec<usize>,
    has_header: bool,
    /// Number of rows drawn so far.
    drawn_rows: usize,
}

impl TableWriter {
    /// Creates a table with these headings.
    #[must_use]
    pub(crate) fn new(mut headings: Vec<Heading>, terminal: Terminal) -> Self {
        for heading in &mut headings {
            heading.name = safe_text::one_line(&heading.name).into_owned();
        }
        Self {
            widths: vec![0; headings.len()],
            headings,
            terminal,
            pending: Vec::new(),
            has_header: false,
            drawn_rows: 0,
        }
    }

    /// Draws the pending rows.
    fn draw(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.set_widths();
        self.drawn_rows += self.pending.len();
        let mut table = Table::new();
        table
            .load_style(STYLE)
            .set_content_arrangement(ContentArrangement::Disabled);
        #[cfg(feature = "cli")]
        if self.terminal.theme == Theme::Ansi {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        if !self.has_header {
            self.has_header = true;
            table.style_mut().header_separator = HEADER_LINE;
            let headings = self.headings.iter().zip(&self.widths);
            table.set_header(
                headings.map(|(heading, width)| {
                    draw_cell(&heading.name, *width, heading, Tone::Strong)
                }),
            );
        }
        for row in self.pending.drain(..) {
            let cells = self.headings.iter().zip(&row).zip(&self.widths);
            table.add_row(cells.map(|((heading, text), width)| {
                let tone = heading.tone.map_or(Tone::Plain, |tone| tone(text));
                draw_cell(text, *width, heading, tone)
            }));
        }
        let last = self.widths.len().saturating_sub(1);
        for (index, (column, width)) in table.column_iter_mut().zip(&self.widths).enumerate() {
            // The other space of the gap is the junction between the columns.
            let padding = u16::from(index != last);
            column.set_padding((0, padding));
            let width = u16::try_from(*width)
                .unwrap_or(u16::MAX)
                .saturating_add(padding);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        table
            .lines()
            .map(|line| paint_marked(self.terminal.theme, Tone::Plain, line.trim_end()))
            .try_for_each(|line| writeln!(out, "{}", break_commands(&line)))
    }

    /// Decides the widths for the pending rows. In a terminal, the widths are final after a whole
    /// portion of rows. Until then they grow into the remaining room, because the first row alone
    /// is not representative.
    fn set_widths(&mut self) {
        if self.drawn_rows >= PORTION_ROWS && self.terminal.width.is_some() {
            return;
        }
        let mut columns = Vec::with_capacity(self.headings.len());
        for (index, heading) in self.headings.iter().enumerate() {
            let texts = || {
                let cells = self.pending.iter().map(|row| row[index].as_str());
                cells.chain([heading.name.as_str()])
            };
            let widest = texts().map(UnicodeWidthStr::width).max().unwrap_or(0);
            columns.push(ColumnWidth {
                width: self.widths[index].max(widest).max(1),
                longest_word: texts().map(longest_unbreakable).max().unwrap_or(0),
                flexible: heading.is_flexible,
            });
        }
        if let Some(width) = self.terminal.width {
            if self.has_header {
                keep_widths(&mut columns, &self.widths, width);
            }
            fit_widths(&mut columns, width);
        }
        self.widths = columns.into_iter().map(|column| column.width).collect();
    }
}

/// A column whose width is being decided.
struct ColumnWidth {
    width: usize,
    /// Width of the longest word.
    longest_word: usize,
    flexible: bool,
}

/// Lets flexible columns grow only into the remaining room, so that rows stay aligned with those
/// already drawn in the widths `before`.
fn keep_widths(columns: &mut [ColumnWidth], before: &[usize], width: usize) {
    let desired: Vec<usize> = columns.iter().map(|column| column.width).collect();
    for (column, before) in columns.iter_mut().zip(before) {
        if column.flexible {
            column.width = *before;
        }
    }
    let used = columns.iter().map(|column| column.width).sum::<usize>();
    let mut room = width.saturating_sub(used + GAP * columns.len().saturating_sub(1));
    for (column, desired) in columns.iter_mut().zip(desired) {
        let growth = (desired - column.width).min(room);
        column.width += growth;
        room -= growth;
    }
}

/// Narrows columns, the widest first, until all of them fit into `width`: flexible ones while their
/// words stay whole, then all flexible ones, then all columns.
fn fit_widths(columns: &mut [ColumnWidth], width: usize) {
    let minimums: [fn(&ColumnWidth) -> usize; 4] = [
        |column| {
            if column.flexible {
                column.longest_word.max(MIN_WIDTH)
            } else {
                column.width
            }
        },
        |column| {
            if column.flexible {
                MIN_WIDTH
            } else {
                column.width
            }
        },
        |_| MIN_WIDTH,
        |_| 1,
    ];
    let gaps = GAP * columns.len().saturating_sub(1);
    for minimum in minimums {
        while columns.iter().map(|column| column.width).sum::<usize>() + gaps > width {
            let shrinkable = columns
                .iter_mut()
                .filter(|column| column.width > minimum(column));
            let Some(widest) = shrinkable.max_by_key(|column| column.width) else {
                break;
            };
            widest.width -= 1;
        }
    }
}

fn draw_cell(text: &str, width: usize, heading: &Heading, tone: Tone) -> DrawnCell {
    let alignment = if heading.is_right_aligned {
        CellAlignment::Right
    } else {
        CellAlignment::Left
    };
    let text = if text.width() > width {
        let lines: Vec<String> = split_marks(wrap(text, width).into_iter()).collect();
        lines.join("\n")
    } else {
        text.to_owned()
    };
    // No-break spaces kept words together during wrapping. Plain spaces make the output searchable.
    let text = text.replace('\u{a0}', " ");
    paint_cell(DrawnCell::new(text).set_alignment(alignment), tone)
}

/// Styles a cell. Without the feature `cli` there is no terminal that could show colours.
#[cfg(not(feature = "cli"))]
fn paint_cell(cell: DrawnCell, _tone: Tone) -> DrawnCell {
    cell
}

#[cfg(feature = "cli")]
fn paint_cell(cell: DrawnCell, tone: Tone) -> DrawnCell {
    use comfy_table::{Attribute, Color};

    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::DarkGreen),
        Tone::Doubtful => cell.fg(Color::DarkYellow),
        Tone::Bad => cell.fg(Color::DarkRed),
        Tone::Accent => cell.fg(Color::DarkCyan),
        Tone::Match => cell.add_attribute(Attribute::Reverse),
    }
}

/// Returns the text of a cell, safe and on one line, with marks at the matches of `search`. Very
/// long text is cut, because it is unreadable in a table.
fn cell_text(text: &str, search: Option<&CellSearch>) -> String {
    const LONGEST: usize = 10_000;
    let cut = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    let shown = &text[..cut.unwrap_or(text.len())];
    let ranges = search.map(|search| search.ranges(shown));
    let shown = with_marks(shown, &ranges.unwrap_or_default(), safe_text::one_line);
    match cut {
        Some(_) => format!("{shown} … (truncated)"),
        None => shown.into_owned(),
    }
}

impl RowWriter for TableWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.pending.push(
            cells
                .iter()
                .zip(&self.headings)
                .map(|(cell, heading)| {
                    cell.as_ref().map_or(String::new(), |cell| {
                        cell_text(&cell.text, heading.search.as_ref())
                    })
                })
                .collect(),
        );
        let rows = PORTION_ROWS.min(PORTION_CELLS / self.headings.len().max(1));
        if self.pending.len() < rows {
            return Ok(());
        }
        self.draw(out)
    }

    fn pause(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.pending.is_empty() {
            // A header without rows would look like a result.
            return Ok(());
        }
        self.draw(out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.pause(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(width: Option<usize>, rows: &[[&str; 3]]) -> String {
        let headings = vec![
            Heading::new("Call").right_aligned(),
            Heading::new("Name").flexible(),
            Heading::new("End"),
        ];
        let terminal = Terminal {
            width,
            theme: Theme::Plain,
        };
        let mut table = TableWriter::new(headings, terminal);
        let mut out = Vec::new();
        for row in rows {
            let cells = row.map(|text| Some(Cell::text(text)));
            table
                .write_row(&cells, &mut out)
                .expect("a Vec takes every write");
        }
        table.finish(&mut out).expect("a Vec takes every write");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn wide_characters_and_emoji_line_up() {
        let drawn = draw(None, &[["1", "田中 📞", "x"], ["23", "Müller", "y"]]);
        assert_eq!(
            drawn,
            "Call  Name     End\n──────────────────\n   1  田中 📞  x\n  23  Müller   y\n"
        );
    }

    #[test]
    fn flexible_columns_shrink_and_wrap() {
        let drawn = draw(Some(24), &[["1", "a name of many words", "end"]]);
        assert!(drawn.lines().all(|line| line.width() <= 24), "{drawn}");
        assert!(drawn.contains("\n   1  a name of"), "{drawn}");
    }

    #[test]
    fn a_pause_draws_rows_and_widths_grow_into_the_remaining_room() {
        let terminal = Terminal {
            width: Some(24),
            theme: Theme::Plain,
        };
        let headings = vec![
            Heading::new("Call").right_aligned(),
            Heading::new("Start").flexible(),
            Heading::new("Name").flexible(),
        ];
        let mut table = TableWriter::new(headings, terminal);
        let mut out = Vec::new();
        table.pause(&mut out).expect("a Vec takes every write");
        assert!(out.is_empty());
        for (call, name) in [("1", "Ann"), ("2", "of many words"), ("12345", "Bob")] {
            let cells = [call, "10:30 Z", name].map(|text| Some(Cell::text(text)));
            table
                .write_row(&cells, &mut out)
                .expect("a Vec takes every write");
            table.pause(&mut out).expect("a Vec takes every write");
        }
        table.finish(&mut out).expect("a Vec takes every write");
        let lines = [
            "Call  Start    Name",
            "───────────────────",
            "   1  10:30 Z  Ann",
            "   2  10:30 Z  of many",
            "               words",
            "12345  10:30 Z  Bob",
        ];
        let out = String::from_utf8(out).expect("text");
        assert_eq!(out.lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn control_characters_never_get_through() {
        assert!(!draw(None, &[["1", "\u{1b}[31m\u{9b}", "\n"]]).contains(['\u{1b}', '\u{9b}']));
    }
}
