//! The progress line. There is one terminal, so the process has one line.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::run::signals;

/// Delay before the line appears, so that a short run has none. After other output to the terminal,
/// the line stays hidden for this time too: output that flows shows progress by itself.
pub(crate) const DELAY: Duration = Duration::from_millis(500);

/// Minimum time between two drawings of the line.
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);

/// Free columns at the end of the line, so that the `^C` that the terminal writes there does not
/// wrap it.
const MARGIN: u16 = 4;

/// Maximum width of the line, more than it ever needs. A line padded further would wrap if the
/// terminal was made a little narrower.
const MAX_WIDTH: u16 = 80;

/// The line of the process. `None` while it must not be drawn.
static LINE: Mutex<Option<ProgressLine>> = Mutex::new(None);

/// State of the progress line.
pub(crate) struct ProgressLine {
    /// The drawn line, while it is visible.
    bar: Option<ProgressBar>,
    last_drawn: Instant,
    /// Time of the last other output to the terminal.
    last_disturbed: Instant,
    /// True if the output of the run goes to the terminal too, and has started.
    pub(crate) has_output: bool,
}

impl ProgressLine {
    pub(crate) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// Allows the line to be drawn from now on.
pub(crate) fn enable() {
    if let Ok(mut line) = LINE.lock() {
        *line = Some(ProgressLine {
            bar: None,
            last_drawn: Instant::now(),
            last_disturbed: Instant::now(),
            has_output: false,
        });
    }
}

/// Clears the line before other output to the terminal.
pub fn clear_for_output() {
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

/// Draws the line, if it is due. `text` formats it for a width in columns.
pub(crate) fn draw(text: impl FnOnce(usize) -> String) {
    with_line(|line| {
        let now = Instant::now();
        let (since, pause) = match &line.bar {
            Some(_) => (line.last_drawn, REDRAW_INTERVAL),
            None => (line.last_disturbed, DELAY),
        };
        if now - since < pause {
            return;
        }
        line.last_drawn = now;
        let bar = line.bar.get_or_insert_with(|| {
            signals::add_cleanup(disable);
            let target = ProgressDrawTarget::term_like(Box::new(LineTerminal::default()));
            let style = ProgressStyle::with_template("{msg}").expect("it is well-formed");
            ProgressBar::with_draw_target(None, target).with_style(style)
        });
        bar.set_message(text(usize::from(LineTerminal::width())));
    });
}

/// Standard error as the terminal of the progress bar. Only one line is drawn, so the cursor never
/// moves up or down.
#[derive(Debug, Default)]
struct LineTerminal {
    /// Output until the next flush. It is written at once, so that nothing flickers.
    pending: Mutex<String>,
}

impl LineTerminal {
    /// Number of columns that the line may use.
    fn width() -> u16 {
        let width =
            terminal_size::terminal_size_of(io::stderr()).map_or(MAX_WIDTH, |size| size.0.0);
        width.saturating_sub(MARGIN).min(MAX_WIDTH)
    }

    fn push(&self, text: &str) {
        if let Ok(mut pending) = self.pending.lock() {
            pending.push_str(text);
        }
    }
}

impl TermLike for LineTerminal {
    fn width(&self) -> u16 {
        Self::width()
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.push(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.push("\r\x1b[2K");
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let text = self
            .pending
            .lock()
            .map(|mut text| std::mem::take(&mut *text));
        // Bypasses the colour settings: escape codes that move the cursor are not colours.
        anstream::AutoStream::always(io::stderr()).write_all(text.unwrap_or_default().as_bytes())
    }
}
