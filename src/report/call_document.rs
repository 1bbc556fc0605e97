//! A call as one JSON document: its location, its body, the turns of its transcript and its
//! findings. `docs/guide.md` documents the members. The version changes if a member is removed or
//! changes its meaning.

use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use super::finding_text::to_json_text;
use super::json::{FindingJson, PositionJson};
use crate::call::Call;
use crate::call::transcript::{Speaker, Turn};
use crate::capture::find::item::Body;
use crate::capture::location::coding::Coding;
use crate::lint::checked_batch::checked_body;
use crate::lint::checker::Checker;
use crate::lint::collector::{FindingLimits, Tally};
use crate::lint::finding::CheckedBody;
use crate::lint::rule_data::Level;
use crate::table::turns::format_seconds;

const VERSION: u32 = 1;

/// Limits of the findings of a call.
const LIMITS: FindingLimits = FindingLimits {
    max_per_body: FindingLimits::MAX_PER_BODY,
    min_level: Level::Note,
    with_excerpts: false,
};

#[derive(Serialize)]
struct CallDocument<'c> {
    version: u32,
    source: &'c str,
    /// The file that contains the source, if that is a member of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<&'c str>,
    /// Start of the body.
    start: PositionJson,
    /// The coding of the text that the position counts in, if it had to be decoded.
    decoded: Option<&'static str>,
    /// JSON Pointer of the body in its document.
    pointer: &'c str,
    body: &'c RawValue,
    turns: Vec<TurnJson<'c>>,
    /// `None` for a row of a table, whose body is not known.
    verdict: Option<VerdictJson<'c>>,
}

#[derive(Serialize)]
struct TurnJson<'t> {
    turn: usize,
    speaker: &'static str,
    label: Option<&'t str>,
    /// Seconds since the first turn.
    elapsed: Option<Box<RawValue>>,
    text: &'t str,
}

#[derive(Serialize)]
struct VerdictJson<'v> {
    valid: bool,
    errors: u64,
    warnings: u64,
    notes: u64,
    findings: Vec<FindingJson<'v>>,
}

impl<'v> VerdictJson<'v> {
    /// The verdict on a body. `tally` counts all its findings, which `body` may not all have.
    fn new(tally: &Tally, body: &'v CheckedBody) -> io::Result<Self> {
        let findings = body.findings.iter();
        let findings = findings.map(|finding| FindingJson::new(body, finding));
        Ok(Self {
            valid: tally.count(Level::Error) == 0,
            errors: tally.count(Level::Error),
            warnings: tally.count(Level::Warning),
            notes: tally.count(Level::Note),
            findings: findings.collect::<io::Result<_>>()?,
        })
    }
}

/// Formats the call in `body` as a JSON document on one line. `checker` finds the findings.
pub(crate) fn format_document(body: &Body, call: &Call, checker: &Checker) -> io::Result<String> {
    let result = (!body.is_row).then(|| {
        let collector = checker.check(body, call, LIMITS);
        let tally = collector.tally().clone();
        (tally, checked_body(body, call, collector))
    });
    let verdict = result
        .as_ref()
        .map(|(tally, body)| VerdictJson::new(tally, body));
    let transcript = call.transcript();
    let turns = transcript.turns();
    let texts: Vec<_> = turns.iter().map(Turn::spoken_text).collect();
    let body_text = body.value().compact();
    let document = CallDocument {
        version: VERSION,
        source: body.source,
        archive: body.source.member().map(|_| body.source.file()),
        start: body.position().into(),
        decoded: body.locator.coding().map(Coding::name),
        pointer: &body.pointer,
        body: serde_json::from_str(&body_text)?,
        turns: (turns.iter().zip(&texts).enumerate())
            .map(|(index, (turn, text))| turn_json(index, turn, text))
            .collect::<io::Result<_>>()?,
        verdict: verdict.transpose()?,
    };
    to_json_text(&document)
}

fn turn_json<'t>(index: usize, turn: &'t Turn, text: &'t str) -> io::Result<TurnJson<'t>> {
    let elapsed = turn.elapsed_ms.map(format_seconds);
    Ok(TurnJson {
        turn: index + 1,
        speaker: match turn.speaker {
            Speaker::Assistant => "assistant",
            Speaker::Customer => "customer",
            Speaker::Unknown => "unknown",
        },
        label: turn.label.as_deref(),
        elapsed: elapsed.map(RawValue::from_string).transpose()?,
        text,
    })
}
