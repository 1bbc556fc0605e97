//! Reads a zip archive: its members, and their data.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use rawzip::{CompressionMethod, ErrorKind, RangeReader, ZipArchive};

use super::directory::{
    ENTRY_BYTES, MAX_DIRECTORY_BYTES, MAX_TAIL_BYTES, ZipDirectory, directory_error, find_directory,
};
use super::local_headers::{CheckedReader, LocalData, find_members};
use super::member::{MemberData, SeekableReader, SharedReader, ZipMember};
use crate::capture::source::decode_error::decode_error;
use crate::capture::source::inflate::Inflate;
use crate::capture::source::unpack::zstd_decoder;

/// The message for an archive of `length` bytes without a directory. In a long one, the directory
/// may be before the part that is searched for it.
fn missing_directory(length: u64) -> &'static str {
    if length > MAX_TAIL_BYTES {
        "the zip archive is incomplete, or more than 1 MiB of other data follows it: the directory at its end is missing, so members may be missing too (zip -FF may repair it)"
    } else {
        "the zip archive is incomplete: the directory at its end is missing, so members may be missing too (zip -FF may repair it)"
    }
}

/// An opened archive.
pub(crate) struct ZipFile {
    reader: SharedReader,
    /// `None` if the directory is missing.
    archive: Option<ZipArchive<SharedReader>>,
}

impl ZipFile {
    /// Opens the archive at the end of `reader` and reads its directory. If that is missing, the
    /// members before the end are found by their own headers, and `max_unpacked` limits the data
    /// that is decompressed to find the next one.
    pub(crate) fn open(
        mut reader: Box<dyn SeekableReader>,
        max_unpacked: u64,
    ) -> io::Result<(Self, ZipDirectory)> {
        let length = reader.seek(SeekFrom::End(0))?;
        let reader = SharedReader(Arc::new(Mutex::new(reader)));
        if let Some((archive, directory)) = find_directory(&reader, length)? {
            let archive = Some(archive);
            return Ok((Self { reader, archive }, directory));
        }
        let max_members = MAX_DIRECTORY_BYTES / (2 * ENTRY_BYTES);
        let found = find_members(&reader, length, max_unpacked, max_members);
        let directory = ZipDirectory {
            members: found.into_iter().map(ZipMember::from_local).collect(),
            damage: vec![decode_error(missing_directory(length))],
        };
        let archive = None;
        Ok((Self { reader, archive }, directory))
    }

    /// Opens the data of a member, decompressed. Its checksum is compared at the end.
    pub(crate) fn read(&self, member: &ZipMember) -> io::Result<Box<dyn Read + Send>> {
        let LocalData { start, end, check } = match (&member.data, &self.archive) {
            (
                MemberData::Listed {
                    entry, checksum, ..
                },
                Some(archive),
            ) => {
                let check = Some((*checksum, entry.uncompressed_size_hint()));
                let entry = archive.get_entry(*entry).map_err(member_error)?;
                let (start, end) = entry.compressed_data_range();
                LocalData { start, end, check }
            }
            (MemberData::Local(data), _) => *data,
            (MemberData::Listed { .. }, None) => {
                return Err(directory_error(ErrorKind::Eof.into()));
            }
        };
        let data = RangeReader::new(self.reader.clone(), start..end);
        Ok(match member.method {
            CompressionMethod::STORE => Box::new(CheckedReader::new(data, check)),
            CompressionMethod::DEFLATE => Box::new(CheckedReader::new(Inflate::bare(data), check)),
            _ => Box::new(CheckedReader::new(zstd_decoder(data)?, check)),
        })
    }
}

/// Returns true if an archive ends at the end of `reader`, which then has data before it, such as a
/// program that extracts it.
pub(crate) fn ends_like_zip(reader: &mut (impl Read + Seek)) -> io::Result<bool> {
    let end = reader.seek(SeekFrom::End(0))?;
    reader.seek(SeekFrom::Start(end.saturating_sub(MAX_TAIL_BYTES)))?;
    let mut tail = Vec::new();
    reader.take(MAX_TAIL_BYTES).read_to_end(&mut tail)?;
    reader.seek(SeekFrom::Start(0))?;
    Ok(memchr::memmem::rfind(&tail, b"PK\x05\x06").is_some())
}

fn member_error(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::IO(error) if error.raw_os_error().is_some() => error,
        _ => {
            decode_error("the zip archive is damaged: this member is not where the directory says")
        }
    }
}
