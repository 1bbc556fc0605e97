//! Bytes as they were saved in, UTF-8 text out: gzip and zstd are told by their magic numbers, UTF-16 by its byte order mark or its zeros. All of
//! it streams; what unfolds to more than is allowed is cut off with an error.

use std::io::{self, Cursor, Read};
use std::str::FromStr;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;

/// How text was coded that does not stand in the file as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// UTF-16; its lines and columns are those of the original.
    Utf16,
    /// RFC 4648, in either alphabet.
    Base64,
    /// An array of numbers, a byte each, as Node.js and journald print bytes.
    ByteArray,
}

impl Coding {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Utf16 => "UTF-16",
            Self::Base64 => "base64",
            Self::ByteArray => "a byte array",
        }
    }

    /// Whether lines and columns in the decoded text are other ones than in the file.
    #[must_use]
    pub fn moves_places(self) -> bool {
        self != Self::Utf16
    }
}

/// What compressed input may unfold to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnpackLimit {
    /// Bytes in all, for each input.
    pub in_all: u64,
    /// Bytes of a single value, which has to be held in memory.
    pub one_value: u64,
}

impl Default for UnpackLimit {
    fn default() -> Self {
        Self {
            in_all: 16 << 30,
            one_value: 256 << 20,
        }
    }
}

impl UnpackLimit {
    /// So many bytes, in all and of a single value.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        Self {
            in_all: bytes,
            one_value: bytes,
        }
    }
}

impl FromStr for UnpackLimit {
    type Err = String;

    /// Reads a number of bytes, with `K`, `M`, `G` or `T` behind it for powers of 1024.
    fn from_str(text: &str) -> Result<Self, String> {
        let units = ["K", "M", "G", "T"];
        let unit = units.iter().position(|unit| text.ends_with(unit));
        let digits = &text[..text.len() - usize::from(unit.is_some())];
        let factor = 1_u64 << (unit.map_or(0, |unit| unit + 1) * 10);
        let bytes = digits
            .parse()
            .ok()
            .and_then(|number: u64| number.checked_mul(factor));
        bytes
            .map(Self::of)
            .ok_or_else(|| "a size is a whole number, with K, M, G or T behind it: 500M".to_owned())
    }
}

/// Compressed data that is cut off or damaged, or that unfolds to too much. What came before it is good.
#[derive(Debug)]
pub struct Damaged(String);

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Damaged {}

/// Whether the error is about what was read, not about reading.
#[must_use]
pub fn is_damage(error: &io::Error) -> bool {
    matches!(error.get_ref(), Some(inner) if inner.is::<Damaged>())
}

/// Bytes in any coding as UTF-8 text.
pub struct Unpacked<'r> {
    /// The text.
    pub reader: Box<dyn Read + Send + 'r>,
    /// How it was coded, outermost, if it was.
    pub coding: Option<Coding>,
}

/// So many first bytes tell a coding.
const MAGIC_BYTES: usize = 4;

/// How often something compressed can be inside something compressed.
const LAYERS: usize = 4;

/// Reads the text that `reader` gives, in whatever coding.
///
/// # Errors
///
/// When the first bytes can not be read.
pub fn unpack<'r>(
    mut reader: Box<dyn Read + Send + 'r>,
    limit: UnpackLimit,
) -> io::Result<Unpacked<'r>> {
    let mut outermost = None;
    for _ in 0..LAYERS {
        let (head, chained) = peek(reader)?;
        reader = chained;
        let Some(coding) = told_by(&head) else { break };
        outermost = outermost.or(Some(coding));
        let unpacked: Box<dyn Read + Send + 'r> = match coding {
            Coding::Gzip => Box::new(MultiGzDecoder::new(reader)),
            Coding::Zstd => Box::new(zstd::Decoder::new(reader)?),
            _ => {
                reader = Box::new(utf16(reader, &head));
                break;
            }
        };
        reader = Box::new(Limited {
            reader: unpacked,
            coding,
            limit: limit.in_all,
            read: 0,
        });
    }
    Ok(Unpacked {
        reader,
        coding: outermost,
    })
}

