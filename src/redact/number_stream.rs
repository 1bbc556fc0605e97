//! Numbers that choose filler words and digits.

/// Numbers that depend on a key.
#[derive(Clone)]
pub(super) struct NumberStream {
    source: blake3::OutputReader,
    /// The next bytes: the source computes a block at a time, whatever is asked for.
    block: [u8; BLOCK_BYTES],
    /// Number of bytes of `block` that are used.
    used: usize,
}

/// Length of a block of BLAKE3 in bytes.
const BLOCK_BYTES: usize = 64;

impl NumberStream {
    pub(super) fn new(source: blake3::OutputReader) -> Self {
        Self {
            source,
            block: [0; BLOCK_BYTES],
            used: BLOCK_BYTES,
        }
    }

    /// A number below `end`. For one that is small, a byte is enough.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let bytes = if end <= 16 { 1 } else { 4 };
        let number = (0..bytes).fold(0, |number, _| number << 8 | u32::from(self.next_byte()));
        number % end
    }

    /// The index of an element of a short list.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::from(self.next_byte()) % length
    }

    fn next_byte(&mut self) -> u8 {
        if self.used == BLOCK_BYTES {
            self.source.fill(&mut self.block);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}
