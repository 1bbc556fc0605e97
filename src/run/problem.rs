//! Problems: messages about bad input, printed on standard error. With `--rejects`, the records
//! that they are about are also written to a file.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::location::format_location;
use crate::capture::find::item::{NonCall, NonCallKind};
use crate::capture::location::coding::{Coding, position_coding};
use crate::capture::source::source_name::SourceName;
use crate::export::reject::RejectLine;
use crate::host::AtomicFile;

/// A message about bad input.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// `path:line:column: reason; help`
    pub(crate) message: String,
    /// The prefix of the message if it is not an error, because the input was read all the same.
    pub(crate) notice: Option<&'static str>,
    reject: Option<Reject>,
}

/// A record that could not be used, with its location and the reason.
#[derive(Clone, Debug)]
struct Reject {
    source: SourceName,
    line: u64,
    column: u64,
    coding: Option<&'static str>,
    reason: String,
    record: Vec<u8>,
}

impl Problem {
    /// The problem with `other`, an item that is not a call, without any of its text.
    pub(crate) fn without_text(other: &NonCall) -> Self {
        let location = format_location(other.locator, other.offset);
        let reason = other.kind.label();
        Self {
            message: format!(
                "{}:{location}: {reason} (`postcall validate` shows it)",
                other.source
            ),
            notice: notice(other.kind),
            reject: None,
        }
    }

    /// The problem with `other`, an item that is not a call. `with_record` keeps a copy of the
    /// record's bytes for the file of rejects.
    pub(crate) fn new(other: &NonCall, with_record: bool) -> Self {
        let location = format_location(other.locator, other.offset);
        let help = other
            .help
            .as_ref()
            .map_or(String::new(), |help| format!("; {help}"));
        let notice = notice(other.kind);
        let reason = if notice.is_some() {
            format!("{}{help}", other.description)
        } else {
            format!("{}: {}{help}", other.kind.label(), other.description)
        };
        let reject = (with_record && notice.is_none()).then(|| {
            let position = other.locator.position(other.offset);
            Reject {
                source: other.source.clone(),
                line: position.line,
                column: position.column,
                coding: position_coding(other.locator.coding()).map(Coding::name),
                reason: reason.clone(),
                record: other.record.to_vec(),
            }
        });
        Self {
            message: format!("{}:{location}: {reason}", other.source),
            notice,
            reject,
        }
    }
}

/// How the message starts if it is not an error.
fn notice(kind: NonCallKind) -> Option<&'static str> {
    match kind {
        NonCallKind::Windows1252 => Some("warning: "),
        NonCallKind::Table => Some(""),
        _ => None,
    }
}

/// The file of records that could not be used, one JSON object per line.
pub(crate) struct RejectFile {
    file: Box<dyn AtomicFile>,
}

impl RejectFile {
    /// Writes the records to `file`.
    pub(crate) fn new(file: Box<dyn AtomicFile>) -> Self {
        Self { file }
    }

    /// Adds the record that `problem` is about; does nothing if the problem kept none.
    pub(crate) fn add(&mut self, problem: &Problem) -> anyhow::Result<()> {
        let Some(reject) = &problem.reject else {
            return Ok(());
        };
        let text = std::str::from_utf8(&reject.record);
        let line = RejectLine {
            source: &reject.source,
            line: reject.line,
            column: reject.column,
            coding: reject.coding,
            reason: &reject.reason,
            record: text.ok().filter(|text| !text.is_empty()),
            record_base64: text.is_err().then(|| STANDARD.encode(&reject.record)),
            ..RejectLine::default()
        };
        let mut bytes = Vec::new();
        line.push(&mut bytes);
        Ok(self.file.write_all(&bytes)?)
    }

    /// Receives further lines.
    pub(crate) fn lines(&mut self) -> &mut dyn Write {
        &mut self.file
    }

    /// Publishes the file under its name, even if it is empty.
    pub(crate) fn complete(self) -> anyhow::Result<()> {
        self.file.complete()
    }
}
