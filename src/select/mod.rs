//! Selects calls: filters, deduplication by id, and limits; counts what is selected and excluded.

pub mod counts;
pub mod filter;
pub mod id_counts;
pub mod selection;
pub mod sequencer;
