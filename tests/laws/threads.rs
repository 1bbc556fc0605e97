//! Output and messages do not depend on the number of threads.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::bodies::{LAYOUTS, body, source};
use super::command_lines::{command_lines, with_cases};
use crate::common::{config, in_parallel, postcall, program, run, stdout};

#[test]
fn output_does_not_depend_on_threads_or_batches() {
    in_parallel(with_cases(1, command_lines()), |(config, arguments)| {
        proptest!(config, |(bodies in vec(body(), 1..6), layout in 0..LAYOUTS)| {
            // At least 200 kB, so that there is more than one batch.
            let times = 200_000 / source(&bodies, layout).len() + 1;
            let bodies: Vec<Value> = bodies.iter().cycle().take(bodies.len() * times).cloned().collect();
            let source = source(&bodies, layout);
            let rows = stdout(&["list", "--format", "jsonl"], &source);
            prop_assert_eq!(rows.lines().count(), bodies.len());
            let run_with = |threads: &str| {
                let mut command = program(&arguments);
                // A workbook contains the time of the run.
                command.args(["--threads", threads]).env("SOURCE_DATE_EPOCH", "1705314600");
                run(command, vec![source.clone()])
            };
            let (sequential, parallel) = (run_with("1"), run_with("4"));
            prop_assert_eq!(sequential.status, parallel.status);
            prop_assert!(sequential.stderr == parallel.stderr, "{arguments:?}");
            prop_assert!(sequential.stdout == parallel.stdout, "{arguments:?}");
        });
    });
}

/// Names of statuses, campaigns and variables.
const NAMES: &[&str] = &[
    "busy",
    "buzy",
    "failed",
    "completed",
    "complete",
    "no-answer",
];

/// A call with a status, a campaign and an extracted variable, and 4 kB long.
fn named_call([status, campaign, variable]: [&str; 3]) -> Value {
    json!({
        "customer_phone": null, "duration": 1, "transcript": "word ".repeat(800), "status": status,
        "campaign": {"name": campaign}, "extracted_variables": {variable: 1},
    })
}

#[test]
fn names_that_occur_in_no_call_are_reported_with_any_number_of_threads() {
    let names = || [select(NAMES), select(NAMES), select(NAMES)];
    // Most calls are alike, so that the others, in any batch, decide.
    let calls = (names(), vec((names(), any::<Index>()), 0..4));
    let dedupe = select(&[None, Some("first"), Some("last")][..]);
    proptest!(config(12), |((common, others) in calls, dedupe in dedupe)| {
        let mut calls = vec![common; 300];
        for (names, index) in others {
            calls[index.index(300)] = names;
        }
        let bodies: Vec<Value> = calls.iter().map(|names| named_call(*names)).collect();
        let source = source(&bodies, 0);
        let mut arguments = vec!["list".to_owned(), "--min-duration=2".to_owned()];
        arguments.extend(dedupe.map(|which| format!("--dedupe={which}")));
        let mut absent = Vec::new();
        for (kind, option) in [(0, "--status"), (1, "--campaign"), (2, "--var")] {
            for name in NAMES {
                let value = if kind == 2 { "=1" } else { "" };
                arguments.extend([option.to_owned(), format!("{name}{value}")]);
                if calls.iter().all(|names| names[kind] != *name) {
                    absent.push(format!("{} `{name}`", option.trim_start_matches('-')));
                }
            }
        }
        let messages = |threads: &str| {
            let arguments = [&arguments[..], &["--threads".to_owned(), threads.to_owned()]].concat();
            let output = postcall(&arguments, &source);
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stderr).expect("postcall prints UTF-8")
        };
        let sequential = messages("1");
        let reported = sequential.lines().filter_map(|line| {
            let name = line.split("no call has the ").nth(1)?;
            Some(name.split(';').next()?.replace("variable", "var"))
        });
        prop_assert_eq!(reported.collect::<Vec<_>>(), absent);
        prop_assert_eq!(messages("4"), sequential);
    });
}
