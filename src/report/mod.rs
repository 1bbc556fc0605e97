//! Findings out, a format a file.

pub mod human;
