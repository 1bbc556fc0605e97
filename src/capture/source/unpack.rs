//! Decompresses input and converts it to UTF-8, as a stream. Gzip and zstd are detected by their
//! magic numbers, UTF-16 by its byte order mark or its zero bytes. Output beyond the size limit is
//! cut off with an error. Zip archives are detected too, but need more than a stream.

use std::io::{self, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::decode_error::decode_error;
use super::inflate::Inflate;
use super::limited_decoder::{UnpackedBytes, limit_decoder};
use super::unpack_limit::UnpackLimit;
use crate::capture::location::coding::Coding;

/// The error for data that starts with a NUL byte. Logs that were truncated while a program wrote
/// to them start so, and have calls after it: the data must not be skipped in silence.
#[must_use]
pub(crate) fn starts_with_nul() -> io::Error {
    decode_error("the data starts with NUL bytes and was not read (remove them with tr -d '\\0')")
}

/// A reader of decoded text, as returned by [`unpack`].
pub(crate) struct DecodedReader<'r> {
    /// The text in UTF-8. Its reads fail with a [`decode_error`] where the data is damaged.
    pub(crate) reader: Box<dyn Read + Send + 'r>,
    /// The outermost coding that was removed, if any.
    pub(crate) coding: Option<Coding>,
    /// True if the decoded data is a zip archive.
    pub(crate) is_zip: bool,
}

/// Number of bytes that identify a coding.
pub(super) const MAGIC_BYTES: usize = 4;

/// Maximum depth of compressed data inside compressed data.
const MAX_LAYERS: usize = 4;

/// Detects the coding of the bytes of `reader` and returns a reader of the decoded text.
///
/// # Errors
///
/// Returns an error if the first bytes cannot be read.
pub(crate) fn unpack<'r>(
    reader: Box<dyn Read + Send + 'r>,
    limit: UnpackLimit,
) -> io::Result<DecodedReader<'r>> {
    unpack_in(reader, limit, None)
}

/// Like [`unpack`], for the member of an archive of which `unpacked` counts the decoded bytes.
pub(super) fn unpack_in<'r>(
    mut reader: Box<dyn Read + Send + 'r>,
    limit: UnpackLimit,
    unpacked: Option<&UnpackedBytes>,
) -> io::Result<DecodedReader<'r>> {
    let mut outermost = None;
    let mut is_zip = false;
    for _ in 0..MAX_LAYERS {
        let (head, rewound) = peek(reader)?;
        reader = rewound;
        is_zip = starts_like_zip(&head);
        let Some(coding) = detect_coding(&head) else {
            break;
        };
        outermost = outermost.or(Some(coding));
        let decoder: Box<dyn Read + Send + 'r> = match coding {
            Coding::Gzip => Box::new(Inflate::gzip(reader)),
            Coding::Zstd => zstd_decoder(reader)?,
            _ => {
                reader = Box::new(decode_utf16(reader, &head));
                break;
            }
        };
        reader = match unpacked {
            Some(unpacked) => limit_decoder(decoder, coding, limit, Coding::Zip, unpacked),
            None => limit_decoder(decoder, coding, limit, coding, &UnpackedBytes::default()),
        };
    }
    Ok(DecodedReader {
        reader,
        coding: outermost,
        is_zip,
    })
}

/// Returns true if the data starts as a zip archive: with a member, with the directory of an empty
/// archive, or with one of the marks of an archive in several parts (APPNOTE §8.5).
pub(crate) fn starts_like_zip(head: &[u8]) -> bool {
    let marks = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00"];
    marks.into_iter().any(|mark| head.starts_with(mark))
}

#[cfg(feature = "zstd")]
pub(super) fn zstd_decoder<'r>(
    reader: impl Read + Send + 'r,
) -> io::Result<Box<dyn Read + Send + 'r>> {
    Ok(Box::new(super::zstd_frames::ZstdFrames::new(reader)?))
}

#[cfg(not(feature = "zstd"))]
pub(super) fn zstd_decoder<'r>(
    _reader: impl Read + Send + 'r,
) -> io::Result<Box<dyn Read + Send + 'r>> {
    let unsupported = "zstd data: this program was built without zstd support; decompress it with \
                       zstd -dc";
    Err(io::Error::new(io::ErrorKind::Unsupported, unsupported))
}

