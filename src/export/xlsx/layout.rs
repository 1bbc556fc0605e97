//! Sizes: the number of rows in a sheet, the widths of columns and the heights of rows.

use unicode_width::UnicodeWidthStr;

use crate::table::column::ColumnType;
use crate::table::survey::ColumnContents;

/// Maximum number of rows in a sheet, not counting its header.
pub(crate) const ROWS_PER_SHEET: u32 = 1_048_575;

/// Maximum number of columns in a sheet.
pub(super) const MAX_COLUMNS: usize = 16_384;

/// Maximum width of a column in characters; longer lines are wrapped. Tables with few columns have
/// room for wider ones.
const MAX_WIDTH: usize = 44;
const MAX_WIDTH_FEW_COLUMNS: usize = 100;

/// A table with at most this many columns counts as having few.
const FEW_COLUMNS: usize = 8;

/// Minimum width of a column in characters.
const MIN_WIDTH: usize = 8;

/// Width up to which a word of a heading widens its column. Headings are wrapped at blanks, and
/// longer words are wrapped too.
const HEADING_WIDTH: usize = 30;

/// Room beside numbers, in characters: for their indent, and because programs show `###` for a
/// number that is a little too wide, as it can be on a page that is scaled down.
const NUMBER_ROOM: usize = 3;

/// Room for the filter button in a heading, in characters.
const FILTER_BUTTON_WIDTH: usize = 3;

/// Maximum height of a row in lines. A text that needs more can be read by opening the cell, and
/// the next row stays in sight.
pub(super) const MAX_LINES: usize = 4;

/// Height of a line in points.
const LINE_HEIGHT: u16 = 15;

/// Width of a printed page in characters, at the smallest size that is easy to read: a page in
/// landscape has room for about 135 at full size.
const PAGE_WIDTH: usize = 270;

/// Number of pages that a sheet of `width` characters is wide.
pub(super) fn page_count(width: usize) -> u16 {
    u16::try_from(width.div_ceil(PAGE_WIDTH).max(1)).unwrap_or(u16::MAX)
}

/// Maximum width in characters of a column in a table of `columns` columns.
pub(super) fn max_width(columns: usize) -> usize {
    if columns <= FEW_COLUMNS {
        MAX_WIDTH_FEW_COLUMNS
    } else {
        MAX_WIDTH
    }
}

/// Width of a column in characters, from its values and its heading. `time_width` is that of a
/// formatted time.
pub(super) fn column_width(
    heading: &str,
    column_type: ColumnType,
    contents: &ColumnContents,
    time_width: usize,
    max_width: usize,
) -> usize {
    /// Width of `123:45:67`.
    const DURATION: usize = 9;
    let values = match column_type {
        ColumnType::Time if contents.times == contents.non_empty_cells() => time_width,
        ColumnType::Time => contents.width.max(time_width),
        // The hours of a duration have at most three digits fewer than its seconds.
        ColumnType::Seconds => DURATION.max(contents.width + 3),
        _ => contents.width,
    };
    let has_numbers = contents.integers + contents.doubles > 0 || contents.times > 0;
    let room = if has_numbers { NUMBER_ROOM } else { 0 };
    let longest_word = heading.split_whitespace().map(UnicodeWidthStr::width).max();
    let longest_word = widen(longest_word.unwrap_or_default()) + FILTER_BUTTON_WIDTH;
    // A word that is longer than its column may be is wrapped to lines of this width.
    let heading = if longest_word <= HEADING_WIDTH {
        longest_word
    } else {
        HEADING_WIDTH.max(longest_word / (MAX_LINES - 1))
    };
    (widen(values) + room)
        .max(heading)
        .clamp(MIN_WIDTH, max_width)
}

/// Width in which a text of `width` characters certainly fits: digits and capitals are wider than
/// the average character.
fn widen(width: usize) -> usize {
    width + width / 10 + 1
}

/// Number of lines that a heading takes in a column of `width` characters.
pub(super) fn heading_lines(heading: &str, width: usize) -> usize {
    // Bold characters are wider, and the filter button takes room in the last line.
    let room = (width.saturating_sub(FILTER_BUTTON_WIDTH) * 10 / 11).max(1);
    count_lines(heading, room)
}

/// Number of lines, at most [`MAX_LINES`], that the text takes in a column of `width` characters.
/// Lines are wrapped at blanks, words only if they are longer than a line.
pub(super) fn count_lines(text: &str, width: usize) -> usize {
    let mut lines = 0;
    for line in text.split('\n') {
        lines += 1;
        // A line has at most as many columns as bytes.
        if line.len() > width {
            lines += count_breaks(line, width, MAX_LINES.saturating_sub(lines));
        }
        if lines >= MAX_LINES {
            return MAX_LINES;
        }
    }
    lines
}

/// Number of places, at most `max`, where a line is wrapped.
fn count_breaks(line: &str, width: usize, max: usize) -> usize {
    /// More bytes than a character of one column usually has.
    const BYTES_PER_COLUMN: usize = 4;
    let mut breaks = 0;
    let mut used = 0;
    for word in line.split(' ') {
        if breaks >= max || word.len() > BYTES_PER_COLUMN * width * MAX_LINES {
            return max;
        }
        let word_width = word.width();
        if used > 0 && used + 1 + word_width <= width {
            used += 1 + word_width;
            continue;
        }
        breaks += usize::from(used > 0);
        breaks += word_width.saturating_sub(1) / width;
        used = match word_width {
            0 => 0,
            _ => (word_width - 1) % width + 1,
        };
    }
    breaks.min(max)
}

/// Height of a row of `lines` lines in points, or `None` for the default height of one line.
pub(super) fn row_height(lines: usize) -> Option<u16> {
    let lines = u16::try_from(lines.min(MAX_LINES)).ok()?;
    (lines > 1).then_some(lines * LINE_HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_at_blanks() {
        for (text, width, lines) in [
            ("", 10, 1),
            ("one two", 10, 1),
            ("one two three", 10, 2),
            ("one\ntwo\nthree", 10, 3),
            ("Donaudampfschifffahrt", 10, 3),
            ("a Donaudampfschifffahrt b", 10, 4),
            ("漢字漢字漢字", 10, 2),
            ("a\n\n\n\n\nb", 10, MAX_LINES),
        ] {
            assert_eq!(count_lines(text, width), lines, "{text:?}");
        }
        let long = "x".repeat(30_000);
        assert_eq!(count_lines(&long, 44), MAX_LINES);
        assert_eq!(count_lines(&long.replace('x', "x "), 44), MAX_LINES);
    }
}
