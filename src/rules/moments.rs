//! The times of a body, each read once, however many rules ask for it.

use std::cell::Cell;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};

use crate::call::timestamp;
use crate::call::timestamp::Timestamp;
use crate::json::Json;

/// So many are kept: a body documents six.
const MOST: usize = 16;

/// What times the values of one body tell.
#[derive(Debug, Default)]
pub struct Moments<'a> {
    /// The addresses of the values that were read, each in the place that it points to; 0 where none was.
    addresses: [Cell<usize>; MOST],
    times: [Cell<Option<Timestamp>>; MOST],
    latest: Cell<Option<DateTime<Utc>>>,
    /// While the body lives, nothing else is where its values are.
    body: PhantomData<&'a str>,
}

impl<'a> Moments<'a> {
    /// The time that `value` tells, where it is a string that can be read as one.
    pub(super) fn read(&self, value: Json<'a>) -> Option<Timestamp> {
        let own = value.text().as_ptr() as usize;
        // Where two values have the same place, the later one takes it.
        let place = own / MOST % MOST;
        if self.addresses[place].get() != own {
            let time = timestamp(value);
            self.addresses[place].set(own);
            self.times[place].set(time);
            let utc = time.map(|time| time.time.to_utc());
            self.latest.set(self.latest.get().max(utc));
        }
        self.times[place].get()
    }

    /// The latest time that was read, if one was: the walk through a body reads all that are documented.
    pub(super) fn latest(&self) -> Option<DateTime<Utc>> {
        self.latest.get()
    }
}
