//! Describes broken values, and moves behind them. What has only one reading is repaired.

use super::broken_value::{BrokenValue, explain_element, explain_invalid_utf8, is_binary};
use super::document::{Documents, MAX_RESCANS_PER_BYTE, ParserState};
use super::resume_point::ResumePoint;
use crate::capture::split::boundary::{next_boundary, string_end, value_end};
use crate::capture::split::text::refusal::CUT_HELP;
use crate::capture::split::text::split_lines::describe_cut;
use crate::json::Json;
use crate::json::repair::{NotRepaired, RepairedValue, repair};
use crate::json::syntax::{can_start_value, parse_value, skip_value};
use crate::json::syntax_error::SyntaxError;
use crate::json::white_space::lenient_space_length;

impl Documents<'_> {
    /// Describes the value at `start` that `error` breaks, and moves behind it. A broken value ends
    /// at the next boundary, where the source can also be cut into batches.
    pub(super) fn repair_or_recover(
        &mut self,
        start: usize,
        first: u8,
        error: SyntaxError,
    ) -> BrokenValue {
        let limit = self.broken_value_limit(start);
        match repair(&self.bytes()[start..limit]) {
            // A line that a logger has cut may go on anywhere.
            Ok(repaired)
                if self.ends_value(start + repaired.length)
                    && describe_cut(self.bytes(), start).is_none() =>
            {
                self.at = start + repaired.length;
                if self.element.is_some() {
                    self.state = ParserState::CommaOrEnd;
                }
                if self.at > self.text_end() {
                    self.decode_from(self.at);
                }
                BrokenValue {
                    help: error.help,
                    repaired: Some(Box::new(repaired)),
                    ..self.broken_at(start + error.offset, error.problem)
                }
            }
            Ok(RepairedValue { length, .. }) | Err(NotRepaired { read: length, .. }) => {
                self.rescanned += length;
                self.explain_and_recover((start, limit), first, error)
            }
        }
    }

    /// True if the text at `offset` can follow a repaired value.
    fn ends_value(&self, offset: usize) -> bool {
        let rest = &self.bytes()[offset..];
        let next = lenient_space_length(rest).and_then(|space| rest.get(space));
        self.element.is_none() || next.is_none_or(|next| matches!(next, b',' | b']'))
    }

    /// Describes the value at `start` that `error` breaks and that cannot be repaired, and moves
    /// behind it. It does not reach beyond `limit`.
    fn explain_and_recover(
        &mut self,
        (start, limit): (usize, usize),
        first: u8,
        error: SyntaxError,
    ) -> BrokenValue {
        let mut text = &self.text[start - self.text_start..];
        let mut error = error;
        if limit < self.text_end() {
            text = &text[..limit - start];
            error = parse_value::<Json>(text).err().unwrap_or(error);
        }
        let is_not_utf8 = error.is_truncated && self.text_end() < limit;
        if is_not_utf8 && let Some(end) = self.not_utf8_value_end(start, limit) {
            self.at = end;
            if self.element.is_some() {
                self.state = ParserState::CommaOrEnd;
            }
            return BrokenValue {
                is_not_utf8: true,
                ..self.broken_at(self.text_end(), "invalid UTF-8")
            };
        }
        let error = if is_not_utf8 {
            explain_invalid_utf8(&self.bytes()[start..limit], self.text_end() - start)
        } else if error.is_truncated {
            // Point at the end of the text, not at an empty line below it.
            SyntaxError {
                offset: text.trim_ascii_end().len(),
                stop_offset: text.trim_ascii_end().len(),
                ..error
            }
        } else {
            error
        };
        self.recover(start, limit, &explain_element(error, self.element, first))
    }

    /// End of the value at `start`, by its brackets and quotes; `None` for binary data.
    fn not_utf8_value_end(&mut self, start: usize, limit: usize) -> Option<usize> {
        let bytes = &self.bytes()[..limit];
        if self.unclosed > MAX_RESCANS_PER_BYTE * self.bytes().len() {
            return None;
        }
        let end = match bytes[start] {
            b'{' | b'[' => value_end(bytes, start),
            b'"' => string_end(bytes, start)
                .filter(|end| bytes[*end] == b'"')
                .map(|end| end + 1),
            _ => None,
        };
        // The value may reach into the next lines because a bracket is missing.
        let end = end.filter(|end| skip_value(&bytes[start..*end]).is_ok());
        if end.is_none() {
            self.unclosed += limit - start;
        }
        end.filter(|end| !is_binary(&bytes[start..*end]))
    }

    /// Offset behind which the broken value at `start` cannot reach: the next boundary, or the end
    /// of the batch.
    fn broken_value_limit(&mut self, start: usize) -> usize {
        let end = self.bytes().len();
        if self.element.is_some() {
            return end;
        }
        if self.boundary.is_none_or(|boundary| boundary <= start) {
            self.boundary = Some(next_boundary(self.bytes(), start).unwrap_or(end));
        }
        self.boundary.unwrap_or(end)
    }

    /// Moves to the likely start of the next value after `error` in the value at `start`, at most
    /// to `limit`. Returns the description of the broken value.
    fn recover(&mut self, start: usize, limit: usize, error: &SyntaxError) -> BrokenValue {
        let (offset, problem) = (start + error.stop_offset, &error.problem);
        let bytes = &self.bytes()[..limit];
        let in_array = self.element.is_some();
        let is_followed = limit < self.bytes().len() || !self.batch.is_last;
        let resume = self
            .recovery
            .find_resume_point(limit, (start, offset), in_array);
        let resume = match resume {
            // A value starts at a boundary.
            ResumePoint::Nowhere if is_followed && !in_array => ResumePoint::AtLine(limit),
            resume => resume,
        };
        self.state = ParserState::Value;
        let mut is_cut_off = false;
        match resume {
            ResumePoint::After(end) => {
                self.at = end;
                if in_array {
                    self.state = ParserState::CommaOrEnd;
                }
            }
            ResumePoint::AtLine(next) | ResumePoint::At(next) => {
                self.at = next;
                self.element = self.element.map(|index| index + 1);
                is_cut_off = resume == ResumePoint::AtLine(next)
                    && can_start_value(bytes[start])
                    && error.offset > 0
                    && bytes[(offset + 1).min(next)..next].trim_ascii().is_empty();
            }
            ResumePoint::Nowhere => {
                self.skip_rest();
                if !bytes[(offset + 1).min(bytes.len())..]
                    .trim_ascii()
                    .is_empty()
                    && can_start_value(bytes[start])
                {
                    return BrokenValue {
                        help: error.help,
                        ..self.broken_at(
                            start + error.offset,
                            format!("{problem} (the rest of the input is not read)"),
                        )
                    };
                }
            }
        }
        self.rescanned += (offset + 1).saturating_sub(self.at);
        if self.rescanned > MAX_RESCANS_PER_BYTE * bytes.len() {
            self.skip_rest();
            return self.broken_at(
                start,
                "too much broken text (the rest of the input is not read)",
            );
        }
        if self.at > self.text_end() {
            self.decode_from(self.at);
        }
        if is_cut_off {
            let last = start + bytes[start..self.at].trim_ascii_end().len();
            return BrokenValue {
                help: Some(CUT_HELP),
                ..self.broken_at(last, "the line ends in the middle of the value")
            };
        }
        BrokenValue {
            help: error.help,
            ..self.broken_at(start + error.offset, problem)
        }
    }
}
