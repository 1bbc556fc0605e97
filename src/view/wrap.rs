//! Wrapping: at spaces; a word that is wider than the line breaks after punctuation, or where it must.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const JOINER: char = '\u{200d}';

/// The lines of `text`, each at most `width` columns wide; its own line breaks are kept.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let options = textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    let mut lines = Vec::new();
    for line in text.lines().flat_map(|line| textwrap::wrap(line, &options)) {
        let mut rest = line.as_ref();
        while rest.width() > width {
            let (head, tail) = rest.split_at(break_point(rest, width));
            lines.push(head.to_owned());
            rest = tail;
        }
        if !rest.is_empty() || line.is_empty() {
            lines.push(rest.to_owned());
        }
    }
    lines
}

/// The width of the longest piece of `text` that wrapping leaves whole.
#[must_use]
pub fn longest_piece(text: &str) -> usize {
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

/// Where to break `word` so that what comes before fits into `width`: after punctuation, else between two characters.
fn break_point(word: &str, width: usize) -> usize {
    let mut used = 0;
    let mut soft = None;
    let mut hard = 0;
    let mut previous = None;
    for (at, character) in word.char_indices() {
        let character_width = character.width().unwrap_or(0);
        let can_break = at > 0 && character_width > 0 && previous != Some(JOINER);
        if can_break {
            hard = at;
            if previous.is_some_and(breaks_after) {
                soft = Some(at);
            }
        }
        used += character_width;
        if used > width && hard > 0 {
            break;
        }
        previous = Some(character);
    }
    match soft.unwrap_or(hard) {
        // One character is wider than the line.
        0 => word.len(),
        at => at,
    }
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
    }
}
