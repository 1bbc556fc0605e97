//! Locations in the original file, and the lines around them.

pub mod coding;
pub mod excerpt;
pub mod position;
pub mod source_map;
