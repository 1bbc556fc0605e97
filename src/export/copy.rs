//! Text from one place to another, up to the next byte that needs a thought.

use wide::u8x16;

/// Adds to `to` what `from` has before the first byte that is one of `ends`; how many bytes that are.
///
/// Sixteen are looked at and copied together: most texts are so short that calls to search and to copy them would take longer than the work itself.
pub(super) fn copy_until(ends: [u8; 2], from: &[u8], to: &mut Vec<u8>) -> usize {
    let [one, other] = ends.map(u8x16::splat);
    // A bit for each byte, the lowest for the first.
    let find = |chunk: &[u8; 16]| {
        let bytes = u8x16::new(*chunk);
        (bytes.simd_eq(one) | bytes.simd_eq(other)).to_bitmask()
    };
    let mut rest = from;
    while let Some((chunk, behind)) = rest.split_first_chunk() {
        to.extend_from_slice(chunk);
        let found = find(chunk);
        if found != 0 {
            let before = found.trailing_zeros() as usize;
            to.truncate(to.len() - chunk.len() + before);
            return from.len() - rest.len() + before;
        }
        rest = behind;
    }
    let end = match from.last_chunk() {
        // What stands in it before the rest has been found to be no end.
        Some(chunk) if find(chunk) == 0 => rest.len(),
        _ => (rest.iter().position(|byte| ends.contains(byte))).unwrap_or(rest.len()),
    };
    to.extend_from_slice(&rest[..end]);
    from.len() - rest.len() + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_before_the_first_of_them_is_copied() {
        for length in 0..70 {
            for first in 0..=length {
                for (ends, end) in [([b'a', b'b'], b'a'), ([b'a', b'b'], b'b')] {
                    let mut from = vec![b'-'; length];
                    if let Some(place) = from.get_mut(first) {
                        *place = end;
                    }
                    from.extend_from_slice(if first < length { b"ab" } else { b"" });
                    let mut to = b"a".to_vec();
                    assert_eq!(copy_until(ends, &from, &mut to), first);
                    assert_eq!(to, [b"a", &from[..first]].concat());
                }
            }
        }
    }
}
