//! Scans text for JSON: log lines, HTTP messages, CSV, event streams. Apart from HTTP heads it
//! knows no format; it recognizes raw JSON, quoted CSV cells, JSON strings, and lines with a common
//! prefix.

use std::ops::Range;

use encoding_rs::Encoding;

use super::call_members::{has_call_members, mentions_call};
use super::charset::describe_unread;
use super::control_codes::{find_parts, is_code};
use super::convention::Convention;
use super::haproxy;
use super::heredocs::Heredocs;
use super::hex::next_hex;
use super::http::{MessageBody, MessageHead, next_head};
use super::mail::{MailPart, next_part};
use super::marked_lines::{MarkedText, find_marked_lines, matching_mark_length};
use super::markup::{MarkupText, is_in_element, read_markup, starts_with_quote, text_of_element};
use super::next_match::NextMatch;
use super::percent::{
    PercentEncoded, PercentText, name_before, nested_range, outer_layers, read_percent,
};
use super::refusal::{CUT_HELP, Refusal};
use super::shells::starts_with_escape;
use super::split_lines::{describe_cut, find_split_lines};
use super::sql_expression::{is_joint, oracle_delimiter};
use super::statements::Statements;
use crate::capture::split::boundary::string_end;
use crate::capture::split::flatted::may_be_flatted;
use crate::capture::split::lines::{line_end, line_start};
use crate::json::repair::{NotRepaired, RepairedValue, repair};
use crate::json::syntax::skip_value;
use crate::json::syntax_error::SyntaxError;

/// A part of a text that is JSON or contains it. Ranges are offsets in the text.
#[derive(Debug)]
pub(crate) enum TextPart {
    /// A well-formed JSON object or array.
    Value(Range<usize>),
    /// The rest of a quoted CSV cell, from its first bracket to its closing quote.
    Cell(Range<usize>),
    /// The rest of a JSON string, from its first bracket to its closing quote. It has only escapes
    /// of JSON.
    StringRest(Range<usize>),
    /// A JSON value in quoted or escaped text.
    Literal {
        /// From its first to its last bracket.
        range: Range<usize>,
        convention: &'static Convention,
        /// The quote around it, if there is one.
        quote: Option<u8>,
    },
    /// A percent-encoded JSON value, or one that is encoded several times.
    Percent(PercentEncoded),
    /// A JSON value in a log of `HAProxy`, with bytes as `#HH`.
    Haproxy(Range<usize>),
    /// Text or compressed data as hexadecimal digits.
    Hex(Range<usize>),
    /// A JSON value in which quotes are character references of HTML.
    Markup(Range<usize>),
    /// An encoded part of a mail message.
    Mail(MailPart),
    /// A value that was repaired, with the error in it.
    Repaired(Box<RepairedPart>),
    /// The lines of a value, without their common prefix.
    MarkedLines(Vec<Range<usize>>),
    /// The body of an HTTP message, which is chunked or compressed.
    MessageBody {
        /// The encoded body.
        range: Range<usize>,
        /// True if it is chunked.
        is_chunked: bool,
    },
}

/// A repaired value in a text.
#[derive(Debug)]
pub(crate) struct RepairedPart {
    /// Offset of the value.
    pub(crate) start: usize,
    pub(crate) value: RepairedValue,
    /// The error, relative to `start`.
    pub(crate) error: SyntaxError,
}

/// The result of reading on from one [`Stop`].
pub(crate) enum Scanned {
    /// A part with JSON.
    Part(TextPart),
    /// Text that looks like JSON but is not valid.
    Invalid(SyntaxSuspect),
    /// Quoted text with a call that is not read.
    Refused(Refusal),
    /// Other text.
    Nothing,
}

/// Invalid text that looked like JSON.
pub(crate) struct SyntaxSuspect {
    /// Offset of its first bracket.
    pub(crate) start: usize,
    /// The error, relative to `start`.
    pub(crate) error: SyntaxError,
    /// End of the line with the error.
    pub(crate) line_end: usize,
    /// Offset up to which text decides the error.
    pub(crate) end: usize,
}

