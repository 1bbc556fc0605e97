//! What the user says of his own set-up: how the webhook is configured, and how bad each rule's findings are. It comes from the command line
//! and from `postcall.toml`.

pub mod config;
pub mod levels;
pub mod variables;

use variables::DeclaredVariables;

/// The webhook's own settings (vendor page, "Webhook Settings"). What is not told is not checked.
#[derive(Debug, Default)]
pub struct Settings {
    /// "Send webhook only on completed".
    pub only_completed: bool,
    /// "Include recording in webhook".
    pub include_recording: bool,
    /// "Custom variables": the assistant's post-call schema.
    pub variables: Option<DeclaredVariables>,
}
