//! Rules on plausibility: values that are well-formed and well-typed, but unlikely.

pub(super) mod campaign;
pub(crate) mod connection;
pub(super) mod delivery;
pub(super) mod free_text;
pub(super) mod texts;
pub(super) mod times;
pub(super) mod values;

pub(crate) use delivery::{DUPLICATE_CALL, repeated_call};
