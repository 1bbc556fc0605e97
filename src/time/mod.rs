//! Timestamps in the spellings that arrive, times of day, time zones, and durations.

pub(crate) mod talk_time;
pub(crate) mod time_of_day;
pub mod timestamp;
mod tz_database;
pub mod zone;
