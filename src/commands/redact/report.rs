//! The report of `redact --report json=FILE`.

use serde::Serialize;

use crate::args::{RedactArgs, TimesMode};
use crate::redact::body::TextMode;
use crate::redact::counts::{RedactionCounts, ValueClass};
use crate::redact::residuals::ResidualPlace;
use crate::redact::scrub::Class;
use crate::run::session::Session;

/// Where the key is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeySource {
    File,
    Environment,
    Random,
}

/// The report of `--report json=FILE`. It has no values.
#[derive(Serialize)]
pub(super) struct Report {
    version: u32,
    calls: u64,
    /// Input that was not redacted and is not in the output, such as `2 broken records`.
    skipped: Vec<String>,
    text: &'static str,
    times: &'static str,
    key: KeySource,
    /// Number of values that were replaced, by class.
    replaced: serde_json::Map<String, serde_json::Value>,
    /// Number of parts of texts that `--text scrub` replaced, by class.
    replaced_in_texts: serde_json::Map<String, serde_json::Value>,
    kept: KeptValues,
    /// What may hold personal data.
    residuals: ReportedResiduals,
}

#[derive(Serialize)]
struct KeptValues {
    by_name: u64,
    future_times: u64,
}

#[derive(Serialize)]
struct ReportedResiduals {
    /// Texts that `--text keep` kept.
    texts: u64,
    /// What `--text scrub` left: words that no list has, and numbers.
    words: u64,
    numbers: u64,
    /// The places of the first of them.
    places: Vec<ResidualPlace>,
}

impl Report {
    pub(super) fn new(
        args: &RedactArgs,
        key: KeySource,
        counts: &RedactionCounts,
        session: &Session,
    ) -> Self {
        let replaced = ValueClass::ALL
            .iter()
            .map(|class| (class.name().to_owned(), counts.replaced(*class).into()));
        let found = Class::ALL
            .iter()
            .map(|class| (class.name().to_owned(), counts.found(*class).into()));
        Self {
            version: 1,
            calls: session.counts().selected(),
            skipped: session.skipped_input(),
            text: match args.text {
                TextMode::Shape => "shape",
                TextMode::Scrub => "scrub",
                TextMode::Keep => "keep",
            },
            times: match args.times {
                TimesMode::Shift => "shift",
                TimesMode::Keep => "keep",
            },
            key,
            replaced: replaced.collect(),
            replaced_in_texts: found.collect(),
            kept: KeptValues {
                by_name: counts.kept_by_name,
                future_times: counts.future_times,
            },
            residuals: ReportedResiduals {
                texts: counts.kept_texts,
                words: counts.residuals.words,
                numbers: counts.residuals.numbers,
                places: counts.residuals.places.clone(),
            },
        }
    }
}
