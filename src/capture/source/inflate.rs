//! Decompresses deflated data (RFC 1951), bare or as members of gzip (RFC 1952). Unlike the readers
//! of flate2, this one returns all data before damage, however the compressed bytes arrive.

use std::io::{self, BufRead, BufReader, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::decode_error::decode_error;

/// A reader of decompressed data.
///
/// Its reads fail with [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the compressed data ends
/// too early, and with other errors where it is damaged.
pub(super) struct Inflate<R> {
    reader: BufReader<R>,
    state: Decompress,
    /// True for gzip: several members may follow each other.
    is_gzip: bool,
    /// True at the end of bare data, and between members.
    is_ended: bool,
    /// Damage behind the data that was returned last.
    damage: Option<io::Error>,
}

/// The size of the window of gzip, as a power of two.
const WINDOW_BITS: u8 = 15;

impl<R: Read> Inflate<R> {
    /// Reads the members of gzip. Zero bytes after a member are padding.
    pub(super) fn gzip(reader: R) -> Self {
        Self::new(reader, Decompress::new_gzip(WINDOW_BITS), true)
    }

    /// Reads bare deflated data. What follows it is not read.
    pub(super) fn bare(reader: R) -> Self {
        Self::new(reader, Decompress::new(false), false)
    }

    fn new(reader: R, state: Decompress, is_gzip: bool) -> Self {
        Self {
            reader: BufReader::with_capacity(32 << 10, reader),
            state,
            is_gzip,
            is_ended: false,
            damage: None,
        }
    }

    /// Number of compressed bytes that were decompressed.
    pub(super) fn total_in(&self) -> u64 {
        self.state.total_in()
    }

    /// Number of bytes that they were decompressed to.
    pub(super) fn total_out(&self) -> u64 {
        self.state.total_out()
    }

    /// Starts the next member. Returns false if there is none.
    fn start_member(&mut self) -> io::Result<bool> {
        loop {
            let bytes = self.reader.fill_buf()?;
            let padding = bytes.iter().take_while(|byte| **byte == 0).count();
            match bytes.get(padding) {
                Some(0x1f) => {
                    self.reader.consume(padding);
                    break;
                }
                Some(_) => {
                    let reason = "the gzip data is followed by other data, which was not read";
                    return Err(decode_error(reason));
                }
                None if padding == 0 => return Ok(false),
                None => self.reader.consume(padding),
            }
        }
        self.state = Decompress::new_gzip(WINDOW_BITS);
        self.is_ended = false;
        Ok(true)
    }
}

impl<R: Read> Read for Inflate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(damage) = self.damage.take() {
            return Err(damage);
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if self.is_ended && !(self.is_gzip && self.start_member()?) {
                return Ok(0);
            }
            let (read, written) = (self.total_in(), self.total_out());
            let input = self.reader.fill_buf()?;
            let is_last = input.is_empty();
            let flush = if is_last {
                FlushDecompress::Finish
            } else {
                FlushDecompress::None
            };
            let result = self.state.decompress(input, buffer, flush);
            let count = |before: u64, after: u64| {
                usize::try_from(after - before).expect("it is at most the length of a buffer")
            };
            let read = count(read, self.total_in());
            let written = count(written, self.total_out());
            self.reader.consume(read);
            match result {
                Ok(Status::StreamEnd) => self.is_ended = true,
                Ok(_) if is_last && written == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
                Err(damage) if written > 0 => self.damage = Some(damage.into()),
                Err(damage) => return Err(damage.into()),
            }
            if written > 0 {
                return Ok(written);
            }
        }
    }
}
