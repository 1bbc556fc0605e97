//! The surroundings of a value in a text: its line, its literal and its cell.

use std::ops::Range;

use super::evidence::Evidence;
use super::heredocs::Heredoc;
use super::literal_quote::{Literal, LiteralPrefix, MAX_BYTES_BEFORE, find_literal};
use super::reading::MAX_DEPTH;
use crate::capture::split::lines::line_end;

/// Limit on the bytes after a value in which the closing quote is searched.
const MAX_BYTES_AFTER: usize = 64 * 1024;

/// The surroundings of a value in a text.
pub(super) struct Surroundings<'a> {
    pub(super) bytes: &'a [u8],
    /// Offset of the first bracket.
    pub(super) start: usize,
    /// The line with the bracket.
    pub(super) line: Range<usize>,
    /// End of the last part before the value.
    pub(super) last_end: usize,
    /// End of the value if it is read as plain JSON, and if it is valid.
    pub(super) plain_end: Option<usize>,
    /// True if no more text follows.
    pub(super) is_whole: bool,
    /// The here-document that contains the value.
    pub(super) heredoc: Option<Heredoc>,
}

impl Surroundings<'_> {
    /// True unless there is a quote or a tab between the value and the `^"` that browsers write
    /// before an argument, or before the first such quote.
    pub(super) fn starts_argument(&self) -> bool {
        let before = &self.bytes[self.line.start.min(self.start)..self.start];
        let first = memchr::memmem::find(before, b"^\"").unwrap_or(before.len());
        let open = memchr::memmem::rfind(before, b"^\"").map_or(0, |open| open + 2);
        let mut other = before[..first].iter().chain(&before[open..]);
        !other.any(|byte| b"'`\t\"".contains(byte))
    }

    pub(super) fn literal(&self) -> Option<Literal> {
        let literal = find_literal(self.bytes, self.start, &self.line, self.last_end)?;
        // A quote with a prefix at the end of an earlier line may be text, as in `costs $'`.
        let is_text = literal.open < self.line.start
            && literal.prefix != LiteralPrefix::None
            && self.plain_end.is_some_and(|end| {
                let next = self.bytes[end..].trim_ascii_start().first();
                literal
                    .closing_quote()
                    .is_some_and(|quote| next != Some(&quote))
            });
        (!is_text).then_some(literal)
    }

    /// True if the value is in the literal of a statement.
    pub(super) fn is_in_statement(&self) -> bool {
        self.literal().is_some_and(|literal| {
            let evidence = self.evidence(&literal);
            literal.prefix == LiteralPrefix::Charset
                || matches!(evidence, Evidence::MySql | Evidence::Sql)
        })
    }

    pub(super) fn is_in_literal(&self) -> bool {
        self.literal().is_some()
    }

    /// True if the value is not in the first cell of its line.
    pub(super) fn is_after_tab(&self) -> bool {
        self.cell_start().is_some_and(|cell| cell > self.line.start)
    }

    /// True if a backslash follows the first bracket or brackets.
    pub(super) fn is_escaped(&self) -> bool {
        self.after_brackets().starts_with(b"\\")
    }

    /// The text after the first bracket or brackets.
    pub(super) fn after_brackets(&self) -> &[u8] {
        let mut inner = &self.bytes[self.start..];
        for _ in 0..MAX_DEPTH {
            match inner.split_first() {
                Some((b'{' | b'[', rest)) => inner = rest.trim_ascii_start(),
                _ => break,
            }
        }
        inner
    }

    /// True if the quote that closes the literal follows the value, which ends at `end`.
    pub(super) fn is_closed(&self, end: usize, quote: Option<u8>) -> bool {
        let rest = &self.bytes[end..self.bytes.len().min(end + MAX_BYTES_AFTER)];
        let rest = rest.trim_ascii_start();
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        quote.is_some_and(|quote| memchr::memchr(quote, &rest[..line]).is_some())
    }

    /// Start of the tab-separated cell with the value, if there is a tab before or after it.
    pub(super) fn cell_start(&self) -> Option<usize> {
        let before = &self.bytes[self.line.start..self.start];
        let tab = memchr::memrchr(
            b'\t',
            &before[before.len().saturating_sub(MAX_BYTES_BEFORE)..],
        );
        if tab.is_some() {
            return memchr::memrchr(b'\t', before).map(|tab| self.line.start + tab + 1);
        }
        let is_first = before.is_empty();
        let rest = &self.bytes[self.start..self.line.end.max(self.start)];
        (is_first && memchr::memchr(b'\t', rest).is_some()).then_some(self.start)
    }

    pub(super) fn ends_cell(&self, end: usize) -> bool {
        matches!(
            &self.bytes[end..],
            [] | [b'\t' | b'\n', ..] | [b'\r', b'\n', ..] | [b'\r']
        )
    }

    /// True if the error at `offset` is behind the line of the value, which should have ended
    /// there: a value over several lines has no members in its first line.
    pub(super) fn is_cut_before(&self, offset: usize) -> bool {
        let Some(line) = self.bytes.get(self.start..self.line.end) else {
            return false;
        };
        offset >= self.start + line.trim_ascii_end().len() && line.contains(&b':')
    }

    /// True if the value ends as plain JSON where neither the literal nor the cell ends, and is cut
    /// at the end of the line if its escapes are undone: `{"a":"b \\"} c`. `offset` is that of
    /// the error in the latter reading.
    pub(super) fn may_be_cut(&self, offset: usize, quote: Option<u8>) -> bool {
        let ends_early = self.plain_end.is_some_and(|end| match quote {
            Some(quote) => self.bytes.get(end) != Some(&quote),
            None => !self.ends_cell(end),
        });
        let line = &self.bytes[..self.line.end];
        ends_early && offset >= line.trim_ascii_end().len()
    }

    /// True if the quote at `at` is followed by a separator, as at the end of a literal.
    pub(super) fn is_before_separator(&self, at: usize) -> bool {
        let next = self.bytes.get(at + 1);
        next.is_none_or(|next| b" \t\r\n,;:)]}".contains(next))
    }

    /// The likely end of the literal with an error at `offset`: a quote that is not escaped and
    /// with a separator after it, or the end of the line.
    pub(super) fn literal_end(&self, offset: usize, quote: Option<u8>) -> usize {
        let line = line_end(self.bytes, offset.min(self.bytes.len()));
        let Some(quote) = quote else {
            return line;
        };
        let is_end = |at: &usize| {
            let before = self.bytes[self.start..*at].iter().rev();
            self.is_before_separator(*at)
                && before.take_while(|byte| **byte == b'\\').count() % 2 == 0
        };
        let quotes = memchr::memchr_iter(quote, &self.bytes[offset..line]);
        quotes
            .map(|found| offset + found)
            .find(is_end)
            .unwrap_or(line)
    }
}

/// True if the `line` with a value at `start` has the cell `\N`, the null of Postgres and `MySQL`.
pub(super) fn has_null_cell(bytes: &[u8], start: usize, line: &Range<usize>) -> bool {
    let from = start.saturating_sub(MAX_BYTES_BEFORE);
    let before = &bytes[from.max(line.start)..start];
    let after = &bytes[start..line.end.max(start)];
    let tail = &after[after.len().saturating_sub(MAX_BYTES_BEFORE)..];
    before.starts_with(b"\\N\t")
        || memchr::memmem::find(before, b"\t\\N\t").is_some()
        || memchr::memmem::find(tail, b"\t\\N\t").is_some()
        || tail.trim_ascii_end().ends_with(b"\t\\N")
}
