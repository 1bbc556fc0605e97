//! Zip archives (APPNOTE.TXT, <https://support.pkware.com/pkzip/application-note>) of files that
//! are compressed already. Sizes are in front of the data, and in the 64-bit form only if they need
//! it: `LibreOffice` reports small files in this form as broken.

use std::io::{self, Read, Write};

use flate2::Crc;

use super::deflate::Piece;

/// Largest size or offset that is written in 32 bits. The next one means: see the 64-bit form.
const MAX_SIZE: u64 = u32::MAX as u64 - 1;

/// Version of the format, times ten: 4.5 has the 64-bit form.
const VERSION: u16 = 20;
const VERSION_64_BITS: u16 = 45;

const DEFLATED: u16 = 8;

/// 1980-01-01, the earliest date: the same workbook has the same bytes.
const DATE: u16 = 1 << 5 | 1;

/// Id of the extra field with the 64-bit form of sizes.
const EXTRA_64_BITS: u16 = 1;

/// Checksum and sizes of a compressed file.
#[derive(Default)]
pub(super) struct FileSizes {
    crc: Crc,
    length: u64,
    /// Number of compressed bytes.
    pub(super) compressed: u64,
}

impl FileSizes {
    /// Adds a piece that follows the others.
    pub(super) fn add(&mut self, piece: &Piece) {
        self.crc.combine(&piece.crc);
        self.length += piece.length;
        self.compressed += piece.compressed.len() as u64;
    }
}

/// An archive that is being written.
pub(super) struct ArchiveWriter<'o> {
    out: &'o mut dyn Write,
    /// Number of bytes so far.
    offset: u64,
    files: u64,
    /// The central directory.
    directory: Vec<u8>,
}

impl<'o> ArchiveWriter<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self {
            out,
            offset: 0,
            files: 0,
            directory: Vec::new(),
        }
    }

    /// Adds a file whose compressed bytes are `data`.
    pub(super) fn add_file(
        &mut self,
        name: &str,
        sizes: &FileSizes,
        data: &mut dyn Read,
    ) -> io::Result<()> {
        let is_large = sizes.length.max(sizes.compressed) > MAX_SIZE;
        let mut numbers = Vec::new();
        if is_large {
            numbers.extend([sizes.length, sizes.compressed]);
        }
        let mut header = b"PK\x03\x04".to_vec();
        let extra = extra_field(&numbers);
        push_description(&mut header, name, sizes, &extra);
        header.extend(name.as_bytes());
        header.extend(extra);
        self.out.write_all(&header)?;
        let copied = io::copy(data, self.out)?;
        debug_assert_eq!(copied, sizes.compressed, "{name}");

        if self.offset > MAX_SIZE {
            numbers.push(self.offset);
        }
        let directory = &mut self.directory;
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION_64_BITS.to_le_bytes());
        let extra = extra_field(&numbers);
        push_description(directory, name, sizes, &extra);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(size_or_max(self.offset).to_le_bytes());
        directory.extend(name.as_bytes());
        directory.extend(extra);
        self.files += 1;
        self.offset += header.len() as u64 + copied;
        Ok(())
    }

    /// Adds a file with these uncompressed bytes.
    pub(super) fn add_piece(&mut self, name: &str, piece: &Piece) -> io::Result<()> {
        let mut sizes = FileSizes::default();
        sizes.add(piece);
        self.add_file(name, &sizes, &mut &*piece.compressed)
    }

    /// Writes the directory.
    pub(super) fn finish(self) -> io::Result<()> {
        let mut end = self.directory;
        let (length, offset) = (end.len() as u64, self.offset);
        if length.max(offset) > MAX_SIZE || self.files >= u64::from(u16::MAX) {
            end.extend(b"PK\x06\x06");
            // Length of the rest of this record.
            end.extend(44_u64.to_le_bytes());
            end.extend(
                [VERSION_64_BITS, VERSION_64_BITS]
                    .map(u16::to_le_bytes)
                    .concat(),
            );
            // The first disk.
            end.extend([0; 8]);
            end.extend(
                [self.files, self.files, length, offset]
                    .map(u64::to_le_bytes)
                    .concat(),
            );
            end.extend(b"PK\x06\x07\0\0\0\0");
            end.extend((offset + length).to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        let files = u16::try_from(self.files).unwrap_or(u16::MAX);
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend([files, files].map(u16::to_le_bytes).concat());
        end.extend(
            [length, offset]
                .map(size_or_max)
                .map(u32::to_le_bytes)
                .concat(),
        );
        // No comment.
        end.extend([0; 2]);
        self.out.write_all(&end)
    }
}

/// Appends the description of a file that its own header and the directory have in common, from the
/// version to the length of the extra field.
fn push_description(to: &mut Vec<u8>, name: &str, sizes: &FileSizes, extra: &[u8]) {
    let version = if extra.is_empty() {
        VERSION
    } else {
        VERSION_64_BITS
    };
    // No flags, midnight.
    to.extend(
        [version, 0, DEFLATED, 0, DATE]
            .map(u16::to_le_bytes)
            .concat(),
    );
    to.extend(sizes.crc.sum().to_le_bytes());
    // If one of the sizes is in the extra field, both are.
    let is_large = sizes.length.max(sizes.compressed) > MAX_SIZE;
    for size in [sizes.compressed, sizes.length] {
        let size = if is_large { u64::MAX } else { size };
        to.extend(size_or_max(size).to_le_bytes());
    }
    for length in [name.len(), extra.len()] {
        let length = u16::try_from(length).expect("names of parts are short");
        to.extend(length.to_le_bytes());
    }
}

/// The extra field with these numbers. Empty if there are none.
fn extra_field(numbers: &[u64]) -> Vec<u8> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let numbers: Vec<u8> = (numbers.iter().copied())
        .flat_map(u64::to_le_bytes)
        .collect();
    let length = u16::try_from(numbers.len()).expect("at most three numbers");
    let start = [EXTRA_64_BITS, length].map(u16::to_le_bytes).concat();
    [start, numbers].concat()
}

