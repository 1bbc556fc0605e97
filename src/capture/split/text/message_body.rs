//! Reads the bodies of HTTP messages.

use super::charset::describe_unread;
use super::http::{MessageBody, MessageHead, next_head};
use super::next_stop::next_encoded_bracket;
use super::refusal::Refusal;
use super::scanner::TextScanner;
use super::text_part::{Scanned, TextPart};

impl TextScanner<'_> {
    /// Reads the body that follows an HTTP head. The body of a response is skipped if its request
    /// had JSON.
    pub(super) fn read_message_body(&mut self) -> Scanned {
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
}
