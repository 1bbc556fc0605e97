//! Wraps text at spaces. A word that is wider than the line breaks after punctuation, or anywhere
//! if it must.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Approximate size of the pieces in which long lines are wrapped, so that a line of any length
/// needs little memory.
const STRETCH_BYTES: usize = 64 * 1024;

/// Wraps `text` into lines of at most `width` columns. Its line breaks are kept.
#[must_use]
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_lines(text, width).collect()
}

/// Iterates over the lines of `text`, wrapped as by [`wrap`].
pub(crate) fn wrap_lines(text: &str, width: usize) -> impl Iterator<Item = String> {
    let width = width.max(1);
    text.lines()
        .flat_map(split_long_line)
        .flat_map(move |line| {
            let options = textwrap::Options::new(width)
                .word_separator(textwrap::WordSeparator::AsciiSpace)
                .word_splitter(textwrap::WordSplitter::NoHyphenation)
                .break_words(false);
            let lines: Vec<String> = textwrap::wrap(line, &options)
                .iter()
                .flat_map(|line| break_long_words(line, width))
                .collect();
            lines
        })
}

/// Splits a very long line at spaces.
fn split_long_line(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        let space = line
            .as_bytes()
            .get(STRETCH_BYTES..)
            .and_then(|tail| memchr::memchr(b' ', tail));
        let Some(space) = space else {
            return Some(line);
        };
        let (stretch, tail) = line.split_at(STRETCH_BYTES + space);
        rest = Some(&tail[1..]);
        Some(stretch)
    })
}

/// Breaks the words of a line that are wider than `width`.
fn break_long_words(line: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(index) = break_point(rest, width) {
        let (piece, tail) = rest.split_at(index);
        pieces.push(piece.to_owned());
        rest = tail;
    }
    pieces.push(rest.to_owned());
    pieces
}

/// Returns the width of the longest piece of `text` that wrapping keeps whole, in columns.
#[must_use]
pub(crate) fn longest_unbreakable(text: &str) -> usize {
    text.split(' ')
        .flat_map(|word| word.split_inclusive(breaks_after))
        .map(UnicodeWidthStr::width)
        .max()
        .unwrap_or(0)
}

fn breaks_after(character: char) -> bool {
    matches!(
        character,
        '_' | '-' | '–' | '/' | '.' | ',' | ':' | '@' | '&' | '?' | '='
    )
}

/// Returns the byte index at which to break `word` so that the first part fits into `width`: after
/// punctuation, else between two grapheme clusters (UAX #29). `None` if it fits, or if its only
/// character is too wide.
fn break_point(word: &str, width: usize) -> Option<usize> {
    let mut used = 0;
    let mut after_punctuation = None;
    let mut previous = "";
    for (index, cluster) in word.grapheme_indices(true) {
        if index > 0 && previous.ends_with(breaks_after) {
            after_punctuation = Some(index);
        }
        used += cluster.width();
        if used > width && index > 0 {
            return Some(after_punctuation.unwrap_or(index));
        }
        previous = cluster;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(
            wrap("am 2024-01-16 um 10:00 Uhr", 13),
            ["am 2024-01-16", "um 10:00 Uhr"]
        );
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
    }

    #[test]
    fn long_words_break_after_punctuation_or_where_they_must() {
        assert_eq!(wrap("ended_by_customer", 9), ["ended_by_", "customer"]);
        assert_eq!(wrap("Terminerinnerung", 10), ["Terminerin", "nerung"]);
        assert_eq!(wrap("田中田中", 5), ["田中", "田中"]);
        assert_eq!(wrap("田", 1), ["田"]);
        assert_eq!(wrap("👩‍👧👩‍👧", 2), ["👩‍👧", "👩‍👧"]);
        assert_eq!(wrap("👍🏽👍🏽", 2), ["👍🏽", "👍🏽"]);
    }

    #[test]
    fn lines_of_any_length_are_wrapped() {
        let long = "word ".repeat(100_000);
        assert_eq!(
            wrap(&long, 80)
                .iter()
                .map(|line| line.split(' ').count())
                .sum::<usize>(),
            100_000
        );
        assert_eq!(wrap(&"x".repeat(1_000_000), 80).len(), 12_500);
    }
}
