//! Reads a field of a form, or a part of a URL, in which the value is encoded again.

use super::layers::MAX_LAYERS;
use super::nested_calls::NestedCalls;
use super::percent::{self, PercentEncoded};
use super::scanner::TextScanner;
use super::text_part::{Scanned, TextPart};

impl TextScanner<'_> {
    /// Reads the field of a form or the part of a URL around the bracket at `start`, if there is
    /// other text before it and the value is encoded again.
    pub(super) fn read_field(&mut self, start: usize, is_declared: bool) -> Option<Scanned> {
        if self.depth >= MAX_LAYERS {
            return None;
        }
        let field = percent::field_start(self.bytes, start)?;
        if self.is_out_of_budget() {
            return self.refuse_unread(start);
        }
        let mut readings = Vec::new();
        for is_form in [true, false] {
            let (text, end) = percent::decode_field(self.bytes, field, is_form);
            self.count_layer(end - field);
            let nested = self.nested_calls(&text);
            if end > start && (nested.has_problem || !nested.calls.is_empty()) {
                readings.push((is_form, end, nested));
            }
        }
        let is_layer = |nested: &NestedCalls| {
            let is_broken = nested.has_problem && nested.calls.is_empty();
            nested.is_encoded || nested.is_ambiguous || is_broken
        };
        let (is_form, end) = match &*readings {
            [(is_form, end, nested)] => is_layer(nested).then_some((*is_form, *end)),
            [(_, form_end, form), (_, url_end, url)] if is_layer(form) || is_layer(url) => {
                let text = &self.bytes[field..*form_end.max(url_end)];
                match percent::is_form(text, is_declared) {
                    Some(false) => Some((false, *url_end)),
                    Some(true) => Some((true, *form_end)),
                    None if form.has_same_calls(url) => Some((true, *form_end)),
                    None => {
                        self.at = self.at.max(*form_end);
                        return Some(Scanned::Refused(percent::two_meanings(start..*form_end)));
                    }
                }
            }
            _ => None,
        }?;
        let part = PercentEncoded {
            range: field..end,
            name: percent::name_before(self.bytes, field),
            is_form,
        };
        Some(self.found(end, TextPart::Percent(part)))
    }
}
