//! The settings of a webhook in the vendor's dashboard (vendor page, "Webhook Settings").

use super::declared_variables::DeclaredVariables;

/// Settings that the user has declared. A setting left at its default is not checked.
#[derive(Debug, Default)]
pub struct WebhookSettings {
    /// The setting "Send webhook only on completed".
    pub only_completed: bool,
    /// The setting "Include recording in webhook".
    pub include_recording: bool,
    /// The setting "Custom variables": the assistant's post-call schema.
    pub variables: Option<DeclaredVariables>,
}
