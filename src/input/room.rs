//! Room for bytes that is used again: a run needs room for as many batches as are in flight, and not a page more.

use std::mem;
use std::ops::Deref;
use std::sync::mpsc::{self, Receiver, Sender};

/// What is larger is given back to the system: one large value must not cost its room for the rest of the run.
const LARGEST: usize = 2 * 1024 * 1024;

/// Where room waits that is not needed.
#[derive(Debug)]
pub(super) struct Room {
    waiting: Receiver<Vec<u8>>,
    home: Sender<Vec<u8>>,
}

impl Room {
    pub(super) fn new() -> Self {
        let (home, waiting) = mpsc::channel();
        Self { waiting, home }
    }

    /// Room of any length, with anything in it.
    pub(super) fn take(&self) -> Vec<u8> {
        self.waiting.try_recv().unwrap_or_default()
    }

    /// Bytes whose room comes back when nobody needs them any more.
    pub(super) fn lend(&self, bytes: Vec<u8>) -> Bytes {
        Bytes {
            bytes,
            home: Some(self.home.clone()),
        }
    }
}

/// The bytes of a batch.
#[derive(Debug)]
pub struct Bytes {
    bytes: Vec<u8>,
    home: Option<Sender<Vec<u8>>>,
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Vec<u8>> for Bytes {
    /// Bytes whose room nobody wants back.
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, home: None }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        if let Some(home) = &self.home
            && self.bytes.capacity() <= LARGEST
        {
            // When the source has been read, nobody takes it.
            let _ = home.send(mem::take(&mut self.bytes));
        }
    }
}
