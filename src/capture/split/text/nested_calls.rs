//! Finds the calls in a text that was decoded from a layer of another one, to compare what the
//! possible conventions give.

use super::call_members::mentions_call;
use super::convention::SQL;
use super::literal::have_equal_values;
use super::percent::PercentEncoded;
use super::reading::decode;
use super::scanner::TextScanner;
use super::text_part::{Scanned, TextPart};
use crate::json::syntax::skip_value;

/// The calls in a decoded text, as JSON or as the text that contains them.
#[derive(Default)]
pub(super) struct NestedCalls {
    pub(super) calls: Vec<String>,
    /// True if a call in it is not read.
    pub(super) has_problem: bool,
    /// True if a call in it has two meanings.
    pub(super) is_ambiguous: bool,
    /// True if a call is encoded again.
    pub(super) is_encoded: bool,
}

/// Limit on encoded forms in one another that are decoded to compare readings.
const MAX_NESTED: usize = 8;

impl TextScanner<'_> {
    /// The calls in `text`, which was decoded from a layer of this text.
    pub(super) fn nested_calls(&mut self, text: &[u8]) -> NestedCalls {
        let mut nested = NestedCalls::default();
        if self.depth > MAX_NESTED {
            nested.has_problem = true;
            return nested;
        }
        let mut scanner = self.in_layer(text);
        while let Some(stop) = scanner.next_stop()
            && let Some(scanned) = scanner.read(&stop)
        {
            match scanned {
                Scanned::Part(part) => scanner.add_calls(part, &mut nested),
                Scanned::Refused(refusal) => {
                    nested.has_problem = true;
                    nested.is_ambiguous |= refusal.is_ambiguous();
                }
                Scanned::Invalid(suspect) => {
                    let end = suspect.line_end.min(text.len());
                    let line = suspect.start.min(end)..end;
                    nested.has_problem = nested.has_problem || scanner.mentions_call(line);
                }
                Scanned::Nothing => {}
            }
        }
        self.leave_layer(&scanner);
        nested
    }

    /// Adds the calls in `part` of this text to `nested`.
    fn add_calls(&mut self, part: TextPart, nested: &mut NestedCalls) {
        let text = self.bytes;
        let range = match part {
            TextPart::Value(range) => {
                if mentions_call(&text[range.clone()]) {
                    let value = String::from_utf8_lossy(&text[range]);
                    nested.calls.push(value.into_owned());
                }
                return;
            }
            TextPart::Literal {
                range,
                convention,
                quote,
            } => {
                let inner = decode(&text[range], convention, quote);
                return nested.merge(self.nested_calls(&inner));
            }
            TextPart::Cell(range) => {
                let inner = decode(&text[range], &SQL, Some(b'"'));
                return nested.merge(self.nested_calls(&inner));
            }
            TextPart::MarkedLines(lines) => {
                let lines: Vec<_> = lines.into_iter().map(|line| &text[line]).collect();
                return nested.merge(self.nested_calls(&lines.concat()));
            }
            TextPart::Repaired(part) => {
                nested.has_problem = true;
                nested.calls.push(part.value.text);
                return;
            }
            TextPart::Mail(part) => part.range,
            TextPart::StringRest(range)
            | TextPart::Markup(range)
            | TextPart::MessageBody { range, .. }
            | TextPart::Haproxy(range)
            | TextPart::Hex(range)
            | TextPart::Percent(PercentEncoded { range, .. }) => range,
        };
        nested.is_encoded = true;
        let text = String::from_utf8_lossy(&text[range]);
        nested.calls.push(text.into_owned());
    }
}

impl NestedCalls {
    /// True if the calls have the same values, one by one.
    pub(super) fn has_same_calls(&self, other: &Self) -> bool {
        let mut pairs = self.calls.iter().zip(&other.calls);
        self.calls.len() == other.calls.len() && pairs.all(|(one, other)| is_same_call(one, other))
    }

    /// True if `text` is one of the calls.
    pub(super) fn contains(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        self.calls.iter().any(|call| is_same_call(call, &text))
    }

    fn merge(&mut self, inner: Self) {
        self.is_encoded = true;
        self.has_problem |= inner.has_problem;
        self.is_ambiguous |= inner.is_ambiguous;
        self.calls.extend(inner.calls);
    }
}

/// True if two texts are the same, or JSON with the same values.
fn is_same_call(one: &str, other: &str) -> bool {
    let is_json =
        |text: &str| matches!(skip_value(text.as_bytes()), Ok(length) if length == text.len());
    one == other || is_json(one) && is_json(other) && have_equal_values(one, other)
}
