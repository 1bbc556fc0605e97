//! Finds objects over several lines that a program printed in another format than JSON, such as
//! JavaScript source. Their first lines name the format, so that a batch must not end inside.

use std::ops::Range;

/// Longer objects are not calls.
const MAX_BLOCK_BYTES: usize = 64 * 1024;

/// The last object over several lines in a text that is read from its start.
#[derive(Default)]
pub(crate) struct PrintedBlock {
    start: usize,
    end: usize,
}

impl PrintedBlock {
    /// Moves to the object at `start`, unless it is inside the last one or on one line. Returns the
    /// offset after the object; an offset after `bytes` if more text may follow.
    pub(crate) fn move_to(&mut self, bytes: &[u8], start: usize) -> usize {
        let line = &bytes[start + 1..];
        let rest = line
            .iter()
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        if start < self.end || rest != Some(&b'\n') {
            return start;
        }
        let limit = start + MAX_BLOCK_BYTES;
        self.start = start;
        self.end = match closing_bracket(&bytes[..bytes.len().min(limit)], start) {
            Some(bracket) => bracket + 1,
            None if limit > bytes.len() => bytes.len() + 1,
            // The text up to the limit is not searched again.
            None => limit,
        };
        if self.end == limit { start } else { self.end }
    }

    /// The range of the object if `offset` is inside of it.
    pub(crate) fn range_around(&self, offset: usize) -> Option<Range<usize>> {
        let range = self.start..self.end;
        range.contains(&offset).then_some(range)
    }

    /// The text of the object if `offset` is inside of it.
    pub(crate) fn text_around<'a>(&self, bytes: &'a [u8], offset: usize) -> Option<&'a [u8]> {
        let range = self.range_around(offset)?;
        Some(&bytes[range.start..range.end.min(bytes.len())])
    }
}

/// Offset of the bracket that closes the one at `start`. Quotes of any kind hide brackets up to the
/// end of their line.
fn closing_bracket(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' | b'`' => at = closing_quote(bytes, at).unwrap_or(at),
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Offset of the quote in the same line that closes the one at `open`.
fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr::memchr3(bytes[open], b'\\', b'\n', bytes.get(at..)?)?;
        match bytes[at] {
            b'\n' => return None,
            b'\\' => at += 2,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_with_their_bracket() {
        let text = b"x = {\n  a: '}', // it's\n  b: [\n    1 ]\n};\n{ c: 1 }\n";
        let mut block = PrintedBlock::default();
        let end = block.move_to(text, 4);
        assert!(text[..end].ends_with(b"]\n}"));
        assert!(
            block
                .text_around(text, 10)
                .is_some_and(|text| text.ends_with(b"]\n}"))
        );
        // Inside of the block, and on one line.
        assert_eq!(block.move_to(text, 29), 29);
        let line = text.len() - 9;
        assert_eq!(block.move_to(text, line), line);
        assert!(block.text_around(text, line).is_none());
    }

    #[test]
    fn a_block_that_may_continue_reaches_after_the_text() {
        assert_eq!(PrintedBlock::default().move_to(b"{\n  a: 1,\n", 0), 11);
        let long = [b"{\n", &b"a\n".repeat(MAX_BLOCK_BYTES)[..]].concat();
        assert_eq!(PrintedBlock::default().move_to(&long, 0), 0);
    }
}
