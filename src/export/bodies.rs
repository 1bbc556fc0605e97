//! Bodies as text: the format family of `extract`.

use crate::json::Json;

/// Layout of a body as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyLayout {
    /// One line. A body that is on one line already is copied verbatim.
    Line,
    /// Indented, on several lines.
    Indented,
}

impl BodyLayout {
    /// Appends a body and a line break to `text`.
    pub(crate) fn push(self, body: Json, text: &mut String) {
        match self {
            Self::Indented => body.push_indented(text),
            Self::Line if body.text().contains(['\n', '\r']) => text.push_str(&body.compact()),
            Self::Line => text.push_str(body.text()),
        }
        text.push('\n');
    }
}
