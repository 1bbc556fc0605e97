//! Finds operators fast: most texts have none that begins a cell.

use memchr::memchr3_iter;
use wide::u8x16;

use crate::text::cell_start::SEPARATORS;
use crate::text::operator::is_operator;

/// Fast path for most text: true if an operator could begin a cell in the text from byte `start` of
/// `output` on. False positives are possible. The text may have quotes doubled.
#[must_use]
pub(in super::super) fn may_hold_formula(output: &[u8], start: usize, delimiter: u8) -> bool {
    let text = &output[start..];
    let begins_cell = |index: usize| {
        let (before, operator) = text.split_at(index);
        starts_with_operator(operator) && may_begin_cell(before, delimiter)
    };
    if text.len() > MAX_CHUNKED_BYTES {
        return memchr3_iter(b'=', b'+', b'-', text).any(begins_cell)
            || memchr3_iter(b'@', LEADS[0], LEADS[1], text).any(begins_cell);
    }
    // `memchr` is slow for short texts.
    let (chunks, rest) = text.as_chunks();
    let mut chunks = (0..).step_by(CHUNK_BYTES).zip(chunks);
    if chunks.any(|(offset, chunk)| chunk_mask(chunk).any(|index| begins_cell(offset + index))) {
        return true;
    }
    // The bytes before the rest are searched again, or are of other fields.
    let before = CHUNK_BYTES - rest.len();
    let mut indexes = match output.last_chunk() {
        Some(chunk) => chunk_mask(chunk),
        None => chunk_mask(&right_aligned(rest)),
    };
    !rest.is_empty()
        && indexes.any(|index| index >= before && begins_cell(text.len() + index - CHUNK_BYTES))
}

/// Length of texts from which on `memchr` is faster.
const MAX_CHUNKED_BYTES: usize = 256;

/// First bytes of the operators that are not ASCII: the minus sign U+2212, and the full-width and
/// small forms. Each has three bytes.
const LEADS: [u8; 2] = [0xe2, 0xef];

/// True if `text`, which starts with the first byte of an operator, starts with an operator.
fn starts_with_operator(text: &[u8]) -> bool {
    if text[0].is_ascii() {
        return true;
    }
    let character = text.get(..3).and_then(|text| str::from_utf8(text).ok());
    character.is_some_and(|character| character.starts_with(is_operator))
}

/// True if a cell could begin after `before`.
fn may_begin_cell(before: &[u8], delimiter: u8) -> bool {
    let blanks = before.iter().rev().take_while(|byte| **byte == b' ');
    let blanks = if delimiter == b' ' { 0 } else { blanks.count() };
    match before[..before.len() - blanks] {
        // A letter from U+00C0 to U+00FF.
        [.., 0xc3, second] if !second.is_ascii() => false,
        [.., byte] => {
            !byte.is_ascii_graphic()
                || matches!(byte, b'"' | b'\'' | b'`')
                || SEPARATORS.contains(&byte)
                || byte == delimiter
        }
        [] => true,
    }
}

/// Number of bytes that are searched at once. With twice as many, LLVM joins the masks of two
/// vectors bit by bit, without AVX2.
const CHUNK_BYTES: usize = 16;

/// A chunk that ends with `bytes`.
fn right_aligned(bytes: &[u8]) -> [u8; CHUNK_BYTES] {
    let mut chunk = [0; CHUNK_BYTES];
    chunk[CHUNK_BYTES - bytes.len()..].copy_from_slice(bytes);
    chunk
}

/// The indexes at which an operator may start.
#[inline]
fn chunk_mask(chunk: &[u8; CHUNK_BYTES]) -> MaskIndexes {
    let bytes = u8x16::new(*chunk);
    let is = |bytes: u8x16, byte| bytes.simd_eq(u8x16::splat(byte));
    // `-` and `=` differ in one bit.
    let ascii = is(bytes | u8x16::splat(b'=' ^ b'-'), b'=') | is(bytes, b'+') | is(bytes, b'@');
    let others = is(bytes, LEADS[0]) | is(bytes, LEADS[1]);
    MaskIndexes((ascii | others).to_bitmask())
}

/// Iterates over the indexes of the bits that are set.
struct MaskIndexes(u32);

impl Iterator for MaskIndexes {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let index = self.0.trailing_zeros();
        (self.0 != 0).then(|| {
            self.0 &= self.0 - 1;
            index as usize
        })
    }
}

/// Iterates over the operators of a text, each with its offset.
pub(super) fn operators(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (chunks, rest) = text.as_bytes().as_chunks();
    let in_chunks = (0..).step_by(CHUNK_BYTES).zip(chunks);
    let in_chunks =
        in_chunks.flat_map(|(offset, chunk)| chunk_mask(chunk).map(move |index| offset + index));
    let end = text.len();
    let in_rest = chunk_mask(&right_aligned(rest)).map(move |index| end + index - CHUNK_BYTES);
    in_chunks.chain(in_rest).filter_map(|offset| {
        let character = text[offset..].chars().next()?;
        is_operator(character).then_some((offset, character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_found_at_every_offset() {
        let all = ('\0'..='\u{ffff}').filter(|character| is_operator(*character));
        let all: Vec<char> = all.collect();
        assert_eq!(all.len(), 13);
        for operator in all {
            for (before, after) in
                (0..70).flat_map(|before| [(before, 0), (before, 3), (before, 40)])
            {
                let blanks = " ".repeat(before);
                let text = format!("{blanks}{operator}{}", "ä".repeat(after));
                let found: Vec<_> = operators(&text).collect();
                assert_eq!(found, [(before, operator)], "{text:?}");
                for earlier in ["", "-a", "=another cell of the same row,"] {
                    let output = [earlier, &text].concat();
                    assert!(may_hold_formula(output.as_bytes(), earlier.len(), b','));
                }
                let text = text.replace(operator, "a");
                let output = format!("={text}");
                assert!(!may_hold_formula(output.as_bytes(), 1, b','), "{text:?}");
            }
        }
    }

    #[test]
    fn letters_and_punctuation_are_no_operators() {
        for text in [
            "你好，我想预约。",
            "はい、お願いします",
            "네, 알겠습니다",
            "“a” – b … 5 €",
        ] {
            for text in [text.to_owned(), text.repeat(20)] {
                assert!(!may_hold_formula(text.as_bytes(), 0, b';'), "{text}");
            }
        }
    }
}
