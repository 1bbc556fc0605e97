//! Tables for people: columns as wide as they need to be, narrowed and wrapped where the terminal is too narrow. Rows are laid out in
//! portions, so that a table of any length streams: the first portion decides the widths. Where the input pauses, a portion ends early.

use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell as DrawnCell, CellAlignment, Color, ColumnConstraint, ContentArrangement,
    ContentLineStyle, LineStyle, Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use super::safe_text;
use super::theme::{Theme, Tone};
use super::wrap::{longest_piece, wrap};
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};

/// Rows that are laid out together.
const PORTION: usize = 500;

/// Spaces between two columns: the padding of one, and the junction.
pub const GAP: usize = 2;

/// A flexible column is not made narrower than this while another one can give way.
const NARROWEST: usize = 8;

/// No borders; a line under the header.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '));
const HEADER_LINE: LineStyle = LineStyle::none().fill('─').junction('─');

/// What a table is drawn for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layout {
    /// Columns of the terminal, or what the environment's `COLUMNS` says; none where the output is no terminal: then nothing is wrapped, and
    /// a row is a line.
    pub width: Option<usize>,
    /// Colours.
    pub theme: Theme,
}

/// Draws a table.
pub struct TableWriter {
    headings: Vec<Heading>,
    layout: Layout,
    waiting: Vec<Vec<String>>,
    widths: Vec<usize>,
    has_header: bool,
    /// How many rows were laid out.
    laid_out: usize,
}

impl TableWriter {
    /// A table with these headings.
    #[must_use]
    pub fn new(mut headings: Vec<Heading>, layout: Layout) -> Self {
        for heading in &mut headings {
            heading.name = safe_text::one_line(&heading.name).into_owned();
        }
        Self {
            widths: vec![0; headings.len()],
            headings,
            layout,
            waiting: Vec::new(),
            has_header: false,
            laid_out: 0,
        }
    }

