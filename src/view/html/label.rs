//! Text of strangers in a report: names and values of any length and content.

use maud::{Markup, html};
use unicode_width::UnicodeWidthChar as _;

use crate::text::invisible::is_invisible;
use crate::text::safe_text;
use crate::text::shorten::shorten;

/// Maximum number of characters of a name.
const MAX_CHARACTERS: usize = 60;

/// Maximum number of characters without a width in a row: Hebrew, Thai and Vietnamese need three.
/// More would be drawn over the lines around them.
const MAX_MARKS: usize = 3;

/// The text on one line, shortened, without characters that control the order of reading. A text
/// of invisible characters is written as escapes.
#[must_use]
pub(super) fn label(text: &str) -> String {
    let mut marks = 0;
    let is_kept = |character: &char| {
        marks = if character.width() == Some(0) {
            marks + 1
        } else {
            0
        };
        marks <= MAX_MARKS || safe_text::is_unsafe(*character)
    };
    // A long text is not read to its end.
    let mut characters = text.chars().filter(is_kept);
    let mut short: String = characters.by_ref().take(MAX_CHARACTERS).collect();
    if characters.next().is_some() {
        short.truncate(short.trim_end().len());
        short.push('…');
    }
    let is_blank = |it: char| it.is_whitespace() || is_invisible(it) || it.width() == Some(0);
    if short.chars().all(is_blank) {
        short = shorten(&short).into_owned();
    }
    let safe = safe_text::one_line(&short);
    let characters = safe.chars().map(|character| match u32::from(character) {
        // Characters that no text has, and that are an error in HTML.
        code @ (0xfdd0..=0xfdef) => format!("\\u{{{code:x}}}"),
        code if code & 0xfffe == 0xfffe => format!("\\u{{{code:x}}}"),
        _ => character.to_string(),
    });
    characters.collect()
}

/// A [`label`] whose direction of reading does not change that of the text around it.
#[must_use]
pub(super) fn isolated(text: &str) -> Markup {
    html! { bdi { (label(text)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_cannot_control_the_page() {
        assert_eq!(label("Grüße an 田中 👩‍👧"), "Grüße an 田中 👩‍👧");
        assert_eq!(
            label("a\u{202e}b\0c\nd\u{fffe}"),
            "a\\u{202e}b\\u{0}c d\\u{fffe}"
        );
        assert_eq!(label(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
        assert_eq!(
            label(&format!("a{}b", "\u{301}".repeat(10_000))),
            "a\u{301}\u{301}\u{301}b"
        );
        assert_eq!(label("\u{200b}\u{3164}"), "\\u{200b}\\u{3164}");
        assert_eq!(label("<b>&"), "<b>&");
        assert_eq!(
            isolated("<b>&\"").into_string(),
            "<bdi>&lt;b&gt;&amp;&quot;</bdi>"
        );
    }
}
