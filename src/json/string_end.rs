//! Where the strings of JSON end (RFC 8259 §7): most bytes of a body are in them.

use wide::u8x32;

/// So many bytes of a string are looked at together.
const CHUNK: usize = 32;

/// So many where there may be much: as many as a word has bits.
pub(super) const BLOCK: usize = 64;

/// Passes the string that begins at `at`; the end of it, behind the closing quote, and whether it has escapes.
#[expect(clippy::inline_always, reason = "two come with each member, mostly")]
#[inline(always)]
pub(super) fn string_end(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    if bytes.get(at) != Some(&b'"') {
        return None;
    }
    let at = plain_end(bytes, at + 1)?;
    if bytes.get(at) == Some(&b'"') {
        return Some((at + 1, false));
    }
    rest_of_string(bytes, at)
}

/// Passes the rest of a string, which begins at `at`; the same.
#[inline(never)]
fn rest_of_string(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut has_escapes = false;
    // Long texts have many escapes: a block of text is searched for all of its special bytes at once.
    while let Some(block) = bytes.get(at..)?.first_chunk::<BLOCK>() {
        let start = at;
        at += BLOCK;
        let (chunks, _) = block.as_chunks::<CHUNK>();
        let parts = (0..).zip(chunks);
        let mut special = parts.fold(0, |special, (number, chunk)| {
            special | u64::from(not_plain(chunk)) << (number * CHUNK)
        });
        while special != 0 {
            let place = special.trailing_zeros() as usize;
            match block[place] {
                b'"' => return Some((start + place + 1, has_escapes)),
                b'\\' => has_escapes = true,
                _ => return None,
            }
            let end = escape_end(bytes, start + place)?;
            if end >= at {
                at = end;
                break;
            }
            special &= u64::MAX << (end - start);
        }
    }
    last_of_string(bytes, at, has_escapes)
}

/// The same near the end of all text, byte by byte.
fn last_of_string(bytes: &[u8], mut at: usize, mut has_escapes: bool) -> Option<(usize, bool)> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some((at + 1, has_escapes)),
            b'\\' => {
                has_escapes = true;
                at = escape_end(bytes, at)?;
            }
            0..0x20 => return None,
            _ => at += 1,
        }
    }
}

/// Where plain text ends that begins at `at`, or sooner, where less than a chunk is left; none where `at` is behind all text.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(chunk) = bytes.get(at..)?.first_chunk() {
        let found = not_plain(chunk);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize);
        }
        at += CHUNK;
    }
    Some(at)
}

/// A bit for each byte, the lowest for the first: whether it is a quote, a backslash or a control character.
#[inline]
fn not_plain(bytes: &[u8; CHUNK]) -> u32 {
    let bytes = u8x32::new(*bytes);
    // That makes a quote the one that follows the control characters, and leaves them among themselves.
    let moved = bytes ^ u8x32::splat(b'"' ^ 0x20);
    let is_quote_or_control = moved.min(u8x32::splat(0x20)).simd_eq(moved);
    (is_quote_or_control | bytes.simd_eq(u8x32::splat(b'\\'))).to_bitmask()
}

/// The end of the escape that begins at `at`.
#[expect(clippy::inline_always, reason = "long texts are full of them")]
#[inline(always)]
fn escape_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' => {
            let digits = bytes.get(at + 2..at + 6)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(at + 6)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_that_a_string_can_not_have_as_it_is_is_found_in_each_place() {
        for byte in 0..=u8::MAX {
            let is_plain = byte >= 0x20 && byte != b'"' && byte != b'\\';
            for place in 0..CHUNK {
                let mut chunk = *b"0123456789 \x7f\x80\xc3\xbc\xffabcdefghijklmnop";
                chunk[place] = byte;
                let found = if is_plain { 0 } else { 1 << place };
                assert_eq!(not_plain(&chunk), found, "{byte:#x} at {place}");
            }
        }
    }
}
