//! Cuts sources into batches at record boundaries, so that no value is split.

pub mod batch;
pub(crate) mod boundary;
pub(crate) mod buffer_pool;
pub(crate) mod flatted;
pub(crate) mod line_cut;
pub(crate) mod lines;
pub(crate) mod log_record;
pub(crate) mod object_parts;
mod open_array;
mod open_object;
pub(crate) mod sniff;
pub(crate) mod table;
pub(crate) mod text;
