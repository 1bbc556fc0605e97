//! Standard output, as far as somebody reads it.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

/// Notes whether something was written.
pub(super) struct Noting<W> {
    /// Where it is written.
    pub out: W,
    /// Whether something was.
    pub has_begun: Rc<Cell<bool>>,
}

impl<W: Write> Write for Noting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.has_begun.set(true);
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether standard output is a pipe that nobody reads any more. Else that shows only when something is written.
#[cfg(unix)]
pub(super) fn has_lost_its_reader() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdout = io::stdout();
    // It is told even where nothing is asked for.
    let mut asked = [PollFd::new(&stdout, PollFlags::empty())];
    let now = Timespec::default();
    poll(&mut asked, Some(&now)).is_ok()
        && asked[0]
            .revents()
            .intersects(PollFlags::ERR | PollFlags::HUP)
}

/// Elsewhere it shows only when something is written.
#[cfg(not(unix))]
pub(super) fn has_lost_its_reader() -> bool {
    false
}
