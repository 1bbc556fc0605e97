//! Scans text for JSON: log lines, HTTP messages, CSV, event streams. Apart from HTTP heads it
//! knows no format; it recognizes raw JSON, quoted CSV cells, JSON strings, and lines with a common
//! prefix.

use std::ops::Range;

use encoding_rs::Encoding;

use super::call_members::mentions_call;
use super::control_codes::is_code;
use super::haproxy;
use super::heredocs::Heredocs;
use super::http::MessageHead;
use super::mail::MailPart;
use super::markup::{MarkupText, is_in_element, read_markup, starts_with_quote, text_of_element};
use super::next_match::{Next, NextMatch};
use super::percent::{
    PercentEncoded, PercentText, name_before, nested_range, outer_layers, read_percent,
};
use super::shells::starts_with_escape;
use super::sql_expression::{is_joint, oracle_delimiter};
use super::statements::Statements;
use super::stop::{Stop, StopKind};
use super::text_part::{Scanned, TextPart};
use super::text_scan::{KnownStop, TextScan};
use crate::call::object_fields::BODY_HINTS;
use crate::capture::split::lines::{line_end, line_start};
use crate::json::syntax::skip_value;
use crate::json::syntax_error::SyntaxError;
use crate::json::{Node, outline, take_nodes};

/// Scans a text from one [`Stop`] to the next.
pub(crate) struct TextScanner<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// True if no more text follows.
    pub(super) is_whole: bool,
    /// Start of an incomplete part, if more text follows.
    pub(super) unfinished: Option<usize>,
    /// The next HTTP head.
    pub(super) next_head: Next<MessageHead>,
    /// The next part of a mail message.
    pub(super) next_part: Next<MailPart>,
    /// The next hexadecimal digits.
    pub(super) next_hex: Next<Range<usize>>,
    /// True after a request head.
    pub(super) has_request: bool,
    /// True if JSON was found since the last request head. The response to that request is then
    /// skipped.
    pub(super) request_has_json: bool,
    /// Start of the current HTTP message if its body is declared as a form.
    pub(super) form_start: Option<usize>,
    /// The encoding that the current HTTP message declares, unless it is UTF-8, and the end of its
    /// body.
    pub(super) charset: Option<(&'static Encoding, usize)>,
    /// Number of bytes read without result.
    pub(super) rescanned: usize,
    /// Text that does not mention a call.
    no_call: Range<usize>,
    /// The next escaped double quote.
    escaped_quote: NextMatch,
    /// The next tab.
    pub(super) next_tab: NextMatch,
    /// Range of the last line looked up by `line_at`.
    line: Range<usize>,
    /// Range of the last part.
    last_part: Range<usize>,
    /// Offset up to which the last response was skipped.
    pub(super) skipped_end: usize,
    /// End of the last part with escapes. Layers of later parts start behind it.
    pub(super) layers_end: usize,
    /// End of the last line with a refused text. Its quotes may be parts of that text.
    pub(super) refused_end: usize,
    /// Number of layers from which the text was decoded to compare it.
    pub(super) depth: usize,
    /// Number of bytes of layers that are decoded and read before layers are refused.
    layer_budget: usize,
    pub(super) statements: Statements,
    pub(super) heredocs: Heredocs<'a>,
    /// The last valid object, and its outline.
    outlined: Range<usize>,
    outline: Vec<Node>,
    /// The stops that follow, if the text was scanned before.
    known: Option<&'a [KnownStop]>,
}

/// Limit on the bytes reread because of text that only looks like JSON, as a multiple of the text's
/// length.
const MAX_RESCANS_PER_BYTE: usize = 8;

/// Limit on the bytes of layers that are read, as a multiple of the text's length.
const MAX_LAYER_BYTES_PER_BYTE: usize = 64;

/// The limit of a shorter text is that of a text with this length. Where the input pauses, a text
/// may be short, and its result must not depend on that.
const MIN_LIMITED_BYTES: usize = 64 * 1024;

