//! Finds bodies in documents and in other text, through every envelope and encoding around them.

pub(crate) mod at;
pub(crate) mod cursor;
pub(crate) mod decode;
pub mod deferred;
pub mod documents;
pub(crate) mod encoding;
pub(crate) mod envelope;
pub(crate) mod finder;
mod flat_body;
mod headers;
pub mod item;
pub(crate) mod lost_body;
pub(crate) mod mail_parts;
mod mixed_encodings;
pub(crate) mod nested_text;
mod object_parts;
#[cfg(test)]
mod object_parts_tests;
pub(crate) mod record_runs;
pub mod search;
pub(crate) mod sequence;
mod table_row;
pub(crate) mod table_rows;
pub(crate) mod text_pieces;
#[cfg(test)]
mod text_pieces_tests;
pub(crate) mod texts;
pub(crate) mod values;
