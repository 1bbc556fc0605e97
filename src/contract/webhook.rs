//! The settings of a webhook in the vendor's dashboard (vendor page, "Webhook Settings").

use super::declared_variables::DeclaredVariables;

/// Settings that the user has declared. A setting left at its default is not checked.
#[derive(Debug, Default)]
pub(crate) struct WebhookSettings {
    /// The setting "Send webhook only on completed".
    pub(crate) only_completed: bool,
    /// The setting "Include recording in webhook".
    pub(crate) include_recording: bool,
    /// The setting "Custom variables": the assistant's post-call schema.
    pub(crate) variables: Option<DeclaredVariables>,
}
