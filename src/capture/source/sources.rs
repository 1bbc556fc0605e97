//! Opens inputs as sources. An archive has one source for each member that is read, in the order of
//! their paths, as if it was a folder.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::iter;

use super::decode_error::decode_error;
use super::file_name::{FileChoice, SkippedKind, choose, file_patterns};
use super::limited_decoder::{UnpackedBytes, limit_member};
use super::reader::{CountingReader, Source, SourceOptions, TableUse, UnreadableInput};
use super::source_name::SourceName;
use super::unpack::{MAGIC_BYTES, starts_like_zip, unpack, unpack_in};
use super::unpack_limit::format_size;
use super::zip::directory::{ZipDirectory, is_program};
use super::zip::document::Document;
use super::zip::member::{SeekableReader, ZipMember};
use super::zip::zip_file::{ZipFile, ends_like_zip};
use crate::capture::location::coding::Coding;

/// The sources of one input, opened one after another.
pub type Sources = Box<dyn Iterator<Item = Result<Source, UnreadableInput>> + Send>;

/// Maximum depth of archives inside archives.
const MAX_ARCHIVES: usize = 4;

/// Size up to which a copy of an archive is kept in memory instead of a file.
const MAX_IN_MEMORY_BYTES: usize = 8 << 20;

/// Opens the input with this name. An archive is copied to scratch storage first.
pub fn sources_from_reader(
    name: impl Into<SourceName>,
    reader: impl Read + Send + 'static,
    options: &SourceOptions,
) -> Sources {
    let bytes_read = options.bytes_read.clone();
    let reader = CountingReader { reader, bytes_read };
    open_stream(name.into(), Box::new(reader), &Container::outside(options))
}

/// Opens the input with this name. An archive is read where it is.
pub fn sources_from_seekable(
    name: impl Into<SourceName>,
    reader: impl Read + Seek + Send + 'static,
    options: &SourceOptions,
) -> Sources {
    let name = name.into();
    let bytes_read = options.bytes_read.clone();
    let mut reader = CountingReader { reader, bytes_read };
    let container = Container::outside(options);
    let mut head = Vec::new();
    let is_zip = (reader.by_ref().take(MAGIC_BYTES as u64))
        .read_to_end(&mut head)
        .and_then(|_| Ok(starts_like_zip(&head) || is_prefixed_zip(&name, &head, &mut reader)?));
    match is_zip {
        Ok(true) => archive_sources(name, Box::new(reader), &container),
        Ok(false) => open_stream(name, Box::new(Cursor::new(head).chain(reader)), &container),
        Err(error) => unreadable(name, &error),
    }
}

/// Returns true for an archive behind other data, such as the program that extracts it. `reader` is
/// after `head`, before and after the call.
fn is_prefixed_zip(
    name: &SourceName,
    head: &[u8],
    reader: &mut (impl Read + Seek),
) -> io::Result<bool> {
    let is_program = is_program(head);
    let has_name = name.to_ascii_lowercase().ends_with(".zip");
    let is_zip = (is_program || has_name) && ends_like_zip(reader)?;
    if is_program || has_name {
        reader.seek(SeekFrom::Start(head.len() as u64))?;
    }
    Ok(is_zip)
}

/// Returns true if the data is an archive that is a workbook.
pub(crate) fn is_workbook(reader: impl Read + Seek + Send + 'static) -> bool {
    ZipFile::open(Box::new(reader), 0).is_ok_and(|(file, directory)| {
        Document::detect(&file, &directory.members).is_some_and(Document::is_workbook)
    })
}

/// What a source is in: a file, or a member of an archive.
#[derive(Clone)]
struct Container {
    options: SourceOptions,
    /// Number of archives around it.
    depth: usize,
    /// Counts the bytes that are decoded from the outermost archive.
    unpacked: UnpackedBytes,
}

