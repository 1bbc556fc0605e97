//! Finds the members of a zip archive whose directory is missing because the file was cut off. Each
//! member has a header of its own, which says where the next one starts.

use std::io::{self, Read};

use rawzip::extra_fields::{ExtraFieldId, ExtraFields};
use rawzip::{CompressionMethod, Crc32, RangeReader, ReaderAt};

use super::member_name::decode_name;
use crate::capture::source::inflate::Inflate;

/// Length of a local header before its name (APPNOTE §4.3.7).
const HEADER_BYTES: usize = 30;

const HEADER_SIGNATURE: &[u8] = b"PK\x03\x04";
const DIRECTORY_SIGNATURE: &[u8] = b"PK\x01\x02";
const DESCRIPTOR_SIGNATURE: &[u8] = b"PK\x07\x08";

/// Flags of a member (APPNOTE §4.4.4).
const IS_ENCRYPTED: u16 = 1;
const HAS_DESCRIPTOR: u16 = 1 << 3;
const IS_UTF8: u16 = 1 << 11;

/// A member as its local header describes it.
#[derive(Debug)]
pub(super) struct LocalMember {
    pub(super) path: String,
    pub(super) method: CompressionMethod,
    pub(super) is_encrypted: bool,
    pub(super) data: LocalData,
}

/// The compressed data of a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalData {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Checksum and size of the data when decompressed; `None` if they are lost.
    pub(super) check: Option<(u32, u64)>,
}

/// Finds members from the start of `reader`, which has `length` bytes, up to the first one whose
/// end is unknown. A member without its size is decompressed to find its end: all such members
/// together up to `max_unpacked` bytes.
pub(super) fn find_members(
    reader: &impl ReaderAt,
    length: u64,
    max_unpacked: u64,
    max_members: usize,
) -> Vec<LocalMember> {
    let mut members = Vec::new();
    let mut remaining = max_unpacked;
    let mut next = Some(0);
    while let Some(at) = next
        && members.len() < max_members
        && let Some((member, after)) = read_member(reader, at, length, &mut remaining)
    {
        next = after;
        if !member.path.ends_with('/') {
            members.push(member);
        }
    }
    members
}

/// Reads the member whose header is at `at`, and returns the offset of the next header, if known.
/// At most `remaining` bytes are decompressed, and subtracted from it.
fn read_member(
    reader: &impl ReaderAt,
    at: u64,
    length: u64,
    remaining: &mut u64,
) -> Option<(LocalMember, Option<u64>)> {
    let mut header = [0; HEADER_BYTES];
    reader.read_exact_at(&mut header, at).ok()?;
    if !header.starts_with(HEADER_SIGNATURE) {
        return None;
    }
    let [flags, method, name_bytes, extra_bytes] =
        [6, 8, 26, 28].map(|at| u16::from_le_bytes([header[at], header[at + 1]]));
    let mut variable = vec![0; usize::from(name_bytes) + usize::from(extra_bytes)];
    let variable_at = at + HEADER_BYTES as u64;
    reader.read_exact_at(&mut variable, variable_at).ok()?;
    let (name, extra) = variable.split_at(usize::from(name_bytes));
    let start = variable_at + variable.len() as u64;
    let method = CompressionMethod::new(method);
    let is_encrypted = flags & IS_ENCRYPTED != 0;
    let (data, next) = if flags & HAS_DESCRIPTOR == 0 {
        sized_data(&header, extra, start, length)
    } else if method == CompressionMethod::DEFLATE && !is_encrypted {
        deflated_data(reader, start, length, remaining)
    } else {
        (
            LocalData {
                start,
                end: length,
                check: None,
            },
            None,
        )
    };
    let path = decode_name(name, flags & IS_UTF8 != 0, ExtraFields::new(extra));
    let member = LocalMember {
        path,
        method,
        is_encrypted,
        data,
    };
    Some((member, next))
}

