//! Selects calls: filters, deduplication by id, and limits; counts what is selected and excluded.

pub(crate) mod counts;
pub(crate) mod filter;
pub(crate) mod id_counts;
pub(crate) mod id_set;
pub(crate) mod repeated_ids;
pub(crate) mod selection;
pub(crate) mod sequencer;
