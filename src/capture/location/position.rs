//! Locations in a source: byte offset, line, and column, computed on demand.

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use super::coding::Coding;
use super::excerpt::Excerpt;
use super::source_map::{OffsetMap, SourceMap};

/// A position in the file, or in decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Bytes from the start of the file, from 0.
    pub(crate) offset: u64,
    /// Line, from 1. Lines end with LF.
    pub(crate) line: u64,
    /// Column, from 1, in characters.
    pub(crate) column: u64,
    /// Column, from 1, in bytes of UTF-8. Unlike in `column`, a byte order mark counts.
    pub(crate) byte_column: u64,
}

/// U+FEFF in UTF-8, at the start of some files.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Position {
    /// The start of a file.
    pub const START: Self = Self {
        offset: 0,
        line: 1,
        column: 1,
        byte_column: 1,
    };

    /// Position after `bytes`, which start at this position.
    #[must_use]
    pub(crate) fn after(self, bytes: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', bytes).count() as u64;
        let (column, byte_column, last_line) = match memchr::memrchr(b'\n', bytes) {
            Some(newline) => (1, 1, &bytes[newline + 1..]),
            None => (self.column, self.byte_column, bytes),
        };
        // Editors do not count the byte order mark as a column.
        let is_start = lines == 0 && self.offset == 0;
        let text = last_line.strip_prefix(BYTE_ORDER_MARK);
        let text = text.filter(|_| is_start).unwrap_or(last_line);
        Self {
            offset: self.offset + bytes.len() as u64,
            line: self.line + lines,
            column: column + count_characters(text),
            byte_column: byte_column + last_line.len() as u64,
        }
    }
}

/// `line:column`, as in messages of compilers: editors and terminals open the file there.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A range of the file, or of decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    /// Position of the first byte.
    pub(crate) start: Position,
    /// Position after the last byte.
    pub(crate) end: Position,
}

/// A range of text that a message points at.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// Location in the file, or in the decoded text.
    pub(crate) span: Span,
    /// Encoding of the text that the span refers to; `None` for the file itself.
    pub(crate) coding: Option<Coding>,
    /// The line around it, if requested.
    pub(crate) excerpt: Option<Excerpt>,
}

/// Number of characters in UTF-8 `bytes`: all bytes except continuation bytes. Bytes that are not
/// UTF-8 are one character each, as in Windows-1252.
fn count_characters(bytes: &[u8]) -> u64 {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return text.chars().count() as u64;
    }
    let chunks = bytes.utf8_chunks();
    let characters = chunks.map(|chunk| chunk.valid().chars().count() + chunk.invalid().len());
    characters.sum::<usize>() as u64
}

/// Computes positions of offsets in one text: a run of bytes of the source, or text decoded from a
/// part of it. Lookups in ascending order read the bytes only once.
#[derive(Clone, Debug)]
pub struct Locator<'a> {
    bytes: &'a [u8],
    origin: Origin<'a>,
    /// Position of the first byte, if the text has positions of its own.
    start: Position,
    /// The part of the bytes that is not in the source.
    gap: Option<Gap>,
    last_lookup: Cell<(usize, Position)>,
}

/// A part of a run of bytes that is not in the source, in place of text that is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    /// Offset of the first byte that is not in the source.
    pub(crate) start: usize,
    /// Offset of the first byte behind the gap.
    pub(crate) end: usize,
    /// Position of that byte in the source.
    pub(crate) position: Position,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug)]
