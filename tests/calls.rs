//! The options that select calls (`--status`, `--since`, `--dedupe`, …) select the same calls as a
//! second implementation in this file, which filters parsed JSON, for any number of threads.

use std::collections::HashSet;
use std::io::Write as _;
use std::process::Stdio;

use crate::common::{config, json_lines, postcall_in_chunks, program};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// The numbers of the calls that the program lists. Each body has its number as its only input
/// variable.
fn list_numbers(arguments: &[&str], input: Vec<Vec<u8>>) -> Vec<u64> {
    let command = [&["variables", "--input", "--format", "jsonl"], arguments].concat();
    let output = postcall_in_chunks(&command, input);
    assert!(output.status.success(), "{output:?}");
    let rows = json_lines(&output.stdout);
    let numbers = rows
        .iter()
        .map(|row| row["input_variables"]["number"].as_u64());
    numbers.flatten().collect()
}

/// Bodies that differ in everything that the options look at.
fn body() -> impl Strategy<Value = Value> {
    let status = select(&["completed", "no-answer", "no_answer", "busy", "Busy"][..]);
    let phone = select(&["+4930123456", "+4917112345", "+12025550178"][..]);
    let campaign = select(vec![
        Value::Null,
        json!({}),
        json!({"id": 1, "name": "Spring"}),
        json!({"id": 2, "name": "Sommer ÖST"}),
    ]);
    let variables = (
        proptest::option::of(-3_i64..12),
        select(&["", "a", "b"][..]),
    );
    (1_u64..9, status, phone, campaign, 0_u64..200, 0_u32..72, variables).prop_map(
        |(id, status, phone, campaign, duration, hour, (score, city))| {
            let mut extracted = json!({"order": {"city": city}});
            if let Some(score) = score {
                extracted["score"] = score.into();
            }
            json!({
                "id": id, "customer_phone": phone, "assistant_phone": null, "duration": duration, "status": status,
                "extracted_variables": extracted, "transcript": city, "campaign": campaign,
                "created_at": format!("2024-01-{:02}T{:02}:30:00Z", 15 + hour / 24, hour % 24),
            })
        },
    )
}

/// Command line options, and the condition on a body that they express.
type Query = (&'static [&'static str], fn(&Value) -> bool);

/// The whole hours between 2024-01-01T00:00Z and a call in that month.
fn hour(body: &Value) -> u32 {
    let time = body["created_at"].as_str().expect("a string");
    let number = |range: std::ops::Range<usize>| time[range].parse::<u32>().expect("digits");
    (number(8..10) - 1) * 24 + number(11..13)
}

const QUERIES: &[Query] = &[
    (&["--status", "NO-ANSWER"], |body| {
        body["status"] == "no-answer" || body["status"] == "no_answer"
    }),
    (&["--status", "busy,completed"], |body| {
        body["status"] == "busy" || body["status"] == "Busy" || body["status"] == "completed"
    }),
    (
        &["--phone", "0049 30 / 12 34 56", "--phone", "+1*"],
        |body| body["customer_phone"] == "+4930123456" || body["customer_phone"] == "+12025550178",
    ),
    (&["--campaign", "1", "--campaign", "sommer öst"], |body| {
        body["campaign"]["id"].is_u64()
    }),
    (&["--since", "2024-01-16"], |body| hour(body) >= 15 * 24),
    (
        &["--until", "2024-01-16", "--tz", "Europe/Berlin"],
        |body| hour(body) + 1 < 16 * 24,
    ),
    (
        &[
            "--since",
            "2024-01-15T10:30",
            "--until",
            "2024-01-15T12:30:00+01:00",
        ],
        |body| (14 * 24 + 10..=14 * 24 + 11).contains(&hour(body)),
    ),
    (&["--min-duration", "1m", "--max-duration", "120"], |body| {
        (60..=120).contains(&body["duration"].as_u64().expect("a number"))
    }),
    (&["--has", "campaign,transcript"], |body| {
        body["campaign"]["id"].is_u64() && body["transcript"] != ""
    }),
    (
        &[
            "--var",
            "score>=5",
            "--var",
            "extracted_variables.score<9.5",
        ],
        |body| {
            body["extracted_variables"]["score"]
                .as_i64()
                .is_some_and(|score| (5..=9).contains(&score))
        },
    ),
    (&["--var", "score!=3.0"], |body| {
        body["extracted_variables"]["score"] != 3
    }),
    (&["--var", "order.city=a"], |body| {
        body["extracted_variables"]["order"]["city"] == "a"
    }),
];

/// The numbers of the calls that match all `queries`, after deduplication and limit.
fn expected_numbers(
    bodies: &[Value],
    queries: &[&Query],
    dedupe: Option<&str>,
    limit: Option<usize>,
) -> Vec<u64> {
    let mut matching: Vec<(usize, &Value)> = bodies
        .iter()
        .enumerate()
        .filter(|(_, body)| queries.iter().all(|(_, matches)| matches(body)))
        .collect();
    let mut ids = HashSet::new();
    let mut is_new = |(_, body): &(usize, &Value)| {
        let id = body["id"].as_u64();
        id.is_none_or(|id| ids.insert(id))
    };
    match dedupe {
        Some("first") => matching.retain(&mut is_new),
        Some(_) => {
            matching.reverse();
            matching.retain(&mut is_new);
            matching.reverse();
        }
        None => {}
    }
    matching.truncate(limit.unwrap_or(usize::MAX));
    matching
        .into_iter()
        .map(|(number, _)| number as u64)
        .collect()
}

