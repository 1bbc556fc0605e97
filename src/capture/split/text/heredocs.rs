//! Finds the here-documents of shells: the lines after `<<EOF`, up to the line `EOF`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::capture::split::lines::{line_end, line_start};

/// How a shell reads a here-document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heredoc {
    /// `<<'EOF'`: its text is verbatim.
    Verbatim,
    /// `<<EOF`: it has escapes and variables.
    Expanded,
}

/// Finds the here-documents of a text up to an offset that grows.
#[derive(Default)]
pub(super) struct Heredocs<'a> {
    /// Offset up to which the text was searched.
    at: usize,
    /// End of the line of the last operator.
    line_end: usize,
    /// The last one that was found, and its range.
    last: Option<(Heredoc, Range<usize>)>,
    /// The offsets of the lines that consist of a word.
    words: Option<HashMap<&'a [u8], Vec<usize>>>,
}

/// Searches for an operator. Building a searcher costs more than searching a log record.
static OPERATOR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("<<"));

/// Limit on the bytes of a here-document.
const MAX_BYTES: usize = 1024 * 1024;

/// The operator that starts a here-document.
struct Operator<'a> {
    word: EndWord<'a>,
    /// Offset after the line of the operator.
    text_start: usize,
}

/// The word behind an operator, which ends the here-document.
struct EndWord<'a> {
    text: &'a [u8],
    /// How the shell reads the here-document, which the quotes around the word decide.
    heredoc: Heredoc,
}

/// The here-documents of a text, each with its last line up to the start of that line.
pub(super) struct HeredocRanges(Vec<Range<usize>>);

impl HeredocRanges {
    /// Start of the line of the operator whose here-document contains the start of a line at
    /// `offset`, or may contain it because its end is not in `bytes`.
    pub(super) fn line_around(&self, bytes: &[u8], offset: usize) -> Option<usize> {
        let next = self.0.partition_point(|range| range.start <= offset);
        let range = self.0.get(next.checked_sub(1)?)?;
        range
            .contains(&offset)
            .then(|| line_start(bytes, range.start - 1))
    }
}

impl<'a> Heredocs<'a> {
    /// The here-document that contains `offset`, which is not below that of an earlier call.
    pub(super) fn at(&mut self, bytes: &'a [u8], offset: usize) -> Option<Heredoc> {
        loop {
            if let Some((heredoc, range)) = &self.last
                && offset < range.end
            {
                return range.contains(&offset).then_some(*heredoc);
            }
            let operator = self.next_operator(bytes)?;
            if let Some(end) = self.end_of(bytes, &operator) {
                self.at = end;
                self.last = Some((operator.word.heredoc, operator.text_start..end));
            }
        }
    }

    /// Finds all here-documents of `bytes`, which may go on.
    pub(super) fn ranges(bytes: &'a [u8]) -> HeredocRanges {
        let mut heredocs = Self::default();
        let mut ranges = Vec::new();
        while let Some(operator) = heredocs.next_operator(bytes) {
            let start = operator.text_start;
            if let Some(end) = heredocs.end_of(bytes, &operator) {
                ranges.push(start..end + 1);
                heredocs.at = end;
            } else if bytes.len() - start < MAX_BYTES {
                ranges.push(start..usize::MAX);
                break;
            } else {
                heredocs.at = start;
            }
        }
        HeredocRanges(ranges)
    }

