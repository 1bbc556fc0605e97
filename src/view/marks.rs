//! Marks matches of a search in text for people. Between finding a match and painting it, the text
//! is wrapped. Meanwhile, a match is between two characters of no width that safe text does not
//! contain.

use std::borrow::Cow;
use std::ops::Range;

use super::theme::Theme;
use crate::text::tone::Tone;

/// The characters before and after a match: directional isolates, which safe text shows as escapes.
const START: char = '\u{2068}';
const END: char = '\u{2069}';

/// Returns the text that `make_safe` makes of `text`, with marks around `ranges`, which must be
/// sorted and must not overlap. `make_safe` converts each character by itself.
pub(crate) fn with_marks<'t>(
    text: &'t str,
    ranges: &[Range<usize>],
    make_safe: fn(&str) -> Cow<'_, str>,
) -> Cow<'t, str> {
    if ranges.is_empty() {
        return make_safe(text);
    }
    let mut marked = String::with_capacity(text.len() + 8 * ranges.len());
    let mut end = 0;
    for range in ranges {
        marked.push_str(&make_safe(&text[end..range.start]));
        marked.push(START);
        marked.push_str(&make_safe(&text[range.clone()]));
        marked.push(END);
        end = range.end;
    }
    marked.push_str(&make_safe(&text[end..]));
    Cow::Owned(marked)
}

/// True if a mark starts in `text`.
#[must_use]
pub(crate) fn has_mark(text: &str) -> bool {
    text.contains(START)
}

/// Ends a mark at the end of each line that it goes beyond, and starts it again on the next line.
pub(crate) fn split_marks(lines: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut is_open = false;
    lines.map(move |mut line| {
        if is_open {
            line.insert(0, START);
        }
        is_open = line.rfind(START) > line.rfind(END);
        if is_open {
            line.push(END);
        }
        line
    })
}

/// Styles a line for `tone`, and its marks as matches. The marks must start and end on this line.
#[must_use]
pub(crate) fn paint_marked(theme: Theme, tone: Tone, line: &str) -> String {
    if !has_mark(line) {
        return theme.paint(tone, line);
    }
    let mut painted = String::with_capacity(line.len());
    for piece in line.split_inclusive(END) {
        let (before, marked) = piece.split_once(START).unwrap_or((piece, ""));
        for (tone, text) in [(tone, before), (Tone::Match, marked.trim_end_matches(END))] {
            if !text.is_empty() {
                painted.push_str(&theme.paint(tone, text));
            }
        }
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::safe_text;
    use crate::text::wrap::wrap_lines;

    #[test]
    fn matches_are_marked_on_each_line() {
        let text = "one two\tthree four";
        let marked = with_marks(text, &[4..13, 14..15], safe_text::lines);
        let lines: Vec<String> = split_marks(wrap_lines(&marked, 9)).collect();
        let plain: Vec<String> = (lines.iter())
            .map(|line| paint_marked(Theme::Plain, Tone::Strong, line))
            .collect();
        assert_eq!(plain, ["one two", "three", "four"]);
        let painted: Vec<String> = (lines.iter())
            .map(|line| paint_marked(Theme::Ansi, Tone::Plain, line))
            .collect();
        assert_eq!(
            painted,
            [
                "one \u{1b}[7mtwo\u{1b}[0m",
                "\u{1b}[7mthree\u{1b}[0m",
                "\u{1b}[7mf\u{1b}[0mour"
            ]
        );
    }

    #[test]
    fn isolates_in_the_text_are_not_marks() {
        let text = "a\u{2068}b\u{2069}c";
        let marked = with_marks(text, &[0..1, 4..5], safe_text::one_line);
        assert_eq!(
            paint_marked(Theme::Plain, Tone::Plain, &marked),
            "a\\u{2068}b\\u{2069}c"
        );
    }
}
