//! Locations in the original file, and the lines around them.

pub mod excerpt;
pub mod position;
