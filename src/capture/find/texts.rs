//! Searches decoded text, and text that contains JSON values among other text, such as a log.

use std::collections::HashSet;
use std::ops::Range;

use super::cursor::{Cursor, SearchOutcome};
use super::decode::{PieceContext, PieceKind, decode, percent};
use super::finder::{Finder, Reason};
use super::item::NonCallKind;
use super::nested_text::{NestedText, repaired_text};
use super::record_runs::RecordRuns;
use super::search::Search;
use super::text_pieces::{TextPiece, TextPieces};
use crate::call::object_fields::BODY_HINTS;
use crate::capture::location::source_map::SourceMap;
use crate::capture::split::lines::line_start;
use crate::capture::split::text::percent::PercentEncoded;
use crate::capture::split::text::text_part::TextPart;
use crate::capture::split::text::text_scan::TextScan;
use crate::json::pointer;
use crate::json::{Json, Object};

impl Finder<'_> {
    /// Decodes a piece of the cursor's text that starts at `start`, and searches the result at the
    /// cursor. Returns `None` if the piece is not encoded.
    pub(super) fn search_encoded(
        &mut self,
        piece: &[u8],
        start: usize,
        kind: PieceKind,
        cursor: &Cursor,
    ) -> Option<SearchOutcome> {
        let context = PieceContext {
            kind,
            pointer: cursor.pointer,
        };
        let mut outcome = SearchOutcome::default();
        for decoded in decode(piece, start, &context, self.limit)? {
            // The characters of a string are known. Base64 in it has the bytes of the body.
            let is_text = matches!(kind, PieceKind::String)
                && !matches!(decoded.text.source_map, SourceMap::Opaque(..));
            let charset = cursor.charset.filter(|_| !is_text);
            let cursor = &cursor.in_charset(charset);
            outcome.merge(match decoded.member {
                Some(name) => {
                    let pointer = pointer::child(cursor.pointer, &name);
                    self.search_nested(&decoded.text, &cursor.at(&pointer))
                }
                None => self.search_nested(&decoded.text, cursor),
            });
        }
        Some(outcome)
    }

    /// Searches text that was decoded from a part of the cursor's text: a string, base64, a byte
    /// array or compressed data.
    pub(super) fn search_nested(&mut self, text: &NestedText, cursor: &Cursor) -> SearchOutcome {
        let locator = text.locator(cursor.locator);
        let cursor = &cursor.within(&locator);
        if cursor.is_too_deep() {
            return self.report_too_deep(0, &text.bytes, cursor);
        }
        let decoded = self.search_encoded(&text.bytes, 0, PieceKind::Text, &cursor.deeper());
        let mut outcome = if let Some(outcome) = decoded {
            outcome
        } else if let Some(string) = as_json_string(&text.bytes) {
            self.search_string(string, &cursor.deeper())
        } else {
            self.search_prose(&text.bytes, None, cursor)
        };
        if let Some(damage) = &text.damage {
            let reason = Reason::new(NonCallKind::Broken, damage.clone());
            self.visit_non_call(reason, (text.bytes.len(), &[]), cursor);
            outcome.has_reported = true;
        }
        outcome
    }

    /// Searches text that contains JSON values between other text, such as a log.
    /// `scan` is the scan of the text, if there is one.
    pub(super) fn search_prose(
        &mut self,
        bytes: &[u8],
        scan: Option<&TextScan>,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let mut outcome = SearchOutcome::default();
        let mut runs = RecordRuns::default();
        // A call that occurs twice on one line, for example in two columns, counts once.
        let mut on_line = HashSet::new();
        // The first call of a message, which may repeat all its calls in HTML.
        let mut message_calls = 0;
        let mut end = 0;
        // End of the lines that were reported as broken. A long line may have many broken calls.
        let mut recorded = 0;
        let mut pieces = TextPieces::new(bytes, scan);
        while let Some(piece) = pieces.next() {
            if pieces.starts_on_new_line(end) {
                on_line.clear();
            }
            end = pieces.end();
            if let TextPiece::Part(TextPart::Mail(part)) = &piece
                && part.is_html
            {
                on_line.extend(&outcome.calls[message_calls..]);
                message_calls = outcome.calls.len();
            }
            let siblings = cursor.earlier_with(&on_line);
            let charset = pieces.charset().or(cursor.charset);
            let nested_cursor = cursor.behind(&siblings).in_charset(charset);
            let call_count = outcome.calls.len();
            match piece {
                TextPiece::Part(TextPart::Value(range)) => {
                    let value = &bytes[range.clone()];
                    let nested = match (simdutf8::basic::from_utf8(value), charset) {
                        (_, Some(charset)) if !value.is_ascii() => {
                            self.search_in_charset(bytes, &range, charset, &nested_cursor)
                        }
                        (Ok(text), _) => {
                            let members = pieces.take_members(&range, text);
                            let value = (Json::from_well_formed(text), members);
                            self.search_value_in_text(&mut runs, value, cursor, &nested_cursor)
                        }
                        (Err(_), _) if cursor.depth == 0 && *self.search != Search::Everywhere => {
                            self.search_not_utf8_in_text(bytes, &range, cursor)
                        }
                        (Err(_), _) => self.search_not_utf8_in_text(bytes, &range, &nested_cursor),
                    };
                    outcome.merge(nested);
                }
                TextPiece::Part(part) => {
                    outcome.merge(self.search_text_part(bytes, &part, &nested_cursor));
                }
                TextPiece::Broken {
                    offset,
                    end,
                    problem: description,
                    help,
                    repaired,
                } => {
                    let damaged_bodies = self.damaged_bodies;
                    let nested = match repaired {
                        Some((start, value)) => {
                            self.search_repaired(&repaired_text(start, value), &nested_cursor)
                        }
                        None => SearchOutcome::default(),
                    };
                    // The repaired text is JSON, but its values may be damaged in another way.
                    let is_damaged = self.damaged_bodies > damaged_bodies;
                    let kind = match &*nested.calls {
                        [_, ..] if !is_damaged => NonCallKind::Repaired,
                        _ => NonCallKind::Broken,
                    };
                    outcome.merge(nested);
                    let reason = Reason {
                        kind,
                        description,
                        help,
                    };
                    let is_broken = kind == NonCallKind::Broken;
                    let record = if is_broken && offset < recorded {
                        offset..offset
                    } else {
                        lines_around(bytes, offset, end)
                    };
                    if is_broken {
                        recorded = recorded.max(record.end);
                    }
                    self.visit_non_call(reason, (offset, &bytes[record]), cursor);
                    outcome.has_reported = true;
                }
            }
            on_line.extend(&outcome.calls[call_count..]);
        }
        outcome.merge(self.finish_runs(&mut runs, &cursor.deeper()).0);
        outcome
    }

    /// Searches a value in text, with its members if they are known. `cursor` is that of the text.
    fn search_value_in_text<'a>(
        &mut self,
        runs: &mut RecordRuns<'a>,
        (value, members): (Json<'a>, Option<Object<'a>>),
        cursor: &Cursor,
        nested_cursor: &Cursor,
    ) -> SearchOutcome {
        if let Search::At(steps) = self.search
            && cursor.depth == 0
        {
            return self.search_path(steps, value, &cursor.at(""));
        }
        let members = members.or_else(|| value.members_with_hints(&BODY_HINTS));
        self.search_in_sequence(runs, value, members, nested_cursor)
            .0
    }

    /// Searches a value in text that was repaired.
    fn search_repaired(&mut self, text: &NestedText, cursor: &Cursor) -> SearchOutcome {
        let locator = text.locator(cursor.locator);
        let cursor = &cursor.within(&locator);
        let value = Json::from_well_formed(std::str::from_utf8(&text.bytes).unwrap_or_default());
        let reports_broken = std::mem::replace(&mut self.reports_broken, false);
        let mut runs = RecordRuns::default();
        let value = (value, None);
        let mut outcome = self.search_value_in_text(&mut runs, value, cursor, cursor);
        outcome.merge(self.finish_runs(&mut runs, cursor).0);
        self.reports_broken = reports_broken;
        outcome
    }

    /// Searches a percent-encoded value. The name of its field is its pointer.
    fn search_percent(
        &mut self,
        bytes: &[u8],
        value: &PercentEncoded,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let (range, is_form) = (value.range.clone(), value.is_form);
        let kind = PieceKind::Percent { is_form };
        let mut search = |cursor: &Cursor| {
            let decoded = self.search_encoded(&bytes[range.clone()], range.start, kind, cursor);
            decoded.unwrap_or_default()
        };
        if value.name.is_empty() {
            return search(cursor);
        }
        let name = percent::decode(&bytes[value.name.clone()], true).bytes;
        let pointer = pointer::child(cursor.pointer, &String::from_utf8_lossy(&name));
        search(&cursor.at(&pointer))
    }

    /// Searches an encoded part of a text.
    fn search_text_part(
        &mut self,
        bytes: &[u8],
        part: &TextPart,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let (range, kind) = match part {
            // Repaired values are searched before.
            TextPart::Repaired(_) => return SearchOutcome::default(),
            TextPart::Value(range) => (range.clone(), PieceKind::Text),
            TextPart::Cell(range) => (range.clone(), PieceKind::Cell),
            TextPart::StringRest(range) => (range.clone(), PieceKind::StringRest),
            TextPart::Literal {
                range,
                convention,
                quote,
            } => (range.clone(), PieceKind::Literal(convention, *quote)),
            TextPart::Haproxy(range) => (range.clone(), PieceKind::Haproxy),
            TextPart::Hex(range) => (range.clone(), PieceKind::Hex),
            TextPart::Markup(range) => (range.clone(), PieceKind::Markup),
            TextPart::Mail(part) => return self.search_mail_part(bytes, part, cursor),
            TextPart::Percent(value) => {
                return self.search_percent(bytes, value, cursor);
            }
            TextPart::MarkedLines(lines) => (0..bytes.len(), PieceKind::MarkedLines(lines)),
            TextPart::MessageBody { range, is_chunked } => (
                range.clone(),
                PieceKind::MessageBody {
                    is_chunked: *is_chunked,
                },
            ),
        };
        let piece = &bytes[range.clone()];
        let decoded = self.search_encoded(piece, range.start, kind, cursor);
        decoded.unwrap_or_default()
    }
}

/// Parses `bytes` as a single JSON string; `None` if they contain anything else.
fn as_json_string(bytes: &[u8]) -> Option<Json<'_>> {
    let text = bytes.trim_ascii();
    if text.first() != Some(&b'"') {
        return None;
    }
    serde_json::from_slice(text).ok()
}

/// The whole lines from the one that contains `offset` to the one that contains `end`, without
/// trailing white space.
fn lines_around(bytes: &[u8], offset: usize, end: usize) -> Range<usize> {
    let start = line_start(bytes, offset);
    let last = end.clamp(offset, bytes.len());
    let stop = memchr::memchr(b'\n', &bytes[last..]).map_or(bytes.len(), |newline| last + newline);
    start..start + bytes[start..stop].trim_ascii_end().len()
}
