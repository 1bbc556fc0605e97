//! Finds and reads the directory of a zip archive, and reports data before and after the archive.
//! The crate `rawzip` parses the records; here are the limits, and the errors for people.

use std::io::{self, Read as _};

use rawzip::{ErrorKind, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RangeReader, ZipArchive, ZipLocator};

use super::member::{SharedReader, ZipMember};
use crate::capture::source::decode_error::decode_error;

/// Maximum number of bytes that the list of members takes in memory.
pub(super) const MAX_DIRECTORY_BYTES: usize = 256 << 20;

/// Bytes that the list takes for each member besides its name.
pub(super) const ENTRY_BYTES: usize = 128;

/// Size of the end of a file in which the end record is searched. Other data may follow it.
pub(super) const MAX_TAIL_BYTES: u64 = 1 << 20;

/// Maximum length of an end record with its comment (APPNOTE §4.3.16).
const MAX_END_RECORD_BYTES: u64 = 22 + 65_535;

/// Maximum number of directories that are read to find the end record before a comment that
/// contains copies of such records.
const MAX_DIRECTORIES: usize = 16;

/// The directory of an archive.
pub(crate) struct ZipDirectory {
    /// All files, in the order of the directory. Folders and links have no data.
    pub(crate) members: Vec<ZipMember>,
    /// The reasons why there may be more members or other data, if any.
    pub(crate) damage: Vec<io::Error>,
}

/// An end record, by its signature.
struct EndRecord {
    offset: u64,
    /// `None` if the record is invalid.
    archive: Option<ZipArchive<SharedReader>>,
}

/// Finds the last archive in `reader`, which has `length` bytes, and reads its directory.
pub(super) fn find_directory(
    reader: &SharedReader,
    length: u64,
) -> io::Result<Option<(ZipArchive<SharedReader>, ZipDirectory)>> {
    let Some(last) = find_end_record(reader, length)? else {
        return Ok(None);
    };
    let mut found = last.archive.map(|archive| read_directory(archive, length));
    let is_clean = matches!(&found, Some((.., directory)) if directory.damage.is_empty());
    if !is_clean && let Some(outer) = find_commented(reader, last.offset, length)? {
        found = Some(outer);
    }
    Ok(found)
}

/// Finds the archive whose comment contains the signature of an end record at `inner`.
fn find_commented(
    reader: &SharedReader,
    inner: u64,
    length: u64,
) -> io::Result<Option<(ZipArchive<SharedReader>, ZipDirectory)>> {
    let (mut end, mut directories) = (inner, 0);
    while directories < MAX_DIRECTORIES
        && let Some(EndRecord { offset, archive }) = find_end_record(reader, end)?
        && offset.saturating_add(MAX_END_RECORD_BYTES) > inner
    {
        end = offset;
        if let Some(archive) = archive
            && archive.end_offset() > inner
        {
            directories += 1;
            let mut members = Vec::new();
            if let Ok(start) = add_members(&archive, &mut members) {
                let damage = find_unread(&archive, start, length);
                return Ok(Some((archive, ZipDirectory { members, damage })));
            }
        }
    }
    Ok(None)
}

/// Finds the last end record before `end`.
fn find_end_record(reader: &SharedReader, end: u64) -> io::Result<Option<EndRecord>> {
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let locator = ZipLocator::new().max_search_space(MAX_TAIL_BYTES);
    match locator.locate_in_reader(reader.clone(), &mut buffer, end) {
        Ok(archive) => Ok(Some(EndRecord {
            offset: archive.eocd_offset(),
            archive: Some(archive),
        })),
        Err((_, error)) => match (error.eocd_offset(), error.into_kind()) {
            (_, ErrorKind::IO(error)) if error.raw_os_error().is_some() => Err(error),
            (Some(offset), _) => Ok(Some(EndRecord {
                offset,
                archive: None,
            })),
            _ => Ok(None),
        },
    }
}

fn read_directory(
    archive: ZipArchive<SharedReader>,
    length: u64,
) -> (ZipArchive<SharedReader>, ZipDirectory) {
    let mut members = Vec::new();
    let damage = match add_members(&archive, &mut members) {
        Ok(start) => find_unread(&archive, start, length),
        Err(error) => vec![error],
    };
    (archive, ZipDirectory { members, damage })
}

/// Adds the members to `members`, and returns the offset of the first one in the file.
fn add_members(
    archive: &ZipArchive<SharedReader>,
    members: &mut Vec<ZipMember>,
) -> io::Result<u64> {
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
    if count > 0 {
        return Ok(start);
    }
    let is_zip64 = read_head(archive.get_ref(), archive.eocd_offset())? == b"PK\x06\x06";
    Ok(if is_zip64 { 0 } else { archive.eocd_offset() })
}

/// Reports data before `start`, the offset of the first member, and after the end record.
fn find_unread(archive: &ZipArchive<SharedReader>, start: u64, length: u64) -> Vec<io::Error> {
    let reader = archive.get_ref();
    let before = check_prefix(reader, start);
    let end = archive.end_offset();
    let after = is_padding(reader, end, length).and_then(|is_padding| {
        if is_padding {
            return Ok(());
        }
        Err(decode_error(format!(
            "the data after the end of the zip archive was not read (tail -c {} prints it)",
            length.saturating_sub(end)
        )))
    });
    [before, after]
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

/// Fails if the data before `start` may have calls. Programs, padding and the mark of an archive in
/// several parts (APPNOTE §8.5) have none.
fn check_prefix(reader: &SharedReader, start: u64) -> io::Result<()> {
    let head = read_head(reader, start)?;
    // Two archives in one file have two directories, of which only the last is found.
    let ends_at_start = |archive: ZipArchive<_>| start > 0 && archive.end_offset() == start;
    let previous = find_end_record(reader, start)?.and_then(|record| record.archive);
    if head == b"PK\x03\x04" || previous.is_some_and(ends_at_start) {
        return Err(decode_error(format!(
            "another zip archive precedes this one in the file and was not read (head -c {start} prints it)"
        )));
    }
    let is_program = is_program(&head) || head.starts_with(b"#!");
    let is_mark = start == 4 && (head == b"PK\x07\x08" || head == b"PK00");
    if is_program || is_mark || is_padding(reader, 0, start)? {
        return Ok(());
    }
    Err(decode_error(format!(
        "the data before the zip archive was not read (head -c {start} prints it)"
    )))
}

/// Returns true if the data starts like a program for Windows or Linux.
pub(crate) fn is_program(head: &[u8]) -> bool {
    head.starts_with(b"MZ") || head.starts_with(b"\x7fELF")
}

/// The first 4 bytes, or fewer if `end` is before that.
fn read_head(reader: &SharedReader, end: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    RangeReader::new(reader, 0..end.min(4)).read_to_end(&mut head)?;
    Ok(head)
}

/// Returns true if there are only NUL bytes and white space from `start` to `end`.
fn is_padding(reader: &SharedReader, start: u64, end: u64) -> io::Result<bool> {
    let mut buffer = [0; 8 << 10];
    let mut data = RangeReader::new(reader, start..end.max(start));
    loop {
        let read = data.read(&mut buffer)?;
        if read == 0 {
            return Ok(true);
        }
        let is_blank = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
        if !buffer[..read].iter().all(is_blank) {
            return Ok(false);
        }
    }
}

pub(super) fn directory_error(error: rawzip::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::IO(error) if error.raw_os_error().is_some() => error,
        _ => decode_error(
            "the directory of the zip archive is damaged, so members may be missing (zip -FF may repair it)",
        ),
    }
}