    fn next_operator(&mut self, bytes: &'a [u8]) -> Option<Operator<'a>> {
        loop {
            let rest = bytes.get(self.at..)?;
            let Some(found) = OPERATOR.find(rest) else {
                self.at = bytes.len();
                return None;
            };
            let at = self.at + found;
            self.at = at + 2;
            while bytes.get(self.at) == Some(&b'<') {
                self.at += 1;
            }
            if self.at == at + 2
                && let Some(word) = EndWord::read(bytes, at)
                && let Some(text_start) = self.next_line(bytes, at)
            {
                return Some(Operator { word, text_start });
            }
        }
    }

    /// Start of the line after `at`, which is not below that of an earlier call. `None` if the line
    /// of `at` is not complete. A line may have many operators: it is searched once.
    fn next_line(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        if self.line_end <= at {
            self.line_end = line_end(bytes, at);
        }
        bytes[..self.line_end]
            .ends_with(b"\n")
            .then_some(self.line_end)
    }

    /// Offset of the line that ends the here-document.
    fn end_of(&mut self, bytes: &'a [u8], operator: &Operator) -> Option<usize> {
        let words = self.words.get_or_insert_with(|| lines_of_words(bytes));
        let lines = words.get(operator.word.text)?;
        let next = lines.partition_point(|line| *line < operator.text_start);
        let end = *lines.get(next)?;
        (end - operator.text_start < MAX_BYTES).then_some(end)
    }
}

impl<'a> EndWord<'a> {
    /// Reads the word of the operator at `at`.
    fn read(bytes: &'a [u8], at: usize) -> Option<Self> {
        // Other languages assign such a text, or pass it to a function.
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let before = bytes[..at].iter().rfind(|byte| !is_blank(byte))?;
        if b"=(,+\n".contains(before) {
            return None;
        }
        let rest = &bytes[at + 2..];
        let rest = rest.strip_prefix(b"-").unwrap_or(rest);
        let blanks = rest.iter().take_while(|byte| is_blank(byte)).count();
        let rest = &rest[blanks..];
        let (heredoc, rest) = match rest.first()? {
            b'\'' | b'"' | b'\\' => (Heredoc::Verbatim, &rest[1..]),
            _ => (Heredoc::Expanded, rest),
        };
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        let text = &rest[..length];
        let is_name = text.len() > 1 && !text[0].is_ascii_digit();
        is_name.then_some(Self { text, heredoc })
    }
}

/// The offsets of the lines of `bytes` that consist of one word, perhaps after tabs.
fn lines_of_words(bytes: &[u8]) -> HashMap<&[u8], Vec<usize>> {
    const MAX_WORD_BYTES: usize = 64;
    let mut words: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let word = line.trim_ascii_end();
        let tabs = word.iter().take_while(|byte| **byte == b'\t').count();
        let word = &word[tabs..];
        if (1..=MAX_WORD_BYTES).contains(&word.len()) && word.iter().all(|byte| is_word(*byte)) {
            words.entry(word).or_default().push(start);
        }
        start += line.len();
    }
    words
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which here-document contains `@` in `text`.
    fn heredoc(text: &str) -> Option<Heredoc> {
        let offset = text.find('@').expect("a mark");
        Heredocs::default().at(text.as_bytes(), offset)
    }

    #[test]
    fn operators_start_heredocs_and_words_end_them() {
        for (text, expected) in [
            ("cat <<EOF\n@\nEOF\n", Some(Heredoc::Expanded)),
            ("cat <<-\"EOF\" | x\n\t@\n\tEOF", Some(Heredoc::Verbatim)),
            (
                "cat << 'E_1' >y\r\na\r\n@\r\nE_1\r\n",
                Some(Heredoc::Verbatim),
            ),
            (
                "a <<EOF\nx\nEOF\nb <<\\END\n@\nEND\n",
                Some(Heredoc::Verbatim),
            ),
            ("a <<EOF\nx\nEOF\n@\n", None),
            ("a <<EOF\n@\n", None),
            ("a <<<EOF\n@\nEOF\n", None),
            ("x = <<EOF\n@\nEOF\n", None),
            ("f(<<EOF)\n@\nEOF\n", None),
            ("a <<\nEOF\n@\nEOF\n", None),
            ("\n<<EOF\n@\nEOF\n", None),
            ("a @ <<EOF\nx\nEOF\n", None),
        ] {
            assert_eq!(heredoc(text), expected, "{text}");
        }
    }

    #[test]
    fn text_is_not_cut_in_a_heredoc() {
        let text = b"x\na <<EOF\nb\nEOF\nc <<END\nd\n";
        let heredocs = Heredocs::ranges(text);
        let lines = [2, 10, 12, 16, 24, 26].map(|offset| heredocs.line_around(text, offset));
        assert_eq!(lines, [None, Some(2), Some(2), None, Some(16), Some(16)]);
    }
}
