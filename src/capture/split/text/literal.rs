//! Reads JSON in the literals of SQL, programming languages and shells, in cells of tab-separated
//! text, and in other text with escapes.
//!
//! The text around a value shows by which conventions it may be escaped. It is read by each of
//! them. If two readings are valid and differ, the value is refused, unless its line shows which
//! one is right. Only the line of the value is looked at, because more text may follow.

use super::call_members::mentions_call;
use super::convention::{ASCII_CHARACTERS, C_STRING, Convention, REPLACED};
use super::evidence::Evidence;
use super::literal_quote::{Literal, LiteralPrefix};
use super::reading::{
    InvalidText, QuotedText, Reading, ReadingError, read_quoted_text, read_value,
};
use super::refusal::{
    AMBIGUOUS_BACKSLASHES, AMBIGUOUS_BYTES, AMBIGUOUS_CELL, AMBIGUOUS_HELP, AMBIGUOUS_LAYERS,
    AMBIGUOUS_QUOTES, AMBIGUOUS_SHELLS, CHANGED_BY_REPLACE, CUT_HELP, Refusal, SHELL_HELP,
    VARIABLE_HELP,
};
use super::shells::starts_with_browser_escape;
use super::sql_expression::{Replacements, TextFunction, find_replacements};
use super::surroundings::{Surroundings, has_null_cell};
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
        if literal.is_some_and(|literal| literal.is_behind_prefix(self.bytes)) {
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
