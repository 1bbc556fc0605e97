//! Checks bodies against rules and collects findings. In order of use: [`rule_data`] defines rules
//! as data, [`levels`] grades their findings, [`collector`] collects those, [`rule_check`] adds the
//! check functions, [`rules`] lists all rules, and [`checker`] runs them.

pub(crate) mod baseline;
mod body_texts;
pub(crate) mod call_ids;
pub(crate) mod checked_batch;
pub mod checker;
pub mod collector;
mod describe;
pub(crate) mod fast_path;
pub(crate) mod finding;
pub(crate) mod finding_key;
pub(crate) mod levels;
mod parse_scope;
pub(crate) mod rule_check;
pub mod rule_data;
pub mod rules;
mod time_cache;
pub(crate) mod validation;
