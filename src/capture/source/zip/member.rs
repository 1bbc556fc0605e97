//! The members of a zip archive, and the reader that they share.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use rawzip::{CompressionMethod, ReaderAt, ZipArchiveEntryWayfinder, ZipFileHeaderRecord};

use super::local_headers::{LocalData, LocalMember};
use super::member_name::decode_name;

/// Data that can be read from any offset.
pub(crate) trait SeekableReader: Read + Seek + Send {}

impl<R: Read + Seek + Send> SeekableReader for R {}

/// The data of an archive, which the directory and a member read in turn.
#[derive(Clone)]
pub(super) struct SharedReader(pub(super) Arc<Mutex<Box<dyn SeekableReader>>>);

impl ReaderAt for SharedReader {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.seek(SeekFrom::Start(offset))?;
        reader.read(buffer)
    }
}

/// A file in an archive.
#[derive(Debug)]
pub(crate) struct ZipMember {
    /// Its path, with slashes between folders.
    pub(crate) path: Box<str>,
    pub(super) data: MemberData,
    pub(super) method: CompressionMethod,
    is_encrypted: bool,
}

/// Where the data of a member is.
#[derive(Debug)]
pub(super) enum MemberData {
    /// As the directory says.
    Listed {
        entry: ZipArchiveEntryWayfinder,
        /// Offset of its local header.
        header: u64,
        checksum: u32,
    },
    /// As the header of the member says, if the directory is missing.
    Local(LocalData),
}

impl ZipMember {
    pub(super) fn new(entry: &ZipFileHeaderRecord) -> Self {
        let flags = entry.flags();
        let name = entry.file_path();
        Self {
            path: decode_name(name.as_bytes(), flags.is_utf8(), entry.extra_fields()).into(),
            data: MemberData::Listed {
                entry: entry.wayfinder(),
                header: entry.local_header_offset(),
                checksum: entry.crc32(),
            },
            method: entry.compression_method(),
            is_encrypted: flags.is_encrypted() || flags.is_masked(),
        }
    }

    pub(super) fn from_local(member: LocalMember) -> Self {
        Self {
            path: member.path.into(),
            data: MemberData::Local(member.data),
            method: member.method,
            is_encrypted: member.is_encrypted,
        }
    }

    /// An offset in the file that no other member has, unless its data is the same.
    pub(crate) fn offset(&self) -> u64 {
        match &self.data {
            MemberData::Listed { header, .. } => *header,
            MemberData::Local(data) => data.start,
        }
    }

    /// Returns true if the records of both members in the directory describe the same data.
    pub(crate) fn has_data_of(&self, other: &Self) -> bool {
        let is_same = match (&self.data, &other.data) {
            (MemberData::Listed { entry, .. }, MemberData::Listed { entry: other, .. }) => {
                entry == other
            }
            _ => self.offset() == other.offset(),
        };
        is_same && self.method == other.method && self.is_encrypted == other.is_encrypted
    }

    /// The reason why the data of this member cannot be read by any means of this program, if so.
    pub(crate) fn obstacle(&self) -> Option<String> {
        if self.is_encrypted || self.method == CompressionMethod::AES {
            return Some("encrypted".to_owned());
        }
        match self.method {
            CompressionMethod::STORE | CompressionMethod::DEFLATE | CompressionMethod::ZSTD => None,
            method => Some(match method.name() {
                Some(name) => format!("compressed with {}", name.to_lowercase()),
                None => format!("compressed with method {}", method.as_u16()),
            }),
        }
    }
}
