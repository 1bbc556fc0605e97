//! Standard output: whether anything was written to it, and whether its reader has closed it.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

/// A writer that records whether anything was written.
pub(crate) struct TrackedStdout<W> {
    /// The writer that receives the bytes.
    pub out: W,
    /// True once something was written.
    pub has_output: Rc<Cell<bool>>,
}

impl<W: Write> Write for TrackedStdout<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.has_output.set(true);
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// True if standard output is a pipe whose reader has closed it. Without this check, a closed pipe
/// is noticed only by the next write.
#[cfg(unix)]
pub(crate) fn is_reader_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdout = io::stdout();
    // ERR and HUP are reported even if no event is requested.
    let mut requested = [PollFd::new(&stdout, PollFlags::empty())];
    let now = Timespec::default();
    poll(&mut requested, Some(&now)).is_ok()
        && requested[0]
            .revents()
            .intersects(PollFlags::ERR | PollFlags::HUP)
}

/// Always false: on this platform only a write shows that the pipe is closed.
#[cfg(not(unix))]
pub(crate) fn is_reader_gone() -> bool {
    false
}
