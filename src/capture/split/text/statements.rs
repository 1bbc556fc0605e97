//! Finds the literals of statements in SQL that reach over several lines.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::convention::{Convention, MYSQL, POSTGRES_ESCAPES, SQL};
use super::evidence::{Evidence, line_evidence};
use super::lexeme::Lexeme;
use super::literal_quote::{Literal, LiteralPrefix};
use super::next_match::NextMatch;

/// Reads the statements of a text up to an offset that grows.
#[derive(Default)]
pub(super) struct Statements {
    at: usize,
    /// Start of the line of the statement at `at`, if there is one.
    line: Option<usize>,
    literal: Option<OpenLiteral>,
    /// The next of each of [`WORDS`].
    words: [NextMatch; 2],
    /// The next double quote.
    double_quote: NextMatch,
    /// The line of the last word that was found.
    word_line: Option<WordLine>,
}

/// The words of statements that add rows.
const WORDS: [&[u8]; 2] = [b"INTO ", b"into "];

/// Searches for each of [`WORDS`]. Building a searcher costs more than searching a log record.
static WORD_FINDERS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| WORDS.map(Finder::new));

/// A line with one of [`WORDS`].
struct WordLine {
    start: usize,
    is_statement: bool,
    /// Offset of the last word.
    word: usize,
}

/// A literal that is not closed before an offset.
#[derive(Clone, Copy)]
pub(super) struct OpenLiteral {
    /// Start of the line of its statement.
    pub(super) line: usize,
    /// Offset of its quote.
    pub(super) open: usize,
    /// Its convention, as the only one.
    pub(super) conventions: &'static [&'static Convention; 1],
}

/// Limit on the bytes between the start of a statement and a value in its literal.
const MAX_STATEMENT_BYTES: usize = 64 * 1024;

impl Statements {
    /// The literal that contains `offset`, which is not below that of an earlier call.
    pub(super) fn literal_at(&mut self, bytes: &[u8], offset: usize) -> Option<OpenLiteral> {
        while self.at < offset {
            match (self.literal, self.line) {
                (Some(literal), _) => self.read_literal(bytes, literal, offset),
                (None, Some(line)) => self.read_statement(bytes, line),
                (None, None) => self.find_statement(bytes, offset),
            }
        }
        self.literal.filter(|literal| literal.open < offset)
    }

    /// Moves behind the first words of the next statement that adds rows, or to `offset`.
    fn find_statement(&mut self, bytes: &[u8], offset: usize) {
        while self.at < offset {
            let word = self.next_word(bytes);
            if word + WORDS[0].len() > offset {
                break;
            }
            self.at = word + WORDS[0].len();
            self.line = self.statement_at(bytes, word);
            if self.line.is_some() {
                return;
            }
        }
        self.at = offset;
    }

    /// Offset of the next of [`WORDS`], or the length of the text.
    fn next_word(&mut self, bytes: &[u8]) -> usize {
        let words = self.words.iter_mut().zip(&*WORD_FINDERS);
        let offsets = words.map(|(next, word)| next.find(bytes, self.at, |rest| word.find(rest)));
        offsets.min().unwrap_or(bytes.len())
    }

    /// Start of the line of `word`, if a statement starts it. Each byte is searched once for a line
    /// break.
    fn statement_at(&mut self, bytes: &[u8], word: usize) -> Option<usize> {
        let from = self.word_line.as_ref().map_or(0, |line| line.word);
        let newline = memchr::memrchr(b'\n', &bytes[from..word]);
        let line = match (self.word_line.take(), newline) {
            (Some(line), None) => WordLine { word, ..line },
            (_, newline) => {
                let start = newline.map_or(0, |newline| from + newline + 1);
                let is_statement = starts_statement(&bytes[start..word]);
                WordLine {
                    start,
                    is_statement,
                    word,
                }
            }
        };
        let line = self.word_line.insert(line);
        line.is_statement.then_some(line.start)
    }

