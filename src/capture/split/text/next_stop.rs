//! Finds the next offset in a text at which JSON may start.

use super::hex::next_hex;
use super::http::next_head;
use super::mail::next_part;
use super::next_match::Next;
use super::percent::outer_layers;
use super::scanner::TextScanner;
use super::stop::{Stop, StopKind};

impl TextScanner<'_> {
    /// Finds the next bracket or HTTP head, or the end of the text. Returns `None` after the end.
    pub(crate) fn next_stop(&mut self) -> Option<Stop> {
        if let Some(stop) = self.known_stop() {
            return Some(stop);
        }
        if self.is_one_object() {
            return Some(Stop {
                offset: 0,
                kind: StopKind::Bracket,
            });
        }
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
}

/// Finds the next bracket that is percent-encoded, or that starts a percent-encoded value, at or
/// after `from`.
pub(super) fn next_encoded_bracket(bytes: &[u8], from: usize) -> Option<usize> {
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
