//! A name that is looked for in many objects, prepared for that.

/// A name, and its first bytes as one number: names are short, and of different lengths, so that to compare them byte by byte takes longer than to
/// find and to cut out the value.
#[derive(Debug)]
pub struct Name {
    text: &'static str,
    first: u128,
    /// Ones where `first` has bytes of the name.
    mask: u128,
}

const FIRST_BYTES: usize = size_of::<u128>();

impl Name {
    /// The name `text`, which needs no escapes in JSON.
    #[must_use]
    pub fn new(text: &'static str) -> Self {
        let mut first = [0; FIRST_BYTES];
        let mut mask = [0; FIRST_BYTES];
        for (place, byte) in text.bytes().take(FIRST_BYTES).enumerate() {
            first[place] = byte;
            mask[place] = u8::MAX;
        }
        Self {
            text,
            first: u128::from_le_bytes(first),
            mask: u128::from_le_bytes(mask),
        }
    }

    /// Whether it stands in `text` from `start` to `end`, without escapes.
    #[inline]
    pub(super) fn stands_in(&self, text: &[u8], start: usize, end: usize) -> bool {
        if end - start != self.text.len() {
            return false;
        }
        match text.get(start..).and_then(|behind| behind.first_chunk()) {
            Some(first) if u128::from_le_bytes(*first) & self.mask != self.first => false,
            Some(_) if end - start <= FIRST_BYTES => true,
            _ => text.get(start..end) == Some(self.text.as_bytes()),
        }
    }

    /// The same, spelled with escapes.
    pub(super) fn is(&self, unescaped: &str) -> bool {
        self.text == unescaped
    }
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
}