/// An offset at which JSON may start.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) offset: usize,
    kind: StopKind,
}

#[derive(Clone, Copy, Debug)]
enum StopKind {
    Head,
    Bracket,
    /// A percent-encoded bracket.
    Percent,
    /// Hexadecimal digits.
    Hex,
    /// An encoded part of a mail message.
    Mail,
    End,
}

/// Scans a text from one [`Stop`] to the next.
pub(crate) struct TextScanner<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// True if no more text follows.
    pub(super) is_whole: bool,
    /// Start of an incomplete part, if more text follows.
    unfinished: Option<usize>,
    /// The next HTTP head.
    next_head: Next<MessageHead>,
    /// The next part of a mail message.
    next_part: Next<MailPart>,
    /// The next hexadecimal digits.
    next_hex: Next<Range<usize>>,
    /// True after a request head.
    pub(super) has_request: bool,
    /// True if JSON was found since the last request head. The response to that request is then
    /// skipped.
    pub(super) request_has_json: bool,
    /// Start of the current HTTP message if its body is declared as a form.
    form_start: Option<usize>,
    /// The encoding that the current HTTP message declares, unless it is UTF-8, and the end of its
    /// body.
    charset: Option<(&'static Encoding, usize)>,
    /// Number of bytes read without result.
    rescanned: usize,
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
    skipped_end: usize,
    /// End of the last part with escapes. Layers of later parts start behind it.
    layers_end: usize,
    /// End of the last line with a refused text. Its quotes may be parts of that text.
    refused_end: usize,
    /// Number of layers from which the text was decoded to compare it.
    depth: usize,
    /// Number of bytes of layers that are decoded and read before layers are refused.
    layer_budget: usize,
    pub(super) statements: Statements,
    pub(super) heredocs: Heredocs<'a>,
}

/// The next item of a kind in the text.
enum Next<T> {
    /// It has not been searched.
    Unknown,
    At(T),
    /// No more of them follow.
    None,
}

impl<T> Next<T> {
    fn found(&self) -> Option<&T> {
        match self {
            Self::At(item) => Some(item),
            Self::Unknown | Self::None => None,
        }
    }

    /// True if no search from `at` is needed. `start` returns the offset of an item.
    fn is_known(&self, at: usize, start: impl FnOnce(&T) -> usize) -> bool {
        match self {
            Self::Unknown => false,
            Self::At(item) => start(item) >= at,
            Self::None => true,
        }
    }

    /// Takes the item, so that the next one is searched.
    fn take(&mut self) -> Option<T> {
        match std::mem::replace(self, Self::Unknown) {
            Self::At(item) => Some(item),
            Self::Unknown | Self::None => None,
        }
    }
}

impl<T> From<Option<T>> for Next<T> {
    fn from(found: Option<T>) -> Self {
        found.map_or(Self::None, Self::At)
    }
}

/// Limit on the bytes reread because of text that only looks like JSON, as a multiple of the text's
/// length.
const MAX_RESCANS_PER_BYTE: usize = 8;

/// Limit on the bytes of layers that are read, as a multiple of the text's length.
const MAX_LAYER_BYTES_PER_BYTE: usize = 64;

/// The limit of a shorter text is that of a text with this length. Where the input pauses, a text
/// may be short, and its result must not depend on that.
const MIN_LIMITED_BYTES: usize = 64 * 1024;

