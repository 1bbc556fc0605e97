//! Random bodies, and how many of them to try.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Value, json};

use crate::common::config;

/// Limit on the bodies in a file.
const MAX_FILE_BODIES: usize = 1000;

/// Bodies of one file.
pub(crate) struct Batch {
    /// Number of bodies.
    pub count: usize,
    /// Seed of all random values of the file. Each file has another one.
    seed: u64,
}

impl Batch {
    /// A source of random values.
    pub(crate) fn runner(&self) -> TestRunner {
        let mut settings = config(1);
        if let RngSeed::Fixed(seed) = settings.rng_seed {
            settings.rng_seed = RngSeed::Fixed((seed << 32) + self.seed);
        }
        TestRunner::new(settings)
    }
}

/// The files with bodies for the form of this number: all in all, as many bodies as the variable
/// `BODIES` says, or `default`.
pub(crate) fn batches(form: u64, default: usize) -> Vec<Batch> {
    let count = std::env::var("BODIES").ok();
    let count: usize = count.map_or(default, |count| count.parse().expect("BODIES is a number"));
    let starts = (0..count).step_by(MAX_FILE_BODIES);
    let batches = (0..).zip(starts).map(|(file, start)| Batch {
        count: MAX_FILE_BODIES.min(count - start),
        seed: form + (file << 16),
    });
    batches.collect()
}

/// A random value.
pub(crate) fn next<S: Strategy>(strategy: S, runner: &mut TestRunner) -> S::Value {
    let tree = strategy.new_tree(runner);
    tree.expect("no case is rejected").current()
}

/// Random bodies with the ids from 0.
pub(crate) fn bodies(count: usize, runner: &mut TestRunner) -> Vec<Value> {
    (0..count).map(|id| next(body(id), runner)).collect()
}

/// Text with everything that the forms escape.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "\\",
        "\\\\",
        "\"",
        "'",
        "''",
        "\n",
        "\\n",
        "\\t",
        "\\u00fc",
        "\\x22",
        "ü",
        "😀",
        "–",
        "C:\\neu",
        "{",
        "}",
        "[",
        "]",
        "\t",
        "`",
        "$",
        "!",
        "#{",
        "%22",
        "&amp;",
        "\u{ad}",
        "\u{a0}",
        "\u{2028}",
        "\u{e0001}",
        "\u{7f}",
        "Guten Tag",
        " ",
        "),(",
        "',NULL",
        "\\'",
        "1",
    ];
    vec(select(PIECES), 0..6).prop_map(|pieces| pieces.concat())
}

fn body(id: usize) -> impl Strategy<Value = Value> {
    (text(), text(), text(), any::<bool>()).prop_map(
        move |(summary, transcript, name, answered)| {
            json!({
                "id": id,
                "customer_phone": "+4915123456789",
                "assistant_phone": null,
                "duration": 1.5,
                "extracted_variables": {"status": answered, "summary": summary, name: [1, {}]},
                "transcript": transcript,
            })
        },
    )
}
