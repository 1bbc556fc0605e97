//! Writes JSON that is made of parts of other JSON.

use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::location::position::offset_in;
use crate::json::Json;

/// Writes JSON from parts of a source, to which its offsets map.
pub(super) struct JsonRewriter<'a> {
    source: &'a str,
    text: NestedTextBuilder,
    /// Offset in the source after the last part that was written. Punctuation maps to it, so that
    /// the end of each value does too.
    end: usize,
}

impl<'a> JsonRewriter<'a> {
    /// Creates a writer without text. All parts and containers must be slices of `source`.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            text: NestedTextBuilder::with_capacity(source.len()),
            end: 0,
        }
    }

    /// Writes a part of the source verbatim.
    pub(super) fn copy(&mut self, part: &str) {
        self.replace(part, part);
    }

    /// Writes `json` in place of a part of the source.
    pub(super) fn replace(&mut self, part: &str, json: &str) {
        let offset = self.offset_of(part);
        self.text.add(offset, json.as_bytes());
        self.end = offset + part.len();
    }

    /// Writes punctuation, or a value that the source does not have.
    pub(super) fn add_mark(&mut self, mark: &str) {
        self.text.add(self.end, mark.as_bytes());
    }

    /// Writes the closing bracket of an object or array of the source.
    pub(super) fn close(&mut self, container: Json) {
        let text = container.text();
        self.add_mark(&text[text.len() - 1..]);
        self.end = self.offset_of(text) + text.len();
    }

    /// Finishes the text.
    pub(super) fn finish(self) -> NestedText {
        self.text.finish(self.source.len())
    }

    fn offset_of(&self, part: &str) -> usize {
        offset_in(self.source.as_bytes(), part.as_bytes())
    }
}
