//! Draws tables for people. Columns are as wide as their content, or fitted to the terminal
//! (`table_layout`). Rows are drawn in portions, so that a table of any length streams: the first
//! portion decides the layout. A pause of the input ends a portion early.

use std::io::{self, Write};

use comfy_table::{
    Cell as DrawnCell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle,
    Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use super::marks::{paint_marked, split_marks, with_marks};
use super::table_layout::{ColumnNeed, TableLayout};
use super::terminal::Terminal;
use super::theme::Theme;
use crate::table::row::Cell;
use crate::table::writer::{CellSearch, Fit, Heading, RowWriter};
use crate::text::safe_text;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;
use crate::text::truncate::{CutAt, truncate, with_ellipsis};
use crate::text::workflow_commands::break_commands;
use crate::text::wrap::{longest_unbreakable, wrap};

/// Number of rows that are drawn together.
const PORTION_ROWS: usize = 500;

/// Maximum number of cells that are drawn together; each takes about 900 bytes.
const PORTION_CELLS: usize = 50_000;

/// Maximum number of columns that are named because they are not shown.
const MAX_NAMES: usize = 10;

/// Indentation of a value below the row.
const INDENT: usize = 2;

/// No borders.
const STYLE: TableStyle = TableStyle::new().content_lines(ContentLineStyle::none().junction(' '));

/// Writer of a table for people.
pub(crate) struct TableWriter {
    headings: Vec<Heading>,
    terminal: Terminal,
    pending: Vec<Vec<String>>,
    /// `None` until the first rows are drawn.
    layout: Option<TableLayout>,
    /// Number of rows drawn so far.
    drawn_rows: usize,
    /// True if the header is printed even if there are no rows.
    has_header: bool,
}

impl TableWriter {
    /// Creates a table with these headings.
    #[must_use]
    pub(crate) fn new(mut headings: Vec<Heading>, terminal: Terminal) -> Self {
        for heading in &mut headings {
            heading.name = safe_text::one_line(&heading.name).into_owned();
        }
        Self {
            headings,
            terminal,
            pending: Vec::new(),
            layout: None,
            drawn_rows: 0,
            has_header: false,
        }
    }

    /// This table, whose header is printed even if there are no rows: a table in a file is complete
    /// then, while at the terminal a header without rows would look like a result.
    #[must_use]
    pub(crate) fn with_header(self) -> Self {
        Self {
            has_header: true,
            ..self
        }
    }

    /// Draws the pending rows.
    fn draw(&mut self, is_pause: bool, out: &mut dyn Write) -> io::Result<()> {
        let is_first = self.layout.is_none();
        let layout = self.lay_out(is_pause);
        self.drawn_rows += self.pending.len();
        let rows = std::mem::take(&mut self.pending);
        if is_first {
            self.print_header(&layout, out)?;
        }
        let cells = rows.iter().map(|row| self.draw_row(&layout, row));
        let mut lines = self.arrange(&layout, cells).into_iter();
        match layout.below {
            None => lines.try_for_each(|line| self.print(&line, out))?,
            Some(below) => {
                // Each row is one line, because nothing in it is wrapped.
                for (line, row) in lines.zip(&rows) {
                    self.print(&line, out)?;
                    self.print_below(&row[below], below, Tone::Plain, out)?;
                }
            }
        }
        self.layout = Some(layout);
        Ok(())
    }

    fn print_header(&self, layout: &TableLayout, out: &mut dyn Write) -> io::Result<()> {
        let symbols = self.terminal.symbols;
        let names = self.shown_columns(layout).map(|(_, heading, width)| {
            let lines = match heading.fit {
                Fit::Wrapped => usize::MAX,
                _ => 1,
            };
            let name = layout.name(heading);
            let name = fit_cell(name, width, lines, CutAt::AnyCharacter, symbols);
            draw_cell(&name, heading, Tone::Strong)
        });
        for line in self.arrange(layout, [names.collect()]) {
            self.print(&line, out)?;
        }
        if let Some(below) = layout.below {
            let name = layout.name(&self.headings[below]);
            self.print_below(name, below, Tone::Strong, out)?;
        }
        self.print(&symbols.rule().repeat(layout.used_width()), out)
    }

    /// The columns in the row: index, heading and width.
    fn shown_columns<'t>(
        &'t self,
        layout: &'t TableLayout,
    ) -> impl Iterator<Item = (usize, &'t Heading, usize)> {
        let columns = self.headings.iter().zip(&layout.widths).enumerate();
        columns.filter_map(|(index, (heading, width))| Some((index, heading, (*width)?)))
    }

    fn draw_row(&self, layout: &TableLayout, row: &[String]) -> Vec<DrawnCell> {
        let cells = self.shown_columns(layout).map(|(index, heading, width)| {
            let text = &row[index];
            let tone = heading.tone.map_or(Tone::Plain, |tone| tone(text));
            let lines = layout.max_lines(heading.fit);
            let at = cut_at(heading.fit);
            let text = fit_cell(text, width, lines, at, self.terminal.symbols);
            draw_cell(&text, heading, tone)
        });
        cells.collect()
    }

    /// Arranges drawn cells in the columns of the layout. Returns the lines.
    #[cfg_attr(
        not(feature = "cli"),
        expect(clippy::unused_self, reason = "only the command line has colours")
    )]
    fn arrange(
        &self,
        layout: &TableLayout,
        rows: impl IntoIterator<Item = Vec<DrawnCell>>,
    ) -> Vec<String> {
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
        for row in rows {
            table.add_row(row);
        }
        let widths: Vec<usize> = layout.widths.iter().flatten().copied().collect();
        let last = widths.len().saturating_sub(1);
        for (index, (column, width)) in table.column_iter_mut().zip(widths).enumerate() {
            // The other space of the gap is the junction between the columns.
            let padding = u16::from(index != last);
            column.set_padding((0, padding));
            let width = u16::try_from(width)
                .unwrap_or(u16::MAX)
                .saturating_add(padding);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        table.lines().collect()
    }

    /// Prints a value below its row.
    fn print_below(
        &self,
        text: &str,
        column: usize,
        tone: Tone,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let width = self.terminal.width.unwrap_or(usize::MAX);
        let width = width.saturating_sub(INDENT).max(1);
        let lines = match self.headings[column].fit {
            Fit::Below { lines, .. } if lines < usize::MAX => 1,
            _ => usize::MAX,
        };
        let text = fit_cell(text, width, lines, CutAt::Space, self.terminal.symbols);
        for line in text.replace('\u{a0}', " ").lines() {
            let line = paint_marked(self.terminal.theme, tone, line);
            self.print(&format!("{:INDENT$}{line}", ""), out)?;
        }
        Ok(())
    }

    /// Prints a drawn line.
    fn print(&self, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let line = paint_marked(self.terminal.theme, Tone::Plain, line.trim_end());
        writeln!(out, "{}", break_commands(&line))
    }

    /// Decides the layout for the pending rows. In a limited width, it is final after a whole
    /// portion of rows. Until then columns grow into the remaining room, because the first row
    /// alone is not representative. Rows that are drawn because the input pauses are only the first
    /// ones: then columns are as wide as their values usually are.
    fn lay_out(&mut self, is_pause: bool) -> TableLayout {
        let width = self.terminal.width;
        let known = self.layout.take();
        if let Some(layout) = &known
            && self.drawn_rows >= PORTION_ROWS
            && width.is_some()
        {
            return layout.clone();
        }
        let needs = (self.headings.iter().enumerate()).map(|(index, heading)| {
            let texts = || self.pending.iter().map(|row| row[index].as_str());
            let widest = texts().map(UnicodeWidthStr::width).max().unwrap_or(0);
            let is_wrapped = heading.fit == Fit::Wrapped && width.is_some();
            let words = || texts().chain([heading.name.as_str()]);
            ColumnNeed {
                widest: if is_pause && width.is_some() {
                    widest.max(heading.expected_width)
                } else {
                    widest
                },
                longest_word: if is_wrapped {
                    words().map(longest_unbreakable).max().unwrap_or(0)
                } else {
                    0
                },
            }
        });
        let needs: Vec<ColumnNeed> = needs.collect();
        match known {
            Some(mut layout) => {
                layout.grow(&self.headings, &needs, width);
                layout
            }
            None => TableLayout::new(&self.headings, &needs, width),
        }
    }

    /// Prints which columns the table does not show.
    fn print_dropped(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(layout) = &self.layout else {
            return Ok(());
        };
        let names: Vec<&str> = (layout.dropped())
            .map(|index| self.headings[index].name.as_str())
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        let more = match names.len().saturating_sub(MAX_NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = names[..names.len().min(MAX_NAMES)].join(", ");
        let text = format!("Not shown: {names}{more} (see --width full or --format vertical)");
        let width = self.terminal.width.unwrap_or(usize::MAX);
        writeln!(out)?;
        for line in wrap(&text, width) {
            self.print(&self.terminal.theme.paint(Tone::Faint, &line), out)?;
        }
        Ok(())
    }
}

/// Where values of a column may be cut.
fn cut_at(fit: Fit) -> CutAt {
    match fit {
        Fit::Lines { .. } | Fit::Below { .. } => CutAt::Space,
        Fit::Whole | Fit::Cut(_) | Fit::Wrapped => CutAt::AnyCharacter,
    }
}

/// Fits text into `width` columns and at most `lines` lines.
fn fit_cell(text: &str, width: usize, lines: usize, at: CutAt, symbols: Symbols) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if lines <= 1 {
        let line = truncate(text, width, symbols.ellipsis(), at).into_owned();
        return split_marks(std::iter::once(line)).collect();
    }
    let mut wrapped = wrap(text, width);
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        let last = wrapped.pop().unwrap_or_default();
        // The text goes on, so the line ends with an ellipsis even if it fits.
        let room = width.min(last.width() + 1 + symbols.ellipsis().width());
        wrapped.push(with_ellipsis(&last, room, symbols.ellipsis(), at));
    }
    let lines: Vec<String> = split_marks(wrapped.into_iter()).collect();
    lines.join("\n")
}

