//! Formats that are known by the structure of their first bytes, because they have no signature:
//! `MessagePack`, CBOR, and tar archives of old programs.

use super::format::{CBOR, Format, MESSAGE_PACK, TAR, format};

/// The format of data, as far as its first bytes show it.
#[derive(Clone, Copy, Debug)]
pub(super) enum BinaryFormat {
    Known(&'static Format),
    /// Another one, or text.
    None,
    /// More bytes are needed.
    Unknown,
}

const MESSAGE_PACK_FORMAT: &Format = &format("MessagePack data", b"", MESSAGE_PACK);
const CBOR_FORMAT: &Format = &format("CBOR data", b"", CBOR);
const TAR_FORMAT: &Format = &format("a tar archive", b"", TAR);

/// Detects the format of data that starts with `head`.
pub(super) fn detect(head: &[u8]) -> BinaryFormat {
    let formats = [
        (is_tar as fn(&[u8]) -> Option<bool>, TAR_FORMAT),
        (is_message_pack, MESSAGE_PACK_FORMAT),
        (is_cbor, CBOR_FORMAT),
    ];
    for (is_format, format) in formats {
        match is_format(head) {
            Some(true) => return BinaryFormat::Known(format),
            Some(false) => {}
            None => return BinaryFormat::Unknown,
        }
    }
    BinaryFormat::None
}

/// True if `head` starts with the header of a tar archive: a name that is filled up with NUL bytes,
/// and a valid checksum. `None` if more bytes decide.
fn is_tar(head: &[u8]) -> Option<bool> {
    const HEADER_BYTES: usize = 512;
    const NAME_BYTES: usize = 100;
    const CHECKSUM: std::ops::Range<usize> = 148..156;
    let name = &head[..head.len().min(NAME_BYTES)];
    let length = name
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(name.len());
    let (name, filling) = name.split_at(length);
    let is_name = !name.is_empty() && !name.iter().any(u8::is_ascii_control);
    if !is_name || filling.is_empty() || filling.iter().any(|byte| *byte != 0) {
        // A name without a NUL byte in the header is as long as the field.
        return Some(false);
    }
    let header = head.get(..HEADER_BYTES)?;
    let digits = header[CHECKSUM].iter().filter(|byte| byte.is_ascii_digit());
    let checksum = digits.fold(0, |sum, digit| sum * 8 + u32::from(digit - b'0'));
    let byte =
        |(at, byte): (usize, &u8)| u32::from(if CHECKSUM.contains(&at) { b' ' } else { *byte });
    Some(header.iter().enumerate().map(byte).sum::<u32>() == checksum)
}

/// True if `head` starts with a map in `MessagePack` with a name in it, also in an array.
fn is_message_pack(head: &[u8]) -> Option<bool> {
    let (kind, mut rest) = head.split_first().unwrap_or((&0, &[]));
    let mut kind = *kind;
    if let 0x91..=0x9f | 0xdc = kind {
        rest = rest.get(if kind == 0xdc { 2 } else { 0 }..)?;
        (kind, rest) = rest.split_first().map(|(kind, rest)| (*kind, rest))?;
    }
    let rest = match kind {
        0x81..=0x8f => rest,
        0xde => rest.get(2..)?,
        _ => return Some(false),
    };
    let (kind, rest) = rest.split_first()?;
    match kind {
        0xa2..=0xbf => starts_with_name(rest, usize::from(kind & 0x1f)),
        0xd9 => {
            let (length, rest) = rest.split_first()?;
            starts_with_name(rest, usize::from(*length))
        }
        _ => Some(false),
    }
}

/// True if `head` starts with a map in CBOR with a name in it, also in an array.
fn is_cbor(head: &[u8]) -> Option<bool> {
    let (kind, mut rest) = head.split_first().unwrap_or((&0, &[]));
    let mut kind = *kind;
    if let 0x81..=0x97 | 0x98 | 0x99 | 0x9f = kind {
        let skipped = match kind {
            0x98 => 1,
            0x99 => 2,
            _ => 0,
        };
        rest = rest.get(skipped..)?;
        (kind, rest) = rest.split_first().map(|(kind, rest)| (*kind, rest))?;
    }
    let rest = match kind {
        0xa1..=0xb7 | 0xbf => rest,
        0xb8 => rest.get(1..)?,
        0xb9 => rest.get(2..)?,
        _ => return Some(false),
    };
    let (kind, rest) = rest.split_first()?;
    let (length, rest) = match kind {
        0x62..=0x77 => (usize::from(kind - 0x60), rest),
        0x78 => {
            let (length, rest) = rest.split_first()?;
            (usize::from(*length), rest)
        }
        _ => return Some(false),
    };
    if !starts_with_name(rest, length)? {
        return Some(false);
    }
    // Text in Windows-1252 may start like a short name.
    let value = *rest.get(length)?;
    Some(value < b' ' && !value.is_ascii_whitespace() || value >= 0x60)
}

/// True if a name of `length` bytes starts `text`.
fn starts_with_name(text: &[u8], length: usize) -> Option<bool> {
    let name = &text[..text.len().min(length)];
    let is_name = name
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if is_name && name.len() < length {
        return None;
    }
    Some(is_name && length > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(head: &[u8]) -> &'static str {
        match detect(head) {
            BinaryFormat::Known(format) => format.what,
            BinaryFormat::None => "none",
            BinaryFormat::Unknown => "unknown",
        }
    }

    #[test]
    fn data_without_a_signature_is_known_by_its_structure() {
        let mut tar = [0; 512];
        tar[..6].copy_from_slice(b"a.json");
        tar[148..156].copy_from_slice(b"        ");
        let sum: u32 = tar.iter().map(|byte| u32::from(*byte)).sum();
        tar[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        assert_eq!(name(&tar), "a tar archive");
        tar[200] = 1;
        assert_eq!(name(&tar), "none");
        for (head, expected) in [
            (&b"\x8c\xa2id\xce\0\x07"[..], "MessagePack data"),
            (b"\x92\xde\0\x10\xaecustomer_phone\xc0", "MessagePack data"),
            (b"\xac\x62id\x1a\0\x07", "CBOR data"),
            (b"\x82\xbf\x6ecustomer_phone\x6d+49", "CBOR data"),
            (b"id,body\n", "none"),
            (b"\xa3bid 500\n", "none"),
            (b"\x84text\x93", "none"),
            (b"\xc3\xbc", "none"),
            (b"a.json\0b", "none"),
        ] {
            assert_eq!(name(head), expected, "{head:?}");
            for length in 0..head.len() {
                let part = name(&head[..length]);
                assert!(
                    part == expected || part == "unknown" || length == 0,
                    "{head:?} {length}"
                );
            }
        }
    }
}
