//! Fuzz targets of postcall: see `README.md`.

pub mod process;
pub mod targets;
