//! Whether two texts are the same.

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