/// The bodies as JSON Lines, each with its number as an input variable.
fn lines(bodies: &[Value]) -> Vec<Vec<u8>> {
    let line = |(number, body): (usize, &Value)| {
        let mut body = body.clone();
        body["input_variables"] = json!({"number": number});
        (body.to_string() + "\n").into_bytes()
    };
    bodies.iter().enumerate().map(line).collect()
}

/// The command line options for all of these conditions.
fn options<'o>(
    queries: &[&Query],
    dedupe: Option<&'o str>,
    limit: Option<&'o str>,
) -> Vec<&'o str> {
    let mut options: Vec<&str> = queries
        .iter()
        .flat_map(|(arguments, _)| arguments.iter().copied())
        .collect();
    options.extend(dedupe.iter().flat_map(|kept| ["--dedupe", *kept]));
    options.extend(limit.iter().flat_map(|limit| ["--limit", *limit]));
    options
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn options_select_the_calls_that_they_describe(
        bodies in vec(body(), 1..12),
        first in select(QUERIES),
        second in proptest::option::of(select(QUERIES)),
        dedupe in select(&[None, Some("first"), Some("last")][..]),
        limit in proptest::option::of(1_usize..6),
        threads in select(&["1", "2", "7"][..]),
        in_chunks in any::<bool>(),
    ) {
        // The two queries must not share an option, because values of one option may be ORed.
        // Queries with `--since` stay alone, because one of them also has `--until`.
        let second = second.filter(|second| second.0[0] != first.0[0] && first.0[0] != "--since" && second.0[0] != "--since");
        let queries: Vec<&Query> = [Some(&first), second.as_ref()].into_iter().flatten().collect();
        let limit_text = limit.map(|limit| limit.to_string());
        let options = [options(&queries, dedupe, limit_text.as_deref()), vec!["--threads", threads]].concat();
        // Input that arrives in chunks is processed in small batches.
        let input = lines(&bodies);
        let input = if in_chunks { input } else { vec![input.concat()] };
        prop_assert_eq!(list_numbers(&options, input), expected_numbers(&bodies, &queries, dedupe, limit), "{:?}", options);
    }
}

#[test]
fn dedupe_and_limit_follow_the_input_order_for_any_number_of_threads() {
    // About two megabytes, enough for several batches. Ids repeat both far apart and close
    // together.
    let bodies: Vec<Value> = (0..6_000_u64)
        .map(|number| {
            let id = match number % 7 {
                0 => json!(number / 3),
                1 => json!(format!("{}", number / 50)),
                2 => json!(number % 1_000),
                3 => json!("none"),
                _ => json!(number),
            };
            json!({"id": id, "customer_phone": "+4930123456", "duration": number % 90, "status": "completed", "transcript": "x".repeat(250)})
        })
        .collect();
    let input = lines(&bodies).concat();
    let query: &Query = &(&["--min-duration", "30s"], |body| {
        body["duration"].as_u64() >= Some(30)
    });
    for dedupe in [None, Some("first"), Some("last")] {
        for limit in [None, Some(1), Some(2_000)] {
            let expected = expected_numbers(&bodies, &[query], dedupe, limit);
            let text = limit.map(|limit| limit.to_string());
            for threads in ["1", "2", "7"] {
                let options = [
                    options(&[query], dedupe, text.as_deref()),
                    vec!["--threads", threads],
                ];
                let listed = list_numbers(&options.concat(), vec![input.clone()]);
                assert!(listed == expected, "{options:?}");
            }
        }
    }
}

#[test]
fn input_after_the_last_call_within_the_limit_is_not_read() {
    let call = |id| format!(r#"{{"id":{id},"customer_phone":null,"duration":1,"transcript":""}}"#);
    let input = format!("{}\n{}\n{{\"id\":\n[broken\n", call(1), call(2));
    for threads in ["1", "4"] {
        let output = postcall_in_chunks(
            &["list", "--limit", "2", "--threads", threads],
            vec![input.clone().into_bytes()],
        );
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        // With a limit of one more call, the broken text is read and reported.
        let output = postcall_in_chunks(
            &["list", "--limit", "3", "--threads", threads],
            vec![input.clone().into_bytes()],
        );
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}

#[test]
fn a_reached_limit_ends_the_run_while_stdin_stays_open() {
    let call = r#"{"id":1,"customer_phone":null,"duration":1,"transcript":""}"#;
    for (threads, dedupe) in [("1", &[][..]), ("3", &["--dedupe", "first"][..])] {
        let limit = if dedupe.is_empty() { "3" } else { "1" };
        let arguments = [&["list", "--limit", limit, "--threads", threads], dedupe].concat();
        let mut child = program(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program was built");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let block = format!("{call}\n").repeat(3);
        stdin
            .write_all(block.as_bytes())
            .expect("the program reads stdin");
        // Stdin stays open: the program must exit without waiting for more input.
        let status = child.wait().expect("the program runs");
        assert!(status.success(), "{arguments:?}");
        drop(stdin);
    }
}
