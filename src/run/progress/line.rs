//! The progress line. There is one terminal, so the process has one line.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::capture::source::files::readiness::{Readiness, is_ready};
use crate::run::signals;

/// Delay before the line appears, so that a short run has none. After other output to the terminal,
/// the line stays hidden for this time too: output that flows shows progress by itself.
pub(crate) const DELAY: Duration = Duration::from_millis(500);

/// Minimum time between two drawings of the line.
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);

/// Free columns at the end of the line, so that the `^C` that the terminal writes there does not
/// wrap it.
const MARGIN: u16 = 4;

/// Maximum width of the line, more than it ever needs.
const MAX_WIDTH: u16 = 80;

/// The line of the process. `None` while it must not be drawn.
static LINE: Mutex<Option<ProgressLine>> = Mutex::new(None);

/// State of the progress line.
pub(crate) struct ProgressLine {
    is_visible: bool,
    last_drawn: Instant,
    /// Time of the last other output to the terminal.
    last_disturbed: Instant,
    /// True if the output of the run goes to the terminal too, and has started.
    pub(crate) has_output: bool,
}

impl ProgressLine {
    /// Erases the line from the terminal, if it is visible.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.is_visible) {
            replace_line("");
        }
    }
}

/// Allows the line to be drawn from now on.
pub(crate) fn enable() {
    if let Ok(mut line) = LINE.lock() {
        *line = Some(ProgressLine {
            is_visible: false,
            last_drawn: Instant::now(),
            last_disturbed: Instant::now(),
            has_output: false,
        });
    }
}

/// Clears the line before other output to the terminal.
pub(crate) fn clear_for_output() {
    with_line(|line| {
        line.clear();
        line.last_disturbed = Instant::now();
    });
}

/// Calls `act` with the line, if it is enabled.
pub(crate) fn with_line(act: impl FnOnce(&mut ProgressLine)) {
    if let Ok(mut line) = LINE.lock()
        && let Some(line) = line.as_mut()
    {
        act(line);
    }
}

/// Clears the line and disables it.
pub(crate) fn disable() {
    if let Ok(mut line) = LINE.lock()
        && let Some(mut line) = line.take()
    {
        line.clear();
    }
}

/// Clears the line before a signal ends the process. Does not wait for a terminal that takes no
/// output, nor long for a thread that draws the line just now.
fn clear_before_exit() {
    let is_ready = is_ready(&io::stderr(), Readiness::Write, Some(Duration::ZERO));
    if !is_ready.is_ok_and(|is_ready| is_ready) {
        return;
    }
    for _ in 0..20 {
        if let Ok(mut line) = LINE.try_lock() {
            if let Some(mut line) = line.take() {
                line.clear();
            }
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Draws the line, if it is due. `text` formats it for a width in columns.
pub(crate) fn draw(text: impl FnOnce(usize) -> String) {
    with_line(|line| {
        let now = Instant::now();
        let (since, pause) = if line.is_visible {
            (line.last_drawn, REDRAW_INTERVAL)
        } else {
            (line.last_disturbed, DELAY)
        };
        if now - since < pause {
            return;
        }
        line.last_drawn = now;
        if !std::mem::replace(&mut line.is_visible, true) {
            signals::add_cleanup(clear_before_exit);
        }
        replace_line(&text(usize::from(line_width())));
    });
}

/// Number of columns that the line may use.
fn line_width() -> u16 {
    let width = terminal_size::terminal_size_of(io::stderr()).map_or(MAX_WIDTH, |size| size.0.0);
    width.saturating_sub(MARGIN).min(MAX_WIDTH)
}

/// Erases the line and writes `text` in its place, at once, so that nothing flickers.
fn replace_line(text: &str) {
    let line = format!("\r\x1b[2K{text}");
    // Bypasses the colour settings: escape codes that move the cursor are not colours. An error on
    // standard error has nowhere to be reported.
    let _ = anstream::AutoStream::always(io::stderr()).write_all(line.as_bytes());
}
