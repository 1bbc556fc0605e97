//! Reads the user's settings from files: `postcall.toml` and the assistant's post-call schema.

pub(crate) mod config;
pub(crate) mod config_source;
mod owners;
mod settings_file;
pub(crate) mod variables_file;
