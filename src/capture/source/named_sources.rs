//! Inputs that are not files: named bytes, read in slices, as a browser hands out the parts of a
//! file.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::iter;
use std::sync::Arc;

use super::file_name::{FileChoice, choose};
use super::reader::SourceOptions;
use super::sources::{Sources, sources_from_seekable};
use super::unpack::unpack;

/// Bytes of a source at any offset.
pub trait ByteSource: Send + Sync {
    /// Number of bytes.
    fn size(&self) -> u64;

    /// Returns the bytes from `offset`, at most `length` of them, and fewer only at the end.
    fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>>;
}

/// A source with its name.
pub struct NamedSource {
    /// The name in messages and findings, such as that of the file.
    pub name: String,
    /// True if the file was found in a folder. The name is its path then, and decides whether the
    /// file is read.
    pub is_in_folder: bool,
    /// The bytes.
    pub bytes: Arc<dyn ByteSource>,
}

impl fmt::Debug for NamedSource {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_tuple("NamedSource").field(&self.name).finish()
    }
}

/// Opens the sources one after another.
pub(crate) fn open_named_sources(sources: Arc<[NamedSource]>, options: SourceOptions) -> Sources {
    let count = sources.len();
    Box::new((0..count).flat_map(move |index| {
        let source = &sources[index];
        let open = |options| {
            let reader = SlicedReader::new(Arc::clone(&source.bytes));
            sources_from_seekable(source.name.as_str(), reader, options)
        };
        if !source.is_in_folder {
            return open(&options);
        }
        match choose_from_folder(source, &options) {
            FileChoice::Read { promises_calls } => open(&options.in_folder(promises_calls)),
            FileChoice::Skip(kind) => {
                options.skipped.add(kind);
                Box::new(iter::empty())
            }
            FileChoice::Ignore => Box::new(iter::empty()),
        }
    }))
}

/// Decides about a file in a folder by its path, as the program does when it reads the folder.
fn choose_from_folder(source: &NamedSource, options: &SourceOptions) -> FileChoice {
    let (folders, name) = (source.name.rsplit_once('/')).unwrap_or(("", &source.name));
    // The user chose the topmost folder.
    let is_hidden = |part: &str| part.starts_with('.');
    if is_hidden(name) || folders.split('/').skip(1).any(is_hidden) {
        return FileChoice::Ignore;
    }
    choose(name, options.include_all, |bytes| {
        let reader = SlicedReader::new(Arc::clone(&source.bytes));
        let text = unpack(Box::new(reader), options.limit).ok()?;
        let mut head = Vec::new();
        text.reader.take(bytes).read_to_end(&mut head).ok()?;
        Some(head)
    })
}

/// Size of the first slice, and of the first one after a jump: an archive is read in small pieces.
const MIN_SLICE_BYTES: usize = 64 << 10;

/// Maximum size of a slice. Each slice is twice as large as the one before.
const MAX_SLICE_BYTES: usize = 8 << 20;

/// A reader of a [`ByteSource`] that keeps one slice of it in memory.
struct SlicedReader {
    source: Arc<dyn ByteSource>,
    slice: Vec<u8>,
    /// Offset of the slice in the source.
    slice_offset: u64,
    position: u64,
    next_slice_bytes: usize,
}

impl SlicedReader {
    fn new(source: Arc<dyn ByteSource>) -> Self {
        Self {
            source,
            slice: Vec::new(),
            slice_offset: 0,
            position: 0,
            next_slice_bytes: MIN_SLICE_BYTES,
        }
    }

    /// The bytes of the slice from the position on; empty if the slice does not contain it.
    fn rest_of_slice(&self) -> &[u8] {
        let offset = self.position.checked_sub(self.slice_offset);
        let offset = offset.and_then(|offset| usize::try_from(offset).ok());
        offset
            .and_then(|offset| self.slice.get(offset..))
            .unwrap_or_default()
    }

    fn read_slice(&mut self) -> io::Result<()> {
        let is_next = self.position == self.slice_offset + self.slice.len() as u64;
        if !is_next {
            self.next_slice_bytes = MIN_SLICE_BYTES;
        }
        // Freed first, so that two slices are never in memory.
        self.slice = Vec::new();
        self.slice = self.source.read(self.position, self.next_slice_bytes)?;
        self.slice_offset = self.position;
        self.next_slice_bytes = (self.next_slice_bytes * 2).min(MAX_SLICE_BYTES);
        Ok(())
    }
}

impl Read for SlicedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest_of_slice().is_empty() && self.position < self.source.size() {
            self.read_slice()?;
        }
        let read = self.rest_of_slice().read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for SlicedReader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let moved = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.source.size().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = moved.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "seek before the start of the source",
            )
        })?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source of bytes that are known by their offsets.
    struct Numbers(u64);

    impl ByteSource for Numbers {
        fn size(&self) -> u64 {
            self.0
        }

        fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
            assert!(length <= MAX_SLICE_BYTES);
            let end = self.0.min(offset + length as u64);
            Ok((offset..end).map(byte_at).collect())
        }
    }

    fn byte_at(offset: u64) -> u8 {
        (offset % 251) as u8
    }

    #[test]
    fn files_of_a_folder_are_chosen_by_their_paths() {
        let choice = |name: &str| {
            let source = NamedSource {
                name: name.to_owned(),
                is_in_folder: true,
                bytes: Arc::new(Numbers(9)),
            };
            choose_from_folder(&source, &SourceOptions::default())
        };
        let is_read = |name| matches!(choice(name), FileChoice::Read { .. });
        assert!(is_read("calls/2024/a.json"));
        assert!(is_read(".chosen/a.json"));
        assert!(!is_read("calls/.git/a.json"));
        assert!(!is_read("calls/.a.json"));
        assert_eq!(choice("calls/photo.png"), FileChoice::Ignore);
        assert!(matches!(choice("calls/a.tar"), FileChoice::Skip(_)));
    }

    #[test]
    fn the_whole_source_is_read_in_order() {
        for size in [0, 1, 64 << 10, (20 << 20) + 7] {
            let mut bytes = Vec::new();
            let mut reader = SlicedReader::new(Arc::new(Numbers(size)));
            reader.read_to_end(&mut bytes).expect("no error");
            assert!(bytes.iter().copied().eq((0..size).map(byte_at)), "{size}");
        }
    }

    #[test]
    fn reading_goes_on_after_a_jump() {
        let mut reader = SlicedReader::new(Arc::new(Numbers(1 << 20)));
        for position in [
            SeekFrom::End(-22),
            SeekFrom::Start(3),
            SeekFrom::Current(100_000),
            SeekFrom::Current(-100_000),
        ] {
            let offset = reader.seek(position).expect("it is inside");
            let mut bytes = [0; 20];
            reader.read_exact(&mut bytes).expect("20 bytes");
            assert!(bytes.iter().copied().eq((offset..).map(byte_at).take(20)));
        }
        assert!(reader.seek(SeekFrom::End(-(1 << 21))).is_err());
        reader.seek(SeekFrom::End(5)).expect("behind the end");
        assert_eq!(reader.read(&mut [0; 4]).expect("no error"), 0);
    }
}
