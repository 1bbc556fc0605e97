//! User settings from the command line and `postcall.toml`: the configuration of the webhook and
//! the level of each rule.

pub mod config;
pub mod declared_variables;

use declared_variables::DeclaredVariables;

/// Configuration of the webhook (vendor page, "Webhook Settings"). A setting left at its default
/// is not checked.
#[derive(Debug, Default)]
pub struct Settings {
    /// The setting "Send webhook only on completed".
    pub only_completed: bool,
    /// The setting "Include recording in webhook".
    pub include_recording: bool,
    /// The setting "Custom variables": the assistant's post-call schema.
    pub variables: Option<DeclaredVariables>,
}