impl<'a> TextScanner<'a> {
    /// Creates a scanner of `bytes`. `is_whole` is true if no more text follows.
    pub(crate) fn new(bytes: &'a [u8], is_whole: bool) -> Self {
        Self {
            bytes,
            at: 0,
            is_whole,
            unfinished: None,
            next_head: Next::Unknown,
            next_part: Next::Unknown,
            next_hex: Next::Unknown,
            has_request: false,
            request_has_json: false,
            form_start: None,
            charset: None,
            rescanned: 0,
            no_call: 0..0,
            escaped_quote: NextMatch::default(),
            next_tab: NextMatch::default(),
            line: 0..0,
            last_part: 0..0,
            skipped_end: 0,
            layers_end: 0,
            refused_end: 0,
            depth: 0,
            layer_budget: MAX_LAYER_BYTES_PER_BYTE * bytes.len().max(MIN_LIMITED_BYTES),
            statements: Statements::default(),
            heredocs: Heredocs::default(),
            outlined: 0..0,
            outline: Vec::new(),
            known: None,
        }
    }

    /// Creates a scanner that repeats `scan`, a scan of all of `bytes`.
    pub(crate) fn of_scan(bytes: &'a [u8], scan: &'a TextScan) -> Self {
        Self {
            known: Some(&scan.0),
            ..Self::new(bytes, true)
        }
    }

