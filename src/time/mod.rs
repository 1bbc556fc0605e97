//! Timestamps in the spellings that arrive, time zones, and durations.

pub(crate) mod talk_time;
pub mod timestamp;
mod tz_database;
pub mod zone;
