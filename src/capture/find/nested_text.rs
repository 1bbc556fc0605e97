//! Text decoded from a part of other text, and the map of its offsets.

use std::ops::Range;

use wide::u8x32;

use crate::capture::location::position::Locator;
use crate::capture::location::source_map::{OffsetMap, SourceMap};
use crate::json::repair::RepairedValue;

/// Text decoded from a part of another text.
#[derive(Debug)]
pub(crate) struct NestedText {
    /// The decoded text, not necessarily valid UTF-8.
    pub(crate) bytes: Vec<u8>,
    /// Maps offsets in the decoded text to the outer text.
    pub(crate) source_map: SourceMap,
    /// Description of the error that ended decoding early, if any.
    pub(crate) damage: Option<String>,
}

impl NestedText {
    /// Creates a completely decoded text.
    #[must_use]
    pub(crate) fn new(bytes: Vec<u8>, source_map: SourceMap) -> Self {
        Self {
            bytes,
            source_map,
            damage: None,
        }
    }

    /// Creates a locator for this text, which was decoded from a part of the text of `outer`.
    #[must_use]
    pub(crate) fn locator<'a>(&'a self, outer: &'a Locator) -> Locator<'a> {
        outer.nested(&self.bytes, &self.source_map)
    }
}

/// Follows decoded text whose original is unknown. Neither UTF-8, Windows-1252 nor an encoding of
/// Chinese, Japanese or Korean has these bytes, so that a value with them is reported.
pub(crate) const UNKNOWN_TEXT: &[u8] = b"\x9d\xff";

/// In JSON in a string, there are about this many bytes from one escape to the next.
const BYTES_PER_RUN: usize = 32;

/// Builds a [`NestedText`] from copied pieces.
pub(crate) struct NestedTextBuilder {
    bytes: Vec<u8>,
    map: OffsetMap,
}

impl NestedTextBuilder {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            map: OffsetMap::with_capacity(bytes / BYTES_PER_RUN),
        }
    }

    /// Appends `character`, which is escaped at `outer_offset` in the outer text. All its bytes map
    /// to the start of the escape, which may have fewer bytes.
    pub(crate) fn add_escaped(&mut self, outer_offset: usize, character: char) {
        let mut utf8 = [0; 4];
        self.add_generated(outer_offset, character.encode_utf8(&mut utf8).as_bytes());
    }

    /// Appends `byte`, which is escaped at `outer_offset` in the outer text.
    pub(crate) fn add_escaped_byte(&mut self, outer_offset: usize, byte: u8) {
        self.map.continue_run(self.bytes.len(), outer_offset);
        self.bytes.push(byte);
    }

    /// Marks the text at `outer_offset` in the outer text as unknown.
    pub(crate) fn add_unknown(&mut self, outer_offset: usize) {
        self.add_generated(outer_offset, UNKNOWN_TEXT);
    }

    /// Appends `bytes` that the outer text does not have, for the text at `outer_offset`.
    pub(crate) fn add_generated(&mut self, outer_offset: usize, bytes: &[u8]) {
        for byte in bytes {
            self.add_escaped_byte(outer_offset, *byte);
        }
    }

    /// Appends `bytes`, which start at `outer_offset` in the outer text.
    pub(crate) fn add(&mut self, outer_offset: usize, bytes: &[u8]) {
        self.map.continue_run(self.bytes.len(), outer_offset);
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends the bytes of `outer`, the outer text, from `start` up to the next byte `stop` or to
    /// the end. Returns the offset of that byte. Escapes are often only a few bytes apart, so that
    /// with a search and a copy for each, `list` of Docker's logs takes a fifth longer.
    pub(crate) fn add_until(&mut self, stop: u8, outer: &[u8], start: usize) -> usize {
        self.add_with_stops::<0>(stop, outer, start)
    }

    /// Appends the bytes of `outer` like [`Self::add_until`], and the byte `stop` too. Returns the
    /// offset behind it.
    pub(crate) fn add_through(&mut self, stop: u8, outer: &[u8], start: usize) -> usize {
        self.add_with_stops::<1>(stop, outer, start)
    }

    /// Appends the bytes of `outer` up to the next byte `stop`, with this number of these bytes: 0
    /// or 1.
    fn add_with_stops<const STOPS: usize>(
        &mut self,
        stop: u8,
        outer: &[u8],
        start: usize,
    ) -> usize {
        self.map.continue_run(self.bytes.len(), start);
        let mut at = start;
        while let Some(chunk) = outer[at..].first_chunk() {
            let stops = u8x32::new(*chunk).simd_eq(u8x32::splat(stop)).to_bitmask();
            let length = self.bytes.len();
            self.bytes.extend_from_slice(chunk);
            if stops != 0 {
                let count = stops.trailing_zeros() as usize + STOPS;
                self.bytes.truncate(length + count);
                return at + count;
            }
            at += chunk.len();
        }
        let rest = &outer[at..];
        let count = memchr::memchr(stop, rest).map_or(rest.len(), |count| count + STOPS);
        self.bytes.extend_from_slice(&rest[..count]);
        at + count
    }

    /// Appends `bytes`, which start at `outer_offset` in the outer text and end before a gap there.
    pub(crate) fn add_part(&mut self, outer_offset: usize, bytes: &[u8]) {
        self.add(outer_offset, bytes);
        self.map
            .start_run(self.bytes.len(), outer_offset + bytes.len());
    }

    /// Finishes the text. The encoded text ends at `outer_end`.
    pub(crate) fn finish(mut self, outer_end: usize) -> NestedText {
        self.map.start_run(self.bytes.len(), outer_end);
        NestedText::new(self.bytes, SourceMap::Mapped(self.map))
    }
}

