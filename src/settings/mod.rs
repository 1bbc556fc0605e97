//! Reads the user's settings from files: `postcall.toml`, the assistant's post-call
//! schema, and known findings.

pub(crate) mod baseline_file;
pub(crate) mod config;
mod config_file;
pub(crate) mod config_schema;
pub(crate) mod config_source;
pub(crate) mod declaration_file;
mod owners;
#[cfg(feature = "cli")]
pub(crate) mod redact_key;
mod rules_schema;
mod settings_file;
pub(crate) mod variables_file;
mod variables_setting;
