//! Standard output: its width, whether anything was written, and whether its reader has closed it.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::str::FromStr;

/// Name of standard output in messages.
pub(crate) const STDOUT: &str = "standard output";

/// Width of output for people, as requested on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputWidth {
    /// At most this many columns.
    Columns(usize),
    /// As wide as the values need.
    Full,
}

impl FromStr for OutputWidth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "full" {
            return Ok(Self::Full);
        }
        let columns = text.parse().ok().filter(|columns| *columns > 0);
        let columns = columns.map(Self::Columns);
        columns.ok_or_else(|| "expected a number of columns, such as 100, or `full`".to_owned())
    }
}

/// Width of a line in columns; `None` means no limit. As in git, the environment variable `COLUMNS`
/// takes precedence over the size of the terminal.
#[cfg(feature = "cli")]
pub(crate) fn output_width(requested: Option<OutputWidth>, out_is_terminal: bool) -> Option<usize> {
    match requested {
        Some(OutputWidth::Columns(columns)) => return Some(columns),
        Some(OutputWidth::Full) => return None,
        None => {}
    }
    let from_environment = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let detected = || {
        let size = terminal_size::terminal_size().filter(|_| out_is_terminal);
        size.map(|(width, _)| usize::from(width.0))
    };
    let width = from_environment.filter(|columns| *columns > 0);
    width.or_else(detected)
}

/// A writer that records whether anything was written.
pub(crate) struct TrackedStdout<W> {
    /// The writer that receives the bytes.
    pub(crate) out: W,
    /// True once something was written.
    pub(crate) has_output: Rc<Cell<bool>>,
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

/// Standard output that drops everything once its reader has closed the pipe.
pub(crate) struct PipeTolerantStdout(Option<Box<dyn Write>>);

impl PipeTolerantStdout {
    pub(crate) fn new(out: Box<dyn Write>) -> Self {
        Self(Some(out))
    }

    /// Calls `write` with the output. Returns `if_closed` if its reader has closed the pipe.
    fn write_if_open<T>(
        &mut self,
        if_closed: T,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(out) = &mut self.0 else {
            return Ok(if_closed);
        };
        match write(out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(if_closed)
            }
            result => result,
        }
    }
}

impl Write for PipeTolerantStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_if_open(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_if_open((), |out| out.flush())
    }
}

/// True if standard output is a pipe whose reader has closed it. Without this check, a closed pipe
/// is noticed only by the next write.
#[cfg(all(unix, feature = "cli"))]
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

/// Always false: only a write shows that the pipe is closed.
#[cfg(not(all(unix, feature = "cli")))]
pub(crate) fn is_reader_gone() -> bool {
    false
}
