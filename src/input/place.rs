//! Places in a source: byte offset, line and column, worked out only when someone asks.

use std::cell::Cell;

use super::excerpt::Excerpt;
use super::inner::{Inner, Map, Places};
use super::unpack::Coding;

/// A place in the original file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Bytes from the start of the file, from 0.
    pub offset: u64,
    /// Line, from 1; lines end with LF.
    pub line: u64,
    /// Column, from 1, in characters.
    pub column: u64,
}

/// U+FEFF in UTF-8, with which some files begin.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Position {
    /// The start of a file.
    pub const START: Self = Self {
        offset: 0,
        line: 1,
        column: 1,
    };

    /// The place right after `bytes`, which begin here.
    #[must_use]
    pub fn after(self, bytes: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', bytes).count() as u64;
        let (column, last_line) = match memchr::memrchr(b'\n', bytes) {
            Some(newline) => (1, &bytes[newline + 1..]),
            // No editor counts the mark.
            None if self.offset == 0 => (1, bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)),
            None => (self.column, bytes),
        };
        Self {
            offset: self.offset + bytes.len() as u64,
            line: self.line + lines,
            column: column + characters(last_line),
        }
    }
}

/// A stretch of the original file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first byte.
    pub start: Position,
    /// The byte right behind it.
    pub end: Position,
}

/// A stretch of text that something is said about.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Where it is.
    pub span: Span,
    /// How the text was decoded in which that is; none if it is the file itself.
    pub coding: Option<Coding>,
    /// The line round it, if it was asked for.
    pub excerpt: Option<Excerpt>,
}

/// How many characters UTF-8 `bytes` hold: the bytes that do not continue one.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count() as u64
}

/// Finds the places of offsets in one text: a run of bytes of the source, or what was decoded from a part of it. Asked in ascending order
/// it passes over the bytes once.
#[derive(Clone, Debug)]
pub struct Locator<'a> {
    bytes: &'a [u8],
    origin: Origin<'a>,
    /// Where the first byte stands, if it has a place of its own.
    start: Position,
    last: Cell<(usize, Position)>,
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug)]
enum Origin<'a> {
    /// It is a run of bytes of the source, which was decoded first or not.
    Source(Option<Coding>),
    /// It was made from a part of another text, in which each byte has its place.
    Kept(&'a Locator<'a>, &'a Map),
    /// It was decoded from what begins there in another text, and has lines and columns of its own.
    Lost(&'a Locator<'a>, usize, Coding),
}

impl<'a> Locator<'a> {
    /// Finds places in `bytes`, whose first byte stands at `start` in the source.
    #[must_use]
    pub fn new(bytes: &'a [u8], start: Position, coding: Option<Coding>) -> Self {
        Self {
            bytes,
            origin: Origin::Source(coding),
            start,
            last: Cell::new((0, start)),
        }
    }

    /// Finds places in `inner`, made from a part of this text.
    #[must_use]
    pub fn inside<'b>(&'b self, inner: &'b Inner) -> Locator<'b> {
        let origin = match &inner.places {
            Places::Kept(map) => Origin::Kept(self, map),
            Places::Lost(at, coding) => Origin::Lost(self, *at, *coding),
        };
        Locator {
            bytes: &inner.bytes,
            origin,
            start: Position::START,
            last: Cell::new((0, Position::START)),
        }
    }