    fn draw(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.set_widths();
        self.laid_out += self.waiting.len();
        let mut table = Table::new();
        table
            .load_style(STYLE)
            .set_content_arrangement(ContentArrangement::Disabled);
        if self.layout.theme == Theme::Ansi {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        if !self.has_header {
            self.has_header = true;
            table.style_mut().header_separator = HEADER_LINE;
            let headings = self.headings.iter().zip(&self.widths);
            table.set_header(
                headings
                    .map(|(heading, width)| drawn(&heading.name, *width, heading, Tone::Strong)),
            );
        }
        for row in self.waiting.drain(..) {
            let cells = self.headings.iter().zip(&row).zip(&self.widths);
            table.add_row(cells.map(|((heading, text), width)| {
                let tone = heading.tone.map_or(Tone::Plain, |tone| tone(text));
                drawn(text, *width, heading, tone)
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
            .try_for_each(|line| writeln!(out, "{}", line.trim_end()))
    }

    /// Decides the widths for the rows that wait. In a terminal they stay what the first portion made them; until there were that many rows, they
    /// grow as far as there is room, for the first row alone says little.
    fn set_widths(&mut self) {
        if self.laid_out >= PORTION && self.layout.width.is_some() {
            return;
        }
        let mut columns = Vec::with_capacity(self.headings.len());
        for (index, heading) in self.headings.iter().enumerate() {
            let texts = || {
                let cells = self.waiting.iter().map(|row| row[index].as_str());
                cells.chain([heading.name.as_str()])
            };
            let widest = texts().map(UnicodeWidthStr::width).max().unwrap_or(0);
            columns.push(Column {
                width: self.widths[index].max(widest).max(1),
                piece: texts().map(longest_piece).max().unwrap_or(0),
                flexible: heading.flexible,
            });
        }
        if let Some(width) = self.layout.width {
            if self.has_header {
                keep(&mut columns, &self.widths, width);
            }
            fit(&mut columns, width);
        }
        self.widths = columns.into_iter().map(|column| column.width).collect();
    }
}

/// A column whose width is being decided.
struct Column {
    width: usize,
    /// The width of its longest word.
    piece: usize,
    flexible: bool,
}

/// Has flexible columns grow into the room that is left only, so that rows keep standing below those that were drawn in widths `before`.
fn keep(columns: &mut [Column], before: &[usize], width: usize) {
    let wanted: Vec<usize> = columns.iter().map(|column| column.width).collect();
    for (column, before) in columns.iter_mut().zip(before) {
        if column.flexible {
            column.width = *before;
        }
    }
    let taken = columns.iter().map(|column| column.width).sum::<usize>();
    let mut room = width.saturating_sub(taken + GAP * columns.len().saturating_sub(1));
    for (column, wanted) in columns.iter_mut().zip(wanted) {
        let more = (wanted - column.width).min(room);
        column.width += more;
        room -= more;
    }
}

/// Narrows columns until all fit into `width`, the widest first: flexible ones as long as their words stay whole, then any flexible one,
/// then the others too.
fn fit(columns: &mut [Column], width: usize) {
    let least: [fn(&Column) -> usize; 4] = [
        |column| {
            if column.flexible {
                column.piece.max(NARROWEST)
            } else {
                column.width
            }
        },
        |column| {
            if column.flexible {
                NARROWEST
            } else {
                column.width
            }
        },
        |_| NARROWEST,
        |_| 1,
    ];
    let gaps = GAP * columns.len().saturating_sub(1);
    for least in least {
        while columns.iter().map(|column| column.width).sum::<usize>() + gaps > width {
            let can_give = columns
                .iter_mut()
                .filter(|column| column.width > least(column));
            let Some(widest) = can_give.max_by_key(|column| column.width) else {
                break;
            };
            widest.width -= 1;
        }
    }
}

fn drawn(text: &str, width: usize, heading: &Heading, tone: Tone) -> DrawnCell {
    let alignment = if heading.right {
        CellAlignment::Right
    } else {
        CellAlignment::Left
    };
    let text = if text.width() > width {
        wrap(text, width).join("\n")
    } else {
        text.to_owned()
    };
    // They have kept words together; who searches the output types plain spaces.
    let text = text.replace('\u{a0}', " ");
    let cell = DrawnCell::new(text).set_alignment(alignment);
    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::DarkGreen),
        Tone::Doubtful => cell.fg(Color::DarkYellow),
        Tone::Bad => cell.fg(Color::DarkRed),
        Tone::Accent => cell.fg(Color::DarkCyan),
    }
}

/// The text of a cell, safe and on one line; what nobody would read in a table is cut.
fn shown(text: &str) -> String {
    const LONGEST: usize = 10_000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} … (cut)", safe_text::one_line(&text[..end])),
        None => safe_text::one_line(text).into_owned(),
    }
}

impl RowWriter for TableWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.waiting.push(
            cells
                .iter()
                .map(|cell| {
                    cell.as_ref()
                        .map_or(String::new(), |cell| shown(&cell.text))
                })
                .collect(),
        );
        if self.waiting.len() < PORTION {
            return Ok(());
        }
        self.draw(out)
    }

    fn pause(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.waiting.is_empty() {
            // A header over nothing would look like a result.
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
            Heading::new("Call").right(),
            Heading::new("Name").flexible(),
            Heading::new("End"),
        ];
        let layout = Layout {
            width,
            theme: Theme::Plain,
        };
        let mut table = TableWriter::new(headings, layout);
        let mut out = Vec::new();
        for row in rows {
            let cells = row.map(|text| Some(Cell::text(text)));
            table
                .row(&cells, &mut out)
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
    fn flexible_columns_give_way_and_wrap() {
        let drawn = draw(Some(24), &[["1", "a name of many words", "end"]]);
        assert!(drawn.lines().all(|line| line.width() <= 24), "{drawn}");
        assert!(drawn.contains("\n   1  a name of"), "{drawn}");
    }

    #[test]
    fn rows_before_a_pause_leave_and_widths_grow_into_the_room_that_is_left() {
        let layout = Layout {
            width: Some(24),
            theme: Theme::Plain,
        };
        let headings = vec![
            Heading::new("Call").right(),
            Heading::new("Start").flexible(),
            Heading::new("Name").flexible(),
        ];
        let mut table = TableWriter::new(headings, layout);
        let mut out = Vec::new();
        table.pause(&mut out).expect("a Vec takes every write");
        assert!(out.is_empty());
        for (call, name) in [("1", "Ann"), ("2", "of many words"), ("12345", "Bob")] {
            let cells = [call, "10:30 Z", name].map(|text| Some(Cell::text(text)));
            table
                .row(&cells, &mut out)
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