/// How far after a bracket to look for a `:`. A bracket followed by one is taken for the start of a
/// record.
const RECORD_LOOKAHEAD_BYTES: usize = 256;

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

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn layers_end(&self) -> usize {
        self.layers_end
    }

    pub(super) fn refused_end(&self) -> usize {
        self.refused_end
    }

    /// Offset up to which the text has been read.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Start of an incomplete part at the end of the text, if more text follows.
    pub(super) fn unfinished(&self) -> Option<usize> {
        self.unfinished
    }

    /// Range of the last part.
    pub(crate) fn last_part(&self) -> &Range<usize> {
        &self.last_part
    }

    /// Offset up to which the last response was skipped. The call in it is in its request too.
    pub(crate) fn skipped_end(&self) -> usize {
        self.skipped_end
    }

    /// The encoding that an HTTP head declares for the last part, unless it is UTF-8.
    pub(crate) fn charset(&self) -> Option<&'static Encoding> {
        let (charset, end) = self.charset?;
        (self.last_part.start < end).then_some(charset)
    }

    /// Finds the next bracket or HTTP head, or the end of the text. Returns `None` after the end.
    pub(crate) fn next_stop(&mut self) -> Option<Stop> {
        if matches!(self.next_head, Next::Unknown) {
            self.next_head = match next_head(self.bytes, self.at) {
                Ok(head) => head.into(),
                Err(_) if self.is_whole => Next::None,
                Err(start) => {
                    self.unfinished = Some(start);
                    Next::None
                }
            };
        }
        self.find_next_part();
        self.find_next_hex();
        let end = self.unfinished.unwrap_or(self.bytes.len());
        let bracket = next_bracket(self.bytes.get(..end)?, self.at);
        let head = self.next_head.found();
        let head = head.map(|head| (head.start.max(self.at), StopKind::Head));
        let part = self.next_part.found();
        let part = part.map(|part| (part.range.start, StopKind::Mail));
        let hex = self.next_hex.found();
        let hex = hex.map(|digits| (digits.start, StopKind::Hex));
        let bracket = bracket.map(|at| match self.bytes[at] {
            b'%' => (at, StopKind::Percent),
            _ => (at, StopKind::Bracket),
        });
        let stops = [head, part, hex, bracket].into_iter().flatten();
        let first = stops
            .filter(|(offset, _)| *offset < end)
            .min_by_key(|(offset, _)| *offset);
        let (offset, kind) = first.unwrap_or((end, StopKind::End));
        Some(Stop { offset, kind })
    }

    /// Looks up the next part of a mail message, unless it is known.
    fn find_next_part(&mut self) {
        if self.next_part.is_known(self.at, |part| part.range.start) {
            return;
        }
        self.next_part = match next_part(self.bytes, self.at, self.is_whole) {
            Ok(part) => part.into(),
            Err(start) => {
                self.unfinished = Some(self.unfinished.map_or(start, |other| other.min(start)));
                Next::None
            }
        };
    }

    /// Looks up the next hexadecimal digits, unless they are known.
    fn find_next_hex(&mut self) {
        if !self.next_hex.is_known(self.at, |digits| digits.start) {
            self.next_hex = next_hex(self.bytes, self.at).into();
        }
    }

    /// Reads on from `stop`. Returns `None` at the end of the text, or of its complete parts.
    pub(crate) fn read(&mut self, stop: &Stop) -> Option<Scanned> {
        let scanned = match stop.kind {
            StopKind::Head => self.read_message_body(),
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

    /// Ends the complete parts before an incomplete one that starts at `start`.
    pub(super) fn stop_before(&mut self, start: usize) -> Scanned {
        self.unfinished = Some(start);
        Scanned::Nothing
    }

    /// Reads the body that follows an HTTP head. The body of a response is skipped if its request
    /// had JSON.
    fn read_message_body(&mut self) -> Scanned {
        let Some(head) = self.next_head.take() else {
            return Scanned::Nothing;
        };
        if head.is_response && self.request_has_json {
            // The response adds nothing new: skip to the next request.
            self.at = match next_head(self.bytes, head.end) {
                Ok(Some(next)) => next.start.max(head.end),
                Ok(None) => self.bytes.len(),
                Err(start) => start.max(head.end),
            };
            self.skipped_end = self.at;
            return Scanned::Nothing;
        }
        self.form_start = head.is_form.then_some(head.start);
        self.charset = head.body_charset();
        if !head.is_response {
            self.has_request = true;
            self.request_has_json = false;
        }
        let target = head.start.max(self.at)..self.line_at(head.start.max(self.at)).end;
        if let Some(bracket) = next_encoded_bracket(&self.bytes[..target.end], target.start) {
            // The call is in the query of the request.
            self.at = bracket;
            return Scanned::Nothing;
        }
        self.at = head.end.max(self.at);
        if let Some(scanned) = self.refuse_wide_text(&head) {
            return scanned;
        }
        match head.body(self.bytes, self.is_whole) {
            MessageBody::Plain => Scanned::Nothing,
            MessageBody::Encoded { range, is_chunked } => {
                self.at = range.end;
                self.request_has_json = self.has_request;
                Scanned::Part(TextPart::MessageBody { range, is_chunked })
            }
            MessageBody::Unfinished => self.stop_before(head.start),
        }
    }

    /// Refuses a body in UTF-16 and the like, in which no bracket is found.
    fn refuse_wide_text(&mut self, head: &MessageHead) -> Option<Scanned> {
        let charset = head.charset.filter(|charset| !charset.is_single_byte())?;
        let end = match next_head(self.bytes, head.end) {
            Ok(Some(next)) => next.start.max(head.end),
            Ok(None) if !self.is_whole => return Some(self.stop_before(head.start)),
            Ok(None) => self.bytes.len(),
            Err(start) => start.max(head.end),
        };
        memchr::memchr(0, &self.bytes[head.end..end])?;
        self.at = end;
        Some(Scanned::Refused(Refusal {
            offset: head.end,
            problem: describe_unread(charset),
            help: Some("save it as UTF-8"),
            range: head.end..end,
            may_be_plain: false,
        }))
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
        match skip_value(&bytes[start..]) {
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

    /// Handles text at `start` that is not valid JSON. It may be JSON that continues in lines with
    /// a common prefix, broken JSON, or not JSON at all.
    pub(super) fn handle_invalid_json(&mut self, start: usize, error: SyntaxError) -> Scanned {
        let stopped = start + error.stop_offset;
        let line = self.line_at(start);
        // The parser stops one character before a line break inside a string.
        let ends_line = stopped + 2 >= line.end || error.stop_offset == 0;
        if ends_line && !self.has_rescanned_too_much() {
            match self.find_lines(line.start, start) {
                MarkedText::Lines(parts, end) => {
                    self.at = end;
                    self.request_has_json = self.has_request;
                    return Scanned::Part(TextPart::MarkedLines(parts));
                }
                MarkedText::Unfinished => return self.stop_before(line.start),
                MarkedText::NotFound(looked_at) => {
                    self.at = start + 1;
                    self.count_rescanned(looked_at, stopped);
                }
            }
        }
        if let Some(scanned) = self.read_repaired(start, &error) {
            return scanned;
        }
        self.at = self.at.max(start + 1);
        let error = self.within_line(start, error);
        let line_end = self.line_at(start + error.offset).end;
        if let Some(end) = self.joined_object_end(start, stopped) {
            self.at = self.at.max(end);
        } else if may_be_flatted(&self.bytes[start..]) == Some(true)
            || has_call_members(&self.bytes[start..stopped.min(self.bytes.len())])
        {
            // Objects inside this broken call are parts of it, not calls. The next line is not.
            self.at = self.at.max(stopped.min(line_end));
        }
        self.count_rescanned(stopped.saturating_sub(start), stopped);
        Scanned::Invalid(SyntaxSuspect {
            start,
            error,
            line_end,
            end: line_end.max(stopped + 1),
        })
    }

    /// End of the object at `stopped`, where the broken object at `start` has a comma or a name
    /// instead, as in `{"id":1{"status":null}`. It is no value of its own.
    fn joined_object_end(&self, start: usize, stopped: usize) -> Option<usize> {
        let before = self.bytes.get(start..stopped)?;
        let is_object = before.starts_with(b"{\"") && memchr::memchr(b'\n', before).is_none();
        let is_joined = is_object && self.bytes.get(stopped) == Some(&b'{');
        let length = is_joined.then(|| skip_value(&self.bytes[stopped..]));
        Some(stopped + length?.ok()?)
    }

    /// The error of the value at `start`. A record on a single line should have ended there: the
    /// error is at the end of the line.
    pub(super) fn within_line(&mut self, start: usize, error: SyntaxError) -> SyntaxError {
        let line = self.line_at(start);
        let is_cut = start + error.stop_offset >= line.end
            && self.bytes[start..line.end.min(start + RECORD_LOOKAHEAD_BYTES)].contains(&b':');
        if !is_cut {
            return error;
        }
        let length = self.bytes[start..line.end].trim_ascii_end().len();
        SyntaxError::new(length, "the line ends in the middle of the value").with_help(CUT_HELP)
    }

    /// True if a line of the value at `start` has the prefix of its first line. A line break in a
    /// string would make the prefix part of the text.
    fn has_repeated_prefix(&mut self, start: usize, end: usize) -> bool {
        let prefix = &self.bytes[self.line_at(start).start..start];
        let value = &self.bytes[start..end];
        memchr::memchr_iter(b'\n', value).any(|newline| {
            let line = &value[newline + 1..];
            let common = &line[..matching_mark_length(prefix, line)];
            !prefix.trim_ascii().is_empty() && common.iter().any(u8::is_ascii_whitespace)
        })
    }

    /// Finds the lines of the value at `start`, in the line that starts at `line`.
    fn find_lines(&self, line: usize, start: usize) -> MarkedText {
        match find_marked_lines(self.bytes, line, start, self.is_whole) {
            MarkedText::NotFound(marked) => {
                match find_split_lines(self.bytes, line, start, self.is_whole) {
                    MarkedText::NotFound(split) => MarkedText::NotFound(marked + split),
                    found => found,
                }
            }
            found => found,
        }
    }

    /// Reads the value at `start`, which `error` breaks, if it can be repaired and may be a call.
    fn read_repaired(&mut self, start: usize, error: &SyntaxError) -> Option<Scanned> {
        /// Longer values are not repaired, so that text need not be held back for them.
        const MAX_REPAIRED_BYTES: usize = 1024 * 1024;
        if self.has_rescanned_too_much() {
            return None;
        }
        if is_code(self.bytes.get(start + error.offset..).unwrap_or_default()) {
            let end = self.line_at(start).end;
            if let Some(parts) = find_parts(self.bytes, start, end) {
                let end = parts.last().map_or(start + 1, |part| part.end);
                return Some(self.found(end, TextPart::MarkedLines(parts)));
            }
            self.rescanned += end - start;
        }
        let limit = self.bytes.len().min(start + MAX_REPAIRED_BYTES);
        let is_whole = self.is_whole || limit < self.bytes.len();
        match repair(&self.bytes[start..limit]) {
            Ok(value)
                if mentions_call(value.text.as_bytes())
                    && !self.has_repeated_prefix(start, start + value.length)
                    && !self.may_be_escaped(start, start + value.length)
                    && describe_cut(self.bytes, start).is_none() =>
            {
                self.at = start + value.length;
                self.request_has_json = self.has_request;
                Some(Scanned::Part(TextPart::Repaired(Box::new(RepairedPart {
                    start,
                    value,
                    error: error.clone(),
                }))))
            }
            Err(failed) if failed.is_truncated && !is_whole => Some(self.stop_before(start)),
            Ok(RepairedValue { length, .. }) | Err(NotRepaired { read: length, .. }) => {
                self.rescanned += length;
                None
            }
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

    fn has_rescanned_too_much(&self) -> bool {
        self.rescanned > MAX_RESCANS_PER_BYTE * self.bytes.len().max(MIN_LIMITED_BYTES)
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

    /// Reads the rest of a quoted CSV cell, from `start`. If it starts in an earlier line, the text
    /// before the value belongs to it.
    pub(super) fn read_csv_cell(&mut self, start: usize) -> Scanned {
        let mut at = start;
        let line = self.line_at(start).start.max(self.layers_end).min(start);
        let starts_earlier = memchr::memchr(b'"', &self.bytes[line..start]).is_none();
        if starts_earlier && self.bytes[..start].ends_with(b"\t") {
            // The quote before the value is missing, or this is a row of another table in a cell.
            let end = self.line_at(start).end;
            if mentions_call(&self.bytes[start..end]) {
                return self.refuse_layers(start..end);
            }
        }
        let start = if starts_earlier { line } else { start };
        let end = loop {
            let Some(quote) = memchr::memchr(b'"', self.bytes.get(at..).unwrap_or_default()) else {
                break None;
            };
            at += quote;
            if self.bytes.get(at + 1) != Some(&b'"') {
                break Some(at);
            }
            at += 2;
        };
        let is_cut = end.is_none_or(|end| end + 1 == self.bytes.len()) && !self.is_whole;
        if is_cut {
            return self.stop_before(start);
        }
        // A quote with text behind it opens another cell.
        let is_opening =
            end.is_some_and(|end| self.bytes.get(end + 1).copied().is_some_and(is_word));
        let end = end.unwrap_or(self.bytes.len());
        let is_damaged = is_opening || has_other_cell(&self.bytes[start..end]);
        if is_damaged && self.mentions_call(start..end) {
            return self.refuse_layers(start..end);
        }
        self.at = (end + 1).min(self.bytes.len());
        Scanned::Part(TextPart::Cell(start..end))
    }

    /// Reads the rest of a JSON string, from `start`.
    pub(super) fn read_json_string(&mut self, start: usize) -> Scanned {
        self.at = start + 1;
        let end = string_end(self.bytes, start).unwrap_or(self.bytes.len());
        let is_closed = self.bytes.get(end) == Some(&b'"');
        let text = self.bytes.get(start..end).filter(|_| is_closed);
        if !text.is_some_and(has_json_escapes) {
            self.count_rescanned(end - start, end);
            return Scanned::Nothing;
        }
        self.at = end + 1;
        Scanned::Part(TextPart::StringRest(start..end))
    }
}

/// True if each backslash starts an escape of JSON, or `\'`. Other escapes are not dropped or kept:
/// after another backslash, even one that is kept changes the value.
fn has_json_escapes(string: &[u8]) -> bool {
    let mut at = 0;
    while let Some(slash) = memchr::memchr(b'\\', string.get(at..).unwrap_or_default()) {
        at += slash + 2;
        let letter = string.get(at - 1);
        if !letter.is_some_and(|letter| b"\"\\/bfnrtu'".contains(letter)) {
            return false;
        }
    }
    true
}

/// Finds the next bracket that is percent-encoded, or that starts a percent-encoded value, at or
/// after `from`.
fn next_encoded_bracket(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = next_bracket(bytes, at) {
        if bytes[found] == b'%' || bytes[found + 1..].starts_with(b"%22") {
            return Some(found);
        }
        at = found + 1;
    }
    None
}

/// Finds the next bracket, which may be percent-encoded, at or after `from`.
fn next_bracket(bytes: &[u8], from: usize) -> Option<usize> {
    let mut found = memchr::memchr3_iter(b'{', b'[', b'%', bytes.get(from..)?);
    let is_bracket = |at: &usize| bytes[*at] != b'%' || outer_layers(&bytes[*at..]).is_some();
    found.by_ref().map(|found| from + found).find(is_bracket)
}

/// True if `byte` starts a value or is part of a word.
fn is_word(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'_' | b'\\') || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// True if a tab in a cell may end it, or start another one whose first quote is missing: the last
/// quote of the cell is missing too.
fn has_other_cell(cell: &[u8]) -> bool {
    let starts_value = |at: usize| !cell[line_start(cell, at)..at].trim_ascii().is_empty();
    memchr::memmem::find(cell, b"}\t").is_some()
        || memchr::memmem::find_iter(cell, b"\t{\"\"").any(starts_value)
}

fn whitespace_length(bytes: &[u8]) -> usize {
    bytes.len() - bytes.trim_ascii_start().len()
}
