//! A buffer between our writer and a library that wants to own its output. An I/O error of our
//! writer thus stays an I/O error instead of becoming an error of the library.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// Bytes that were written but not drained yet. Clones share one buffer.
#[derive(Clone, Default)]
pub(crate) struct SharedBuffer(Arc<Mutex<Vec<u8>>>);

impl SharedBuffer {
    /// Moves the buffered bytes to `out`.
    pub(crate) fn drain_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for SharedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffered = self.0.lock().map_err(|_| io::ErrorKind::Other)?;
        buffered.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
