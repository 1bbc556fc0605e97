//! Finds the here-documents of shells: the lines after `<<EOF`, up to the line `EOF`.

use std::collections::HashMap;
use std::ops::Range;

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
    /// The last one that was found, and its range.
    last: Option<(Heredoc, Range<usize>)>,
    /// The offsets of the lines that consist of a word.
    words: Option<HashMap<&'a [u8], Vec<usize>>>,
}

/// Limit on the bytes of a here-document.
const MAX_BYTES: usize = 1024 * 1024;

/// The operator that starts a here-document.
struct Operator<'a> {
    heredoc: Heredoc,
    /// The word that ends it.
    word: &'a [u8],
    /// Offset after the line of the operator.
    text_start: usize,
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
                self.last = Some((operator.heredoc, operator.text_start..end));
            }
        }
    }

    /// Start of the line of the operator whose here-document contains `offset`, or may contain it
    /// because its end is not in `bytes`.
    pub(super) fn line_around(&mut self, bytes: &'a [u8], offset: usize) -> Option<usize> {
        self.at = 0;
        while let Some(operator) = self.next_operator(bytes)
            && operator.text_start <= offset
        {
            let end = self.end_of(bytes, &operator);
            let may_go_on = bytes.len() - operator.text_start < MAX_BYTES;
            if end.is_some_and(|end| offset <= end) || end.is_none() && may_go_on {
                let line = &bytes[..operator.text_start - 1];
                return Some(memchr::memrchr(b'\n', line).map_or(0, |newline| newline + 1));
            }
            self.at = end.unwrap_or(operator.text_start);
        }
        None
    }

    fn next_operator(&mut self, bytes: &'a [u8]) -> Option<Operator<'a>> {
        loop {
            let rest = bytes.get(self.at..)?;
            let Some(found) = memchr::memmem::find(rest, b"<<") else {
                self.at = bytes.len();
                return None;
            };
            let at = self.at + found;
            self.at = at + 2;
            while bytes.get(self.at) == Some(&b'<') {
                self.at += 1;
            }
            if self.at == at + 2
                && let Some(operator) = Operator::read(bytes, at)
            {
                return Some(operator);
            }
        }
    }

    /// Offset of the line that ends the here-document.
    fn end_of(&mut self, bytes: &'a [u8], operator: &Operator) -> Option<usize> {
        let words = self.words.get_or_insert_with(|| lines_of_words(bytes));
        let lines = words.get(operator.word)?;
        let next = lines.partition_point(|line| *line < operator.text_start);
        let end = *lines.get(next)?;
        (end - operator.text_start < MAX_BYTES).then_some(end)
    }
}

impl<'a> Operator<'a> {
    /// Reads the operator at `at`, whose line is complete.
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
        let word = &rest[..length];
        let newline = memchr::memchr(b'\n', &bytes[at..])?;
        let is_name = word.len() > 1 && !word[0].is_ascii_digit();
        is_name.then_some(Self {
            heredoc,
            word,
            text_start: at + newline + 1,
        })
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
        let lines =
            [2, 10, 12, 16, 24, 26].map(|offset| Heredocs::default().line_around(text, offset));
        assert_eq!(lines, [None, Some(2), Some(2), None, Some(16), Some(16)]);
    }
}
