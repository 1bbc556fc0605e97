//! The figures of `stats`, on inputs small enough to count by hand.

mod audit;
mod compare;
mod conversations;
mod goals;
mod leads;
mod review;
mod tables;
mod variables;

use serde_json::{Value, json};

use crate::common::{postcall, stdout, temporary_folder};

/// A call of campaign 1 with this id, status, duration and time.
fn dial(id: u64, status: &str, duration: u64, created_at: &str) -> Value {
    json!({
        "id": id, "customer_phone": format!("+4930000{id:04}"), "assistant_phone": "+4940111",
        "duration": duration, "status": status, "transcript": "", "created_at": created_at,
        "extracted_variables": {}, "campaign": {"id": 1, "max_retries": 2},
        "lead": {"id": id, "status": "scheduled"},
    })
}

/// `call` with other values of these members.
fn with(call: &Value, members: Value) -> Value {
    let mut call = call.clone();
    let Value::Object(members) = members else {
        panic!("no object: {members}");
    };
    for (name, value) in members {
        call[name] = value;
    }
    call
}

fn lines(calls: &[Value]) -> Vec<u8> {
    let lines = calls.iter().map(|call| format!("{call}\n"));
    lines.collect::<String>().into_bytes()
}

fn stats(calls: &[Value], options: &[&str]) -> Value {
    let arguments = [&["stats", "--format", "json"], options].concat();
    serde_json::from_str(&stdout(&arguments, &lines(calls))).expect("JSON")
}

/// Numerator and denominator of a rate.
fn fraction(rate: &Value) -> (Option<u64>, Option<u64>) {
    (rate["numerator"].as_u64(), rate["denominator"].as_u64())
}

fn of(numerator: u64, denominator: u64) -> (Option<u64>, Option<u64>) {
    (Some(numerator), Some(denominator))
}

const DAY: &str = "2024-01-15T10:00:00Z";

#[test]
fn a_campaign_of_connected_calls_has_no_answer_rate() {
    let connected = [dial(1, "completed", 60, DAY), dial(2, "ended", 60, DAY)];
    let figures = stats(&connected, &[]);
    for rate in [
        &figures["rates"]["answered"],
        &figures["rates"]["goals_of_leads"],
        &figures["leads"]["reached"],
        &figures["numbers"]["groups"][0]["answered"],
        &figures["days"][0]["answered"],
    ] {
        assert_eq!(fraction(rate), (None, None));
        assert_eq!(
            rate["reason"],
            "no campaign has a call that was not connected"
        );
    }
    assert_eq!(figures["rates"]["call_funnel"]["dials"], Value::Null);
    assert_eq!(figures["rates"]["call_funnel"]["connected"], 2);
    assert_eq!(figures["week"]["hours"], json!([]));

    // It is decided per campaign: here, the other campaign has an answer rate.
    let other = |id, status| with(&dial(id, status, 0, DAY), json!({"campaign": {"id": 2}}));
    let calls = [&connected[..], &[other(3, "busy"), other(4, "completed")]].concat();
    let figures = stats(&calls, &[]);
    assert_eq!(fraction(&figures["rates"]["answered"]), of(1, 2));
    assert_eq!(fraction(&figures["leads"]["reached"]), of(1, 2));
    assert_eq!(figures["rates"]["campaigns_without_misses"], 1);
    assert_eq!(figures["rates"]["calls_of_campaigns_without_misses"], 2);
    let folder = temporary_folder();
    let settings = folder.path().join("postcall.toml");
    std::fs::write(&settings, "[webhook]\nonly-completed = true\n").expect("written");
    let settings = settings.to_str().expect("a UTF-8 path");
    let figures = stats(&calls, &["--config", settings]);
    assert_eq!(fraction(&figures["rates"]["answered"]), (None, None));
}

