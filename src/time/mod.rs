//! Timestamps in the spellings that arrive, time zones, and durations.

pub mod talk_time;
pub mod timestamp;
pub mod zone;
