//! Parses batches into JSON values, explains broken values, and finds where to go on behind them.

pub(crate) mod broken_value;
pub(crate) mod debug_print;
pub mod document;
mod recovery;
mod resume_point;