#[test]
fn calls_without_a_campaign_are_no_dials() {
    let inbound = with(
        &dial(3, "busy", 0, DAY),
        json!({"campaign": null, "lead": null}),
    );
    let calls = [
        dial(1, "completed", 60, DAY),
        dial(2, "no_answer", 0, DAY),
        inbound,
    ];
    let figures = stats(&calls, &[]);
    assert_eq!(fraction(&figures["rates"]["answered"]), of(1, 2));
    let calls = &figures["calls"];
    assert_eq!(
        (&calls["calls"], &calls["campaign_calls"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(
        (&calls["other_calls"], &calls["not_connected"]),
        (&json!(1), &json!(2))
    );
}

#[test]
fn each_status_has_its_class() {
    let calls = [
        dial(1, "failed", 5, DAY),
        dial(2, "failed", 0, DAY),
        dial(3, "in-progress", 9, DAY),
        dial(4, "cancelled", 9, DAY),
        dial(5, "Besetzt", 0, DAY),
        with(&dial(6, "failed", 0, DAY), json!({"duration": "long"})),
    ];
    let figures = stats(&calls, &[]);
    let calls = &figures["calls"];
    let classes = ["connected", "not_connected", "open", "unclassed"];
    let classes = classes.map(|class| calls[class].as_u64().expect("a number"));
    assert_eq!(classes, [1, 2, 1, 2]);
    assert_eq!(fraction(&figures["rates"]["answered"]), of(1, 3));
    let outcomes = calls["outcomes"].as_array().expect("a list");
    let cancelled = json!({"status": "cancelled", "class": "unclassed", "calls": 1});
    assert!(outcomes.contains(&cancelled), "{outcomes:?}");
}

#[test]
fn reasons_are_those_of_the_calls() {
    let no_duration = with(&dial(1, "completed", 1, DAY), json!({"duration": null}));
    let table = stdout(&["stats", "--only", "calls"], &lines(&[no_duration]));
    assert!(
        table.contains("no connected call has a readable duration"),
        "{table}"
    );
    let running = dial(2, "in-progress", 0, DAY);
    let figures = stats(&[running], &[]);
    assert_eq!(
        figures["rates"]["answered"]["reason"],
        "no call that is over"
    );
    assert_eq!(figures["rates"]["call_funnel"]["goals"], Value::Null);
}

#[test]
fn a_list_groups_calls() {
    let days = json!({"campaign": {"id": 1, "allowed_days": ["monday", "friday"]}});
    let calls = [with(&dial(1, "busy", 0, DAY), days)];
    let figures = stats(&calls, &["--by", "campaign.allowed_days"]);
    let group = &figures["groups"]["groups"][0];
    assert_eq!(group["value"], r#"["monday","friday"]"#);
}

#[test]
fn empty_texts_are_no_values() {
    let empty = json!({"status": " ", "assistant_phone": ""});
    let figures = stats(&[with(&dial(1, "busy", 0, DAY), empty)], &[]);
    assert_eq!(figures["calls"]["outcomes"][0]["status"], Value::Null);
    assert_eq!(figures["numbers"]["groups"][0]["value"], Value::Null);
}

#[test]
fn connected_is_not_human() {
    let transcript = |id, seconds, text: &str| {
        with(
            &dial(id, "completed", seconds, DAY),
            json!({"transcript": text}),
        )
    };
    let calls = [
        transcript(
            1,
            60,
            "Assistant: Hi\nCustomer: Yes\nAssistant: Good\nCustomer: Bye",
        ),
        transcript(
            2,
            29,
            "Assistant: Hi\nCustomer: Yes\nAssistant: Good\nCustomer: Bye",
        ),
        transcript(3, 60, "Assistant: Hi\nCustomer: Yes"),
        // A number without a letter is a turn, but not by itself a human.
        transcript(
            4,
            60,
            "Assistant: Hi\nCustomer: 80331\nAssistant: Ok\nCustomer: Ja",
        ),
        transcript(
            5,
            60,
            "Assistant: Hi\nCustomer: ... 1 2\nAssistant: Hello?\nCustomer: ?",
        ),
        transcript(6, 60, "Assistant: Hi, this is a mailbox"),
        // Neither is readable.
        transcript(7, 60, "just a note"),
        transcript(8, 60, ""),
        dial(9, "busy", 0, DAY),
    ];
    let figures = stats(&calls, &[]);
    assert_eq!(fraction(&figures["rates"]["two_way"]), of(4, 6));
    assert_eq!(fraction(&figures["rates"]["conversations"]), of(2, 6));
    let funnel =
        json!({"dials": 9, "connected": 8, "two_way": 4, "conversations": 2, "goals": null});
    assert_eq!(figures["rates"]["call_funnel"], funnel);
}

#[test]
fn the_last_body_of_an_id_counts() {
    let first = dial(7, "in-progress", 5, DAY);
    let last = dial(7, "completed", 60, DAY);
    let text_id = with(&dial(8, "busy", 0, DAY), json!({"id": "x"}));
    let calls = [first.clone(), text_id.clone(), first.clone(), text_id, last];
    let figures = stats(&calls, &[]);
    assert_eq!(figures["input"]["bodies"], 5);
    assert_eq!(figures["input"]["copies"], 2);
    assert_eq!(figures["calls"]["calls"], 3);
    assert_eq!(figures["calls"]["talk_time"]["seconds"], 60);
    // Options of the user apply, and count copies too.
    let figures = stats(&calls, &["--dedupe", "first"]);
    assert_eq!(figures["calls"]["open"], 1);
    assert_eq!(figures["input"]["copies"], 2);
    let figures = stats(&calls, &["--limit", "1"]);
    assert_eq!(figures["calls"]["calls"], 1);
    // Filters apply before: the last body that matches counts.
    let figures = stats(&calls, &["--status", "in-progress"]);
    assert_eq!(figures["calls"]["calls"], 1);
    assert_eq!(figures["input"]["filtered_out"], 3);
    assert_eq!(figures["input"]["copies"], 1);
}

#[test]
fn a_file_is_read_twice_only_for_repeated_ids_with_equal_figures() {
    let calls: Vec<Value> = (0..3000)
        .map(|id| {
            with(
                &dial(id, "completed", id % 90, DAY),
                json!({"note": "x".repeat(900)}),
            )
        })
        .collect();
    let mut twice = calls.clone();
    twice.rotate_left(1234);
    twice.extend(calls.iter().cloned());
    let folder = temporary_folder();
    let path = folder.path().join("calls.jsonl");
    std::fs::write(&path, lines(&twice)).expect("written");
    let path = path.to_str().expect("a UTF-8 path");
    let from_file: Value =
        serde_json::from_str(&stdout(&["stats", path, "--format", "json"], b"")).expect("JSON");
    for threads in ["1", "3"] {
        let mut distinct = stats(&calls, &["--threads", threads]);
        let mut repeated = stats(&twice, &["--threads", threads]);
        assert_eq!(repeated, from_file);
        assert_eq!(repeated["input"]["copies"], 3000);
        distinct["input"].take();
        repeated["input"].take();
        assert_eq!(repeated, distinct);
    }
}

#[test]
fn test_deliveries_and_other_input_are_counted_beside() {
    let sample = with(
        &dial(2, "completed", 60, DAY),
        json!({"transcript": "sample transcript"}),
    );
    let variable = json!({"input_variables": {"name": "sample name"}});
    let variable = with(&dial(3, "completed", 60, DAY), variable);
    let mut input = lines(&[dial(1, "completed", 60, DAY), sample, variable]);
    input.extend_from_slice(b"{\"id\": 9, \"customer_phone\": \n");
    let output = postcall(&["stats", "--format", "json"], &input);
    assert_eq!(output.status.code(), Some(1));
    let figures: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(figures["calls"]["calls"], 1);
    assert_eq!(figures["input"]["test_deliveries"], 2);
    assert_eq!(figures["input"]["broken"], 1);
}

#[test]
fn days_and_hours_are_those_of_the_zone() {
    // Summer time starts on 31 March 2024 at 01:00 UTC: that day has 23 hours.
    let calls = [
        dial(1, "completed", 60, "2024-03-30T23:30:00Z"),
        dial(2, "busy", 0, "2024-03-31T00:59:59Z"),
        dial(3, "completed", 60, "2024-03-31T01:00:00Z"),
        dial(4, "busy", 0, "2024-03-31T21:59:59Z"),
        dial(5, "completed", 60, "2024-03-31T22:00:00Z"),
        dial(6, "busy", 0, "2024-04-03T10:00:00Z"),
        dial(7, "busy", 0, "not a time"),
    ];
    let figures = stats(&calls, &["--tz", "Europe/Berlin"]);
    let days = figures["days"].as_array().expect("a list").iter();
    let days: Vec<(&str, u64)> = days
        .map(|day| {
            (
                day["day"].as_str().expect("a day"),
                day["calls"].as_u64().expect("calls"),
            )
        })
        .collect();
    let expected = [
        ("2024-03-31", 4),
        ("2024-04-01", 1),
        // Days without a call are 0.
        ("2024-04-02", 0),
        ("2024-04-03", 1),
    ];
    assert_eq!(days, expected);
    assert_eq!(figures["calls"]["first"], "2024-03-31T00:30:00+01:00");
    assert_eq!(
        (
            &figures["calls"]["days"],
            &figures["calls"]["days_with_calls"]
        ),
        (&json!(4), &json!(3))
    );
    assert_eq!(figures["calls"]["calls_without_time"], 1);
    let hours = figures["week"]["hours"].as_array().expect("a list").iter();
    let hours: Vec<(&str, u64)> = hours
        .map(|hour| {
            (
                hour["weekday"].as_str().expect("a day"),
                hour["hour"].as_u64().expect("it"),
            )
        })
        .collect();
    // 02:00 does not exist: the clock goes from 01:59 to 03:00.
    let expected = [
        ("monday", 0),
        ("wednesday", 12),
        ("sunday", 0),
        ("sunday", 1),
        ("sunday", 3),
        ("sunday", 23),
    ];
    assert_eq!(hours, expected);
    // The call without a time counts elsewhere.
    assert_eq!(fraction(&figures["rates"]["answered"]), of(3, 7));

    let utc = stats(&calls, &[]);
    assert_eq!(
        (&utc["zone"], &utc["suggested_zone"]),
        (&json!("UTC"), &json!("Europe/Berlin"))
    );
    assert_eq!(utc["days"].as_array().map(Vec::len), Some(5));
    assert_eq!(
        stats(&calls, &["--tz", "utc"])["suggested_zone"],
        Value::Null
    );
}

#[test]
fn a_falling_answer_rate_of_a_number_shows() {
    let number = |id: u64, day: u64, status: &str, duration| {
        with(
            &dial(id, status, duration, &format!("2024-01-{day:02}T10:00:00Z")),
            json!({"assistant_phone": if id.is_multiple_of(2) { "+49 40 111" } else { "+4940111" }}),
        )
    };
    let calls = [
        number(1, 1, "completed", 9),
        number(2, 13, "completed", 10),
        // The last 7 days, of which the 20th is the last with a call.
        number(3, 14, "completed", 60),
        number(4, 14, "busy", 0),
        number(5, 20, "busy", 0),
    ];
    let figures = stats(&calls, &[]);
    let groups = figures["numbers"]["groups"].as_array().expect("a list");
    let [group] = &groups[..] else {
        panic!("one number: {groups:?}");
    };
    assert_eq!(group["value"], "+4940111");
    assert_eq!(fraction(&group["answered"]), of(3, 5));
    assert_eq!(fraction(&group["answered_last_7_days"]), of(1, 3));
    assert_eq!(fraction(&group["answered_before"]), of(2, 2));
    assert_eq!(fraction(&group["under_10_seconds"]), of(1, 3));
}

#[test]
fn groups_have_the_calls_of_each_value() {
    let calls = [
        with(
            &dial(1, "completed", 30, DAY),
            json!({"extracted_variables": {"city": "Bonn"}}),
        ),
        with(
            &dial(2, "busy", 0, "2024-01-21T23:00:00Z"),
            json!({"customer_phone": "+1 212 5550100"}),
        ),
        with(
            &dial(3, "no answer", 0, DAY),
            json!({"extracted_variables": {"city": "Bonn"}}),
        ),
    ];
    let groups = |by: &str| -> Vec<(Option<String>, u64)> {
        let figures = stats(&calls, &["--by", by]);
        let groups = figures["groups"]["groups"]
            .as_array()
            .expect("a list")
            .iter();
        let groups = groups.map(|group| {
            let value = group["value"].as_str().map(str::to_owned);
            (value, group["calls"].as_u64().expect("a number"))
        });
        groups.collect()
    };
    let value = |value: &str, calls| (Some(value.to_owned()), calls);
    assert_eq!(groups("city"), [value("Bonn", 2), (None, 1)]);
    assert_eq!(groups("extracted_variables.city"), groups("city"));
    assert_eq!(groups("country"), [value("+49", 2), value("+1", 1)]);
    assert_eq!(
        groups("status"),
        [
            value("busy", 1),
            value("completed", 1),
            value("no-answer", 1)
        ]
    );
    assert_eq!(groups("week"), [value("2024-W03", 3)]);
    assert_eq!(groups("weekday"), [value("monday", 2), value("sunday", 1)]);
    assert_eq!(groups("hour"), [value("10", 2), value("23", 1)]);
    assert_eq!(groups("campaign.id"), [value("1", 3)]);
    let first = |by: &str| stats(&calls, &["--by", by])["groups"]["groups"][0].clone();
    let germany = first("country");
    assert_eq!(fraction(&germany["answered"]), of(1, 2));
    assert_eq!(germany["talk_time"], 30);
    for by in ["city", "status"] {
        let answered = &first(by)["answered"];
        assert_eq!(fraction(answered), (None, None), "{by}");
        let reason = answered["reason"].as_str().expect("a reason");
        assert!(reason.contains("follow from the results"), "{reason}");
    }
    for (by, near) in [("campain", "campaign"), ("ctiy", "city")] {
        let output = postcall(&["stats", "--by", by, "--only", "groups"], &lines(&calls));
        let message = String::from_utf8_lossy(&output.stderr);
        let expected =
            format!("postcall: no call has the variable `{by}`; did you mean `{near}`?\n");
        assert_eq!(message, expected);
    }
}

#[test]
fn the_best_hour_is_certainly_better() {
    let hour = |id: u64, hour: u64, is_answered: bool| {
        let status = if is_answered { "completed" } else { "busy" };
        dial(id, status, 60, &format!("2024-01-15T{hour:02}:00:00Z"))
    };
    let few: Vec<Value> = (0..4)
        .map(|id| hour(id, 9, id != 0))
        .chain((4..8).map(|id| hour(id, 15, id == 4)))
        .collect();
    assert_eq!(stats(&few, &[])["week"]["best_hour"], Value::Null);
    let many = (0..100).map(|id| hour(id, 9, id % 10 != 0));
    let many: Vec<Value> = many
        .chain((100..400).map(|id| hour(id, 15, id % 10 == 0)))
        .collect();
    let week = &stats(&many, &[])["week"];
    assert_eq!(week["best_hour"]["hour"], 9);
    assert_eq!(fraction(&week["best_hour"]["answered"]), of(90, 100));
}

#[test]
fn no_call_fails_and_no_selected_call_does_not() {
    let none = postcall(&["stats"], b"[]");
    assert_eq!((none.status.code(), none.stdout.len()), (Some(3), 0));
    let excluded = postcall(
        &["stats", "--id", "5", "--format", "json"],
        &lines(&[dial(1, "busy", 0, DAY)]),
    );
    assert_eq!(excluded.status.code(), Some(0));
    let figures: Value = serde_json::from_slice(&excluded.stdout).expect("JSON");
    assert_eq!(figures["calls"]["calls"], 0);
    assert_eq!(figures["input"]["filtered_out"], 1);
    assert_eq!(figures["calls"]["talk_time"]["mean"], Value::Null);
}
