//! Room for bytes that is used again: a run needs room for as many batches as are in flight, and not a page more.

use std::mem;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

/// What is larger is given back to the system: one large value must not cost its room for the rest of the run.
const LARGEST: usize = 2 * 1024 * 1024;

/// Where room waits that is not needed.
type Home = Arc<Mutex<Vec<Vec<u8>>>>;

/// Where bytes find room, and bring it back.
#[derive(Debug, Default)]
pub(super) struct Room(Home);

impl Room {
    /// Room of any length, with anything in it: what came back last, which is the nearest.
    pub(super) fn take(&self) -> Vec<u8> {
        let room = self.0.lock().ok().and_then(|mut rooms| rooms.pop());
        room.unwrap_or_default()
    }

    /// Bytes whose room comes back when nobody needs them any more.
    pub(super) fn lend(&self, bytes: Vec<u8>) -> Bytes {
        Bytes {
            bytes,
            home: Some(Arc::clone(&self.0)),
        }
    }
}

/// The bytes of a batch.
#[derive(Debug)]
pub struct Bytes {
    bytes: Vec<u8>,
    home: Option<Home>,
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
            && let Ok(mut rooms) = home.lock()
        {
            rooms.push(mem::take(&mut self.bytes));
        }
    }
}
