//! Reads the user's settings from files: `postcall.toml` and the assistant's post-call schema.

pub mod config;
pub mod variables_file;
