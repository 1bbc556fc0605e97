//! The part of the scanner for JSON in quoted and escaped text.

use std::ops::Range;

use super::call_members::{MAX_SEARCHED_BYTES, mentions_call};
use super::command::calls_powershell;
use super::convention::POWERSHELL_ARGUMENT;
use super::evidence::is_argument;
use super::layers::literal_part;
use super::literal::LiteralText;
use super::reading::decode;
use super::refusal::{AMBIGUOUS_HELP, AMBIGUOUS_REFERENCES, Refusal};
use super::scanner::TextScanner;
use super::surroundings::Surroundings;
use super::text_part::{Scanned, TextPart};
use crate::capture::split::boundary::string_end;
use crate::json::syntax_error::SyntaxError;

impl TextScanner<'_> {
    /// Reads the valid JSON from `start` to `end`, which may be a part of a literal.
    pub(super) fn read_plain(&mut self, start: usize, end: usize) -> Scanned {
        if let Some(refusal) = self.find_gap(start..end) {
            self.at = end;
            return self.refuse(start, refusal).unwrap_or(Scanned::Nothing);
        }
        let text = &self.bytes[start..end];
        let has_escapes = memchr::memchr3(b'\\', b'\'', b'`', text).is_some()
            || memchr::memchr(b'$', text).is_some();
        if !has_escapes {
            return self.found(end, TextPart::Value(start..end));
        }
        if let Some(scanned) = self.read_layers(start, Some(end)) {
            return scanned;
        }
        let (text, read_to) = self.surroundings(start, Some(end)).read();
        let scanned = match text {
            LiteralText::Plain => self.found(end, TextPart::Value(start..end)),
            mut text => {
                if let LiteralText::Refused(refusal) = &mut text {
                    refusal.range.end = refusal.range.end.max(end);
                }
                let scanned = self.read_literal(start, text);
                scanned.unwrap_or_else(|| {
                    self.at = self.at.max(end);
                    Scanned::Nothing
                })
            }
        };
        self.count_reread(read_to);
        scanned
    }

    /// Reads the text from `start`, which is not valid JSON.
    pub(super) fn read_invalid(&mut self, start: usize, error: SyntaxError) -> Scanned {
        if let Some(scanned) = self.read_layers(start, None) {
            return scanned;
        }
        let (text, read_to) = self.surroundings(start, None).read();
        let scanned = match text {
            LiteralText::Refused(refusal) => self.read_refused(start, error, refusal),
            text => {
                let scanned = self.read_literal(start, text);
                scanned.unwrap_or_else(|| self.handle_invalid_json(start, error))
            }
        };
        self.count_reread(read_to);
        scanned
    }

    /// Reads the text from `start`, which is neither valid JSON nor a valid literal.
    fn read_refused(&mut self, start: usize, error: SyntaxError, mut refusal: Refusal) -> Scanned {
        // An element of an array may be valid, or is reported itself.
        let is_array = self.bytes[start] == b'[';
        let is_ambiguous = refusal.is_ambiguous();
        if refusal.may_be_plain && !is_ambiguous && refusal.offset <= start + error.offset {
            let error = self.within_line(start, error.clone());
            refusal.offset = start + error.offset;
            refusal.problem = error.problem;
            refusal.help = error.help;
        }
        let scanned = self.handle_invalid_json(start, error);
        match &scanned {
            Scanned::Part(TextPart::MarkedLines(lines)) if self.has_quoted_line(lines) => {
                // Each line has a literal of its own: the opening quote is no part of a prefix.
                self.at = start + 1;
                if is_array {
                    return Scanned::Nothing;
                }
                self.refuse(start, refusal).unwrap_or(Scanned::Nothing)
            }
            Scanned::Invalid(_) if !is_array => self.refuse(start, refusal).unwrap_or(scanned),
            _ => scanned,
        }
    }

    /// Reads the value from `start`, whose first quotes are doubled: a CSV cell, or an argument of
    /// a command in Windows.
    pub(super) fn read_doubled(&mut self, start: usize) -> Scanned {
        if !self.is_argument(start) {
            return self.read_csv_cell(start);
        }
        let (text, read_to) = self.surroundings(start, None).read();
        let scanned = match self.read_literal(start, text) {
            Some(scanned) => scanned,
            None => self.read_csv_cell(start),
        };
        self.count_reread(read_to);
        scanned
    }

    /// True if the value at `start` is an argument of a command in double quotes.
    fn is_argument(&mut self, start: usize) -> bool {
        // A cell of a table follows a separator, or starts the line.
        matches!(&self.bytes[..start], [.., b' ' | b'=' | b'(', b'"'])
            && is_argument(self.bytes, &self.line_at(start), start - 1)
    }

    /// Reads the value from `start`, whose first quotes are escaped.
    pub(super) fn read_escaped(&mut self, start: usize) -> Scanned {
        if is_nested_text(&self.bytes[start..]) {
            return self.read_json_string(start);
        }
        let line = self.escaped_line(start);
        let (text, read_to) = self.surroundings(start, None).read();
        if let LiteralText::Value(end, convention, _) = text
            && convention.name == POWERSHELL_ARGUMENT.name
            && self.is_after_cmdlet(start)
        {
            return self.refuse_layers(start..end);
        }
        if let Some((calls, range, line_convention)) = line {
            match text {
                LiteralText::Truncated => {}
                LiteralText::Value(_, convention, _)
                    if convention.is_mysql()
                        && self.surroundings(start, None).is_in_statement() => {}
                LiteralText::Value(end, convention, quote) => {
                    let value = decode(&self.bytes[start..end], convention, quote);
                    if calls.has_problem || !calls.contains(&value) {
                        return self.refuse_layers(start..range.end.max(end));
                    }
                }
                LiteralText::Plain | LiteralText::Refused(_) => {
                    if let Some(scanned) = self.read_quoted(start) {
                        return scanned;
                    }
                    let end = range.end;
                    return self.found(end, literal_part(range, line_convention, None));
                }
            }
        }
        let scanned = match self.read_literal(start, text) {
            Some(scanned) => scanned,
            None if self.at > start => Scanned::Nothing,
            None => self.read_json_string(start),
        };
        self.count_reread(read_to);
        scanned
    }

    /// Refuses the value at `start` if it has references or links, in a string of broken JSON that
    /// may be the text of a message in Slack.
    pub(super) fn refuse_slack_text(&mut self, start: usize) -> Option<Scanned> {
        /// Limit on the bytes before a value in which the quote that opens its string is searched.
        const MAX_BYTES_BEFORE: usize = 4096;
        let line = self.line_at(start);
        let from = line.start.max(start.saturating_sub(MAX_BYTES_BEFORE));
        let before = &self.bytes[from.min(start)..start];
        // A quote behind it would be damage, or closes the string.
        let is_opening = |at: &usize| before[..*at].trim_ascii_end().ends_with(b"\":");
        let open = memchr::memrchr_iter(b'"', before).find(is_opening)?;
        self.count_layer(start - from);
        let name = before[..open].trim_ascii_end().strip_suffix(b":")?;
        if !name.ends_with(b"\"text\"") && !name.ends_with(b"\"fallback\"") {
            return None;
        }
        let end = string_end(self.bytes, start).unwrap_or(self.bytes.len());
        self.count_layer(end - start);
        let marks = [&b"&amp;"[..], b"&lt;", b"&gt;", b"<"].into_iter();
        let text = &self.bytes[start..end];
        let mut found = marks.filter(|mark| memchr::memmem::find(text, mark).is_some());
        found.next()?;
        let refusal = Refusal {
            offset: start,
            problem: AMBIGUOUS_REFERENCES.to_owned(),
            help: Some(AMBIGUOUS_HELP),
            range: start..end,
            may_be_plain: false,
        };
        self.refuse(start, refusal)
    }

    /// True if a cmdlet of `PowerShell` is before the value at `start`. Only other programs get
    /// arguments in which quotes are escaped.
    fn is_after_cmdlet(&mut self, start: usize) -> bool {
        let line = self.line_at(start).start.min(start);
        calls_powershell(&self.bytes[line..start])
    }

    /// Counts the text up to `read_to` that will be read again.
    fn count_reread(&mut self, read_to: usize) {
        self.count_rescanned(read_to.saturating_sub(self.at), read_to);
    }

    /// True if the text from `start` to `end` is in a literal or in a cell, and may mean something
    /// else there than in plain JSON.
    pub(super) fn may_be_escaped(&mut self, start: usize, end: usize) -> bool {
        let text = &self.bytes[start..end];
        let has_backslash = memchr::memchr(b'\\', text).is_some();
        let has_quote = memchr::memchr(b'\'', text).is_some();
        let is_before_tab = self.bytes.get(end) == Some(&b'\t');
        let surroundings = self.surroundings(start, None);
        (has_backslash || has_quote) && surroundings.is_in_literal()
            || has_backslash && (is_before_tab || surroundings.is_after_tab())
    }

    /// True if the value at `start` is in a literal or in a cell.
    pub(super) fn may_be_quoted(&mut self, start: usize) -> bool {
        let surroundings = self.surroundings(start, None);
        surroundings.is_in_literal() || surroundings.is_after_tab()
    }

    /// True if there is a quote before one of the `lines` behind the first.
    fn has_quoted_line(&self, lines: &[Range<usize>]) -> bool {
        let mut before = lines
            .iter()
            .skip(1)
            .map(|line| self.bytes[..line.start].last());
        before.any(|last| matches!(last, Some(b'\'' | b'"' | b'`')))
    }

    pub(super) fn surroundings(
        &mut self,
        start: usize,
        plain_end: Option<usize>,
    ) -> Surroundings<'_> {
        let line = self.line_at(start);
        Surroundings {
            bytes: self.bytes,
            start,
            line,
            last_end: self.last_part().end,
            plain_end,
            is_whole: self.is_whole,
            heredoc: self.heredocs.at(self.bytes, start),
        }
    }

    /// Finds the gap in a quoted value from which `SQLAlchemy` has cut text, in its log of
    /// statements: `Assistant: Gu ... (505 characters truncated) ... k you`.
    fn find_gap(&self, value: Range<usize>) -> Option<Refusal> {
        if !matches!(self.bytes[..value.start].last(), Some(b'\'' | b'"')) {
            return None;
        }
        let text = &self.bytes[value.clone()];
        let end = memchr::memmem::find(text, b" characters truncated) ... ")?;
        let digits = text[..end]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit());
        let start = text[..end - digits.count()].strip_suffix(b" ... (")?.len();
        Some(Refusal {
            offset: value.start + start,
            problem: "SQLAlchemy has cut text out of the value".to_owned(),
            help: Some("log the body itself"),
            range: value,
            may_be_plain: false,
        })
    }

    /// Returns the result for `text` at `start`; `None` if it has no escaped value.
    fn read_literal(&mut self, start: usize, text: LiteralText) -> Option<Scanned> {
        match text {
            LiteralText::Value(end, convention, quote) => {
                if let Some(refusal) = self.find_gap(start..end) {
                    return self.refuse(start, refusal);
                }
                let part = TextPart::Literal {
                    range: start..end,
                    convention,
                    quote,
                };
                Some(self.found(end, part))
            }
            LiteralText::Truncated => Some(self.stop_before(start)),
            LiteralText::Refused(refusal) => self.refuse(start, refusal),
            LiteralText::Plain => None,
        }
    }

    /// Moves to `end`, the end of `part`.
    pub(super) fn found(&mut self, end: usize, part: TextPart) -> Scanned {
        self.at = end;
        self.request_has_json = self.has_request;
        Scanned::Part(part)
    }

    /// Skips the value at `start` if it was meant to be a call.
    pub(super) fn refuse(&mut self, start: usize, refusal: Refusal) -> Option<Scanned> {
        let end = self.bytes.len().min(start + MAX_SEARCHED_BYTES);
        let end = end
            .min(self.line_at(refusal.range.end - 1).end)
            .max(refusal.range.end);
        if !mentions_call(&self.bytes[start..end]) {
            self.count_rescanned(end - start, end);
            return None;
        }
        self.at = self.at.max(refusal.range.end);
        Some(Scanned::Refused(refusal))
    }
}

/// True if a string holds other text than one value: a string in a string, with several backslashes
/// before the first quote, or CSV, with two quotes.
fn is_nested_text(text: &[u8]) -> bool {
    let is_before = |byte: &&u8| matches!(byte, b'{' | b'[' | b' ' | b'\t' | b'\r' | b'\n');
    let inner = &text[text.iter().take_while(is_before).count()..];
    let slashes = inner.iter().take_while(|byte| **byte == b'\\').count();
    let quoted = &inner[slashes..];
    let is_csv = quoted.starts_with(b"\"\\\"") && !quoted[3..].trim_ascii_start().starts_with(b":");
    quoted.starts_with(b"\"") && (slashes > 1 || is_csv)
}