enum Origin<'a> {
    /// A run of bytes of the source, after decoding with this encoding, if any.
    Source(Option<Coding>),
    /// Made from parts of another text, in which each byte has an offset.
    Mapped(&'a Locator<'a>, &'a OffsetMap),
    /// The text of another one in another encoding. It has the same lines and columns.
    Recoded(&'a Locator<'a>, &'a OffsetMap),
    /// Decoded from data at this offset of another text. It has its own lines and columns.
    Opaque(&'a Locator<'a>, usize, Coding),
}

impl<'a> Locator<'a> {
    /// Creates a locator for `bytes`, whose first byte is at `start` in the source.
    #[must_use]
    pub fn new(bytes: &'a [u8], start: Position, coding: Option<Coding>) -> Self {
        Self {
            bytes,
            origin: Origin::Source(coding),
            start,
            gap: None,
            last_lookup: Cell::new((0, start)),
        }
    }

    /// This locator, for bytes with this gap.
    #[must_use]
    pub(crate) fn with_gap(self, gap: Option<Gap>) -> Self {
        Self { gap, ..self }
    }

    /// Creates a locator for the decoded text `bytes`, which `source_map` maps to this text.
    #[must_use]
    pub(crate) fn nested<'b>(&'b self, bytes: &'b [u8], source_map: &'b SourceMap) -> Locator<'b> {
        let (origin, start) = match source_map {
            SourceMap::Mapped(map) => (Origin::Mapped(self, map), Position::START),
            // The outer text has lines and columns of its own, unless it was decoded itself.
            SourceMap::Recoded(map) if matches!(self.origin, Origin::Mapped(..)) => {
                (Origin::Mapped(self, map), Position::START)
            }
            SourceMap::Recoded(map) => {
                let start = self.position(map.outer_offset(0));
                (Origin::Recoded(self, map), start)
            }
            SourceMap::Opaque(at, coding) => (Origin::Opaque(self, *at, *coding), Position::START),
        };
        Locator {
            bytes,
            origin,
            start,
            gap: None,
            last_lookup: Cell::new((0, start)),
        }
    }

    /// Position of the byte at `offset`.
    #[must_use]
    pub(crate) fn position(&self, offset: usize) -> Position {
        if let Origin::Mapped(outer, map) = self.origin {
            return outer.position(map.outer_offset(offset));
        }
        let (mut from, mut position) = self.last_lookup.get();
        if offset < from {
            (from, position) = (0, self.start);
        }
        let gap = self.gap.filter(|gap| from < gap.end && gap.end <= offset);
        if let Some(gap) = gap {
            (from, position) = (gap.end, gap.position);
        }
        let position = position.after(&self.bytes[from..offset]);
        self.last_lookup.set((offset, position));
        match self.origin {
            Origin::Recoded(outer, map) => Position {
                offset: outer.position(map.outer_offset(offset)).offset,
                ..position
            },
            _ => position,
        }
    }

    /// Position of `text`, which must be a subslice of these bytes.
    #[must_use]
    pub(crate) fn position_of(&self, text: &str) -> Position {
        self.position(self.offset_of(text))
    }

    /// Byte offset of `text`, which must be a subslice of these bytes.
    #[must_use]
    pub(crate) fn offset_of(&self, text: &str) -> usize {
        offset_in(self.bytes, text.as_bytes())
    }

    /// Encoding of the text that positions refer to; `None` if they refer to the file itself.
    #[must_use]
    pub(crate) fn coding(&self) -> Option<Coding> {
        match self.origin {
            Origin::Source(coding) => coding,
            Origin::Mapped(outer, _) | Origin::Recoded(outer, _) => outer.coding(),
            Origin::Opaque(_, _, coding) => Some(coding),
        }
    }

    /// Offset, within the bytes of the batch, of the data from which the byte at `offset` was
    /// decoded.
    #[must_use]
    pub(crate) fn offset_in_batch(&self, offset: usize) -> usize {
        match self.origin {
            Origin::Source(_) => offset,
            Origin::Mapped(outer, map) | Origin::Recoded(outer, map) => {
                outer.offset_in_batch(map.outer_offset(offset))
            }
            Origin::Opaque(outer, at, _) => outer.offset_in_batch(at),
        }
    }

    /// Length in bytes of the character at `offset`. Returns 0 at the end of the text and at a line
    /// break.
    #[must_use]
    pub(crate) fn character_length(&self, offset: usize) -> usize {
        let rest = self.bytes.get(offset..).unwrap_or_default();
        let is_continuation = |byte: &&u8| **byte & 0xc0 == 0x80;
        match rest.split_first() {
            None | Some((b'\n' | b'\r', _)) => 0,
            Some((_, rest)) => 1 + rest.iter().take(3).take_while(is_continuation).count(),
        }
    }

    /// Marks `length` bytes from `offset`, with or without an excerpt of the line.
    #[must_use]
    pub(crate) fn mark(&self, offset: usize, length: usize, with_excerpt: bool) -> Mark {
        Mark {
            span: self.span(offset, length),
            coding: self.coding(),
            excerpt: with_excerpt.then(|| self.excerpt(offset, length)),
        }
    }

    /// Offset and length in the run of source bytes of `length` bytes from `offset`. Returns `None`
    /// for decoded text that has no offsets there.
    #[must_use]
    pub(crate) fn source_range(&self, offset: usize, length: usize) -> Option<(usize, usize)> {
        match self.origin {
            Origin::Source(_) => Some((offset, length)),
            Origin::Mapped(outer, map) | Origin::Recoded(outer, map) => {
                let (start, end) = map.outer_range(offset, length);
                outer.source_range(start, end - start)
            }
            Origin::Opaque(..) => None,
        }
    }

    /// Span of `length` bytes from `offset`.
    #[must_use]
    pub(crate) fn span(&self, offset: usize, length: usize) -> Span {
        if let Origin::Mapped(outer, map) = self.origin {
            let (start, end) = map.outer_range(offset, length);
            return outer.span(start, end - start);
        }
        let start = self.position(offset);
        let end = match self.origin {
            Origin::Recoded(..) => self.position(offset + length),
            _ => start.after(&self.bytes[offset..offset + length]),
        };
        Span { start, end }
    }

    /// The run of bytes of the source around `offset`, up to a gap, and its position.
    fn run_around(&self, offset: usize) -> (Range<usize>, Position) {
        match self.gap {
            Some(gap) if offset < gap.end => (0..gap.start.max(offset), self.start),
            Some(gap) => (gap.end..self.bytes.len(), gap.position),
            None => (0..self.bytes.len(), self.start),
        }
    }

    /// Excerpt of the line around `length` bytes from `offset`.
    #[must_use]
    pub(crate) fn excerpt(&self, offset: usize, length: usize) -> Excerpt {
        if let Origin::Mapped(outer, map) = self.origin {
            let (start, end) = map.outer_range(offset, length);
            return outer.excerpt(start, end - start);
        }
        let (run, start) = self.run_around(offset);
        let bytes = &self.bytes[run.clone()];
        let offset = offset - run.start;
        let end = (offset + length).min(bytes.len());
        let mut excerpt = Excerpt::around(bytes, offset, end);
        // The line may go on in the gap.
        let is_cut_right = run.end < self.bytes.len() && !bytes[end..].contains(&b'\n');
        excerpt.is_cut_right |= is_cut_right;
        // The line may start before these bytes.
        excerpt.is_cut_left |= offset == excerpt.before.len() && start.column > 1;
        excerpt
    }
}

