//! From paths to bodies: opens sources, cuts them into batches of whole values, parses batches into
//! documents, and searches documents for bodies. Each step keeps the location in the original file.
//!
//! | step | folder |
//! | --- | --- |
//! | bytes to text | [`source`] |
//! | text to batches of whole values | [`split`] |
//! | batches to JSON values | [`parse`] |
//! | values to bodies | [`find`] |
//! | locations | [`location`] |

pub mod find;
pub mod location;
pub mod parse;
pub mod source;
pub mod split;
