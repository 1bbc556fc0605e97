//! Reads a zip archive. The crate `rawzip` reads its directory; here are the limits, and the errors
//! for people.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, ErrorKind, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RangeReader, ReaderAt,
    ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord, ZipLocator,
};

use super::local_headers::{CheckedReader, LocalData, LocalMember, find_members};
use super::member_name::decode_name;
use crate::capture::source::unpack::{decode_error, zstd_decoder};

/// Data that can be read from any offset.
pub(crate) trait SeekableReader: Read + Seek + Send {}

impl<R: Read + Seek + Send> SeekableReader for R {}

/// The data of an archive, which the directory and a member read in turn.
#[derive(Clone)]
struct SharedReader(Arc<Mutex<Box<dyn SeekableReader>>>);

impl ReaderAt for SharedReader {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.seek(SeekFrom::Start(offset))?;
        reader.read(buffer)
    }
}

/// Maximum number of bytes that the list of members takes in memory.
const MAX_DIRECTORY_BYTES: usize = 256 << 20;

/// Bytes that the list takes for each member besides its name.
const ENTRY_BYTES: usize = 128;

/// Size of the end of a file in which the end of an archive is searched: the record and the longest
/// comment.
const MAX_TAIL_BYTES: u64 = 22 + 65_535;

/// An opened archive.
pub(crate) struct ZipFile {
    reader: SharedReader,
    /// Length of the data in bytes.
    length: u64,
    /// `None` if the directory is missing.
    archive: Option<ZipArchive<SharedReader>>,
}

/// A file in an archive.
#[derive(Debug)]
pub(crate) struct ZipMember {
    /// Its path, with slashes between folders.
    pub(crate) path: Box<str>,
    data: MemberData,
    method: CompressionMethod,
    is_encrypted: bool,
}

/// Where the data of a member is.
#[derive(Debug)]
enum MemberData {
    /// As the directory says.
    Listed {
        entry: ZipArchiveEntryWayfinder,
        checksum: u32,
    },
    /// As the header of the member says, if the directory is missing.
    Local(LocalData),
}

/// The directory of an archive.
pub(crate) struct ZipDirectory {
    /// All files, in the order of the directory. Folders and links have no data.
    pub(crate) members: Vec<ZipMember>,
    /// The reason why there may be more members, if any.
    pub(crate) damage: Option<io::Error>,
}

impl ZipFile {
    /// Opens the archive at the end of `reader`.
    pub(crate) fn open(mut reader: Box<dyn SeekableReader>) -> io::Result<Self> {
        let length = reader.seek(SeekFrom::End(0))?;
        let reader = SharedReader(Arc::new(Mutex::new(reader)));
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let archive = match ZipLocator::new().locate_in_reader(reader.clone(), &mut buffer, length)
        {
            Ok(archive) => Some(archive),
            Err((_, error)) => match error.into_kind() {
                ErrorKind::IO(error) if error.raw_os_error().is_some() => return Err(error),
                _ => None,
            },
        };
        Ok(Self {
            reader,
            length,
            archive,
        })
    }

    /// Reads the directory. If it is missing, the members before the end are found by their own
    /// headers, and `max_unpacked` limits the data that is decompressed to find the next one.
    pub(crate) fn read_directory(&self, max_unpacked: u64) -> ZipDirectory {
        if let Some(archive) = &self.archive {
            let mut members = Vec::new();
            let damage = self.add_members(archive, &mut members).err();
            return ZipDirectory { members, damage };
        }
        let max_members = MAX_DIRECTORY_BYTES / (2 * ENTRY_BYTES);
        let found = find_members(&self.reader, self.length, max_unpacked, max_members);
        ZipDirectory {
            members: found.into_iter().map(ZipMember::from_local).collect(),
            damage: Some(decode_error(
                "the zip archive is incomplete: the directory at its end is missing, so members may be missing too (zip -FF may repair it)",
            )),
        }
    }

    fn add_members(
        &self,
        archive: &ZipArchive<SharedReader>,
        members: &mut Vec<ZipMember>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let mut entries = archive.entries(&mut buffer);
        let (mut count, mut bytes, mut start) = (0, 0, u64::MAX);
        while let Some(entry) = entries.next_entry().map_err(directory_error)? {
            count += 1;
            start = start.min(entry.local_header_offset());
            if entry.is_dir() || entry.mode().is_symlink() {
                continue;
            }
            bytes += ENTRY_BYTES + entry.file_path().as_bytes().len();
            if bytes > MAX_DIRECTORY_BYTES {
                return Err(decode_error(
                    "the zip archive has too many members; the rest was not read (extract it)",
                ));
            }
            members.push(ZipMember::new(&entry));
        }
        // Archives with more members than the field can hold have their number modulo 65,536, if
        // their writer does not know zip64.
        if count & 0xffff != archive.entries_hint() & 0xffff {
            return Err(directory_error(ErrorKind::Eof.into()));
        }
        self.check_prefix(start)
    }

    /// Fails if another archive precedes this one, whose first member is at `start`. Two archives
    /// in one file have two directories, of which only the last is found.
    fn check_prefix(&self, start: u64) -> io::Result<()> {
        let mut head = [0; 4];
        let mut reader = RangeReader::new(&self.reader, 0..4);
        let has_prefix = start > 0 && start != u64::MAX;
        if has_prefix && reader.read_exact(&mut head).is_ok() && head == *b"PK\x03\x04" {
            return Err(decode_error(
                "another zip archive precedes this one in the file and was not read",
            ));
        }
        Ok(())
    }

    /// Opens the data of a member, decompressed. Its checksum is compared at the end.
    pub(crate) fn read(&self, member: &ZipMember) -> io::Result<Box<dyn Read + Send>> {
        let LocalData { start, end, check } = match (&member.data, &self.archive) {
            (MemberData::Listed { entry, checksum }, Some(archive)) => {
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
            CompressionMethod::DEFLATE => {
                Box::new(CheckedReader::new(DeflateDecoder::new(data), check))
            }
            _ => Box::new(CheckedReader::new(zstd_decoder(data)?, check)),
        })
    }
}

impl ZipMember {
    fn new(entry: &ZipFileHeaderRecord) -> Self {
        let flags = entry.flags();
        let name = entry.file_path();
        Self {
            path: decode_name(name.as_bytes(), flags.is_utf8(), entry.extra_fields()).into(),
            data: MemberData::Listed {
                entry: entry.wayfinder(),
                checksum: entry.crc32(),
            },
            method: entry.compression_method(),
            is_encrypted: flags.is_encrypted() || flags.is_masked(),
        }
    }

    fn from_local(member: LocalMember) -> Self {
        Self {
            path: member.path.into(),
            data: MemberData::Local(member.data),
            method: member.method,
            is_encrypted: member.is_encrypted,
        }
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

fn directory_error(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::IO(error) if error.raw_os_error().is_some() => error,
        _ => decode_error(
            "the directory of the zip archive is damaged, so members may be missing (zip -FF may repair it)",
        ),
    }
}

fn member_error(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::IO(error) if error.raw_os_error().is_some() => error,
        _ => {
            decode_error("the zip archive is damaged: this member is not where the directory says")
        }
    }
}
