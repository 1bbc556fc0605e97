//! Edits of a text, of which everything else stays byte by byte.

use std::ops::Range;

/// Replacements of parts of a text, which do not overlap. Edits at one place keep their order.
#[derive(Clone, Debug, Default)]
pub(super) struct TextEdits(Vec<(Range<usize>, String)>);

impl TextEdits {
    /// Replaces the bytes of `range`.
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    pub(super) fn insert(&mut self, offset: usize, text: impl Into<String>) {
        self.replace(offset..offset, text);
    }

    /// The text with all edits.
    #[must_use]
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| range.start);
        let mut edited = String::with_capacity(text.len());
        let mut copied = 0;
        for (range, replacement) in self.0 {
            edited.push_str(&text[copied..range.start]);
            edited.push_str(&replacement);
            copied = range.end;
        }
        edited.push_str(&text[copied..]);
        edited
    }
}

/// The offset at which the line with `offset` starts.
#[must_use]
pub(super) fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |end| end + 1)
}

/// The offset of the line end that follows `offset`, or of the end of the text.
#[must_use]
pub(super) fn line_end(text: &str, offset: usize) -> usize {
    let rest = &text[offset..];
    let Some(end) = rest.find('\n') else {
        return text.len();
    };
    offset + rest[..end].strip_suffix('\r').map_or(end, str::len)
}

/// The characters that end the line with `offset`. The last line has those of the line before.
#[must_use]
pub(super) fn newline_at(text: &str, offset: usize) -> &'static str {
    let end = line_end(text, offset);
    let before = text[..end].rfind('\n').map_or("", |start| &text[..start]);
    match &text[end..] {
        rest if rest.starts_with("\r\n") => "\r\n",
        "" if before.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The spaces and tabs at the start of the line with `offset`.
#[must_use]
pub(super) fn indentation_at(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..offset];
    let rest = line.trim_start_matches([' ', '\t']);
    &line[..line.len() - rest.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_applied_in_the_order_of_the_text() {
        let mut edits = TextEdits::default();
        edits.replace(4..5, "E");
        edits.insert(1, "1");
        edits.insert(1, "2");
        edits.replace(1..2, "");
        assert_eq!(edits.apply("abcde"), "a12cdE");
        assert_eq!(TextEdits::default().apply("ab"), "ab");
    }

    #[test]
    fn lines_end_with_either_newline() {
        let text = "a\r\n\tb\n  c";
        assert_eq!((line_start(text, 4), line_end(text, 3)), (3, 5));
        assert_eq!((line_start(text, 0), line_end(text, 0)), (0, 1));
        assert_eq!(line_end(text, 6), text.len());
        let newlines = [0, 3, 6].map(|offset| newline_at(text, offset));
        assert_eq!(newlines, ["\r\n", "\n", "\n"]);
        assert_eq!(newline_at("a\r\n", 3), "\r\n");
        assert_eq!(newline_at("a", 0), "\n");
        assert_eq!(indentation_at(text, 4), "\t");
        assert_eq!(indentation_at(text, 9), "  ");
    }
}