    fn read_literal(&mut self, bytes: &[u8], literal: OpenLiteral, offset: usize) {
        let lexeme = literal.conventions[0].lexeme(bytes, self.at, Some(b'\''));
        match (lexeme, lexeme.next(self.at)) {
            (Lexeme::Plain(next), _) => self.at = next.min(offset),
            (_, Some(next)) => self.at = next,
            (_, None) => {
                self.at += 1;
                self.literal = None;
            }
        }
        if self.at - literal.line > MAX_STATEMENT_BYTES {
            // What looks like a statement may be text with an apostrophe.
            (self.literal, self.line) = (None, None);
        }
    }

    /// Start of the line of the statement whose literal contains `offset`.
    pub(super) fn line_of_literal(bytes: &[u8], offset: usize) -> Option<usize> {
        let literal = Self::default().literal_at(bytes, offset);
        literal.map(|literal| literal.line)
    }

    /// Reads the statement up to its next literal, or to its end.
    fn read_statement(&mut self, bytes: &[u8], line: usize) {
        let rest = &bytes[self.at..];
        let Some(length) = memchr::memchr2(b'\'', b';', rest) else {
            self.at = bytes.len();
            return;
        };
        let open = self.at + length;
        self.at = open + 1;
        if bytes[open] == b';' {
            self.line = None;
            return;
        }
        let literal = Literal::new(bytes, open, b'\'');
        let double_quote = &mut self.double_quote;
        let mut has_escaped_quotes = || {
            let next = double_quote.find(bytes, open + 1, |rest| memchr::memchr(b'"', rest));
            next < bytes.len() && bytes[..next].ends_with(b"\\")
        };
        let conventions = match (
            literal.prefix,
            line_evidence(bytes, &(line..open), open, &[]),
        ) {
            (LiteralPrefix::Escapes, _) => &[&POSTGRES_ESCAPES],
            (LiteralPrefix::Charset, _) | (_, Evidence::MySql) => &[&MYSQL],
            (_, Evidence::Sql) if has_escaped_quotes() => &[&MYSQL],
            _ => &[&SQL],
        };
        self.literal = Some(OpenLiteral {
            line,
            open,
            conventions,
        });
    }
}

/// True if the text of a line before one of [`WORDS`] starts a statement.
fn starts_statement(before: &[u8]) -> bool {
    let before = before.trim_ascii_start();
    let mut words = ["INSERT ", "REPLACE "].iter();
    words.any(|word| {
        let start = before.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A megabyte took a second, because all text was searched again after each statement.
    #[test]
    fn many_statements_are_read_in_linear_time() {
        let blank = " ".repeat(500_000);
        for (first, repeated) in [
            ("", "INSERT INTO t VALUES (1);\n"),
            ("", "insert into t values (1);"),
            (&*blank, "into "),
        ] {
            let text = first.to_owned() + &repeated.repeat(200_000);
            let found = Statements::default().literal_at(text.as_bytes(), text.len());
            assert!(found.is_none());
        }
    }

    #[test]
    fn literals_over_several_lines_are_found() {
        for (text, expected) in [
            ("INSERT INTO t VALUES (1, 'a\nb ''c''\n{", Some("'a")),
            ("INSERT INTO t VALUES (1, 'a\nb', \n{", None),
            ("x\ninsert into t values (1, 'a'), (2, 'b\n;{", Some("'b")),
            ("INSERT INTO `t` VALUES ('it\\'s', 'b\n;{", Some("'b")),
            ("INSERT INTO t VALUES ('C:\\', 'b\n;{", Some("'b")),
            ("I insert into 'b\n{", None),
            ("INSERT INTO t VALUES ('a');\nit's\n{", None),
        ] {
            let found = Statements::default().literal_at(text.as_bytes(), text.len() - 1);
            let open = found.map(|literal| &text[literal.open..literal.open + 2]);
            assert_eq!(open, expected, "{text}");
        }
    }
}
