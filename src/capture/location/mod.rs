//! Locations in the original file, and the lines around them.

pub(crate) mod coding;
pub(crate) mod excerpt;
pub mod position;
pub(crate) mod source_map;
