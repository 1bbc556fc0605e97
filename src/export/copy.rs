//! Text from one place to another, up to the next byte that needs a thought.

use wide::u8x16;

/// So many bytes are looked at and copied together.
const CHUNK: usize = 16;

/// Adds to `to` what `from` has before the first byte that is one of `ends`; how many bytes that are.
///
/// Most texts are so short that calls to search and to copy them would take longer than the work itself. It is fastest where `from` goes on
/// behind the end.
#[inline]
pub(super) fn copy_until<const N: usize>(ends: [u8; N], from: &[u8], to: &mut Vec<u8>) -> usize {
    let mut rest = from;
    while let Some((chunk, behind)) = rest.split_first_chunk() {
        to.extend_from_slice(chunk);
        let found = find(ends, chunk);
        if found != 0 {
            let before = found.trailing_zeros() as usize;
            to.truncate(to.len() - CHUNK + before);
            return from.len() - rest.len() + before;
        }
        rest = behind;
    }
    let end = match from.last_chunk() {
        // What stands in it before the rest has been found to be no end.
        Some(chunk) if find(ends, chunk) == 0 => rest.len(),
        _ => (rest.iter().position(|byte| ends.contains(byte))).unwrap_or(rest.len()),
    };
    to.extend_from_slice(&rest[..end]);
    from.len() - rest.len() + end
}

/// A bit for each byte, the lowest for the first: whether it is one of `ends`.
fn find<const N: usize>(ends: [u8; N], chunk: &[u8; CHUNK]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let found = ends.map(|end| bytes.simd_eq(u8x16::splat(end)));
    let found = found.into_iter().reduce(|one, other| one | other);
    found.unwrap_or_default().to_bitmask()
}

/// Adds to `to` the first `length` bytes of `from`, which are few.
#[inline]
pub(super) fn copy_few(from: &[u8], length: usize, to: &mut Vec<u8>) {
    match from.first_chunk::<CHUNK>() {
        Some(chunk) if length <= CHUNK => {
            to.extend_from_slice(chunk);
            to.truncate(to.len() - CHUNK + length);
        }
        _ => to.extend_from_slice(&from[..length]),
    }
}

/// Adds `byte` to `to` so many times, which are mostly few.
#[inline]
pub(super) fn push_repeated(byte: u8, count: usize, to: &mut Vec<u8>) {
    if count <= CHUNK {
        copy_few(&[byte; CHUNK], count, to);
    } else {
        to.resize(to.len() + count, byte);
    }
}

/// `whole` from where `part` begins in it; only `part` where it is no part of it.
#[inline]
pub(super) fn from_part_on<'w>(whole: &'w str, part: &'w str) -> &'w [u8] {
    let offset = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    let behind = whole.as_bytes().get(offset..);
    behind
        .filter(|behind| behind.len() >= part.len())
        .unwrap_or(part.as_bytes())
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

    #[test]
    fn a_few_bytes_are_copied_whatever_stands_behind() {
        let text = "0123456789abcdef0123456789";
        for length in 0..text.len() {
            for from in [text.as_bytes(), &text.as_bytes()[..length]] {
                let mut to = b"a".to_vec();
                copy_few(from, length, &mut to);
                assert_eq!(to, [b"a", &text.as_bytes()[..length]].concat());
            }
            let mut to = b"a".to_vec();
            push_repeated(b',', length, &mut to);
            assert_eq!(to, [b"a", &*vec![b','; length]].concat());
        }
    }

    #[test]
    fn what_is_no_part_stands_alone() {
        let whole = "one, two and three".to_owned();
        assert_eq!(from_part_on(&whole, &whole[5..8]), b"two and three");
        assert_eq!(from_part_on(&whole, &whole[18..]), b"");
        assert_eq!(from_part_on(&whole, "two"), b"two");
        assert_eq!(from_part_on(&whole[..3], &whole[5..8]), b"two");
    }
}
