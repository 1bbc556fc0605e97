//! Reads JSON in the literals of SQL, programming languages and shells, in cells of tab-separated
//! text, and in other text with escapes.
//!
//! The text around a value shows by which conventions it may be escaped. It is read by each of
//! them. If two readings are valid and differ, the value is refused, unless its line shows which
//! one is right. Only the line of the value is looked at, because more text may follow.

use std::ops::Range;

use super::call_members::mentions_call;
use super::convention::{ASCII_CHARACTERS, C_STRING, Convention, REPLACED};
use super::evidence::Evidence;
use super::heredocs::Heredoc;
use super::literal_quote::{Literal, LiteralPrefix, MAX_BYTES_BEFORE, find_literal};
use super::reading::{
    InvalidText, MAX_DEPTH, QuotedText, Reading, ReadingError, read_quoted_text, read_value,
};
use super::refusal::{
    AMBIGUOUS_BACKSLASHES, AMBIGUOUS_BYTES, AMBIGUOUS_CELL, AMBIGUOUS_HELP, AMBIGUOUS_LAYERS,
    AMBIGUOUS_QUOTES, AMBIGUOUS_SHELLS, CHANGED_BY_REPLACE, CUT_HELP, Refusal, SHELL_HELP,
    VARIABLE_HELP,
};
use super::shells::starts_with_browser_escape;
use super::sql_expression::{Replacements, TextFunction, find_replacements};
use crate::capture::split::lines::line_end;
use crate::json::Json;
use crate::json::repair::repair;

/// Result of reading a value that may be in a literal.
pub(super) enum LiteralText {
    /// A value that ends at this offset, with the convention and the quote to decode it.
    Value(usize, &'static Convention, Option<u8>),
    /// The value is not escaped: it is plain JSON, or no JSON.
    Plain,
    /// The value may continue after the end of the text.
    Truncated,
    /// The value has several readings, or none: the offset of the error, its description and
    /// advice, and the offset where the value ends at the latest.
    Refused(Refusal),
}

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
    /// Reads the value by all conventions that are possible for it. Also returns the offset up to
    /// which the text was read.
    pub(super) fn read(&self) -> (LiteralText, usize) {
        let literal = self.literal();
        if let Some(literal) = &literal
            && let LiteralPrefix::Function(TextFunction::Replace(calls)) = literal.prefix
        {
            return self.read_replaced(calls, literal);
        }
        let cell = self
            .cell_start()
            .filter(|_| !self.is_escaped() && self.heredoc.is_none());
        if starts_with_browser_escape(self.after_brackets()) && !self.starts_argument() {
            let problem = AMBIGUOUS_LAYERS.to_owned();
            let end = self.line.end;
            return (
                self.refuse(self.start, problem, Some(AMBIGUOUS_HELP), end),
                end,
            );
        }
        if literal.is_some_and(|literal| self.bytes[..literal.open].ends_with(b"$'")) {
            // A quote closes `$'` before the value.
            let problem = "a quote that is not escaped".to_owned();
            let end = self.line.end;
            return (self.refuse(self.start, problem, None, end), end);
        }
        let Some(possible) = self.possible(literal.as_ref(), cell.is_some()) else {
            return (LiteralText::Plain, self.start);
        };
        let mut quote = literal.and_then(Literal::closing_quote);
        if self.after_brackets().starts_with(b"`\"") {
            // The value is in double quotes of PowerShell, whatever quote is before it.
            quote = quote.map(|_| b'"');
        }
        let Some(readings) = self.read_each(possible.conventions, self.raw_quote(quote)) else {
            return (LiteralText::Truncated, self.bytes.len());
        };
        let Readings {
            valid: mut readings,
            failure,
            mut read_to,
        } = readings;
        if possible.is_plain {
            readings.retain(|reading| self.is_closed(reading.end, quote));
        }
        let first = possible.conventions[0];
        let is_first = |reading: &Reading| std::ptr::eq(reading.convention, first);
        if failure.as_ref().is_some_and(|failure| failure.has_variable) {
            readings.clear();
        }
        if possible.needs_first && !readings.first().is_some_and(is_first) {
            readings.clear();
        }
        let is_broken = readings.is_empty() && !possible.is_plain;
        if is_broken && let Some(failure) = failure.as_ref().filter(|error| !error.has_variable) {
            let is_certain = literal.is_some() || has_null_cell(self.bytes, self.start, &self.line);
            if is_certain && !self.is_cut_before(failure.offset) {
                let (text, end) = self.read_broken(possible.conventions, quote);
                read_to = read_to.max(end);
                if let Some(text) = text {
                    return (text, read_to);
                }
            }
        }
        if let (None, Some(start)) = (literal, cell) {
            return (self.choose_cell(start, readings.pop(), failure), read_to);
        }
        let plain = self.plain_end.filter(|_| possible.is_plain);
        let plain = plain.map(|end| &self.bytes[self.start..end]);
        let mut text = self.choose(plain, &readings, failure, quote);
        if let LiteralText::Refused(refusal) = &mut text {
            refusal.may_be_plain = possible.is_plain;
            read_to = read_to.max(refusal.range.end);
        }
        (text, read_to)
    }