fn size_or_max(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use zip::ZipArchive;

    use super::*;
    use crate::export::xlsx::deflate::{PieceEnd, PieceWriter};

    #[test]
    fn files_can_be_read_back() {
        let mut out = Vec::new();
        let mut archive = ArchiveWriter::new(&mut out);
        for (name, content) in [("a.xml", "<a/>"), ("b/c.xml", "")] {
            let piece = PieceWriter::new().write(content.as_bytes(), PieceEnd::Last);
            archive.add_piece(name, &piece).expect("memory has room");
        }
        archive.finish().expect("memory has room");
        let mut archive = ZipArchive::new(Cursor::new(out)).expect("an archive");
        for (index, (name, content)) in [("a.xml", "<a/>"), ("b/c.xml", "")].iter().enumerate() {
            let mut file = archive.by_index(index).expect("a file");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("a valid checksum");
            let found = file.name().expect("UTF-8");
            assert_eq!((&*found, text.as_str()), (*name, *content));
        }
    }

    #[test]
    fn large_sizes_and_offsets_are_in_the_64_bit_form() {
        const LARGE: u64 = 5_000_000_000;
        let mut out = Vec::new();
        let mut archive = ArchiveWriter::new(&mut out);
        archive.offset = LARGE;
        let sizes = FileSizes {
            length: LARGE,
            compressed: 1,
            ..FileSizes::default()
        };
        let added = archive.add_file("a", &sizes, &mut &b"x"[..]);
        added.expect("memory has room");
        archive.finish().expect("memory has room");
        let description = [
            &b"\x2d\0\0\0\x08\0\0\0\x21\0\0\0\0\0"[..],
            &[0xff; 8],
            &[1, 0],
        ]
        .concat();
        let numbers = |numbers: &[u64]| {
            let bytes = numbers.iter().copied().flat_map(u64::to_le_bytes);
            bytes.collect::<Vec<u8>>()
        };
        let local = [b"PK\x03\x04", &*description, &[20, 0], b"a\x01\0\x10\0"].concat();
        let local = local.into_iter().chain(numbers(&[LARGE, 1])).chain([b'x']);
        let local: Vec<u8> = local.collect();
        assert!(out.starts_with(&local), "{out:x?}");
        let start = [
            b"PK\x01\x02\x2d\0",
            &*description,
            &[28, 0],
            &[0; 10],
            &[0xff; 4],
        ]
        .concat();
        let directory = start.into_iter().chain(*b"a\x01\0\x18\0");
        let directory = directory.chain(numbers(&[LARGE, 1, LARGE]));
        let directory: Vec<u8> = directory.collect();
        let (length, offset) = (directory.len() as u64, LARGE + local.len() as u64);
        let rest = out[local.len()..]
            .strip_prefix(&*directory)
            .expect("the directory");
        let counts = numbers(&[1, 1, length, offset]);
        let mut end = b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0".to_vec();
        end.extend(counts);
        end.extend(b"PK\x06\x07\0\0\0\0");
        end.extend(numbers(&[offset + length]));
        end.extend(b"\x01\0\0\0PK\x05\x06\0\0\0\0\x01\0\x01\0");
        end.extend(size_or_max(length).to_le_bytes());
        end.extend([0xff, 0xff, 0xff, 0xff, 0, 0]);
        assert_eq!(rest, end);
    }
}
