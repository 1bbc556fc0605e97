//! The identity of a finding across runs.

use super::finding::{CheckedBody, Finding};
use crate::json::pointer::without_indexes;

/// What a finding has in common with the same finding of another run. It holds no value of the body
/// except the id of the call. Positions are not part of it, because they change when text is
/// inserted before them, and neither is the level, which settings change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FindingKey {
    /// Name of the source.
    pub(crate) source: String,
    /// Id of the call as written, if it is a number.
    pub(crate) call: Option<String>,
    /// JSON Pointer in the document. The indexes of the arrays that contain the body are `*`,
    /// because they change when a call is inserted before it. Those in the body are kept.
    pub(crate) pointer: String,
    /// Id of the rule.
    pub(crate) rule: String,
}

impl FindingKey {
    /// The identity of a finding of `body`, whose source is named `source`.
    #[must_use]
    pub(crate) fn new(source: &str, body: &CheckedBody, finding: &Finding) -> Self {
        Self {
            source: source.to_owned(),
            call: body.id.clone(),
            pointer: without_indexes(&body.pointer) + &finding.pointer,
            rule: finding.rule.id.to_owned(),
        }
    }
}
