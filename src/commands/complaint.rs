//! What is wrong with the input: said on standard error, and, where that is asked for, kept in a file with the record that it is about.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::session::{coding_of_places, place_in};
use crate::export::file::OutputFile;
use crate::input::envelope::{Other, OtherKind};
use crate::input::source::Inputs;

/// Something wrong with the input.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// `path:line:column: what it is (what to do)`
    pub message: String,
    reject: Option<Reject>,
}

/// A record that could not be used.
#[derive(Clone, Debug)]
struct Reject {
    source: Arc<str>,
    line: u64,
    column: u64,
    coding: Option<&'static str>,
    reason: String,
    record: Vec<u8>,
}

impl Complaint {
    /// Says what is wrong with `other`; the record itself is kept only if that is asked for.
    pub(super) fn new(other: &Other, with_record: bool) -> Self {
        let is = match other.kind {
            OtherKind::Broken => "broken JSON: found",
            _ => "no call here:",
        };
        let place = place_in(other.locator, other.offset);
        let help = other
            .help
            .as_ref()
            .map_or(String::new(), |help| format!(" ({help})"));
        let reason = format!("{is} {}{help}", other.description);
        let reject = with_record.then(|| {
            let position = other.locator.position(other.offset);
            Reject {
                source: Arc::clone(other.source),
                line: position.line,
                column: position.column,
                coding: coding_of_places(other.locator),
                reason: reason.clone(),
                record: other.record.to_vec(),
            }
        });
        Self {
            message: format!("{}:{place}: {reason}", other.source),
            reject,
        }
    }
}

/// A line of the file of rejects.
#[derive(Serialize)]
struct RejectLine<'a> {
    source: &'a str,
    line: u64,
    column: u64,
    /// In what line and column are, if not in the source itself: `gzip`, `base64`.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    coding: Option<&'static str>,
    reason: &'a str,
    /// The record as it stood; bytes that are not UTF-8 are in the other member, as base64. Neither is there if no record can be told from the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record_base64: Option<String>,
}

/// The file of records that could not be used, one JSON object a line.
pub struct Rejects {
    file: OutputFile,
}

impl Rejects {
    /// Begins the file at `path`, which must be none of `inputs`.
    pub(super) fn create(path: &Path, inputs: &Inputs) -> anyhow::Result<Self> {
        let file = OutputFile::create(path, inputs)?;
        Ok(Self { file })
    }

    /// Adds the record that `complaint` is about.
    pub(super) fn add(&mut self, complaint: &Complaint) -> anyhow::Result<()> {
        let Some(reject) = &complaint.reject else {
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
        };
        let mut line = serde_json::to_vec(&line)?;
        line.push(b'\n');
        self.file.write_all(&line).with_context(|| self.file.name())
    }

    /// Lets the file appear, with or without records in it.
    pub(super) fn complete(self) -> anyhow::Result<()> {
        self.file.complete()
    }
}