/// Detects a coding by the first bytes of `bytes`. UTF-16 without a byte order mark is detected by
/// its zero bytes: in JSON, and in text that contains JSON, the first two characters are ASCII.
pub(crate) fn detect_coding(bytes: &[u8]) -> Option<Coding> {
    match &bytes[..bytes.len().min(MAGIC_BYTES)] {
        [0x1f, 0x8b, 8, ..] => Some(Coding::Gzip),
        // A frame, or the skippable frame that some writers put first (RFC 8878 §3.1.2).
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Coding::Zstd),
        // UTF-32.
        [0xff, 0xfe, 0, 0] => None,
        [0xff, 0xfe, ..]
        | [0xfe, 0xff, ..]
        | [1..=0x7f, 0, 1..=0xff, 0]
        | [0, 1..=0x7f, 0, 1..=0xff] => Some(Coding::Utf16),
        _ => None,
    }
}

/// Returns true if `bytes` start with the magic number of gzip or zstd.
pub(crate) fn is_compressed(bytes: &[u8]) -> bool {
    matches!(detect_coding(bytes), Some(Coding::Gzip | Coding::Zstd))
}

/// Decodes UTF-16 to UTF-8. The byte order follows from `head`, the first bytes: a byte order mark,
/// or a character whose high byte is zero.
fn decode_utf16<'r>(reader: Box<dyn Read + Send + 'r>, head: &[u8]) -> impl Read + Send + use<'r> {
    let encoding: &'static Encoding = match head {
        [0 | 0xfe, ..] => UTF_16BE,
        _ => UTF_16LE,
    };
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .build(reader)
}

