//! Parts of a finding as text, shared by several formats.
//!
//! A location is `path:line:column` where a person or an editor reads it ([`format_location`]).
//! Formats with members of their own for path, line and column, such as SARIF, fill these instead.

use std::io;

use serde::Serialize;

use crate::capture::location::coding::{Coding, position_coding};
use crate::capture::location::position::Position;
use crate::capture::source::reader::UnreadableInput;
use crate::capture::source::source_name::STDIN;
use crate::lint::finding::{CheckedBody, Finding};
use crate::text::safe_text;

/// `path:line:column` of a position in the file that contains `body`. The path is as the user
/// gave it: before the location is printed, control characters in it must be made safe.
pub(super) fn format_location(body: &CheckedBody, position: Position) -> String {
    format!("{}:{position}", body.source)
}

/// The path of the file with this name as reports for repositories name it: relative paths have no
/// `./`, and standard input is `stdin`.
pub(super) fn path_in_repository(file: &str) -> &str {
    if file == STDIN {
        return "stdin";
    }
    file.strip_prefix("./").unwrap_or(file)
}

/// Why an input could not be read, in a report that names the file elsewhere. The text starts with
/// the name of the member if the file is an archive.
pub(super) fn reason_in_file(unreadable: &UnreadableInput) -> String {
    let member = unreadable.name.member();
    let member = member.map_or(String::new(), |member| format!("{member}: "));
    format!("{member}{}", unreadable.reason)
}

/// True if lines and columns of a finding are those of the file that the report names. Those in a
/// member of an archive, or in decoded text, are not.
pub(super) fn is_in_file(body: &CheckedBody, finding: &Finding) -> bool {
    body.source.member().is_none() && decoded_from(finding).is_none()
}

/// Formats a finding as one sentence for a report that has the name of the file elsewhere. In an
/// archive, the sentence starts with the location in the member.
pub(super) fn format_sentence_in_file(body: &CheckedBody, finding: &Finding) -> String {
    let sentence = format_sentence(body, finding);
    match body.source.member() {
        Some(member) => format!("{member}:{}: {sentence}", finding.span.start),
        None => sentence,
    }
}

/// JSON Pointer of a finding in its document: the pointer of the body plus that of the finding.
pub(super) fn full_pointer(body: &CheckedBody, finding: &Finding) -> String {
    format!("{}{}", body.pointer, finding.pointer)
}

/// The coding of the decoded text in which the lines and columns of a finding count; `None` if they
/// count in the file.
pub(super) fn decoded_from(finding: &Finding) -> Option<Coding> {
    position_coding(finding.coding)
}

/// Serializes a value as JSON text with all control characters escaped.
pub(super) fn to_json_text(value: &impl Serialize) -> io::Result<String> {
    let text = serde_json::to_string(value)?;
    Ok(safe_text::json(&text).into_owned())
}

/// Formats a finding as one sentence: pointer, message, first occurrence, coding and help.
pub(super) fn format_sentence(body: &CheckedBody, finding: &Finding) -> String {
    let pointer = full_pointer(body, finding);
    let separator = if pointer.is_empty() { "" } else { ": " };
    let first = finding
        .first_occurrence
        .map_or(String::new(), |first| format!(", first at {}", first.start));
    let decoded = decoded_from(finding).map_or(String::new(), |coding| {
        format!(", in the text decoded from {}", coding.name())
    });
    let help = finding.message.help.as_ref();
    let help = help.map_or(String::new(), |help| format!("; {help}"));
    format!("{pointer}{separator}{finding}{first}{decoded}{help}")
}
