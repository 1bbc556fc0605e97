//! The fast scanner: one pass over the text of an object that checks the grammar (RFC 8259) and
//! records where the members are. What it rejects, `serde_json` judges. Callers use the items that
//! the parent module exports.

pub(super) mod bytes_equal;
pub(super) mod name_hints;
pub(super) mod outline;
mod string_end;