/// Reads the first [`MAGIC_BYTES`] bytes and returns them with a reader of the whole data.
fn peek<'r>(
    mut reader: Box<dyn Read + Send + 'r>,
) -> io::Result<(Vec<u8>, Box<dyn Read + Send + 'r>)> {
    let mut head = Vec::new();
    let mut magic = reader.by_ref().take(MAGIC_BYTES as u64);
    magic.read_to_end(&mut head)?;
    let chained = Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(chained)))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    /// Decodes `bytes`; returns the text, its outermost coding and the error that ended it.
    fn read(bytes: &[u8], limit: u64) -> (String, Option<Coding>, Option<String>) {
        let decoded = unpack(Box::new(bytes), UnpackLimit::uniform(limit)).expect("memory");
        let mut reader = decoded.reader;
        let mut text = Vec::new();
        let mut buffer = [0; 7];
        let error = loop {
            match reader.read(&mut buffer) {
                Ok(0) => break None,
                Ok(read) => text.extend_from_slice(&buffer[..read]),
                Err(error) => break Some(error.to_string()),
            }
        };
        let text = String::from_utf8(text).expect("UTF-8");
        (text, decoded.coding, error)
    }

    #[test]
    fn compressed_text_is_detected_by_its_content() {
        let members = [gzip(b"{\"a\":1}\n"), gzip(b"{\"a\":2}\n")].concat();
        let text = "{\"a\":1}\n{\"a\":2}\n".to_owned();
        assert_eq!(read(&members, 99), (text, Some(Coding::Gzip), None));
        assert_eq!(read(&gzip(&gzip(b"{}")), 99).0, "{}");
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn zstd_is_detected_by_its_content() {
        let frames = [
            zstd::encode_all(&b"{}"[..], 3).expect("memory"),
            zstd::encode_all(&b"[]"[..], 3).expect("memory"),
        ]
        .concat();
        assert_eq!(
            read(&frames, 99),
            ("{}[]".to_owned(), Some(Coding::Zstd), None)
        );
    }

    #[test]
    fn utf_16_is_detected_with_and_without_a_byte_order_mark() {
        for (text, is_big) in [("\u{feff}{\"ü\":1}", false), ("{\"ü\":1}", true)] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| {
                    if is_big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect();
            assert_eq!(
                read(&bytes, 99),
                ("{\"ü\":1}".to_owned(), Some(Coding::Utf16), None)
            );
        }
    }

    #[test]
    fn text_before_damage_is_kept() {
        let text = "{\"a\":1}\n".repeat(2_000);
        let whole = gzip(text.as_bytes());
        let (kept, _, error) = read(&whole[..whole.len() - 12], 99_999);
        assert!(text.starts_with(&kept) && !kept.is_empty());
        assert!(error.is_some_and(|error| error.contains("ends too early")));
    }

    /// Returns at most a number of bytes from each read.
    struct SlowReader<'a>(&'a [u8], usize);

    impl Read for SlowReader<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(self.1);
            self.0.read(&mut buffer[..length])
        }
    }

    /// Reads `data` with this number of bytes per read, and into a buffer of this length.
    fn read_slowly(data: &[u8], bytes: usize, length: usize) -> (Vec<u8>, Option<String>) {
        let reader = Box::new(SlowReader(data, bytes));
        let mut reader = match unpack(reader, UnpackLimit::default()) {
            Ok(decoded) => decoded.reader,
            Err(error) => return (Vec::new(), Some(error.to_string())),
        };
        let (mut text, mut buffer) = (Vec::new(), vec![0; length]);
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return (text, None),
                Ok(read) => text.extend_from_slice(&buffer[..read]),
                Err(error) => return (text, Some(error.to_string())),
            }
        }
    }

    /// Checks that damage anywhere in `data`, whose text is `text`, leaves the same text and error
    /// however the bytes arrive.
    fn check_damage(data: &[u8], text: &str) {
        for at in (20..data.len()).step_by(97) {
            let mut damaged = data.to_vec();
            damaged[at] ^= 0x55;
            let whole = read_slowly(&damaged, usize::MAX, 1 << 20);
            for (bytes, length) in [(1, 1), (7, 1 << 16), (4096, 100)] {
                let parts = read_slowly(&damaged, bytes, length);
                assert!(parts == whole, "{at}: {bytes} {length} {:?}", parts.1);
            }
            assert!(whole.1.is_some() || whole.0 == text.as_bytes(), "{at}");
        }
        let half = read_slowly(&data[..data.len() / 2], 999, 77);
        assert!(text.as_bytes().starts_with(&half.0) && half.0.len() > text.len() / 3);
    }

    /// Lines that differ, so that damage is noticed.
    fn lines() -> String {
        let line = |number: u64| {
            format!(
                "{{\"id\":{}}}\n",
                number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            )
        };
        (0..400).map(line).collect()
    }

    #[test]
    fn damaged_gzip_gives_the_same_text_however_it_arrives() {
        let lines = lines();
        check_damage(&gzip(lines.as_bytes()), &lines);
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn damaged_zstd_gives_the_same_text_however_it_arrives() {
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("memory");
        let lines = lines();
        encoder.include_checksum(true).expect("a parameter");
        for part in lines.as_bytes().chunks(500) {
            encoder.write_all(part).expect("memory");
            // A block of its own.
            encoder.flush().expect("memory");
        }
        check_damage(&encoder.finish().expect("memory"), &lines);
    }

    #[test]
    fn data_after_gzip_is_reported_unless_it_is_padding() {
        let padded = [gzip(b"[1]\n"), vec![0; 700], gzip(b"[2]\n"), vec![0; 3]].concat();
        assert_eq!(
            read(&padded, 99),
            ("[1]\n[2]\n".to_owned(), Some(Coding::Gzip), None)
        );
        let (text, _, error) = read(&[gzip(b"[1]\n"), b"PK".to_vec()].concat(), 99);
        assert_eq!(text, "[1]\n");
        assert!(error.is_some_and(|error| error.contains("followed by other data")));
    }

    #[test]
    fn a_bomb_is_cut_off() {
        let (kept, _, error) = read(&gzip(&[b' '; 10_000]), 100);
        assert_eq!(kept.len(), 100);
        assert!(error.is_some_and(|error| error.contains("--max-unpacked")));
        assert_eq!(
            read(&gzip(b"{}"), 2),
            ("{}".into(), Some(Coding::Gzip), None)
        );
    }
}
