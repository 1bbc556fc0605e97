//! A cache of the parsed timestamps of a body, so that several rules parse each of them once.
//! Without it, `validate` executes 5 % more instructions.

use std::cell::Cell;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};

use crate::call::read_timestamp;
use crate::json::Json;
use crate::time::timestamp::Timestamp;

/// Number of slots: a multiple of the documented timestamps, so that two of them rarely share one.
const CAPACITY: usize = 16;

/// Direct-mapped cache from the values of one body to their timestamps.
#[derive(Debug, Default)]
pub(crate) struct TimeCache<'a> {
    /// Address of the value whose result is in each slot; 0 if the slot is empty. The address also
    /// selects the slot.
    addresses: [Cell<usize>; CAPACITY],
    times: [Cell<Option<Timestamp>>; CAPACITY],
    latest: Cell<Option<DateTime<Utc>>>,
    /// An address identifies a value as long as the body is borrowed.
    body: PhantomData<&'a str>,
}

impl<'a> TimeCache<'a> {
    /// Parses `value` as a timestamp; `None` if it is not a string or not a readable timestamp.
    pub(crate) fn read(&self, value: Json<'a>) -> Option<Timestamp> {
        let address = value.text().as_ptr() as usize;
        // If two values map to one slot, the later one replaces the earlier one.
        let slot = address / CAPACITY % CAPACITY;
        if self.addresses[slot].get() != address {
            let time = read_timestamp(value);
            self.addresses[slot].set(address);
            self.times[slot].set(time);
            let utc = time.map(|time| time.time.to_utc());
            self.latest.set(self.latest.get().max(utc));
        }
        self.times[slot].get()
    }

    /// The latest of the timestamps that [`Self::read`] has parsed until now; `None` if it parsed
    /// none. The checks of the single fields read all documented timestamps of a body.
    pub(crate) fn latest_read(&self) -> Option<DateTime<Utc>> {
        self.latest.get()
    }
}