impl Container {
    fn outside(options: &SourceOptions) -> Self {
        Self {
            options: options.clone(),
            depth: 0,
            unpacked: UnpackedBytes::default(),
        }
    }

    fn is_archive(&self) -> bool {
        self.depth > 0
    }
}

fn unreadable(name: SourceName, error: &io::Error) -> Sources {
    Box::new(iter::once(Err(UnreadableInput::new(name, error))))
}

/// Opens data that can be read only once.
fn open_stream(name: SourceName, reader: Box<dyn Read + Send>, container: &Container) -> Sources {
    let options = &container.options;
    let unpacked = container.is_archive().then_some(&container.unpacked);
    let decoded = match unpack_in(reader, options.limit, unpacked) {
        Ok(decoded) => decoded,
        Err(error) => return unreadable(name, &error),
    };
    if decoded.is_zip {
        return match copy_archive(decoded.reader, options) {
            Ok(copy) => archive_sources(name, copy, container),
            Err(error) => unreadable(name, &error),
        };
    }
    let member_coding = container.is_archive().then_some(Coding::Zip);
    Box::new(iter::once(Ok(Source {
        name,
        reader: decoded.reader,
        coding: decoded.coding.or(member_coding),
        may_lack_calls: options.may_lack_calls,
        limit: options.limit,
        tables: options.tables,
        cut_sizes: options.cut_sizes,
    })))
}

/// Copies an archive to scratch storage: its directory is at its end.
fn copy_archive(reader: impl Read, options: &SourceOptions) -> io::Result<Box<dyn SeekableReader>> {
    let limit = options.limit.total;
    let mut copy = options.scratch.create_in_memory(MAX_IN_MEMORY_BYTES);
    let copied = io::copy(&mut reader.take(limit.saturating_add(1)), &mut copy)?;
    if copied > limit {
        let limit = format_size(limit);
        let reason =
            format!("the zip archive is larger than {limit}; it was not read (see --max-unpacked)");
        return Err(io::Error::other(reason));
    }
    Ok(Box::new(copy))
}

/// Opens the members of an archive.
fn archive_sources(
    name: SourceName,
    reader: Box<dyn SeekableReader>,
    container: &Container,
) -> Sources {
    if container.depth == MAX_ARCHIVES {
        let reason = "too many archives inside each other; extract this one first";
        return Box::new(iter::once(Err(UnreadableInput::empty(name, reason))));
    }
    let (file, directory) = match ZipFile::open(reader, container.options.limit.total) {
        Ok(opened) => opened,
        Err(error) => return unreadable(name, &error),
    };
    let ZipDirectory {
        members,
        mut damage,
    } = directory;
    if let Some(document) = Document::detect(&file, &members) {
        let reason = document.describe(name.in_command());
        return unreadable(name, &io::Error::other(reason));
    }
    let options = &container.options;
    let mut members = select_members(&file, members, options);
    damage.extend(remove_repeated(&mut members));
    members.sort_by(|(a, _), (b, _)| a.path.split('/').cmp(b.path.split('/')));
    if members.is_empty() && damage.is_empty() {
        if options.may_lack_calls {
            options.skipped.add(SkippedKind::Archive);
            return Box::new(iter::empty());
        }
        let reason = format!(
            "no {} files in this archive (--all reads any extension)",
            file_patterns()
        );
        return unreadable(name, &io::Error::other(reason));
    }
    let is_partial = !members.is_empty();
    let archive = name.clone();
    let damage = damage.into_iter().map(move |error| {
        Err(UnreadableInput {
            is_partial,
            ..UnreadableInput::new(archive.clone(), &error)
        })
    });
    let obstacles = obstacles(&name, &members);
    let mut inner = container.clone();
    inner.depth += 1;
    inner.options.tables = TableUse::Ignore;
    let sources = members
        .into_iter()
        .flat_map(move |(member, promises_calls)| -> Sources {
            if inner.unpacked.is_exceeded() {
                return Box::new(iter::empty());
            }
            inner.options.may_lack_calls = !promises_calls;
            open_member(name.join(&member.path), &file, &member, &inner)
        });
    Box::new(obstacles.into_iter().map(Err).chain(sources).chain(damage))
}

