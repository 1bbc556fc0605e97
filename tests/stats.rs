//! The figures of `stats`, on inputs small enough to count by hand.

mod audit;
mod compare;
mod conversations;
mod review;
mod variables;

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::common::{postcall, repository, stdout, temporary_folder};

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
fn calls_and_talk_time_per_goal_are_of_the_same_calls() {
    let goal = json!({"extracted_variables": {"status": true}});
    let in_other_campaign = json!({"campaign": {"id": 2}});
    let calls = [
        dial(1, "busy", 0, DAY),
        with(&dial(2, "completed", 60, DAY), goal.clone()),
        with(
            &with(&dial(3, "completed", 600, DAY), goal),
            in_other_campaign,
        ),
    ];
    let figures = stats(&calls, &[]);
    assert_eq!(fraction(&figures["leads"]["calls_per_goal"]), of(2, 1));
    assert_eq!(fraction(&figures["leads"]["talk_time_per_goal"]), of(60, 1));
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
fn no_figure_is_cut_in_a_narrow_terminal() {
    let calls: Vec<Value> = (1..=1200)
        .map(|id| dial(id, if id % 3 == 0 { "busy" } else { "completed" }, 60, DAY))
        .collect();
    for width in ["30", "40", "50", "60"] {
        let table = stdout(&["stats", "--width", width], &lines(&calls));
        for (cut, _) in table.match_indices('…') {
            let last = table[..cut].chars().next_back();
            assert!(last.is_some_and(char::is_alphabetic), "{table}");
        }
    }
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
fn a_variable_is_true_as_a_goal_is() {
    let calls = ["True", "yes", "no", "perhaps"];
    let calls = (1..).zip(calls).map(|(id, text)| {
        let variables = json!({"extracted_variables": {"status": text}});
        with(&dial(id, "completed", 60, DAY), variables)
    });
    let figures = stats(&calls.collect::<Vec<_>>(), &[]);
    let variable = &figures["variables"]["variables"][0];
    assert_eq!(fraction(&variable["is_true"]), of(2, 3));
    assert_eq!(figures["rates"]["goals_of_connected"]["numerator"], 2);
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
fn the_goal_has_three_states_and_three_denominators() {
    let talk = "Assistant: Hi\nCustomer: Yes\nAssistant: Good\nCustomer: Bye";
    let goal = |id, status, transcript: &str, value: Value| {
        let variables = json!({"extracted_variables": {"status": value, "nps": id}});
        let call = with(&dial(id, status, 60, DAY), variables);
        with(&call, json!({"transcript": transcript}))
    };
    let calls = [
        goal(1, "completed", talk, json!(true)),
        goal(2, "completed", talk, json!("false")),
        goal(3, "completed", talk, Value::Null),
        goal(4, "completed", "", json!("true")),
        // Not connected: whatever the variable says, no goal.
        goal(5, "busy", "", json!(true)),
    ];
    let figures = stats(&calls, &[]);
    let rates = &figures["rates"];
    assert_eq!(fraction(&rates["goals_of_conversations"]), of(1, 3));
    assert_eq!(fraction(&rates["goals_of_connected"]), of(2, 4));
    assert_eq!(fraction(&rates["goals_of_leads"]), of(2, 5));
    assert_eq!(
        (&rates["goals_missed"], &rates["goals_not_said"]),
        (&json!(1), &json!(1))
    );
    let per_goal = &figures["leads"]["calls_per_goal"];
    assert_eq!(fraction(per_goal), of(5, 2));
    assert_eq!(
        fraction(&figures["leads"]["talk_time_per_goal"]),
        of(240, 2)
    );
    let figures = stats(&calls, &["--goal", "nps>=3"]);
    assert_eq!(fraction(&figures["rates"]["goals_of_connected"]), of(2, 4));

    let unknown = postcall(
        &["stats", "--goal", "nsp", "--format", "json"],
        &lines(&calls),
    );
    assert!(unknown.status.success());
    let message = String::from_utf8_lossy(&unknown.stderr);
    assert_eq!(
        message,
        "postcall: no call has the variable `nsp`; did you mean `nps`?\n"
    );
    let figures: Value = serde_json::from_slice(&unknown.stdout).expect("JSON");
    let rate = &figures["rates"]["goals_of_connected"];
    assert_eq!(rate["reason"], "no call has the variable `nsp`");
}

#[test]
fn a_goal_that_no_call_decides_has_no_rate() {
    let call = with(
        &dial(1, "ended", 60, DAY),
        json!({"extracted_variables": {"nps": 9}}),
    );
    let goal = |goal: &str| {
        let figures = stats(
            std::slice::from_ref(&call),
            &["--goal", goal, "--only", "rates"],
        );
        figures["rates"]["goals_of_connected"].clone()
    };
    assert_eq!(fraction(&goal("nps")), (None, None));
    assert_eq!(
        goal("nps")["reason"],
        "no connected call says whether it was reached: write a test, 'nps>=9'"
    );
    assert_eq!(fraction(&goal("nps>=9")), of(1, 1));
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
fn new_leads_are_not_in_the_rate_of_later_attempts() {
    let call = |id, lead: u64, status: &str, day: u64| {
        let call = dial(id, status, 60, &format!("2024-01-{day:02}T10:00:00Z"));
        with(&call, json!({"lead": {"id": lead, "status": "scheduled"}}))
    };
    let calls = [
        call(1, 100, "busy", 1),
        call(2, 100, "completed", 2),
        call(3, 101, "no-answer", 2),
        call(4, 101, "busy", 3),
        call(5, 101, "busy", 4),
        call(6, 102, "completed", 2),
        // Newer than every lead with two calls: reached or not, they had no time for more.
        call(7, 103, "completed", 9),
        call(8, 104, "busy", 9),
    ];
    let leads = &stats(&calls, &[])["leads"];
    let attempts = leads["attempts"].as_array().expect("a list").iter();
    let attempts: Vec<_> = attempts
        .map(|attempt| {
            (
                fraction(&attempt["answered"]),
                fraction(&attempt["reached_within"]),
            )
        })
        .collect();
    let expected = [
        (of(2, 5), of(2, 5)),
        (of(1, 2), of(2, 3)),
        (of(0, 1), of(2, 3)),
    ];
    assert_eq!(attempts, expected);
    assert_eq!(fraction(&leads["reached"]), of(3, 5));
    assert_eq!(fraction(&leads["reached_at_first_attempt"]), of(2, 5));
    // Two retries are allowed: lead 101 had its three attempts.
    assert_eq!(fraction(&leads["exhausted"]), of(1, 5));
    let counts = json!([{"attempts": 1, "leads": 3}, {"attempts": 2, "leads": 1}, {"attempts": 3, "leads": 1}]);
    assert_eq!(leads["attempts_per_lead"], counts);
    // The order of the input does not matter: attempts are in the order of time, then of ids.
    let reversed: Vec<Value> = calls.iter().rev().cloned().collect();
    assert_eq!(&stats(&reversed, &[])["leads"], leads);
}

#[test]
fn leads_are_ids_within_their_campaign_and_numbers_without_a_lead() {
    let lead = |id, campaign: u64, lead: Value, phone: &str| {
        let call = with(
            &dial(id, "busy", 0, DAY),
            json!({"campaign": {"id": campaign}}),
        );
        with(&call, json!({"lead": lead, "customer_phone": phone}))
    };
    let calls = [
        lead(1, 1, json!({"id": 5}), "+49301"),
        // The same lead in another spelling, at another number.
        lead(2, 1, json!({"id": "5"}), "+49302"),
        // Another campaign, and a second contact at the same number.
        lead(3, 2, json!({"id": 5}), "+49301"),
        lead(4, 1, json!({"id": 6}), "+49301"),
        lead(5, 1, Value::Null, "+49 30 9"),
        lead(6, 1, Value::Null, "0049309"),
        with(
            &lead(7, 1, Value::Null, ""),
            json!({"customer_phone": null}),
        ),
    ];
    let leads = &stats(&calls, &[])["leads"];
    assert_eq!(
        (&leads["leads"], &leads["calls_without_lead"]),
        (&json!(4), &json!(1))
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

#[test]
fn the_overview_of_a_campaign_fits_one_screen() {
    let overview = [
        "stats",
        "samples/day.jsonl",
        "--campaign",
        "2324",
        "--width",
        "80",
    ];
    let text = stdout(&overview, b"");
    assert!(text.lines().count() <= 40, "{text}");
    for (width, columns) in [("80", 80), ("60", 60), ("40", 40)] {
        let arguments = [
            "stats",
            "samples/day.jsonl",
            "--by",
            "campaign",
            "--width",
            width,
        ];
        let sections = [
            "--only",
            "calls,rates,leads,numbers,groups,days,week",
            "--ascii",
        ];
        let text = stdout(&[&arguments[..], &sections].concat(), b"");
        for line in text.lines() {
            assert!(line.chars().count() <= columns, "{line}");
        }
        let drawn = text.replace("Möller", "");
        assert!(drawn.is_ascii(), "{drawn}");
    }
}

#[test]
fn the_figures_of_csv_are_documented() {
    let docs = fs::read_to_string(repository().join("docs/stats.md")).expect("the page");
    let day = fs::read(repository().join("samples/day.jsonl")).expect("the sample");
    let options = "stats --format csv --by campaign --per-minute 0.1 --tz UTC --compare \
                   --since 2024-01-15T11:00 --until 2024-01-15T16:59";
    let options: Vec<&str> = options.split_whitespace().collect();
    let csv = stdout(&options, &day);
    let mut figures = BTreeSet::new();
    for row in csv.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        figures.insert((cells[0], cells[2]));
    }
    assert!(figures.len() > 80, "{figures:?}");
    for (section, figure) in figures {
        let is_documented = docs.lines().any(|line| {
            let has = |name: &str| line.contains(&format!("`{name}`"));
            line.starts_with('|') && has(section) && has(figure)
        });
        assert!(is_documented, "{section} {figure}");
    }
}

/// Rates and numbers of calls were cut in all columns behind Thursday.
#[test]
fn the_hours_of_a_week_fit_80_columns() {
    let mut calls = Vec::new();
    for (day, status) in (15..22).flat_map(|day| [(day, "completed"), (day, "busy")]) {
        for _ in 0..60 {
            let id = calls.len() as u64 + 1;
            calls.push(dial(id, status, 60, &format!("2024-01-{day}T09:00:00Z")));
        }
    }
    let table = |width| {
        let options = ["stats", "--only", "week", "--tz", "UTC", "--width", width];
        stdout(&options, &lines(&calls))
    };
    let [narrow, wide] = ["80", "100"].map(table);
    let row = "  09  ▒50  ▒50  ▒50  ▒50  ▒50  ▒50  ▒50  50 % of 840";
    assert_eq!(narrow.lines().nth(2), Some(row), "{narrow}");
    assert!(wide.contains("▒50 (120)  50 % of 840\n"), "{wide}");
}