/// A repaired value, which starts at `start` in the outer text.
#[must_use]
pub(crate) fn repaired_text(start: usize, repaired: RepairedValue) -> NestedText {
    let mut map = OffsetMap::default();
    for (offset, outer_offset) in repaired.runs {
        map.start_run(offset, start + outer_offset);
    }
    map.start_run(repaired.text.len(), start + repaired.length);
    NestedText::new(repaired.text.into_bytes(), SourceMap::Mapped(map))
}

/// Joins the given ranges of `bytes`.
#[must_use]
pub(crate) fn join_parts(bytes: &[u8], parts: &[Range<usize>]) -> NestedText {
    let mut inner =
        NestedTextBuilder::with_capacity(parts.iter().map(ExactSizeIterator::len).sum());
    for part in parts {
        inner.add_part(part.start, &bytes[part.clone()]);
    }
    inner.finish(parts.last().map_or(0, |part| part.end))
}

/// Joins several decoded texts of one outer text. A line break follows each text that has `true`.
#[must_use]
pub(crate) fn join_texts(texts: impl IntoIterator<Item = (NestedText, bool)>) -> NestedText {
    let mut all = NestedTextBuilder::with_capacity(0);
    for (text, ends_line) in texts {
        if let SourceMap::Mapped(map) = &text.source_map {
            all.map.append(all.bytes.len(), map);
        }
        all.bytes.extend_from_slice(&text.bytes);
        if ends_line {
            all.bytes.push(b'\n');
        }
    }
    NestedText::new(all.bytes, SourceMap::Mapped(all.map))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_of_a_character_map_to_its_start() {
        // A byte of Windows-1252 has up to three bytes in UTF-8.
        let mut text = NestedTextBuilder::with_capacity(4);
        text.add(0, b"a");
        text.add_escaped(1, '\u{201e}');
        let SourceMap::Mapped(map) = text.finish(2).source_map else {
            panic!("offsets are kept");
        };
        let offsets = [0, 1, 2, 3, 4].map(|offset| map.outer_offset(offset));
        assert_eq!(offsets, [0, 1, 1, 1, 2]);
    }
}