/// The data of a member whose size is in its header.
fn sized_data(
    header: &[u8; HEADER_BYTES],
    extra: &[u8],
    start: u64,
    length: u64,
) -> (LocalData, Option<u64>) {
    let [checksum, compressed, size] = [14, 18, 22].map(|at| read_u32(&header[at..]));
    let (mut compressed, mut size) = (u64::from(compressed), u64::from(size));
    let zip64 = ExtraFields::new(extra).find(|(id, _)| *id == ExtraFieldId::ZIP64);
    if compressed == u64::from(u32::MAX)
        && let Some((_, field)) = zip64
        && let Some((sizes, _)) = field.split_first_chunk::<16>()
    {
        size = read_u64(sizes);
        compressed = read_u64(&sizes[8..]);
    }
    let end = start.saturating_add(compressed);
    let data = LocalData {
        start,
        end: end.min(length),
        check: Some((checksum, size)),
    };
    (data, (end < length).then_some(end))
}

/// The data of a deflated member whose size follows it: it has to be decompressed to find its end.
fn deflated_data(
    reader: &impl ReaderAt,
    start: u64,
    length: u64,
    remaining: &mut u64,
) -> (LocalData, Option<u64>) {
    let mut decoder = Inflate::bare(RangeReader::new(reader, start..length));
    let mut limited = decoder.by_ref().take(remaining.saturating_add(1));
    let size = io::copy(&mut limited, &mut io::sink());
    let end = start + decoder.total_in();
    let is_too_large = decoder.total_out() > *remaining;
    *remaining = remaining.saturating_sub(decoder.total_out());
    let (Ok(size), false) = (size, is_too_large) else {
        return (
            LocalData {
                start,
                end: length,
                check: None,
            },
            None,
        );
    };
    let mut descriptor = [0; 24 + 4];
    let available = usize::try_from(length.saturating_sub(end)).unwrap_or(usize::MAX);
    let descriptor = &mut descriptor[..available.min(28)];
    let descriptor = match reader.read_exact_at(descriptor, end) {
        Ok(()) => &descriptor[..],
        Err(_) => &[],
    };
    let signature = if descriptor.starts_with(DESCRIPTOR_SIGNATURE) {
        DESCRIPTOR_SIGNATURE.len()
    } else {
        0
    };
    let checksum = descriptor.get(signature..signature + 4).map(read_u32);
    let data = LocalData {
        start,
        end,
        check: checksum.map(|checksum| (checksum, size)),
    };
    // The sizes in the descriptor have 4 or 8 bytes each.
    let is_next = |bytes: &usize| {
        let rest = descriptor.get(signature + bytes..).unwrap_or_default();
        rest.starts_with(HEADER_SIGNATURE) || rest.starts_with(DIRECTORY_SIGNATURE)
    };
    let bytes = [12, 20].into_iter().find(is_next);
    (data, bytes.map(|bytes| end + (signature + bytes) as u64))
}

fn read_u32(bytes: &[u8]) -> u32 {
    let bytes = bytes.first_chunk().copied();
    bytes.map_or(0, u32::from_le_bytes)
}

fn read_u64(bytes: &[u8]) -> u64 {
    let bytes = bytes.first_chunk().copied();
    bytes.map_or(0, u64::from_le_bytes)
}

/// Compares checksum and size of the data with those of its header. If they differ, the last part
/// of the data is not returned: small members are either right or not read at all.
pub(super) struct CheckedReader<R> {
    reader: R,
    check: Option<(u32, u64)>,
    checksum: Crc32,
    size: u64,
}

impl<R> CheckedReader<R> {
    pub(super) fn new(reader: R, check: Option<(u32, u64)>) -> Self {
        Self {
            reader,
            check,
            checksum: Crc32::new(),
            size: 0,
        }
    }
}

impl<R: Read> Read for CheckedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.checksum.update(&buffer[..read]);
        self.size += read as u64;
        if let Some((checksum, size)) = self.check
            && (self.size >= size || (read == 0 && !buffer.is_empty()))
        {
            if self.size < size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.size > size || self.checksum.checksum() != checksum {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(read)
    }
}