    /// Creates a scanner of `text`, which was decoded from a layer of this text to compare it.
    pub(super) fn in_layer<'t>(&self, text: &'t [u8]) -> TextScanner<'t> {
        TextScanner {
            depth: self.depth + 1,
            layer_budget: self.layer_budget,
            ..TextScanner::new(text, true)
        }
    }

    /// Counts the bytes that were read by `scanner`, which was created by `in_layer`.
    pub(super) fn leave_layer(&mut self, scanner: &TextScanner) {
        let read = scanner.bytes.len() + scanner.rescanned;
        self.layer_budget = scanner.layer_budget.saturating_sub(read);
    }

    pub(super) fn is_out_of_budget(&self) -> bool {
        self.layer_budget == 0
    }

    /// Offset up to which the text has been read.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Range of the last part.
    pub(crate) fn last_part(&self) -> &Range<usize> {
        &self.last_part
    }

    /// Offset up to which the last response was skipped. The call in it is in its request too.
    pub(crate) fn skipped_end(&self) -> usize {
        self.skipped_end
    }

    /// Start of the HTTP request at `stop`, which is not read yet.
    pub(super) fn request_at(&self, stop: &Stop) -> Option<usize> {
        let head = self
            .next_head
            .found()
            .filter(|_| stop.kind == StopKind::Head)?;
        (!head.is_response).then_some(head.start)
    }

    /// The encoding that an HTTP head declares for the last part, unless it is UTF-8.
    pub(crate) fn charset(&self) -> Option<&'static Encoding> {
        let (charset, end) = self.charset?;
        (self.last_part.start < end).then_some(charset)
    }

    /// Reads on from `stop`. Returns `None` at the end of the text, or of its complete parts.
    pub(crate) fn read(&mut self, stop: &Stop) -> Option<Scanned> {
        if let Some(scanned) = self.repeat() {
            return Some(scanned);
        }
        let scanned = match stop.kind {
            StopKind::Head => {
                let scanned = self.read_message_body();
                // The message may be between the lines of a value that was read before.
                self.at = self.at.max(stop.offset);
                scanned
            }
            StopKind::Bracket => self.read_at_bracket(stop.offset),
            StopKind::Percent => self
                .read_layers(stop.offset, None)
                .unwrap_or_else(|| self.read_percent(stop.offset)),
            StopKind::Hex => match self.next_hex.take() {
                Some(digits) => self.found(digits.end, TextPart::Hex(digits)),
                None => Scanned::Nothing,
            },
            StopKind::Mail => match self.next_part.take() {
                Some(part) => self
                    .read_statement(stop.offset)
                    .unwrap_or_else(|| self.found(part.range.end, TextPart::Mail(part))),
                None => Scanned::Nothing,
            },
            StopKind::End => {
                self.at = stop.offset;
                return None;
            }
        };
        let scanned = match scanned {
            Scanned::Part(TextPart::Haproxy(range) | TextPart::Markup(range))
                if self.is_in_escaped_line(&range) =>
            {
                self.refuse_layers(range)
            }
            Scanned::Part(part) => Scanned::Part(self.in_element(part)),
            other => other,
        };
        if let Scanned::Part(part) = &scanned {
            self.last_part = stop.offset..self.at;
            if !matches!(part, TextPart::Value(_)) {
                self.layers_end = self.at;
            }
        } else if let Scanned::Refused(_) = &scanned {
            // The rest of a refused text is not read as a layer.
            self.layers_end = self.at;
            self.refused_end = self.line_at(self.at.saturating_sub(1)).end;
        } else if matches!(scanned, Scanned::Nothing)
            && self.unfinished.is_some_and(|start| start <= self.at)
        {
            // Invalid text is returned here too, because it decides where the text can be cut.
            return None;
        }
        Some(scanned)
    }

    /// The next stop that is known, or the end of the text if there are no more.
    pub(super) fn known_stop(&self) -> Option<Stop> {
        let end = Stop {
            offset: self.bytes.len(),
            kind: StopKind::End,
        };
        Some(self.known?.first().map_or(end, |known| known.stop))
    }

    /// Reads the part at the next stop that is known.
    fn repeat(&mut self) -> Option<Scanned> {
        let (next, rest) = self.known?.split_first()?;
        self.known = Some(rest);
        self.at = next.end;
        let Some(part) = next.part.clone() else {
            return Some(Scanned::Nothing);
        };
        if let TextPart::Value(range) = &part {
            self.outline_object(range.start);
        }
        self.last_part = next.stop.offset..self.at;
        Some(Scanned::Part(part))
    }

    /// Ends the complete parts before an incomplete one that starts at `start`.
    pub(super) fn stop_before(&mut self, start: usize) -> Scanned {
        self.unfinished = Some(start);
        Scanned::Nothing
    }

    /// Reads the text that starts with the bracket at `start`.
    fn read_at_bracket(&mut self, start: usize) -> Scanned {
        let bytes = self.bytes;
        if oracle_delimiter(&bytes[..=start]).is_some() {
            self.at = start + 1;
            return Scanned::Nothing;
        }
        let inside = start + 1 + whitespace_length(&bytes[start + 1..]);
        let next = &bytes[inside.min(bytes.len())..];
        let names = match next.split_first() {
            Some((b'{', object)) if bytes[start] == b'[' => object.trim_ascii_start(),
            _ => next,
        };
        // Quotes in a CSV cell are doubled, escaped or not; `{"":` is an empty name.
        let is_encoded = matches!(names.first(), Some(b'\\' | b'%' | b'&' | b'#' | b'`'))
            || names.starts_with(b"\"\"");
        if names.starts_with(b"\\")
            && let Some(scanned) = self.refuse_slack_text(start)
        {
            return scanned;
        }
        if is_encoded && let Some(scanned) = self.read_layers(start, None) {
            return scanned;
        }
        let quotes = &names[names.iter().take_while(|byte| **byte == b'\\').count()..];
        if let [b'"', b'"', third, ..] = quotes
            && *third != b':'
            && !third.is_ascii_whitespace()
        {
            return self.read_doubled(start);
        }
        if starts_with_escape(names) {
            return self.read_escaped(start);
        }
        if names.starts_with(b"%") {
            return self.read_percent(start);
        }
        if names.starts_with(b"&") && starts_with_quote(names) {
            return self.read_markup(start);
        }
        if names.starts_with(b"'")
            && is_joint(names)
            && let Err(error) = skip_value(&bytes[start..])
        {
            return self.read_invalid(start, error);
        }
        if bytes[start] == b'{'
            && !names.starts_with(b"\"")
            && let Some(value) = haproxy::find_value(bytes, start)
        {
            if !is_encoded && let Some(scanned) = self.read_layers(start, None) {
                return scanned;
            }
            return self.read_haproxy(value);
        }
        let is_plausible = match (bytes[start], next.first()) {
            (b'{', Some(b'"')) | (b'[', Some(b'{' | b'[')) => true,
            (_, None) if !self.is_whole => return self.stop_before(start),
            _ => false,
        };
        // A comment or unusual white space may come before the first name.
        let may_be_repaired = bytes[start] == b'{'
            && matches!(next.first(), Some(b'/' | b'#' | 0xc2 | 0xe2 | 0xef))
            || is_code(next);
        if may_be_repaired && let Err(error) = skip_value(&bytes[start..]) {
            if let Some(scanned) = self.read_repaired(start, &error) {
                return scanned;
            }
            if self.may_be_quoted(start) {
                return self.read_invalid(start, error);
            }
        }
        if !is_plausible {
            let ends_line = inside < bytes.len() && bytes[start..inside].contains(&b'\n');
            if ends_line {
                return self.handle_invalid_json(start, SyntaxError::new(0, ""));
            }
            self.at = start + 1;
            return Scanned::Nothing;
        }
        match self.value_length(start) {
            Ok(length) => {
                let value = start..start + length;
                match is_in_element(bytes, value.clone()) {
                    Some(true) => self.found(value.end, TextPart::Markup(value)),
                    None if !self.is_whole => self.stop_before(start),
                    Some(false) | None => match self.element_around(&value) {
                        Some(element) => self.found(element.end, TextPart::Markup(element)),
                        None => self.read_plain(value.start, value.end),
                    },
                }
            }
            Err(error) if error.is_truncated && !self.is_whole => self.stop_before(start),
            Err(error) => self.read_invalid(start, error),
        }
    }

    /// Length of the value at `start`. If no more text follows, an object gets an outline for
    /// [`take_outline`](Self::take_outline).
    fn value_length(&mut self, start: usize) -> Result<usize, SyntaxError> {
        if self.is_whole {
            if self.outlined.start == start && !self.outlined.is_empty() {
                return Ok(self.outlined.len());
            }
            if let Some(length) = self.outline_object(start) {
                return Ok(length);
            }
        }
        skip_value(&self.bytes[start..])
    }

    /// True if the text is one object, and nothing is read yet. Other stops, such as an HTTP
    /// head, cannot be before its first bracket. To search each cell for that was a tenth
    /// of the time of `list` of a table.
    pub(super) fn is_one_object(&mut self) -> bool {
        let is_possible = self.at == 0 && self.is_whole && self.bytes.starts_with(b"{\"");
        is_possible && self.outline_object(0) == Some(self.bytes.trim_ascii_end().len())
    }

    /// Outlines the object at `start`, for [`take_outline`](Self::take_outline). Returns its
    /// length; `None` for another value.
    fn outline_object(&mut self, start: usize) -> Option<usize> {
        let length = outline(&self.bytes[start..], &BODY_HINTS, &mut self.outline)?;
        self.outlined = start..start + length;
        Some(length)
    }

    /// Takes the outline of the object at `range`, if it is the last one that was read. With a
    /// second scan of each object, `list` of a log takes a tenth longer.
    pub(crate) fn take_outline(&mut self, range: &Range<usize>) -> Option<Vec<Node>> {
        if self.outlined != *range {
            return None;
        }
        self.outlined = 0..0;
        Some(take_nodes(&mut self.outline))
    }

    /// Reads the value at `start`, whose quotes are character references of HTML.
    fn read_markup(&mut self, start: usize) -> Scanned {
        match read_markup(self.bytes, start, self.is_whole) {
            MarkupText::Value(range) => {
                let range = self.element_around(&range).unwrap_or(range);
                self.found(range.end, TextPart::Markup(range))
            }
            MarkupText::Truncated => self.stop_before(start),
            MarkupText::Refused(refusal) => {
                self.at = start + 1;
                self.count_rescanned(refusal.range.len(), refusal.range.end);
                self.refuse(start, refusal).unwrap_or(Scanned::Nothing)
            }
        }
    }

    /// True if a value with backslashes is in a line with escaped quotes: the backslashes are
    /// escaped too.
    fn is_in_escaped_line(&mut self, range: &Range<usize>) -> bool {
        if memchr::memchr(b'\\', &self.bytes[range.clone()]).is_none() {
            return false;
        }
        let line = self.line_at(range.start);
        let before = line.start.max(self.layers_end).min(range.start)..range.start;
        let after = range.end..line.end.max(range.end);
        let mut has_escaped_quote = |text: Range<usize>| {
            let find = |rest: &[u8]| memchr::memmem::find(rest, b"\\\"");
            self.escaped_quote.find(self.bytes, text.start, find) + 1 < text.end
        };
        has_escaped_quote(before) || has_escaped_quote(after)
    }

    /// True if this part of the text was probably meant to be a call.
    pub(super) fn mentions_call(&mut self, text: Range<usize>) -> bool {
        if self.no_call.start <= text.start && text.end <= self.no_call.end {
            return false;
        }
        let is_call = mentions_call(&self.bytes[text.clone()]);
        if !is_call {
            self.no_call = text;
        }
        is_call
    }

    /// A part in other escapes, or the element of HTML around it if it has references.
    fn in_element(&mut self, part: TextPart) -> TextPart {
        let range = match &part {
            TextPart::Literal { range, .. } | TextPart::Percent(PercentEncoded { range, .. }) => {
                range.clone()
            }
            _ => return part,
        };
        match self.element_around(&range) {
            Some(element) => {
                self.at = self.at.max(element.end);
                TextPart::Markup(element)
            }
            None => part,
        }
    }

    /// The text of the element of HTML around a value with references, if there is other text
    /// before the value: the element is a line of another text.
    fn element_around(&mut self, value: &Range<usize>) -> Option<Range<usize>> {
        memchr::memchr(b'&', &self.bytes[value.clone()])?;
        let line = self.line_at(value.start);
        text_of_element(self.bytes, line.start.max(self.layers_end)..line.end, value)
    }

    /// Reads the value at `start` in a log of `HAProxy`.
    fn read_haproxy(&mut self, start: usize) -> Scanned {
        match haproxy::read_value(self.bytes, start) {
            Ok(end) => self.found(end, TextPart::Haproxy(start..end)),
            Err(refusal) => {
                self.at = start + 1;
                self.count_rescanned(refusal.range.len(), refusal.range.end);
                self.refuse(start, refusal).unwrap_or(Scanned::Nothing)
            }
        }
    }

    /// Reads the percent-encoded text that starts with the bracket at `start`.
    fn read_percent(&mut self, start: usize) -> Scanned {
        self.at = start + 1;
        if let Some(1..) = outer_layers(&self.bytes[start..]) {
            let range = nested_range(self.bytes, start);
            if range.end == self.bytes.len() && !self.is_whole {
                return self.stop_before(start);
            }
            let name = name_before(self.bytes, start);
            let is_form = false;
            let part = PercentEncoded {
                range,
                name,
                is_form,
            };
            return self.found(part.range.end, TextPart::Percent(part));
        }
        let is_declared = self.form_start.is_some();
        if let Some(scanned) = self.read_field(start, is_declared) {
            return scanned;
        }
        match read_percent(self.bytes, start, is_declared, self.is_whole) {
            PercentText::Value(value) => self.found(value.range.end, TextPart::Percent(value)),
            PercentText::Truncated => self.stop_before(start),
            PercentText::Refused(refusal) => {
                self.count_rescanned(refusal.range.len(), refusal.range.end);
                self.refuse(start, refusal).unwrap_or(Scanned::Nothing)
            }
            PercentText::NotFound => Scanned::Nothing,
        }
    }

    /// Returns the range of the line that contains `at`. The result is cached because lines can be
    /// long.
    pub(super) fn line_at(&mut self, at: usize) -> Range<usize> {
        let at = at.min(self.bytes.len());
        if !self.line.contains(&at) {
            let start = line_start(self.bytes, at);
            self.line = start..line_end(self.bytes, at);
        }
        self.line.clone()
    }

    pub(super) fn has_rescanned_too_much(&self) -> bool {
        self.rescanned > MAX_RESCANS_PER_BYTE * self.bytes.len().max(MIN_LIMITED_BYTES)
    }

    /// True if the limits of a text of this length would not be reached either.
    pub(super) fn is_within_limits_of(&self, length: usize) -> bool {
        let limited = length.max(MIN_LIMITED_BYTES);
        let all_layers = MAX_LAYER_BYTES_PER_BYTE * self.bytes.len().max(MIN_LIMITED_BYTES);
        let layers = all_layers - self.layer_budget;
        self.rescanned <= MAX_RESCANS_PER_BYTE * limited
            && layers < MAX_LAYER_BYTES_PER_BYTE * limited
    }

    /// Counts `bytes` that were read without result. Once the limit is reached, skips to `until`
    /// instead of reading them again.
    pub(super) fn count_rescanned(&mut self, bytes: usize, until: usize) {
        self.rescanned += bytes;
        if self.has_rescanned_too_much() {
            self.at = self.at.max(until.min(self.bytes.len()));
        }
    }

    /// Counts `bytes` of a layer that was decoded.
    pub(super) fn count_layer(&mut self, bytes: usize) {
        self.layer_budget = self.layer_budget.saturating_sub(bytes);
    }
}

fn whitespace_length(bytes: &[u8]) -> usize {
    bytes.len() - bytes.trim_ascii_start().len()
}
