//! Checks bodies against rules and collects findings.

pub(crate) mod call_ids;
pub mod checker;
pub mod collector;
pub(crate) mod fast_path;
pub mod finding;
pub mod levels;
pub mod rules;
pub(crate) mod time_cache;
