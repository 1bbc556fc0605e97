//! A name that is looked for in many objects, prepared for that.

use wide::u8x16;

use super::text::unescape;

/// A name, and its first bytes together: names are short, and of different lengths, so that to compare them byte by byte takes longer than to
/// find and to cut out the value.
#[derive(Debug)]
pub struct Name {
    text: &'static str,
    first: u8x16,
    /// A bit for each byte of `first` that is one of the name, the lowest for the first.
    bytes: u32,
}

const FIRST_BYTES: usize = 16;

impl Name {
    /// The name `text`, which needs no escapes in JSON.
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        let mut first = [0; FIRST_BYTES];
        let mut bytes = 0;
        for (place, byte) in text.bytes().take(FIRST_BYTES).enumerate() {
            first[place] = byte;
            bytes |= 1 << place;
        }
        Self {
            text,
            first: u8x16::new(first),
            bytes,
        }
    }

    /// Whether it stands in `text` from `start` to `end`, without escapes.
    #[inline]
    pub(super) fn stands_in(&self, text: &[u8], start: usize, end: usize) -> bool {
        if end - start != self.text.len() {
            return false;
        }
        let Some(first) = text.get(start..).and_then(|behind| behind.first_chunk()) else {
            return text.get(start..end) == Some(self.text.as_bytes());
        };
        let same = u8x16::new(*first).simd_eq(self.first).to_bitmask();
        same & self.bytes == self.bytes
            && (end - start <= FIRST_BYTES || are_same(&text[start..end], self.text.as_bytes()))
    }

    /// Whether that is it.
    #[must_use]
    pub fn is(&self, unescaped: &str) -> bool {
        self.text == unescaped
    }

    /// Whether it is the string `text`, which has quotes and escapes.
    #[cold]
    pub(super) fn is_escaped(&self, text: &str) -> bool {
        self.is(&unescape(text))
    }
}

/// Whether both are the same: short texts are, as names are mostly, sooner compared than a function to compare them is called.
#[inline]
#[must_use]
pub fn are_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && have_same_bytes(one, other)
}

/// The same of texts of one length: a function of its own, for most are of different lengths.
fn have_same_bytes(one: &[u8], other: &[u8]) -> bool {
    match one.len() {
        4..=8 => ends(one).map(u32::from_le_bytes) == ends(other).map(u32::from_le_bytes),
        9..=16 => ends(one).map(u64::from_le_bytes) == ends(other).map(u64::from_le_bytes),
        17..=32 => ends(one).map(u128::from_le_bytes) == ends(other).map(u128::from_le_bytes),
        _ => one == other,
    }
}

/// The first bytes of a text and the last ones, which may be partly the same.
#[inline]
fn ends<const N: usize>(text: &[u8]) -> [[u8; N]; 2] {
    [text.first_chunk(), text.last_chunk()].map(|end| end.copied().unwrap_or([0; N]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_where_all_of_its_bytes_do() {
        let all = "extracted_variables_and_more";
        for length in 0..=all.len() {
            let name = Name::new(&all[..length]);
            for behind in ["", "\"", "\": 1, \"and so on\": 2, \"and so on\": 3"] {
                let text = format!("\"{}{behind}", &all[..length]);
                assert!(name.stands_in(text.as_bytes(), 1, 1 + length));
                for place in 1..=length {
                    let mut other = text.clone().into_bytes();
                    other[place] ^= 1;
                    assert!(!name.stands_in(&other, 1, 1 + length));
                    assert!(!name.stands_in(text.as_bytes(), 1, place));
                }
            }
        }
    }

    #[test]
    fn texts_are_the_same_if_all_of_their_bytes_are() {
        let all = "A text that is longer than all that is compared at once.".as_bytes();
        for length in 0..all.len() {
            let text = &all[..length];
            assert!(are_same(text, &all[..length]));
            assert!(!are_same(text, &all[..=length]));
            for place in 0..length {
                let mut other = text.to_vec();
                other[place] ^= 1;
                assert!(!are_same(text, &other));
            }
        }
    }
}