/// The coding that begins so. Of JSON, and of any text that holds some, the second UTF-16 character is in ASCII too.
fn told_by(head: &[u8]) -> Option<Coding> {
    match head {
        [0x1f, 0x8b, 8, ..] => Some(Coding::Gzip),
        // Some writers put a frame to skip first (RFC 8878 §3.1.2).
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Coding::Zstd),
        [0xff, 0xfe, ..]
        | [0xfe, 0xff, ..]
        | [1..=0x7f, 0, 1..=0xff, 0]
        | [0, 1..=0x7f, 0, 1..=0xff] => Some(Coding::Utf16),
        _ => None,
    }
}

/// Whether `bytes` begin like gzip or zstd data.
pub(super) fn is_compressed(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(MAGIC_BYTES)];
    matches!(told_by(head), Some(Coding::Gzip | Coding::Zstd))
}

fn utf16<'r>(reader: Box<dyn Read + Send + 'r>, head: &[u8]) -> impl Read + Send + use<'r> {
    let encoding: &'static Encoding = match head {
        [0 | 0xfe, ..] => UTF_16BE,
        _ => UTF_16LE,
    };
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .build(reader)
}

/// The first bytes, and a reader that gives them and all others.
fn peek<'r>(
    mut reader: Box<dyn Read + Send + 'r>,
) -> io::Result<(Vec<u8>, Box<dyn Read + Send + 'r>)> {
    let mut head = Vec::new();
    let mut magic = reader.by_ref().take(MAGIC_BYTES as u64);
    magic.read_to_end(&mut head)?;
    let chained = Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(chained)))
}

/// A decoder with its errors in our words, and an end to what it may give.
struct Limited<R> {
    reader: R,
    coding: Coding,
    limit: u64,
    read: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read >= self.limit && !buffer.is_empty() {
            let mut more = [0];
            return match self.reader.read(&mut more) {
                Ok(0) => Ok(0),
                _ => Err(too_much(self.coding, self.limit)),
            };
        }
        let left = usize::try_from(self.limit - self.read).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        match self.reader.read(&mut buffer[..room]) {
            Ok(read) => {
                self.read += read as u64;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) if error.raw_os_error().is_some() || is_damage(&error) => Err(error),
            Err(error) => {
                let name = self.coding.name();
                let what = match error.kind() {
                    io::ErrorKind::UnexpectedEof => "ends too early: what came after is lost",
                    // Behind a member that was whole.
                    io::ErrorKind::InvalidInput if self.read > 0 => {
                        "is followed by something else, which was not read"
                    }
                    _ => "is damaged: what comes after this place is lost",
                };
                Err(io::Error::other(Damaged(format!("the {name} data {what}"))))
            }
        }
    }
}

/// An error for what unfolds to more than `limit` bytes.
pub(super) fn too_much(coding: Coding, limit: u64) -> io::Error {
    io::Error::other(Damaged(format!(
        "the {} data unfolds to more than {limit} bytes: the rest was not read (--max-unpacked allows more)",
        coding.name()
    )))
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

    /// The text, how it was coded, and the error that ended it.
    fn read(bytes: &[u8], limit: u64) -> (String, Option<Coding>, Option<String>) {
        let unpacked = unpack(Box::new(bytes), UnpackLimit::of(limit)).expect("memory");
        let mut reader = unpacked.reader;
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
        (text, unpacked.coding, error)
    }

    #[test]
    fn compressed_text_is_read_whatever_it_is_called() {
        let members = [gzip(b"{\"a\":1}\n"), gzip(b"{\"a\":2}\n")].concat();
        let text = "{\"a\":1}\n{\"a\":2}\n".to_owned();
        assert_eq!(read(&members, 99), (text, Some(Coding::Gzip), None));
        let frames = [
            zstd::encode_all(&b"{}"[..], 3).expect("memory"),
            zstd::encode_all(&b"[]"[..], 3).expect("memory"),
        ]
        .concat();
        assert_eq!(
            read(&frames, 99),
            ("{}[]".to_owned(), Some(Coding::Zstd), None)
        );
        assert_eq!(read(&gzip(&gzip(b"{}")), 99).0, "{}");
    }

    #[test]
    fn utf_16_is_told_with_and_without_its_mark() {
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
    fn what_came_before_damage_is_kept() {
        let text = "{\"a\":1}\n".repeat(2_000);
        let whole = gzip(text.as_bytes());
        let (kept, _, error) = read(&whole[..whole.len() - 12], 99_999);
        assert!(text.starts_with(&kept) && !kept.is_empty());
        assert!(error.is_some_and(|error| error.contains("ends too early")));
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