/// Opens a member of an archive, unless an obstacle was reported.
fn open_member(
    name: SourceName,
    file: &ZipFile,
    member: &ZipMember,
    container: &Container,
) -> Sources {
    if member.obstacle().is_some() {
        return Box::new(iter::empty());
    }
    match file.read(member) {
        Ok(reader) => {
            let limit = container.options.limit;
            open_stream(
                name,
                limit_member(reader, limit, &container.unpacked),
                container,
            )
        }
        Err(error) => unreadable(name, &error),
    }
}

/// Selects the members that are read, by the rules for files in folders.
/// The second value is true if a member without a call is reported.
fn select_members(
    file: &ZipFile,
    members: Vec<ZipMember>,
    options: &SourceOptions,
) -> Vec<(ZipMember, bool)> {
    let select = |member: ZipMember| {
        if is_hidden(&member.path) {
            return None;
        }
        let name = member.path.rsplit(['/', '\\']).next().unwrap_or_default();
        let head = |bytes| {
            let text = unpack(file.read(&member).ok()?, options.limit).ok()?;
            let mut head = Vec::new();
            text.reader.take(bytes).read_to_end(&mut head).ok()?;
            Some(head)
        };
        match choose(name, options.include_all, head) {
            FileChoice::Read { promises_calls } => {
                Some((member, promises_calls && !options.may_lack_calls))
            }
            FileChoice::Skip(kind) => {
                options.skipped.add(kind);
                None
            }
            FileChoice::Ignore => None,
        }
    };
    members.into_iter().filter_map(select).collect()
}

/// Removes all but the first of the members that the directory lists repeatedly, and returns the
/// error if its records differ. Two members with the same path are not one listed twice.
fn remove_repeated(members: &mut Vec<(ZipMember, bool)>) -> Option<io::Error> {
    let mut is_ambiguous = false;
    members.sort_by_key(|(member, _)| member.offset());
    members.dedup_by(|(repeated, _), (first, _)| {
        let is_repeated = repeated.offset() == first.offset();
        is_ambiguous |= is_repeated && !repeated.has_data_of(first);
        is_repeated
    });
    is_ambiguous.then(|| {
        decode_error(
            "the directory of the zip archive has different records of one member; only the first was read (zip -FF may repair it)",
        )
    })
}

/// Returns true for files that are skipped in folders too, and for the copies of metadata that
/// macOS adds.
fn is_hidden(path: &str) -> bool {
    let is_hidden_part = |part: &str| {
        part == "__MACOSX" || (part.starts_with('.') && !part.chars().all(|char| char == '.'))
    };
    path.split(['/', '\\']).any(is_hidden_part)
}

/// The messages about members that cannot be read by any means, one for each reason.
fn obstacles(archive: &SourceName, members: &[(ZipMember, bool)]) -> Vec<UnreadableInput> {
    let mut found: Vec<(String, &ZipMember, u64)> = Vec::new();
    for (member, _) in members {
        let Some(reason) = member.obstacle() else {
            continue;
        };
        match found.iter_mut().find(|(known, ..)| *known == reason) {
            Some((.., more)) => *more += 1,
            None => found.push((reason, member, 0)),
        }
    }
    let command = format!("extract the archive first: 7z x {}", archive.in_command());
    let unreadable = found.into_iter().map(|(reason, member, more)| {
        let more = match more {
            0 => String::new(),
            1 => ", like 1 other member".to_owned(),
            more => format!(", like {more} other members"),
        };
        let error = io::Error::other(format!("{reason}{more}; {command}"));
        UnreadableInput::new(archive.join(&member.path), &error)
    });
    unreadable.collect()
}
