//! Reads the file of findings that are known from an earlier run. `report/baseline.rs` writes it.

use std::num::NonZeroU64;
use std::path::Path;

use anyhow::anyhow;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::settings_file::read_text;
use crate::capture::location::position::offset_in;
use crate::lint::baseline::{Baseline, KIND, VERSION};
use crate::lint::finding_key::FindingKey;
use crate::text::path_name::path_name;
use crate::text::shorten::{shorten, shorten_middle};

/// Maximum size of a baseline: more than a million findings.
const MAX_MIB: u64 = 256;

/// The members that the files of all versions have.
#[derive(Deserialize)]
struct Header<'t> {
    kind: Option<String>,
    #[serde(borrow)]
    version: Option<&'t RawValue>,
}

/// The members of the current version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile<'t> {
    #[serde(rename = "kind")]
    _kind: String,
    #[serde(rename = "version")]
    _version: u64,
    #[serde(borrow)]
    findings: Vec<KnownFinding<'t>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownFinding<'t> {
    source: String,
    #[serde(borrow)]
    call: Option<&'t RawValue>,
    pointer: String,
    rule: String,
    /// Only of duplicate calls.
    first_source: Option<String>,
    count: NonZeroU64,
}

/// Reads the baseline at `path`, which the user named. Errors have the path and the line.
pub(crate) fn read_baseline(path: &Path) -> anyhow::Result<Baseline> {
    let name = path_name(path);
    let text = read_text(path, None, MAX_MIB).map_err(|problem| anyhow!("{name}: {problem}"))?;
    parse(&text).map_err(|(line, problem)| anyhow!("{name}:{line}: {}", shorten_middle(&problem)))
}

/// Parses the text of a baseline. An error is a line, from 1, and a message.
fn parse(text: &str) -> Result<Baseline, (usize, String)> {
    let broken = |error: serde_json::Error| {
        // The message ends with the position.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        (error.line().max(1), format!("broken baseline: {message}"))
    };
    let foreign = || {
        let problem = "not a baseline; --report baseline=FILE writes one";
        (1, problem.to_owned())
    };
    let header: Header = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => foreign(),
        _ => broken(error),
    })?;
    let (Some(KIND), Some(version)) = (header.kind.as_deref(), header.version) else {
        return Err(foreign());
    };
    if version.get() != VERSION.to_string() {
        let version = shorten(version.get());
        let problem = format!("this program reads version {VERSION} of baselines, not {version}");
        return Err((line_of(text, header.version), problem));
    }
    let file: BaselineFile = serde_json::from_str(text).map_err(broken)?;
    let mut baseline = Baseline::default();
    for finding in file.findings {
        let call = finding.call.map(RawValue::get);
        if call.is_some_and(|call| {
            !call.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        }) {
            let problem = "broken baseline: expected a number or null in `call`".to_owned();
            return Err((line_of(text, finding.call), problem));
        }
        let key = FindingKey {
            source: finding.source,
            call: call.map(str::to_owned),
            pointer: finding.pointer,
            rule: finding.rule,
        };
        baseline.add(key, finding.count.get(), finding.first_source);
    }
    Ok(baseline)
}

/// The line of `value`, which is a part of `text`, from 1.
fn line_of(text: &str, value: Option<&RawValue>) -> usize {
    let before = value.map_or(0, |value| {
        offset_in(text.as_bytes(), value.get().as_bytes())
    });
    text[..before].matches('\n').count() + 1
}
