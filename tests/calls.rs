//! Which calls: what the options choose is what a filter chooses that is written anew here, over parsed values, for any number of threads.

mod common;

use std::collections::HashSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use common::{config, postcall_in_pieces};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// The numbers of the calls that are listed: each body has its own as its only input variable.
fn listed(arguments: &[&str], input: Vec<Vec<u8>>) -> Vec<u64> {
    let command = [&["variables", "--input", "--format", "jsonl"], arguments].concat();
    let output = postcall_in_pieces(&command, input);
    assert!(output.status.success(), "{output:?}");
    let rows = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
    let number = |row: &str| {
        let row: Value = serde_json::from_str(row).expect("it is JSON");
        row["input_variables"]["number"].as_u64()
    };
    rows.lines().filter_map(number).collect()
}

/// Bodies that differ in what can be asked for.
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

/// Options, and what they ask of a body.
type Asked = (&'static [&'static str], fn(&Value) -> bool);

/// The hour of a call in 2024-01, from the first on, in UTC.
fn hour(body: &Value) -> u32 {
    let time = body["created_at"].as_str().expect("a text");
    let number = |range: std::ops::Range<usize>| time[range].parse::<u32>().expect("digits");
    (number(8..10) - 1) * 24 + number(11..13)
}

const ASKED: &[Asked] = &[
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

/// The numbers of the calls that `asked` admits, distinct and limited.
fn expected(
    bodies: &[Value],
    asked: &[&Asked],
    dedupe: Option<&str>,
    limit: Option<usize>,
) -> Vec<u64> {
    let mut admitted: Vec<(usize, &Value)> = bodies
        .iter()
        .enumerate()
        .filter(|(_, body)| asked.iter().all(|(_, admits)| admits(body)))
        .collect();
    let mut ids = HashSet::new();
    let mut is_new = |(_, body): &(usize, &Value)| {
        let id = body["id"].as_u64();
        id.is_none_or(|id| ids.insert(id))
    };
    match dedupe {
        Some("first") => admitted.retain(&mut is_new),
        Some(_) => {
            admitted.reverse();
            admitted.retain(&mut is_new);
            admitted.reverse();
        }
        None => {}
    }
    admitted.truncate(limit.unwrap_or(usize::MAX));
    admitted
        .into_iter()
        .map(|(number, _)| number as u64)
        .collect()
}

/// The bodies as lines, each with its number.
fn lines(bodies: &[Value]) -> Vec<Vec<u8>> {
    let line = |(number, body): (usize, &Value)| {
        let mut body = body.clone();
        body["input_variables"] = json!({"number": number});
        (body.to_string() + "\n").into_bytes()
    };
    bodies.iter().enumerate().map(line).collect()
}

/// Options of the command line.
fn options<'o>(asked: &[&Asked], dedupe: Option<&'o str>, limit: Option<&'o str>) -> Vec<&'o str> {
    let mut options: Vec<&str> = asked
        .iter()
        .flat_map(|(words, _)| words.iter().copied())
        .collect();
    options.extend(dedupe.iter().flat_map(|which| ["--dedupe", *which]));
    options.extend(limit.iter().flat_map(|limit| ["--limit", *limit]));
    options
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn options_choose_what_they_say(
        bodies in vec(body(), 1..12),
        first in select(ASKED),
        second in proptest::option::of(select(ASKED)),
        dedupe in select(&[None, Some("first"), Some("last")][..]),
        limit in proptest::option::of(1_usize..6),
        threads in select(&["1", "2", "7"][..]),
        in_pieces in any::<bool>(),
    ) {
        // Of two of a kind one is asked for: others than what stands here.
        let second = second.filter(|second| second.0[0] != first.0[0] && first.0[0] != "--since" && second.0[0] != "--since");
        let asked: Vec<&Asked> = [Some(&first), second.as_ref()].into_iter().flatten().collect();
        let limit_text = limit.map(|limit| limit.to_string());
        let options = [options(&asked, dedupe, limit_text.as_deref()), vec!["--threads", threads]].concat();
        // What comes in pieces is worked on in small batches.
        let input = lines(&bodies);
        let input = if in_pieces { input } else { vec![input.concat()] };
        prop_assert_eq!(listed(&options, input), expected(&bodies, &asked, dedupe, limit), "{:?}", options);
    }
}

#[test]
fn the_order_of_calls_counts_across_batches_for_any_threads() {
    // About two megabytes, which make several batches; each id comes some times, far apart and close together.
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
    let asked: &Asked = &(&["--min-duration", "30s"], |body| {
        body["duration"].as_u64() >= Some(30)
    });
    for dedupe in [None, Some("first"), Some("last")] {
        for limit in [None, Some(1), Some(2_000)] {
            let expected = expected(&bodies, &[asked], dedupe, limit);
            let text = limit.map(|limit| limit.to_string());
            for threads in ["1", "2", "7"] {
                let options = [
                    options(&[asked], dedupe, text.as_deref()),
                    vec!["--threads", threads],
                ];
                let listed = listed(&options.concat(), vec![input.clone()]);
                assert!(listed == expected, "{options:?}");
            }
        }
    }
}

#[test]
fn what_comes_behind_the_last_call_wanted_is_not_looked_at() {
    let call = r#"{"id":1,"customer_phone":null,"duration":1,"transcript":""}"#;
    let input = format!("{call}\n{call}\n{{\"id\":\n[broken\n");
    for threads in ["1", "4"] {
        let output = postcall_in_pieces(
            &["list", "--limit", "2", "--threads", threads],
            vec![input.clone().into_bytes()],
        );
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        // Broken text before it is told.
        let output = postcall_in_pieces(
            &["list", "--limit", "3", "--threads", threads],
            vec![input.clone().into_bytes()],
        );
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}

#[test]
fn input_without_end_ends_when_there_is_enough() {
    let call = r#"{"id":1,"customer_phone":null,"duration":1,"transcript":""}"#;
    for (threads, dedupe) in [("1", &[][..]), ("3", &["--dedupe", "first"][..])] {
        let limit = if dedupe.is_empty() { "3" } else { "1" };
        let arguments = [&["list", "--limit", limit, "--threads", threads], dedupe].concat();
        let mut child = Command::new(env!("CARGO_BIN_EXE_postcall"))
            .args(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program was built");
        let mut stdin = child.stdin.take().expect("it is piped");
        let block = format!("{call}\n").repeat(3);
        stdin.write_all(block.as_bytes()).expect("it reads");
        // Stdin stays open: the program must not wait for more of it.
        let status = child.wait().expect("the program runs");
        assert!(status.success(), "{arguments:?}");
        drop(stdin);
    }
}
