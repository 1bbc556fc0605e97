//! Records of bytes in scratch space, which are read back in any order.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use crate::host::{Scratch, ScratchFile};

/// Records up to this size stay in memory; more go to a file.
const IN_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Records, numbered in the order in which they were pushed.
pub(crate) struct RecordStore {
    file: BufWriter<Box<dyn ScratchFile>>,
    /// The offset of the end of each record.
    ends: Vec<u64>,
    /// The record that was read last.
    record: Vec<u8>,
}

impl RecordStore {
    /// Creates a store without records.
    #[must_use]
    pub(crate) fn new(scratch: &dyn Scratch) -> Self {
        Self {
            file: BufWriter::new(scratch.create_in_memory(IN_MEMORY_BYTES)),
            ends: Vec::new(),
            record: Vec::new(),
        }
    }

    /// Appends a record. All records must be pushed before the first one is read.
    pub(crate) fn push(&mut self, record: &[u8]) -> io::Result<()> {
        let start = self.ends.last().copied().unwrap_or(0);
        self.ends.push(start + record.len() as u64);
        self.file.write_all(record)
    }

    /// Reads the record with this index.
    pub(crate) fn read(&mut self, index: usize) -> io::Result<&[u8]> {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let length = usize::try_from(self.ends[index] - start).expect("it was in memory before");
        // Seeking writes what is still buffered.
        self.file.seek(SeekFrom::Start(start))?;
        self.record.resize(length, 0);
        self.file.get_mut().read_exact(&mut self.record)?;
        Ok(&self.record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::InMemory;

    #[test]
    fn records_are_read_in_any_order() {
        let mut store = RecordStore::new(&InMemory);
        for record in ["one", "", "three", "four"] {
            store.push(record.as_bytes()).expect("memory");
        }
        for (index, record) in [(3, "four"), (0, "one"), (1, ""), (2, "three"), (0, "one")] {
            assert_eq!(store.read(index).expect("memory"), record.as_bytes());
        }
    }
}
