//! Finds bodies in documents and in other text, through every envelope and encoding around them.

pub(crate) mod at;
pub mod deferred;
pub(crate) mod encoded;
pub mod envelope;
pub mod finder;
pub(crate) mod http;
pub mod item;
pub(crate) mod lost_body;
pub(crate) mod marked_lines;
pub mod nested_text;
pub(crate) mod records;
pub mod search;
pub(crate) mod text_pieces;
pub(crate) mod trail;
