//! Draws the top left of a workbook's first sheet as SVG, as a spreadsheet program shows it.

use std::fmt::Write as _;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook};

use crate::common::sheet_xml::{attribute, number, read_xml, tags};

/// Width of the picture, and height of the rows that it shows at most, in pixels.
const WIDTH: usize = 940;
const MAX_HEIGHT: usize = 440;

/// Width of the row numbers, and height of the column letters and of the tabs.
const LEFT: usize = 34;
const BAR: usize = 22;

/// Width of a character and height of a line in the font of the cells.
const CHARACTER: usize = 7;
const LINE: usize = 20;

const STYLE: &str = "\
  <style>
    text { font: 13px Calibri, Carlito, 'Segoe UI', Arial, sans-serif; fill: #1f2328 }
    .paper { fill: #ffffff }
    .bar { fill: #eef1f4 }
    .bar-text { fill: #59636e }
    .line { stroke: #d1d9e0 }
    .heading { fill: #1f4e78 }
    .heading-text { fill: #ffffff; font-weight: bold }
    .filter { fill: #ffffff; font-size: 9px }
    .band { fill: #eff4fa }
    .tab { fill: #ffffff; stroke: #d1d9e0 }
    .tab-text { fill: #116329; font-weight: bold }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .paper { fill: #0d1117 }
      .bar { fill: #1c2129 }
      .bar-text { fill: #9198a1 }
      .heading-text, .filter { fill: #ffffff }
      .band { fill: #161c24 }
      .line { stroke: #30363d }
      .tab { fill: #0d1117; stroke: #30363d }
      .tab-text { fill: #56d364 }
    }
  </style>
";

/// A column or row of the sheet: where it starts and how large it is, in pixels. A hidden column
/// takes no room.
struct Track {
    start: usize,
    size: usize,
}

impl Track {
    fn end(&self) -> usize {
        self.start + self.size
    }

    fn middle(&self) -> usize {
        self.start + self.size / 2
    }
}

/// Draws the first sheet of the workbook in `file`. Panics if that is not a workbook of ours.
pub(crate) fn draw_sheet(file: &Path) -> String {
    let mut book: Xlsx<_> = open_workbook(file).expect("a workbook");
    let names = book.sheet_names();
    let range = book.worksheet_range(&names[0]).expect("a sheet");
    let xml = read_xml(file, "xl/worksheets/sheet1.xml");
    let columns = tracks(LEFT, column_widths(&xml));
    let columns: Vec<Track> = columns.take_while(|column| column.start < WIDTH).collect();
    let rows = tracks(BAR, row_heights(&xml));
    let rows: Vec<Track> = rows.take_while(|row| row.end() <= MAX_HEIGHT).collect();
    let bottom = rows.last().expect("a row").end();

    let height = bottom + BAR;
    let mut svg = format!(
        "<svg width=\"{WIDTH}px\" height=\"{height}px\" xmlns=\"http://www.w3.org/2000/svg\">\n{STYLE}"
    );
    rectangle(&mut svg, "paper", 0, 0, WIDTH, height);
    for (index, row) in rows.iter().enumerate() {
        match index {
            0 => rectangle(&mut svg, "heading", LEFT, row.start, WIDTH, row.size),
            _ if index % 2 == 0 => rectangle(&mut svg, "band", LEFT, row.start, WIDTH, row.size),
            _ => {}
        }
    }
    for (row, cells) in rows.iter().zip(range.rows()) {
        let cells = columns.iter().zip(cells);
        for (column, cell) in cells.filter(|(column, _)| column.size > 0) {
            draw_cell(&mut svg, column, row, cell);
        }
    }
    draw_bars(&mut svg, &columns, &rows, bottom);
    draw_tabs(&mut svg, &names, bottom);
    svg.push_str("</svg>\n");
    svg
}

/// Widths in pixels, from widths in characters.
fn column_widths(xml: &str) -> impl Iterator<Item = usize> {
    tags(xml, "col").into_iter().flat_map(|column| {
        let first: usize = number(column, "min").expect("min");
        let last: usize = number(column, "max").expect("max");
        let width: f64 = number(column, "width").expect("a width");
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small width"
        )]
        let characters = width.round() as usize;
        let size = match attribute(column, "hidden") {
            Some(_) => 0,
            None => characters * CHARACTER + 5,
        };
        vec![size; last - first + 1]
    })
}

/// Heights in pixels, from heights in points.
fn row_heights(xml: &str) -> impl Iterator<Item = usize> {
    tags(xml, "row").into_iter().map(|row| {
        let whole_points: usize = number(row, "ht").unwrap_or(15);
        whole_points * 4 / 3
    })
}

/// Lays out tracks next to each other from `start`.
fn tracks(start: usize, sizes: impl Iterator<Item = usize>) -> impl Iterator<Item = Track> {
    sizes.scan(start, |end, size| {
        let start = *end;
        *end += size;
        Some(Track { start, size })
    })
}

fn draw_cell(svg: &mut String, column: &Track, row: &Track, cell: &Data) {
    let is_header = row.start == BAR;
    let (text, anchor, x) = match cell {
        Data::Empty => return,
        Data::String(text) => (text.clone(), "start", column.start + 4),
        Data::Bool(value) => (value.to_string().to_uppercase(), "middle", column.middle()),
        Data::DateTime(time) if time.is_duration() => {
            let seconds = (time.as_f64() * 86_400.0).round();
            let (hours, minutes) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0);
            let text = format!("{hours}:{minutes:02}:{:02}", seconds % 60.0);
            (text, "end", column.end() - 4)
        }
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let text = format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            (text, "start", column.start + 4)
        }
        other => (other.to_string(), "end", column.end() - 4),
    };
    let class = if is_header {
        " class=\"heading-text\""
    } else {
        ""
    };
    let characters = column.size / CHARACTER;
    let lines = textwrap::wrap(&text, characters.max(1));
    let free = (row.size / LINE).saturating_sub(lines.len()) * LINE;
    let top = if is_header { free / 2 } else { 0 };
    for (index, line) in lines.iter().take(row.size / LINE).enumerate() {
        let y = row.start + top + index * LINE + 15;
        writeln!(
            svg,
            "  <text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\"{class}>{}</text>",
            escape(line)
        )
        .expect("writing to a String cannot fail");
    }
    if is_header {
        let (x, y) = (column.end() - 12, row.end() - 7);
        writeln!(svg, "  <text x=\"{x}\" y=\"{y}\" class=\"filter\">▼</text>")
            .expect("writing to a String cannot fail");
    }
}

/// Draws the grid with column letters above it and row numbers beside it.
fn draw_bars(svg: &mut String, columns: &[Track], rows: &[Track], bottom: usize) {
    rectangle(svg, "bar", 0, 0, WIDTH, BAR);
    rectangle(svg, "bar", 0, 0, LEFT, bottom);
    let letters = ('A'..).zip(columns);
    for (letter, column) in letters.filter(|(_, column)| column.size > 0) {
        bar_text(svg, column.middle(), 15, &letter.to_string());
        line(svg, column.start, 0, column.start, bottom);
    }
    for (number, row) in (1..).zip(rows) {
        let number: u32 = number;
        bar_text(svg, LEFT / 2, row.start + 15, &number.to_string());
        line(svg, 0, row.start, WIDTH, row.start);
    }
}

fn draw_tabs(svg: &mut String, names: &[String], top: usize) {
    rectangle(svg, "bar", 0, top, WIDTH, BAR);
    let mut x = LEFT;
    for (index, name) in names.iter().enumerate() {
        let width = name.len() * CHARACTER + 24;
        let class = if index == 0 { "tab-text" } else { "bar-text" };
        if index == 0 {
            rectangle(svg, "tab", x, top, width, BAR);
        }
        writeln!(
            svg,
            "  <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" class=\"{class}\">{}</text>",
            x + width / 2,
            top + 15,
            escape(name)
        )
        .expect("writing to a String cannot fail");
        x += width;
    }
}

fn rectangle(svg: &mut String, class: &str, x: usize, y: usize, width: usize, height: usize) {
    writeln!(
        svg,
        "  <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
    )
    .expect("writing to a String cannot fail");
}

fn line(svg: &mut String, x1: usize, y1: usize, x2: usize, y2: usize) {
    writeln!(
        svg,
        "  <line class=\"line\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
    )
    .expect("writing to a String cannot fail");
}

fn bar_text(svg: &mut String, x: usize, y: usize, text: &str) {
    writeln!(
        svg,
        "  <text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" class=\"bar-text\">{text}</text>"
    )
    .expect("writing to a String cannot fail");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
