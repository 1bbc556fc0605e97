//! Decoders that fail after a number of decoded bytes, and report damage in one way.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::decode_error::{decode_error, is_decode_error};
use super::unpack_limit::{UnpackLimit, limit_error};
use crate::capture::location::coding::Coding;

/// Counts the bytes that are decoded from an archive, all its members and layers together, for the
/// limit on their sum. Clones share one counter.
#[derive(Clone, Debug, Default)]
pub(super) struct UnpackedBytes(Arc<AtomicU64>);

impl UnpackedBytes {
    /// The count after the limit was exceeded.
    const EXCEEDED: u64 = u64::MAX;

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn exceed(&self) {
        self.0.store(Self::EXCEEDED, Ordering::Relaxed);
    }

    /// True after a decoder failed because of the limit.
    pub(super) fn is_exceeded(&self) -> bool {
        self.get() == Self::EXCEEDED
    }
}

/// Limits a decoder of data in this `coding`, and converts its errors. The limit is that of the
/// data in the coding `limited`, of which `unpacked` counts the decoded bytes.
pub(super) fn limit_decoder<'r>(
    reader: Box<dyn Read + Send + 'r>,
    coding: Coding,
    limit: UnpackLimit,
    limited: Coding,
    unpacked: &UnpackedBytes,
) -> Box<dyn Read + Send + 'r> {
    Box::new(LimitedDecoder {
        reader,
        coding,
        limit: limit.total,
        limited,
        unpacked: unpacked.clone(),
    })
}

/// Limits the `reader` of a member of a zip archive, and converts its errors.
pub(super) fn limit_member(
    reader: Box<dyn Read + Send>,
    limit: UnpackLimit,
    unpacked: &UnpackedBytes,
) -> Box<dyn Read + Send> {
    limit_decoder(reader, Coding::Zip, limit, Coding::Zip, unpacked)
}

/// A decoder that reports damage as a [`decode_error`] and fails after `limit` decoded bytes.
struct LimitedDecoder<R> {
    reader: R,
    coding: Coding,
    limit: u64,
    /// The coding of the data that the limit is on.
    limited: Coding,
    /// The number of bytes decoded from that data.
    unpacked: UnpackedBytes,
}

impl<R: Read> Read for LimitedDecoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.limit.saturating_sub(self.unpacked.get());
        if left == 0 && !buffer.is_empty() {
            let mut probe = [0];
            if let Ok(0) = self.reader.read(&mut probe) {
                return Ok(0);
            }
            self.unpacked.exceed();
            return Err(limit_error(self.limited, self.limit));
        }
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        match self.reader.read(&mut buffer[..length]) {
            Ok(read) => {
                self.unpacked.add(read);
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) if error.raw_os_error().is_some() || is_decode_error(&error) => Err(error),
            Err(error) if error.kind() == io::ErrorKind::OutOfMemory => Err(error),
            Err(error) => {
                if let Some(error) = memory_error(&error) {
                    return Err(error);
                }
                let name = self.coding.name();
                let problem = match error.kind() {
                    io::ErrorKind::UnexpectedEof => "ends too early; the rest is lost",
                    _ => "is damaged; the rest is lost",
                };
                Err(decode_error(format!("the {name} data {problem}")))
            }
        }
    }
}

/// Returns the error for zstd data that needs too much memory, which is neither damaged nor too
/// large. The header of the data says how much it needs. The library has only texts for these
/// errors (`ERR_getErrorString`).
fn memory_error(error: &io::Error) -> Option<io::Error> {
    let text = error.to_string();
    let reason = if text.starts_with("Frame requires too much memory") {
        "the zstd data needs more than 128 MiB of memory; decompress it with zstd -dc --long=31"
    } else if text.starts_with("Allocation error") {
        "not enough memory to decompress the zstd data"
    } else {
        return None;
    };
    Some(io::Error::new(io::ErrorKind::OutOfMemory, reason))
}
