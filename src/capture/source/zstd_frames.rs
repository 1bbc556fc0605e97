//! Decompresses frames of zstd (RFC 8878). Unlike the reader of the library, this one returns all
//! data before damage, however the compressed bytes arrive: the decoder gets one block at a time,
//! because it drops what it decoded before an error in the same call.

use std::io::{self, BufRead, BufReader, Read};

use zstd::stream::raw::{Decoder, InBuffer, Operation as _, OutBuffer};
use zstd::zstd_safe::DCtx;

/// Length of the magic number of a frame and the first byte of its header, from which the decoder
/// computes the length of the rest.
const START_BYTES: usize = 5;

/// A reader of decompressed data.
///
/// Its reads fail with [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the compressed data ends
/// too early, and with other errors where it is damaged.
pub(super) struct ZstdFrames<R> {
    reader: BufReader<R>,
    decoder: Decoder<'static>,
    /// Length of the input that the decoder needs next: the rest of a block, or of a header.
    needed: usize,
    /// True between frames.
    is_between_frames: bool,
    /// True if the last output filled its buffer: the decoder may have more of the same block.
    is_full: bool,
}

impl<R: Read> ZstdFrames<R> {
    /// # Errors
    ///
    /// Returns an error if there is not enough memory.
    pub(super) fn new(reader: R) -> io::Result<Self> {
        Ok(Self {
            reader: BufReader::with_capacity(DCtx::in_size(), reader),
            decoder: Decoder::new()?,
            needed: START_BYTES,
            is_between_frames: true,
            is_full: false,
        })
    }
}

impl<R: Read> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let input = if self.is_full {
                &[]
            } else {
                let bytes = self.reader.fill_buf()?;
                &bytes[..bytes.len().min(self.needed)]
            };
            let is_last = input.is_empty() && !self.is_full;
            if is_last && self.is_between_frames {
                return Ok(0);
            }
            let mut input = InBuffer::around(input);
            let mut output = OutBuffer::around(&mut *buffer);
            let needed = self.decoder.run(&mut input, &mut output)?;
            let (read, written) = (input.pos(), output.pos());
            self.reader.consume(read);
            self.is_between_frames = needed == 0;
            self.is_full = written == buffer.len() && !self.is_between_frames;
            self.needed = if needed == 0 { START_BYTES } else { needed };
            if written > 0 {
                return Ok(written);
            }
            if is_last {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
