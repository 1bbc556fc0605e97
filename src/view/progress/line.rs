//! The line itself: there is one terminal, so there is one line.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::interrupt;

/// Work that takes no longer needs no line; and after something else was written to the terminal, the line stays away for so long: output that
/// flows is progress enough.
pub(super) const DELAY: Duration = Duration::from_millis(500);

/// The line is drawn anew at most so often.
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(100);

/// Room at the end of the terminal's line: `^C`, which the terminal itself writes there, must not break it.
const MARGIN: u16 = 4;

/// More columns than the line ever needs. What is padded further would break when the terminal is made a little narrower.
const WIDEST: u16 = 80;

/// The line of the process, for there is one terminal; none where it must not be drawn.
static LINE: Mutex<Option<Line>> = Mutex::new(None);

/// What is known of it.
pub(super) struct Line {
    /// While it can be seen.
    bar: Option<ProgressBar>,
    drawn: Instant,
    /// Since when nothing else was written to the terminal.
    undisturbed: Instant,
    /// Whether the run's output goes to the terminal too, and has begun.
    pub(super) is_among_output: bool,
}

impl Line {
    pub(super) fn take_away(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// From here on the line may be drawn.
pub(super) fn begin() {
    if let Ok(mut line) = LINE.lock() {
        *line = Some(Line {
            bar: None,
            drawn: Instant::now(),
            undisturbed: Instant::now(),
            is_among_output: false,
        });
    }
}

/// Takes the line away because something else is about to be written to the terminal.
pub fn make_way() {
    with_line(|line| {
        line.take_away();
        line.undisturbed = Instant::now();
    });
}

/// Does something with the line, if there may be one.
pub(super) fn with_line(act: impl FnOnce(&mut Line)) {
    if let Ok(mut line) = LINE.lock()
        && let Some(line) = line.as_mut()
    {
        act(line);
    }
}

/// Takes the line away for good.
pub(super) fn end() {
    if let Ok(mut line) = LINE.lock()
        && let Some(mut line) = line.take()
    {
        line.take_away();
    }
}

/// Draws the line, if it is time for it, as `text` makes it for a width.
pub(super) fn draw(text: impl FnOnce(usize) -> String) {
    with_line(|line| {
        let now = Instant::now();
        let (since, pause) = match &line.bar {
            Some(_) => (line.drawn, BETWEEN_DRAWINGS),
            None => (line.undisturbed, DELAY),
        };
        if now - since < pause {
            return;
        }
        line.drawn = now;
        let bar = line.bar.get_or_insert_with(|| {
            interrupt::before_end(end);
            let target = ProgressDrawTarget::term_like(Box::new(Terminal::default()));
            let style = ProgressStyle::with_template("{msg}").expect("it is well-formed");
            ProgressBar::with_draw_target(None, target).with_style(style)
        });
        bar.set_message(text(usize::from(Terminal::width())));
    });
}

/// Standard error. What is drawn is one line of it: the cursor never has to move up or down.
#[derive(Debug, Default)]
struct Terminal {
    /// Written at once, so that nothing flickers.
    waiting: Mutex<String>,
}

impl Terminal {
    /// Columns that can be drawn to.
    fn width() -> u16 {
        let width = terminal_size::terminal_size_of(io::stderr()).map_or(WIDEST, |size| size.0.0);
        width.saturating_sub(MARGIN).min(WIDEST)
    }

    fn push(&self, text: &str) {
        if let Ok(mut waiting) = self.waiting.lock() {
            waiting.push_str(text);
        }
    }
}

impl TermLike for Terminal {
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
            .waiting
            .lock()
            .map(|mut text| std::mem::take(&mut *text));
        // Whatever is said of colours: moving the cursor is none.
        anstream::AutoStream::always(io::stderr()).write_all(text.unwrap_or_default().as_bytes())
    }
}