/// Byte offset of the subslice `part` in `whole`.
pub(crate) fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    let offset = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    debug_assert!(offset <= whole.len(), "`part` is not a part of `whole`");
    offset.min(whole.len())
}

#[cfg(test)]
mod tests {
    use super::{Gap, Locator, Position};

    #[test]
    fn a_byte_order_mark_is_not_a_column() {
        let bytes = b"\xef\xbb\xbf{\"a\": 1}\n";
        let value = Locator::new(bytes, Position::START, None).position(9);
        assert_eq!((value.offset, value.line, value.column), (9, 1, 7));
        assert_eq!(value.byte_column, 10);
    }

    #[test]
    fn bytes_behind_a_gap_have_positions_of_their_own() {
        let position = Position {
            offset: 100,
            line: 7,
            column: 3,
            byte_column: 3,
        };
        let gap = Gap {
            start: 2,
            end: 4,
            position,
        };
        let locator = Locator::new(b"[\n0]\n x", Position::START, None).with_gap(Some(gap));
        let place = |offset| {
            let position = locator.position(offset);
            (position.offset, position.line, position.column)
        };
        assert_eq!(place(2), (2, 2, 1));
        assert_eq!(place(4), (100, 7, 3));
        assert_eq!(place(6), (102, 8, 2));
        assert_eq!(place(0), (0, 1, 1));
        assert_eq!(place(6), (102, 8, 2));
        let excerpts = [0, 4].map(|offset| locator.excerpt(offset, 0));
        assert_eq!(excerpts[0].after, "[");
        assert!(!excerpts[0].is_cut_left && !excerpts[0].is_cut_right);
        assert_eq!(excerpts[1].before, "");
        assert!(excerpts[1].is_cut_left);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_one_column_each() {
        let bytes = b"\x96 \xfc \xe2\x80\x93 x";
        let value = Locator::new(bytes, Position::START, None).position(8);
        assert_eq!((value.offset, value.line, value.column), (8, 1, 7));
    }

    #[test]
    fn columns_count_characters_and_lines_end_with_lf() {
        let bytes = "ü{\r\n  \"ä\": 1\n".as_bytes();
        let locator = Locator::new(bytes, Position::START, None);
        let value = locator.position(13);
        assert_eq!((value.offset, value.line, value.column), (13, 2, 8));
        assert_eq!(value.byte_column, 9);
        let brace = locator.position(2);
        assert_eq!((brace.line, brace.column), (1, 2));
    }
}