fn draw_cell(text: &str, heading: &Heading, tone: Tone) -> DrawnCell {
    let alignment = if heading.is_right_aligned {
        CellAlignment::Right
    } else {
        CellAlignment::Left
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
pub(super) fn cell_text(text: &str, search: Option<&CellSearch>, symbols: Symbols) -> String {
    const LONGEST: usize = 10_000;
    let cut = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    let shown = &text[..cut.unwrap_or(text.len())];
    let ranges = search.map(|search| search.ranges(shown));
    let shown = with_marks(shown, &ranges.unwrap_or_default(), safe_text::one_line);
    match cut {
        Some(_) => format!("{shown} {} (truncated)", symbols.ellipsis()),
        None => shown.into_owned(),
    }
}

impl RowWriter for TableWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        let symbols = self.terminal.symbols;
        self.pending.push(
            cells
                .iter()
                .zip(&self.headings)
                .map(|(cell, heading)| {
                    cell.as_ref().map_or(String::new(), |cell| {
                        cell_text(&cell.text, heading.search.as_ref(), symbols)
                    })
                })
                .collect(),
        );
        let rows = PORTION_ROWS.min(PORTION_CELLS / self.headings.len().max(1));
        if self.pending.len() < rows {
            return Ok(());
        }
        self.draw(false, out)
    }

    fn pause(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.pending.is_empty() {
            // A header without rows would look like a result.
            return Ok(());
        }
        self.draw(true, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let lacks_header = self.has_header && self.layout.is_none();
        if lacks_header || !self.pending.is_empty() {
            self.draw(false, out)?;
        }
        self.print_dropped(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(width: Option<usize>, rows: &[[&str; 3]]) -> String {
        let headings = vec![
            Heading::new("Call").right_aligned(),
            Heading::new("Name").wrapped(),
            Heading::new("End"),
        ];
        let terminal = Terminal {
            width,
            ..Terminal::default()
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
            ..Terminal::default()
        };
        let headings = vec![
            Heading::new("Call").right_aligned(),
            Heading::new("Start").wrapped(),
            Heading::new("Name").wrapped(),
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
