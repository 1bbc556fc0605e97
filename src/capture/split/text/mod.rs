//! Finds JSON in text that is not JSON as a whole, such as a log: where its parts start and end,
//! and so where the text can be cut. Decoding the parts is left to the search.

pub(crate) mod ansi;
pub(crate) mod call_members;
pub(crate) mod convention;
pub(crate) mod cut;
mod escaped;
mod evidence;
pub(crate) mod http;
pub(crate) mod literal;
mod literal_quote;
pub(crate) mod mail;
pub(crate) mod marked_lines;
pub(crate) mod markup;
pub(crate) mod percent;
pub(crate) mod printed_block;
mod reading;
pub(crate) mod scanner;
pub(crate) mod split_lines;
