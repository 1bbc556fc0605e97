//! Cuts text to a width in columns of a terminal.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Where a text may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CutAt {
    /// Between any two characters, as names.
    AnyCharacter,
    /// At a space, if there is one.
    Space,
}

/// Returns `text`, or its start and `ellipsis` if it is wider than `width` columns.
#[must_use]
pub(crate) fn truncate<'t>(text: &'t str, width: usize, ellipsis: &str, at: CutAt) -> Cow<'t, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    Cow::Owned(with_ellipsis(text, width, ellipsis, at))
}

/// Returns the start of `text` and `ellipsis`, together at most `width` columns wide, except that
/// one column of the ellipsis is always left.
#[must_use]
pub(crate) fn with_ellipsis(text: &str, width: usize, ellipsis: &str, at: CutAt) -> String {
    let Some(room) = width.checked_sub(ellipsis.width()) else {
        return ellipsis.chars().take(width.max(1)).collect();
    };
    if at == CutAt::Space
        && let Some(words) = whole_words(text, room.saturating_sub(1))
    {
        return format!("{words} {ellipsis}");
    }
    let start = &text[..prefix_length(text, room)];
    format!("{}{ellipsis}", start.trim_end())
}

/// The whole words at the start of `text` that fit into `width` columns; `None` if there are none.
fn whole_words(text: &str, width: usize) -> Option<&str> {
    let (start, rest) = text.split_at(prefix_length(text, width));
    let words = if rest.is_empty() || rest.starts_with(' ') {
        start
    } else {
        &start[..start.rfind(' ')?]
    };
    Some(words.trim_end()).filter(|words| !words.is_empty())
}

/// Length in bytes of the longest prefix of at most `width` columns that ends between two grapheme
/// clusters (UAX #29).
fn prefix_length(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (index, cluster) in text.grapheme_indices(true) {
        used += cluster.width();
        if used > width {
            return index;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, width: usize) -> String {
        truncate(text, width, "…", CutAt::AnyCharacter).into_owned()
    }

    #[test]
    fn text_is_cut_between_characters_by_its_width() {
        assert_eq!(cut("Müller", 6), "Müller");
        assert_eq!(cut("Müllers", 6), "Mülle…");
        assert_eq!(cut("田中田中", 8), "田中田中");
        assert_eq!(cut("田中田中", 7), "田中田…");
        assert_eq!(cut("田中田中", 6), "田中…");
        assert_eq!(
            cut("e\u{301}e\u{301}e\u{301}", 3),
            "e\u{301}e\u{301}e\u{301}"
        );
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(cut("👩‍👧👩‍👧", 3), "👩‍👧…");
        assert_eq!(cut("👍🏽👍🏽", 3), "👍🏽…");
        assert_eq!(cut("שלום עולם", 5), "שלום…");
        assert_eq!(cut("one two", 5), "one…");
        assert_eq!(cut("abc", 1), "…");
        assert_eq!(cut("abc", 0), "…");
    }

    #[test]
    fn text_with_an_ellipsis_fits_into_its_width() {
        assert_eq!(with_ellipsis("ab cd", 6, "…", CutAt::Space), "ab …");
        assert_eq!(with_ellipsis("ab cd", 7, "…", CutAt::Space), "ab cd …");
        for text in [
            "",
            "ab cd",
            "a b  c ",
            "abcdef",
            "田 中田",
            "e\u{301} e\u{301}",
        ] {
            for (ellipsis, width) in (1..12).flat_map(|width| [("…", width), ("...", width)]) {
                for at in [CutAt::AnyCharacter, CutAt::Space] {
                    let cut = with_ellipsis(text, width, ellipsis, at);
                    assert!(cut.width() <= width, "{text:?} {width} {at:?}: {cut:?}");
                }
            }
        }
    }

    #[test]
    fn lists_are_cut_between_words() {
        let cut = |width| truncate("4\u{a0}a, 1\u{a0}b, 10\u{a0}c", width, "…", CutAt::Space);
        assert_eq!(cut(14), "4\u{a0}a, 1\u{a0}b, 10\u{a0}c");
        assert_eq!(cut(13), "4\u{a0}a, 1\u{a0}b, …");
        assert_eq!(cut(11), "4\u{a0}a, 1\u{a0}b, …");
        assert_eq!(cut(10), "4\u{a0}a, …");
        assert_eq!(cut(9), "4\u{a0}a, …");
        assert_eq!(truncate("abcdef", 4, "...", CutAt::Space), "a...");
        assert_eq!(truncate("abcdef", 2, "...", CutAt::Space), "..");
    }
}
