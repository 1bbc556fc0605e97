//! What the figures leave out, and what their words mean.

use maud::{Markup, html};

use super::options::ReportOptions;
use super::parts::section;
use crate::stats::model::InputFigures;

/// The parts of the input that are in no figure; no section if there are none.
#[must_use]
pub(crate) fn not_counted(input: &InputFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let parts = language.input_not_counted(input);
    if parts.is_empty() {
        return html! {};
    }
    let content = html! { ul { @for part in parts { li { (part) } } } };
    section("not-counted", language.not_counted(), &content)
}

/// The meaning of the words.
#[must_use]
pub(crate) fn how_to_read(options: ReportOptions) -> Markup {
    let language = options.language;
    let sentences = [
        language.read_campaigns(),
        language.read_connected(),
        language.read_two_way(),
        language.read_conversation(),
        language.read_range(),
    ];
    let content = html! { ul { @for sentence in sentences { li { (sentence) } } } };
    section("how-to-read", language.how_to_read(), &content)
}
