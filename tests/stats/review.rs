//! The calls to look at: their reasons, their order and their places.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{dial, lines, stats, with};
use crate::common::{postcall, repository, stdout, temporary_folder};

const TALK: &str = "Assistant: Hi\nCustomer: Yes\nAssistant: A\nCustomer: B";

fn review(calls: &[Value], options: &[&str]) -> Value {
    stats(calls, &[&["--only", "review"], options].concat())["review"].clone()
}

/// A valid call of no campaign with this talk time and transcript.
fn other(id: u64, seconds: u64, transcript: &str, status: &Value) -> Value {
    let body = fs::read(repository().join("samples/inbound-call.json")).expect("the sample");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    with(
        &body,
        json!({
            "id": id, "duration": seconds, "transcript": transcript, "status": "completed",
            "extracted_variables": {"status": status},
            "created_at": "2024-01-15T10:00:00+01:00", "finished_at": "2024-01-15T11:00:00+01:00",
        }),
    )
}

/// Line, id and reasons of each call of the queue.
fn queue(review: &Value) -> Vec<(u64, String, Vec<String>)> {
    let queue = review["queue"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let entries = queue.map(|call| {
        let reasons = call["reasons"].as_array().expect("a list");
        (
            call["line"].as_u64().expect("a line"),
            text(&call["id"]),
            reasons.iter().map(text).collect(),
        )
    });
    entries.collect()
}

#[test]
fn calls_are_named_with_their_reasons_the_most_serious_first() {
    let broken = with(
        &other(5, 60, TALK, &json!(true)),
        json!({"customer_phone": 7}),
    );
    let calls = [
        other(1, 9, TALK, &json!(true)),
        other(2, 60, "Assistant: Hi", &json!(true)),
        other(3, 120, TALK, &json!(false)),
        other(4, 119, TALK, &json!(false)),
        broken,
        other(6, 120, TALK, &json!(true)),
        // Not said is not reached.
        other(7, 500, TALK, &Value::Null),
        // Neither long nor a conversation.
        other(8, 500, "Assistant: Hi\nCustomer: Yes", &json!(false)),
        other(9, 10, TALK, &json!(true)),
        // Nothing is known of a call without a readable transcript.
        other(10, 60, "", &json!(true)),
        other(11, 3, "Assistant: Hi", &json!(true)),
        // The variable of the goal is that of other assistants.
        with(
            &other(12, 500, TALK, &json!(true)),
            json!({"extracted_variables": {"mood": "good"}}),
        ),
    ];
    let review = review(&calls, &[]);
    let entry = |line: u64, reasons: &[&str]| {
        let reasons = reasons.iter().map(|reason| (*reason).to_owned());
        (line, line.to_string(), reasons.collect::<Vec<_>>())
    };
    assert_eq!(
        queue(&review),
        [
            entry(5, &["errors"]),
            entry(3, &["goal_missing"]),
            entry(7, &["goal_missing"]),
            entry(2, &["silent"]),
            entry(11, &["silent", "short"]),
            entry(1, &["short"]),
        ]
    );
    assert_eq!(review["calls"], 6);
    let counts = review["reasons"].as_array().expect("a list").iter();
    let counts: Vec<u64> = counts
        .map(|it| it["calls"].as_u64().expect("a number"))
        .collect();
    assert_eq!(counts, [0, 0, 0, 0, 0, 1, 2, 2, 2]);
}

#[test]
fn broken_settings_of_campaigns_come_first() {
    let settings = json!({"campaign": {
        "id": 1, "max_retries": 1, "retry_interval": 60, "max_calls_in_parallel": 1,
        "allowed_days": ["monday"],
    }, "lead": {"id": 7, "status": "scheduled"}});
    let call = |id, status: &str, time: &str, goal: bool| {
        let call = with(&dial(id, status, 600, time), settings.clone());
        let variables = json!({"extracted_variables": {"status": goal}, "transcript": TALK});
        with(&call, variables)
    };
    let calls = [
        call(1, "completed", "2024-01-15T10:00:00+01:00", true),
        // Early, while the first is running, and after the goal.
        call(2, "completed", "2024-01-15T10:05:00+01:00", true),
        // On a Tuesday, the third of two attempts.
        call(3, "completed", "2024-01-16T10:05:00+01:00", true),
        with(
            &call(4, "completed", "2024-01-15T15:00:00+01:00", false),
            json!({"lead": {"id": 8, "status": "scheduled"}}),
        ),
    ];
    let found = queue(&review(&calls, &[]));
    // The bodies of this test lack members, which is not its subject.
    let without_errors = found.iter().map(|(line, _, reasons)| {
        let reasons = reasons.iter().map(String::as_str);
        let reasons: Vec<&str> = reasons.filter(|reason| *reason != "errors").collect();
        (*line, reasons)
    });
    let with_reasons = without_errors.filter(|(_, reasons)| !reasons.is_empty());
    assert_eq!(
        with_reasons.collect::<Vec<_>>(),
        [
            (3, vec!["outside_hours", "after_goal", "too_many_attempts"]),
            (2, vec!["after_goal", "too_many_in_parallel", "early_retry"]),
            (4, vec!["goal_missing"]),
        ]
    );
    // Without a known goal, no call lacks it or is after it.
    let unknown = review(&calls, &["--goal", "nothing", "--quiet"]);
    assert_eq!(
        unknown["goal_unknown"],
        "no call has the variable `nothing`"
    );
    let reasons: Vec<String> = queue(&unknown).into_iter().flat_map(|it| it.2).collect();
    let has = |reason: &str| reasons.iter().any(|it| it == reason);
    assert!(
        !has("goal_missing") && !has("after_goal") && has("outside_hours"),
        "{reasons:?}"
    );
}

#[test]
fn places_are_those_of_show_in_every_capture() {
    let folder = repository().join("samples");
    let folder = folder.to_str().expect("a UTF-8 path");
    let shown = stdout(&["show", "--format", "jsonl", "--quiet", folder], b"");
    let places = |start: &Value, source: &Value| {
        let number = |name: &str| start[name].as_u64().expect("a number");
        let source = source.as_str().expect("a text").to_owned();
        (source, number("line"), number("column"))
    };
    let shown: BTreeSet<_> = (shown.lines())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .map(|call: Value| places(&call["start"], &call["source"]))
        .collect();
    for threads in ["1", "4"] {
        let options = [
            "--only",
            "review",
            "--format",
            "json",
            "--quiet",
            "--threads",
            threads,
        ];
        let figures = stdout(&[&["stats", folder][..], &options].concat(), b"");
        let figures: Value = serde_json::from_str(&figures).expect("JSON");
        let queue = figures["review"]["queue"].as_array().expect("a list");
        assert!(queue.len() > 5, "{queue:?}");
        for call in queue {
            assert!(shown.contains(&places(call, &call["source"])), "{call}");
        }
    }
}

#[test]
fn the_queue_has_at_most_200_calls_and_says_how_many_there_are() {
    let silent = |id| other(id, 60, "Assistant: Hi", &json!(true));
    let short = |id| other(id, 5, TALK, &json!(true));
    let mut calls: Vec<Value> = (1..=150).map(short).collect();
    calls.extend((151..=330).map(silent));
    // The last body of an id counts.
    calls.push(short(330));
    let input = lines(&calls);
    let figures = review(&calls, &[]);
    assert_eq!(figures["calls"], 330);
    let found: Vec<u64> = queue(&figures).into_iter().map(|(line, ..)| line).collect();
    // Each reason has an equal share.
    let expected: Vec<u64> = (151..=250).chain(1..=100).collect();
    assert_eq!(found, expected);
    for format in ["table", "csv", "json", "markdown"] {
        let printed = |threads| {
            let options = ["--format", format, "--threads", threads];
            stdout(
                &[&["stats", "--only", "review"][..], &options].concat(),
                &input,
            )
        };
        assert_eq!(printed("1"), printed("4"));
    }
    let table = stdout(&["stats", "--only", "review"], &input);
    assert!(
        table.contains("\n200 of 330 calls to look at, with an equal share for each reason.\n"),
        "{table}"
    );
    let page = stdout(&["stats", "--format", "html", "--with-calls"], &input);
    assert!(page.contains("200 of 330 calls to look at, with an equal share for each reason."));
}

#[test]
fn calls_are_named_only_on_request() {
    let calls = [other(4711, 5, TALK, &json!(true))];
    let input = lines(&calls);
    for format in ["table", "json", "csv", "markdown", "html"] {
        let page = stdout(&["stats", "--format", format], &input);
        assert!(
            !page.contains("4711") && !page.contains("<stdin>"),
            "{format}"
        );
    }
    let page = stdout(&["stats", "--format", "html", "--with-calls"], &input);
    assert!(page.contains("<bdi>&lt;stdin&gt;:1:1</bdi>"), "{page}");
    let csv = stdout(&["stats", "--only", "review", "--format", "csv"], &input);
    assert!(
        csv.lines()
            .any(|line| line == "review,<stdin>:1:1,short,,,4711,,"),
        "{csv}"
    );
    let refused = postcall(&["stats", "--format", "html", "--only", "review"], &input);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8_lossy(&refused.stderr);
    assert!(
        message.contains("--only review needs --with-calls"),
        "{message}"
    );
}

#[test]
fn names_of_files_and_calls_cannot_control_the_output() {
    let folder = temporary_folder();
    let name = "<b>&\u{202e}\u{1b}[31m'\".json";
    let path = folder.path().join(name);
    let call = other(1, 5, TALK, &json!(true));
    let call = with(&call, json!({"id": "<script>\u{202e}\u{1b}[2J"}));
    fs::write(&path, call.to_string()).expect("written");
    let path = path.to_str().expect("a UTF-8 path");
    for format in ["table", "vertical", "markdown", "html"] {
        let mut arguments = vec!["stats", path, "--format", format];
        arguments.extend(if format == "html" {
            &["--with-calls"][..]
        } else {
            &["--only", "review"]
        });
        let page = stdout(&arguments, b"");
        assert!(
            !page.contains('\u{1b}') && !page.contains('\u{202e}'),
            "{format}"
        );
        assert!(format != "html" || !page.contains("<b>"), "{format}");
    }
}