    /// The place of the byte at `offset`.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        if let Origin::Kept(around, map) = self.origin {
            return around.position(map.outside(offset));
        }
        let (mut from, mut position) = self.last.get();
        if offset < from {
            (from, position) = (0, self.start);
        }
        let position = position.after(&self.bytes[from..offset]);
        self.last.set((offset, position));
        position
    }

    /// The place of `text`, which must be a part of these bytes.
    #[must_use]
    pub fn position_of(&self, text: &str) -> Position {
        self.position(self.offset_of(text))
    }

    /// Where `text`, which must be a part of these bytes, begins among them.
    #[must_use]
    pub fn offset_of(&self, text: &str) -> usize {
        offset_in(self.bytes, text.as_bytes())
    }

    /// How the text was decoded in which the places lie, if its lines and columns are not those of the file.
    #[must_use]
    pub fn coding(&self) -> Option<Coding> {
        match self.origin {
            Origin::Source(coding) => coding,
            Origin::Kept(around, _) => around.coding(),
            Origin::Lost(_, _, coding) => Some(coding),
        }
    }

    /// Where the text at `offset` comes from in the run of bytes of the source: something to sort by.
    #[must_use]
    pub fn offset_in_source(&self, offset: usize) -> usize {
        match self.origin {
            Origin::Source(_) => offset,
            Origin::Kept(around, map) => around.offset_in_source(map.outside(offset)),
            Origin::Lost(around, at, _) => around.offset_in_source(at),
        }
    }

    /// The length of the character at `offset` in bytes: 0 at the end of the text, and behind its last line.
    #[must_use]
    pub fn character_at(&self, offset: usize) -> usize {
        let rest = self.bytes.get(offset..).unwrap_or_default();
        let goes_on = |byte: &&u8| **byte & 0xc0 == 0x80;
        match rest.split_first() {
            None | Some((b'\n' | b'\r', _)) => 0,
            Some((_, rest)) => 1 + rest.iter().take(3).take_while(goes_on).count(),
        }
    }

    /// The `length` bytes from `offset` on, marked, with their line or without.
    #[must_use]
    pub fn mark(&self, offset: usize, length: usize, with_excerpt: bool) -> Mark {
        Mark {
            span: self.span(offset, length),
            coding: self.coding(),
            excerpt: with_excerpt.then(|| self.excerpt(offset, length)),
        }
    }

    /// Where the `length` bytes from `offset` on stand in the run of bytes of the source: their offset and length there, if they have a place in it.
    #[must_use]
    pub fn in_source(&self, offset: usize, length: usize) -> Option<(usize, usize)> {
        match self.origin {
            Origin::Source(_) => Some((offset, length)),
            Origin::Kept(around, map) => {
                let (start, end) = map.outside_of(offset, length);
                around.in_source(start, end - start)
            }
            Origin::Lost(..) => None,
        }
    }

    /// The place of the `length` bytes from `offset` on.
    #[must_use]
    pub fn span(&self, offset: usize, length: usize) -> Span {
        if let Origin::Kept(around, map) = self.origin {
            let (start, end) = map.outside_of(offset, length);
            return around.span(start, end - start);
        }
        let start = self.position(offset);
        let end = start.after(&self.bytes[offset..offset + length]);
        Span { start, end }
    }

    /// The line round the `length` bytes from `offset` on.
    #[must_use]
    pub fn excerpt(&self, offset: usize, length: usize) -> Excerpt {
        if let Origin::Kept(around, map) = self.origin {
            let (start, end) = map.outside_of(offset, length);
            return around.excerpt(start, end - start);
        }
        let mut excerpt = Excerpt::around(self.bytes, offset, offset + length);
        // The line may have begun before these bytes.
        excerpt.is_cut_left |= offset == excerpt.before.len() && self.start.column > 1;
        excerpt
    }
}

/// How far into `whole` its part `part` begins.
fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    let offset = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    debug_assert!(offset <= whole.len(), "a place was asked in foreign bytes");
    offset.min(whole.len())
}

#[cfg(test)]
mod tests {
    use super::{Locator, Position};

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let bytes = b"\xef\xbb\xbf{\"a\": 1}\n";
        let value = Locator::new(bytes, Position::START, None).position(9);
        assert_eq!((value.offset, value.line, value.column), (9, 1, 7));
    }

    #[test]
    fn columns_count_characters_and_lines_end_with_lf() {
        let bytes = "ü{\r\n  \"ä\": 1\n".as_bytes();
        let locator = Locator::new(bytes, Position::START, None);
        let value = locator.position(13);
        assert_eq!((value.offset, value.line, value.column), (13, 2, 8));
        let brace = locator.position(2);
        assert_eq!((brace.line, brace.column), (1, 2));
    }
}
