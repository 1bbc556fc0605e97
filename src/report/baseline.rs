//! Findings as a baseline, for `validate --baseline`: each finding without its position, message
//! and level, sorted, one per line, so that two versions of the file differ in few lines.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use super::json_list::JsonList;
use super::summary::Summary;
use super::writer::Report;
use crate::capture::source::source_name::SourceName;
use crate::lint::baseline::{KIND, VERSION};
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::finding_key::FindingKey;

/// One known finding.
#[derive(Serialize)]
struct KnownFinding<'k> {
    source: &'k str,
    call: Option<&'k RawValue>,
    pointer: &'k str,
    rule: &'k str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_source: Option<&'k str>,
    count: u64,
}

/// How often a finding occurred.
#[derive(Default)]
struct Occurrences {
    count: u64,
    /// For a duplicate call, the source of the first delivery. It is the same for all calls with
    /// this id.
    first_source: Option<String>,
}

/// Keeps the identity of each finding, and writes them at the end of the input.
pub(crate) struct BaselineReport<N> {
    findings: BTreeMap<FindingKey, Occurrences>,
    /// Returns the name of a source that is the same on every system.
    name_source: N,
}

impl<N: FnMut(&SourceName) -> String> BaselineReport<N> {
    pub(crate) fn new(name_source: N) -> Self {
        Self {
            findings: BTreeMap::new(),
            name_source,
        }
    }
}

impl<N: FnMut(&SourceName) -> String> Report for BaselineReport<N> {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        _out: &mut dyn Write,
    ) -> io::Result<()> {
        let source = (self.name_source)(&body.source);
        for finding in findings {
            let key = FindingKey::new(&source, body, finding);
            let occurrences = self.findings.entry(key).or_default();
            occurrences.count += 1;
            if let Some(first) = &finding.first_source {
                occurrences.first_source = Some((self.name_source)(first));
            }
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\"kind\":\"{KIND}\",\"version\":{VERSION},\"findings\":["
        )?;
        let mut list = JsonList::default();
        for (key, occurrences) in &self.findings {
            let call = key.call.as_deref().map(serde_json::from_str::<&RawValue>);
            let finding = KnownFinding {
                source: &key.source,
                call: call.transpose()?,
                pointer: &key.pointer,
                rule: &key.rule,
                first_source: occurrences.first_source.as_deref(),
                count: occurrences.count,
            };
            list.write(&finding, out)?;
        }
        list.finish(out)?;
        writeln!(out, "]}}")
    }
}