    /// Reads text that is not JSON as a whole, if it can be repaired. Also returns the offset up to
    /// which it was read. `None` if its escapes have several meanings.
    fn read_broken(
        &self,
        conventions: &[&'static Convention],
        quote: Option<u8>,
    ) -> (Option<LiteralText>, usize) {
        if quote.is_none() && !conventions.iter().all(|convention| convention.is_cell()) {
            return (None, self.start);
        }
        let (text, read_to) = read_quoted_text(self.bytes, self.start, conventions, quote);
        let text = match text {
            QuotedText::Same(text, end, convention) => {
                // A quote in the middle of the value is damage, not its end.
                let is_end = quote.is_none() || self.is_before_separator(end);
                // Other broken text may have valid objects, which are parts of a call.
                let is_repaired = is_end && mentions_call(&text) && repair(&text).is_ok();
                is_repaired.then_some(LiteralText::Value(end, convention, quote))
            }
            QuotedText::Truncated if !self.is_whole => Some(LiteralText::Truncated),
            QuotedText::Truncated | QuotedText::None => None,
        };
        (text, read_to)
    }

    /// True unless there is a quote or a tab between the value and the `^"` that browsers write
    /// before an argument, or before the first such quote.
    fn starts_argument(&self) -> bool {
        let before = &self.bytes[self.line.start.min(self.start)..self.start];
        let first = memchr::memmem::find(before, b"^\"").unwrap_or(before.len());
        let open = memchr::memmem::rfind(before, b"^\"").map_or(0, |open| open + 2);
        let mut other = before[..first].iter().chain(&before[open..]);
        !other.any(|byte| b"'`\t\"".contains(byte))
    }

    pub(super) fn literal(&self) -> Option<Literal> {
        find_literal(self.bytes, self.start, &self.line, self.last_end)
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

    /// Reads the value in a literal that `calls` calls of `replace` change.
    fn read_replaced(&self, calls: usize, literal: &Literal) -> (LiteralText, usize) {
        let is_mysql = self.evidence(literal) == Evidence::MySql;
        let (found, read_to) = find_replacements(self.bytes, self.start, calls);
        let is_used = |convention: &&Convention| match found {
            Replacements::Known(signs) => convention.replaced_signs() == signs && !is_mysql,
            _ => false,
        };
        let convention = match (REPLACED.iter().find(is_used), found) {
            (Some(convention), _) => convention,
            (None, Replacements::Truncated) if !self.is_whole => {
                return (LiteralText::Truncated, self.bytes.len());
            }
            (None, _) => {
                let problem = CHANGED_BY_REPLACE.to_owned();
                let text = self.refuse(self.start, problem, Some(AMBIGUOUS_HELP), read_to);
                return (text, read_to);
            }
        };
        let quote = Some(literal.quote);
        let text = match read_value(self.bytes, self.start, convention, quote) {
            Ok(reading) => LiteralText::Value(reading.end, convention, quote),
            Err(ReadingError::Truncated) => self.refuse_cut(),
            Err(ReadingError::Invalid(failure)) => match self.read_broken(&[convention], quote) {
                (Some(text), _) => text,
                (None, _) => self.refuse(failure.offset, failure.problem, None, read_to),
            },
        };
        (text, read_to)
    }

    /// The character that ends the text unless it is escaped. Where text without its quotes starts
    /// with an escaped one, all of them are escaped.
    fn raw_quote(&self, closing_quote: Option<u8>) -> Option<u8> {
        let is_bare = closing_quote.is_none() && self.heredoc.is_none() && self.is_escaped();
        closing_quote.or(is_bare.then_some(b'"'))
    }

    /// Reads the value by each convention. Returns `None` if more text decides.
    fn read_each(
        &self,
        conventions: &[&'static Convention],
        quote: Option<u8>,
    ) -> Option<Readings> {
        let mut readings = Readings::default();
        for convention in conventions {
            let is_covered = |reading: &Reading| {
                reading.is_common && reading.convention.has_escapes() && convention.has_escapes()
            };
            if readings.valid.iter().any(is_covered) {
                continue;
            }
            let quote = quote.filter(|_| !convention.is_cell());
            match read_value(self.bytes, self.start, convention, quote) {
                Ok(reading) => readings.add(reading),
                Err(ReadingError::Truncated) if !self.is_whole => return None,
                Err(ReadingError::Truncated) => readings.add_failure(InvalidText {
                    offset: self.bytes.trim_ascii_end().len(),
                    problem: "the text ends in the middle of the value".to_owned(),
                    read_to: self.bytes.len(),
                    has_variable: false,
                }),
                Err(ReadingError::Invalid(failure)) => readings.add_failure(failure),
            }
        }
        Some(readings)
    }

    /// Chooses one of the valid readings.
    fn choose(
        &self,
        plain: Option<&[u8]>,
        readings: &[Reading],
        failure: Option<InvalidText>,
        quote: Option<u8>,
    ) -> LiteralText {
        let value = |reading: &Reading| LiteralText::Value(reading.end, reading.convention, quote);
        let Some(first) = readings.first() else {
            return match (plain, failure) {
                (None, Some(failure)) if self.is_cut_before(failure.offset) => self.refuse_cut(),
                (None, Some(failure)) => {
                    let end = self.literal_end(failure.offset, quote);
                    let help = match self.bytes.get(failure.offset) {
                        _ if !failure.has_variable => None,
                        Some(b'^') => Some(SHELL_HELP),
                        _ => Some(VARIABLE_HELP),
                    };
                    self.refuse(failure.offset, failure.problem, help, end)
                }
                (Some(_), Some(failure)) if self.may_be_cut(failure.offset, quote) => {
                    self.refuse_cut()
                }
                (Some(_), _) | (None, None) => LiteralText::Plain,
            };
        };
        let is_equal = |text: &str| have_equal_values(text, &first.text);
        let is_plain_equal = plain.is_none_or(|text| std::str::from_utf8(text).is_ok_and(is_equal));
        if is_plain_equal && readings.iter().all(|reading| is_equal(&reading.text)) {
            return match plain {
                // As plain JSON, the value is not copied.
                Some(text) if text == first.text.as_bytes() => LiteralText::Plain,
                _ => value(first),
            };
        }
        let end = readings.iter().map(|reading| reading.end).max();
        let end = end.unwrap_or(self.start);
        let has = |convention: &Convention| {
            let mut readings = readings.iter();
            readings.any(|reading| std::ptr::eq(reading.convention, convention))
        };
        if readings.iter().any(|reading| reading.convention.is_shell()) {
            let problem = AMBIGUOUS_SHELLS.to_owned();
            return self.refuse(self.start, problem, Some(SHELL_HELP), end);
        }
        let problem = if has(&ASCII_CHARACTERS) && has(&C_STRING) && readings.len() == 2 {
            AMBIGUOUS_BYTES
        } else if readings
            .iter()
            .any(|reading| reading.convention.has_escapes())
        {
            AMBIGUOUS_BACKSLASHES
        } else {
            AMBIGUOUS_QUOTES
        };
        self.refuse(self.start, problem.to_owned(), Some(AMBIGUOUS_HELP), end)
    }

    /// Chooses between the plain value and the reading of the cell that starts at `start`.
    fn choose_cell(
        &self,
        start: usize,
        reading: Option<Reading>,
        failure: Option<InvalidText>,
    ) -> LiteralText {
        let is_certain = has_null_cell(self.bytes, self.start, &self.line);
        let reading = reading.filter(|reading| is_certain || self.ends_cell(reading.end));
        let Some(reading) = reading else {
            return match failure {
                Some(failure) if is_certain => {
                    let rest = &self.bytes[failure.offset..];
                    let end = memchr::memchr2(b'\t', b'\n', rest).unwrap_or(rest.len());
                    let end = failure.offset + end;
                    self.refuse(failure.offset, failure.problem, None, end)
                }
                Some(failure) if self.may_be_cut(failure.offset, None) => self.refuse_cut(),
                _ => LiteralText::Plain,
            };
        };
        let value = LiteralText::Value(reading.end, reading.convention, None);
        let Some(plain_end) = self.plain_end.filter(|_| !is_certain) else {
            return value;
        };
        let plain = &self.bytes[self.start..plain_end];
        if std::str::from_utf8(plain).is_ok_and(|text| have_equal_values(text, &reading.text)) {
            return LiteralText::Plain;
        }
        // Loggers with tabs write JSON verbatim, and so do editors that indent it. A cell of a
        // database has no other text.
        let before = &self.bytes[self.line.start..start];
        let is_indented = before.iter().all(|byte| *byte == b'\t')
            && !self.bytes[reading.end..].starts_with(b"\t");
        if start < self.start || is_indented || !has_even_backslashes(plain) {
            let problem = AMBIGUOUS_CELL.to_owned();
            return self.refuse(self.start, problem, Some(AMBIGUOUS_HELP), reading.end);
        }
        value
    }

    fn refuse_cut(&self) -> LiteralText {
        let line = &self.bytes[..self.line.end];
        let problem = "the line ends in the middle of the value".to_owned();
        self.refuse(
            line.trim_ascii_end().len(),
            problem,
            Some(CUT_HELP),
            line.len(),
        )
    }

    fn refuse(
        &self,
        offset: usize,
        problem: String,
        help: Option<&'static str>,
        end: usize,
    ) -> LiteralText {
        LiteralText::Refused(Refusal {
            offset,
            problem,
            help,
            range: self.start..end.max(self.start + 1),
            may_be_plain: false,
        })
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
    fn is_closed(&self, end: usize, quote: Option<u8>) -> bool {
        let rest = &self.bytes[end..self.bytes.len().min(end + MAX_BYTES_AFTER)];
        let rest = rest.trim_ascii_start();
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        quote.is_some_and(|quote| memchr::memchr(quote, &rest[..line]).is_some())
    }

    /// Start of the tab-separated cell with the value, if there is a tab before or after it.
    fn cell_start(&self) -> Option<usize> {
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

    fn ends_cell(&self, end: usize) -> bool {
        matches!(
            &self.bytes[end..],
            [] | [b'\t' | b'\n', ..] | [b'\r', b'\n', ..] | [b'\r']
        )
    }

    /// True if the error at `offset` is behind the line of the value, which should have ended
    /// there: a value over several lines has no members in its first line.
    fn is_cut_before(&self, offset: usize) -> bool {
        let line = self.bytes.get(self.start..self.line.end);
        offset >= self.line.end && line.is_some_and(|line| line.contains(&b':'))
    }

    /// True if the value ends as plain JSON where neither the literal nor the cell ends, and is cut
    /// at the end of the line if its escapes are undone: `{"a":"b \\"} c`. `offset` is that of
    /// the error in the latter reading.
    fn may_be_cut(&self, offset: usize, quote: Option<u8>) -> bool {
        let ends_early = self.plain_end.is_some_and(|end| match quote {
            Some(quote) => self.bytes.get(end) != Some(&quote),
            None => !self.ends_cell(end),
        });
        let line = &self.bytes[..self.line.end];
        ends_early && offset >= line.trim_ascii_end().len()
    }

    /// True if the quote at `at` is followed by a separator, as at the end of a literal.
    fn is_before_separator(&self, at: usize) -> bool {
        let next = self.bytes.get(at + 1);
        next.is_none_or(|next| b" \t\r\n,;:)]}".contains(next))
    }

    /// The likely end of the literal with an error at `offset`: a quote that is not escaped and
    /// with a separator after it, or the end of the line.
    fn literal_end(&self, offset: usize, quote: Option<u8>) -> usize {
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

/// The readings of a value by several conventions.
#[derive(Default)]
struct Readings {
    valid: Vec<Reading>,
    /// A variable, or the error at the furthest offset.
    failure: Option<InvalidText>,
    /// Offset up to which the text was read.
    read_to: usize,
}

impl Readings {
    fn add(&mut self, reading: Reading) {
        self.read_to = self.read_to.max(reading.end);
        self.valid.push(reading);
    }

    fn add_failure(&mut self, failure: InvalidText) {
        self.read_to = self.read_to.max(failure.read_to);
        let rank = |failure: &InvalidText| (failure.has_variable, failure.offset);
        let furthest = self.failure.as_ref().map(rank);
        if furthest.is_none_or(|furthest| furthest < rank(&failure)) {
            self.failure = Some(failure);
        }
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

/// True if each run of backslashes in `text` has an even length.
fn has_even_backslashes(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &text[at..]) {
        at += found;
        if text.get(at + 1) != Some(&b'\\') {
            return false;
        }
        at += 2;
    }
    true
}

/// True if two JSON texts have the same values, however their strings are escaped.
pub(super) fn have_equal_values(one: &str, other: &str) -> bool {
    one == other || Json::from_well_formed(one).has_equal_value(Json::from_well_formed(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::split::text::scanner::{Scanned, TextPart, TextScanner};

    /// Returns the values in `text`, as convention and decoded text, or `!problem`.
    fn values(text: &str) -> Vec<String> {
        let mut scanner = TextScanner::new(text.as_bytes(), true);
        let mut found = Vec::new();
        while let Some(stop) = scanner.next_stop()
            && let Some(scanned) = scanner.read(&stop)
        {
            match scanned {
                Scanned::Part(TextPart::Value(range)) => found.push(text[range].to_owned()),
                Scanned::Part(TextPart::Literal {
                    range,
                    convention,
                    quote,
                }) => {
                    let reading = read_value(text.as_bytes(), range.start, convention, quote);
                    let Ok(reading) = reading else {
                        found.push(format!("!{}: {}", convention.name, &text[range]));
                        continue;
                    };
                    assert_eq!(reading.end, range.end);
                    found.push(format!("{}: {}", convention.name, reading.text));
                }
                Scanned::Refused(refusal) => found.push(format!("!{}", refusal.problem)),
                Scanned::Part(_) | Scanned::Invalid(_) | Scanned::Nothing => {}
            }
        }
        found
    }

    /// `text` with `NAMES` replaced by member names of a call, as in a body.
    fn value(text: &str) -> String {
        let names = r#""customer_phone":"a","assistant_phone":"b""#;
        let text = text.replace("ESCAPED_NAMES", &names.replace('"', "\\\""));
        let found = values(&text.replace("NAMES", names));
        found
            .concat()
            .replace(&format!("{names},"), "")
            .replace(names, "")
    }

    #[test]
    fn prefixes_leave_one_convention() {
        for (text, expected) in [
            (
                r#"body=b'{"a":"x\\ny"}'"#,
                r#"bytes in Python: {"a":"x\ny"}"#,
            ),
            (
                r#"[b"{\"a\":\"m\xc3\xb6\"}"]"#,
                r#"bytes in Python: {"a":"mö"}"#,
            ),
            (
                r#"(1, E'{"a":"x\\ny"}')"#,
                r#"an escape string of Postgres: {"a":"x\ny"}"#,
            ),
            (
                r#"(1,_binary '{\"a\":\"x\\ny\"}')"#,
                r#"MySQL: {"a":"x\ny"}"#,
            ),
            (
                r#"(1,_utf8mb4'{\"a\":\"x\\ny\"}')"#,
                r#"MySQL: {"a":"x\ny"}"#,
            ),
            (
                r#"-d $'{"a":"it\'s\u0021\\n"}'"#,
                r#"a shell: {"a":"it's!\n"}"#,
            ),
            (
                r#"values (1, q'[{"a":"it's \n"}]')"#,
                r#"Oracle: {"a":"it's \n"}"#,
            ),
            (
                "(TO_CLOB(q'{{\"a\":\"it's }')\n|| TO_CLOB(q'{me\"}}'))",
                r#"Oracle: {"a":"it's me"}"#,
            ),
            (
                r#"unistr('{\u000a"a":"it''s \\n \00fc\D83D\DE00\+01f600"}')"#,
                "unistr in SQL: {\n\"a\":\"it's \\n ü😀😀\"}",
            ),
            (
                r#"VALUES(1,replace('{\n"a":"it''s"}','\n',char(10)))"#,
                "replace in SQL: {\n\"a\":\"it's\"}",
            ),
            (
                r#"REPLACE( REPLACE('{\015\012"a":"\n"}', '\015', CHR(13)), '\012', CHR(10))"#,
                "replace in SQL: {\r\n\"a\":\"\\n\"}",
            ),
            (
                "VALUES (N'{' + CHAR(10) +\n N'\"a\":\"it''s ' + 'c\"}')",
                "standard SQL: {\n\"a\":\"it's c\"}",
            ),
            (
                r#"INSERT INTO public.calls VALUES (concat('{"a":"x\\n ', 'c"}'))"#,
                r#"concat in standard SQL: {"a":"x\\n c"}"#,
            ),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        // A certain prefix excludes all other readings.
        for text in [
            r#"b'{NAMES,"a":"x\ny"}'"#,
            r#"b'{NAMES,"a":"\u00fc"}'"#,
            r#"replace('{NAMES,"a":"\n"}','a','b')                        "#,
            r#"replace(replace('{NAMES,"a":"\n"}','\n',char(10)),'\n',char(10))   "#,
            r#"INSERT INTO `a` VALUES (replace('{NAMES,"a":"\n"}','\n',char(10)))"#,
            r#"unistr('{NAMES,"a":"\q"}')"#,
            r#"VALUES ('{NAMES,"a":"' || b || '"}')"#,
            r#"VALUES ('{NAMES,"a":"it''s ' || chr(13)||'b'||'c"}')"#,
        ] {
            assert!(value(text).starts_with('!'), "{text}: {}", value(text));
        }
    }

    #[test]
    fn the_only_valid_reading_is_taken() {
        for (text, expected) in [
            (
                r#"x='{"a":"say \\"hi\\""}'"#,
                r#"Python or JavaScript: {"a":"say \"hi\""}"#,
            ),
            (
                r#"x='{"a":"it\'s"}'"#,
                r#"Python or JavaScript: {"a":"it's"}"#,
            ),
            (
                r#"x='{"a":"m\xf6\\n"}'"#,
                r#"Python or JavaScript: {"a":"mö\n"}"#,
            ),
            (
                r#"x='{"a":"soft\xadhyphen"}'"#,
                "Python or JavaScript: {\"a\":\"soft\u{ad}hyphen\"}",
            ),
            (r#"('{"a":"it''s\n"}')"#, r#"standard SQL: {"a":"it's\n"}"#),
            (r#"x='{"a":"it'\''s"}'"#, r#"a shell: {"a":"it's"}"#),
            (r#"x='{"a":"it'"'"'s"}'"#, r#"a shell: {"a":"it's"}"#),
            (
                r#"x="{\"a\":\"x\\ny\"}""#,
                r#"Python or JavaScript: {"a":"x\ny"}"#,
            ),
            (r#"curl -d "{\"a\":\"x\ny\"}""#, r#"a shell: {"a":"x\ny"}"#),
            (
                r#"x="{\"a\":\"m\xc3\xb6\"}""#,
                r#"C, Go or redis-cli: {"a":"mö"}"#,
            ),
            (r#""{\x22a\x22:\x22\x5Cn\x22}""#, r#"nginx: {"a":"\n"}"#),
            (
                r#"x="{\"a\":\"m\303\266\"}""#,
                r#"C, Go or redis-cli: {"a":"mö"}"#,
            ),
            (
                r#"x="{\"a\":\"m\u{f6}\"}""#,
                r#"Python or JavaScript: {"a":"mö"}"#,
            ),
            (
                r#"x=`{"a":"it's \\"x\\""}`"#,
                r#"Python or JavaScript: {"a":"it's \"x\""}"#,
            ),
            (
                r#"got {\"a\":\"x\\ny\"} now"#,
                r#"Python or JavaScript: {"a":"x\ny"}"#,
            ),
            (
                "{\n  \\\"a\\\": \\\"x\\\\ny\\\"\n}\n",
                "Python or JavaScript: {\n  \"a\": \"x\\ny\"\n}",
            ),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn two_readings_that_differ_are_refused_without_evidence() {
        for text in [
            r#"x='{NAMES,"a":"x\\ny"}'"#,
            r#"x='{NAMES,"a":"it''s"}'"#,
            r#"x='{NAMES,"a":"\xc3\xbc"}'"#,
            r#"{'body': '{NAMES,"a":"\xc3\xbc"}'}"#,
            r#"body: "{ESCAPED_NAMES,\"a\":\"\xC3\xBC\"}""#,
            r#"curl -d "{ESCAPED_NAMES,\"a\":\"x\\ny\"}""#,
            r#"curl -d "{ESCAPED_NAMES,\"a\":\"x\\ny\"}" && echo 'a b'"#,
            r#"curl -H "X: say 'hi'" -d "{ESCAPED_NAMES,\"a\":\"x\\ny\"}""#,
            r#"curl.exe -d "{""customer_phone"":1,""assistant_phone"":""x\\ny""}""#,
            r#"INSERT INTO calls VALUES ('{NAMES,"a":"x\\ny"}');"#,
            r#"[0.1ms] INSERT INTO `calls` VALUES ('{NAMES,"a":"x\\ny"}')"#,
            r#"(1, '{NAMES,"a":"x\\ny"}')"#,
            "1\tINFO\tx={NAMES,\"a\":\"x\\\\ny\"}",
            "\t{NAMES,\"a\":\"x\\\\ny\"}\n",
        ] {
            assert!(
                value(text).contains("with two meanings"),
                "{text}: {}",
                value(text)
            );
        }
        for (text, expected) in [
            (
                r#"INSERT INTO `calls` VALUES ('{NAMES,"a":"x\\ny"}');"#,
                r#"MySQL: {"a":"x\ny"}"#,
            ),
            (
                r#"INSERT INTO public.calls VALUES ('{NAMES,"a":"x\\ny"}');"#,
                r#"standard SQL: {"a":"x\\ny"}"#,
            ),
            (
                r#"INSERT INTO calls VALUES(1,'{NAMES,"a":"x\\ny"}');"#,
                r#"standard SQL: {"a":"x\\ny"}"#,
            ),
            (
                r#"VALUES ('{NAMES,"a":"it''s"}');"#,
                r#"standard SQL: {"a":"it's"}"#,
            ),
            (
                r#"SELECT '{NAMES,"a":"x\\ny"}'::jsonb"#,
                r#"standard SQL: {"a":"x\\ny"}"#,
            ),
            (
                r#"curl x -d '{NAMES,"a":"x\\ny"}'"#,
                r#"a shell: {"a":"x\\ny"}"#,
            ),
            (
                r#"sqlalchemy.engine.Engine [generated in 0.1s] (1, '{NAMES,"a":"x\\ny"}', 5)"#,
                r#"Python or JavaScript: {"a":"x\ny"}"#,
            ),
            (
                r#"(0.001) INSERT INTO a VALUES (%s); args=('{NAMES,"a":"x\\ny"}', 5); alias=default"#,
                r#"Python or JavaScript: {"a":"x\ny"}"#,
            ),
            (
                r#"execute('{NAMES,"a":"x\\ny"}',)"#,
                r#"Python or JavaScript: {"a":"x\ny"}"#,
            ),
            (
                r#"2026 [1] LOG:  statement: SELECT a('{NAMES,"a":"x\\ny"}')"#,
                r#"standard SQL: {"a":"x\\ny"}"#,
            ),
            (
                r#"DETAIL:  parameters: $1 = '5', $2 = '{NAMES,"a":"it''s \\n"}'"#,
                r#"standard SQL: {"a":"it's \\n"}"#,
            ),
            (
                "2026\t12 Query\tSELECT a('{NAMES,\"a\":\"x\\\\ny\"}')",
                r#"MySQL: {"a":"x\ny"}"#,
            ),
            (
                r#"{'body': '{NAMES,"a":"x\\ny"}'}"#,
                r#"Python or JavaScript: {"a":"x\ny"}"#,
            ),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn the_shell_of_a_command_decides() {
        for (command, body, expected) in [
            (
                "$ curl -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "curl x \\\n -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "curl -H 'a: b' -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "curl.exe -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"cmd: {"a":"x\\ny"}"#,
            ),
            (
                "C:\\x>curl -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"cmd: {"a":"x\\ny"}"#,
            ),
            (
                "curl x ^\r\n -d",
                r#""{\"a\":\"x\\\"\"}""#,
                r#"cmd: {"a":"x\""}"#,
            ),
            (
                "curl -H \"A: %TOKEN%\" -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"cmd: {"a":"x\\ny"}"#,
            ),
            ("curl -d", r#""{\"a\":\"x\ny\"}" ^"#, r#"cmd: {"a":"x\ny"}"#),
            (
                "curl -d @- <<<",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "curl -d",
                "\"{\n \\\"a\\\":\\\"x\\\\ny\\\"}\"",
                "a shell: {\n \"a\":\"x\\ny\"}",
            ),
            (
                "root@host:/srv# curl -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "curl x -d",
                r#""{\"a\":\"x\\ny\"}" -H 'a: b'"#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "2026-01-15 curl -H 'Accept: */*' -H \"X-Name: it's\" -d",
                r#""{\"a\":\"x\\ny\"}""#,
                r#"a shell: {"a":"x\ny"}"#,
            ),
            (
                "time curl -H 'X: y=\"z\"' -H \"X: [\\\"\\\"]\" --data-raw",
                r#"'{"a":"x\\ny"}'"#,
                r#"a shell: {"a":"x\\ny"}"#,
            ),
            (
                "curl --data-raw",
                r#"^"^{^\^"a^\^":^\^"x^\^\ny^%^41^\^"^}^""#,
                r#"a browser for cmd: {"a":"x\ny%41"}"#,
            ),
            (
                "iwr x -Body",
                r#""{`"a`":`"`$x\ny$([char]252)`"}""#,
                r#"PowerShell: {"a":"$x\nyü"}"#,
            ),
            (
                "iwr x `\n-Body",
                r#""{""a"":""x\\ny""}""#,
                r#"PowerShell: {"a":"x\\ny"}"#,
            ),
            (
                "PS C:\\> x -d",
                r#"'{"a":"it''s \\n"}'"#,
                r#"PowerShell: {"a":"it's \\n"}"#,
            ),
            (
                "curl.exe -d",
                r#"'{\"a\":\"it''s \\n\"}'"#,
                r#"an argument in PowerShell: {"a":"it's \\n"}"#,
            ),
            (
                "$x = @\"\n",
                "{\"a\":\"`$x `` \"}\n\"@",
                r#"PowerShell: {"a":"$x ` "}"#,
            ),
            (
                "$x = @'\n",
                "{\"a\":\"`$x\\\\n\"}\n'@",
                "{\"a\":\"`$x\\\\n\"}",
            ),
        ] {
            let text = format!("{command} {body}").replace("\n {", "\n{");
            assert_eq!(value(&text), expected, "{text}");
        }
        // A variable, a command and a typographic quote have another meaning there.
        for text in [
            r#"$ curl -d "{ESCAPED_NAMES,\"a\":\"$x\"}""#,
            r#"$ curl -d "{ESCAPED_NAMES,\"a\":\"`id`\"}""#,
            r#"curl.exe -d "{ESCAPED_NAMES,\"a\":\"%USERNAME%\"}""#,
            r#"curl.exe -d "{ESCAPED_NAMES,\"a\":\"a^b\"}""#,
            r#"curl -d "{ESCAPED_NAMES,\"a\":\"^\\n\"}""#,
            r#"irm -Body "{`"customer_phone`":1,`"assistant_phone`":$x}""#,
            "irm -Body '{NAMES,\"a\":\"‘ \\n\"}'",
        ] {
            assert!(value(text).starts_with('!'), "{text}: {}", value(text));
        }
    }

    #[test]
    fn plain_json_in_text_stays_verbatim() {
        for text in [
            r#"it's {"a":"x\\ny"} isn't it"#,
            r#"body={"a":"x\\ny"}"#,
            r#"'svc' {"a":"x\\ny"}"#,
            r#"msg='{"a":"it's \n"}'"#,
        ] {
            let found = value(text);
            assert!(found.starts_with('{'), "{text}: {found}");
        }
    }

    #[test]
    fn cells_with_doubled_backslashes_are_decoded() {
        for (text, expected) in [
            (
                "1\t{\"a\":\"x\\\\ny\"}\n",
                "Postgres COPY or mysql --batch: {\"a\":\"x\\ny\"}",
            ),
            (
                "{\"a\":\"x\\\\ny\"}\t\\N\n",
                "Postgres COPY or mysql --batch: {\"a\":\"x\\ny\"}",
            ),
            ("1\t{\"a\":\"C:\\\\Daten\"}\n", "{\"a\":\"C:\\\\Daten\"}"),
            ("1\t{\"a\":\"x\\ny\"}\n", "{\"a\":\"x\\ny\"}"),
            (
                "1\t{\\n  \"a\": \"x\\\\ny\"\\n}\n",
                "Postgres COPY or mysql --batch: {\n  \"a\": \"x\\ny\"\n}",
            ),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn values_with_a_gap_are_refused() {
        for text in [
            r#"('{NAMES,"a":"x ... (505 characters truncated) ... y"}', 5)"#,
            r#"('{NAMES,"a":"it\'s ... (505 characters truncated) ... y"}', 5)"#,
        ] {
            assert_eq!(value(text), "!SQLAlchemy has cut text out of the value");
        }
        let text = r#"{"a":"x ... (505 characters truncated) ... y"}"#;
        assert_eq!(value(text), text);
    }

    #[test]
    fn unknown_escapes_are_never_dropped() {
        for text in [
            r#"x="{ESCAPED_NAMES,\"a\":\"\q\"}"#,
            r#"x="{ESCAPED_NAMES,\"a\":\"\xc3\"}"#,
            r#"x="{ESCAPED_NAMES,\"a\":\"\ud800\"}"#,
            r#"{ESCAPED_NAMES,\"a\":\"\q\"}"#,
        ] {
            assert!(value(text).starts_with('!'), "{text}: {}", value(text));
        }
    }
}
