//! Keeps the messages of a run for its result.

use std::cell::RefCell;
use std::rc::Rc;

use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::reader::ByteCounter;
use crate::host::{OutputProgress, Unwatched};
use crate::run::observer::Observer;

/// The messages so far, each a line of standard error.
pub(super) type Messages = Rc<RefCell<Vec<String>>>;

/// Keeps the messages, and passes on the progress.
pub(super) struct MessageRecorder {
    messages: Messages,
    /// Called with the number of bytes that were read.
    progress: Box<dyn FnMut(u64)>,
    bytes_read: ByteCounter,
}

impl MessageRecorder {
    pub(super) fn new(messages: Messages, progress: Box<dyn FnMut(u64)>) -> Self {
        Self {
            messages,
            progress,
            bytes_read: ByteCounter::default(),
        }
    }
}

impl Observer for MessageRecorder {
    fn print(&mut self, line: &str) {
        let line = line.strip_suffix('\n').unwrap_or(line);
        self.messages.borrow_mut().push(line.to_owned());
    }

    fn print_table(&mut self, text: &[u8]) {
        self.print(&String::from_utf8_lossy(text));
    }

    fn is_watched(&self) -> bool {
        false
    }

    fn start_reading(&mut self, inputs: &Inputs) {
        self.bytes_read = inputs.bytes_read.clone();
        self.bytes_read.reset();
    }

    fn update(&mut self, _calls: u64) {
        (self.progress)(self.bytes_read.get());
    }

    fn pause(&mut self, _calls: u64) {}

    fn finish_reading(&self) {}

    fn write_progress(&self) -> Box<dyn OutputProgress> {
        Box::new(Unwatched)
    }
}
