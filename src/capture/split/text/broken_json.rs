//! Reads text that looks like JSON and is not valid: JSON in lines with a common prefix, JSON that
//! can be repaired, and broken JSON.

use super::call_members::{has_call_members, mentions_call};
use super::control_codes::{find_parts, is_code};
use super::marked_lines::{MarkedText, find_marked_lines, matching_mark_length};
use super::refusal::CUT_HELP;
use super::scanner::TextScanner;
use super::split_lines::{describe_cut, find_split_lines};
use super::text_part::{RepairedPart, Scanned, SyntaxSuspect, TextPart};
use crate::capture::split::flatted::may_be_flatted;
use crate::json::repair::{NotRepaired, RepairedValue, repair};
use crate::json::syntax::skip_value;
use crate::json::syntax_error::SyntaxError;

/// How far after a bracket to look for a `:`. A bracket followed by one is taken for the start of a
/// record.
const RECORD_LOOKAHEAD_BYTES: usize = 256;

impl TextScanner<'_> {
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
    pub(super) fn read_repaired(&mut self, start: usize, error: &SyntaxError) -> Option<Scanned> {
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
}
