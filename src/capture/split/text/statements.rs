//! Finds the literals of statements in SQL that reach over several lines.

use super::convention::{Convention, MYSQL, POSTGRES_ESCAPES, SQL};
use super::evidence::{Evidence, line_evidence};
use super::lexeme::Lexeme;
use super::literal_quote::{Literal, LiteralPrefix};

/// Reads the statements of a text up to an offset that grows.
#[derive(Default)]
pub(super) struct Statements {
    at: usize,
    /// Start of the line of the statement at `at`, if there is one.
    line: Option<usize>,
    literal: Option<OpenLiteral>,
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
                (None, None) => match find_statement(&bytes[..offset], self.at) {
                    Some((line, at)) => (self.line, self.at) = (Some(line), at),
                    None => self.at = offset,
                },
            }
        }
        self.literal.filter(|literal| literal.open < offset)
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
        let has_quotes = || {
            let end = open + 1 + memchr::memchr(b'"', &bytes[open + 1..]).unwrap_or(0);
            bytes[..end].ends_with(b"\\")
        };
        let conventions = match (
            literal.prefix,
            line_evidence(bytes, &(line..open), open, &[]),
        ) {
            (LiteralPrefix::Escapes, _) => &[&POSTGRES_ESCAPES],
            (LiteralPrefix::Charset, _) | (_, Evidence::MySql) => &[&MYSQL],
            (_, Evidence::Sql) if has_quotes() => &[&MYSQL],
            _ => &[&SQL],
        };
        self.literal = Some(OpenLiteral {
            line,
            open,
            conventions,
        });
    }
}

/// Finds the next statement that adds rows: the start of its line, and the offset after its first
/// words.
fn find_statement(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    const WORD: &[u8] = b"INTO ";
    let upper = memchr::memmem::find_iter(&bytes[from..], WORD);
    let lower = memchr::memmem::find_iter(&bytes[from..], b"into ");
    let statement = |found: usize| {
        let at = from + found;
        let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        let first = bytes[line..at].trim_ascii_start();
        let mut words = ["INSERT ", "REPLACE "].iter();
        let is_statement = words.any(|word| {
            let start = first.get(..word.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        });
        is_statement.then_some((line, at + WORD.len()))
    };
    let upper = upper.into_iter().find_map(statement);
    let lower = lower.into_iter().find_map(statement);
    [upper, lower].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

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
