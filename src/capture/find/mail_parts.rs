//! Searches the encoded parts of mail messages.

use super::cursor::{Cursor, SearchOutcome};
use super::decode::mail::{decode_charset, decode_transfer, join_flowed_lines};
use super::finder::{Finder, Reason};
use super::item::NonCallKind;
use super::nested_text::NestedText;
use crate::capture::split::text::mail::MailPart;

/// The encodings of a part that are removed one after another.
#[derive(Clone, Copy)]
enum MailLayer {
    Charset,
    Flow,
    Content,
}

impl Finder<'_> {
    /// Searches a part of a message in the cursor's text `bytes`.
    pub(super) fn search_mail_part(
        &mut self,
        bytes: &[u8],
        part: &MailPart,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let mut text = decode_transfer(&bytes[part.range.clone()], part);
        text.source_map.shift(part.range.start);
        self.search_mail_layer(text, MailLayer::Charset, part, cursor)
    }

    /// Searches `text`, from which the layers before `layer` were removed.
    fn search_mail_layer(
        &mut self,
        mut text: NestedText,
        layer: MailLayer,
        part: &MailPart,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let (inner, next) = match layer {
            MailLayer::Charset => (decode_charset(&text.bytes, part), MailLayer::Flow),
            MailLayer::Flow => {
                let flow = part.flow.map(|flow| join_flowed_lines(&text.bytes, flow));
                (flow, MailLayer::Content)
            }
            MailLayer::Content => return self.search_nested(&text, cursor),
        };
        let Some(inner) = inner else {
            return self.search_mail_layer(text, next, part, cursor);
        };
        let damage = text.damage.take();
        let locator = text.locator(cursor.locator);
        let cursor = &cursor.within(&locator);
        let mut outcome = self.search_mail_layer(inner, next, part, cursor);
        if let Some(damage) = damage {
            let reason = Reason::new(NonCallKind::Broken, damage);
            self.visit_non_call(reason, (text.bytes.len(), &[]), cursor);
            outcome.has_reported = true;
        }
        outcome
    }
}
