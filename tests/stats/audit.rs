//! Calls that the settings of their campaign do not allow.

use serde_json::{Value, json};

use super::{DAY, dial, fraction, of, stats, with};

/// Calls of campaign 1 with these settings. Each has an id, a time, and other members.
fn calls(settings: &Value, calls: &[(u64, &str, Value)]) -> Vec<Value> {
    let calls = calls.iter().map(|(id, time, members)| {
        let mut campaign = settings.clone();
        campaign["id"] = json!(1);
        let call = with(&dial(*id, "busy", 0, time), json!({"campaign": campaign}));
        with(&call, members.clone())
    });
    calls.collect()
}

fn audit(calls: &[Value], options: &[&str]) -> Value {
    let options = [options, &["--only", "audit"]].concat();
    stats(calls, &options)["audit"].clone()
}

#[test]
fn hours_are_local_and_end_before_their_end() {
    let settings = json!({
        "allowed_days": ["monday"],
        "allowed_hours_start_time": "09:00:00", "allowed_hours_end_time": "18:00:00",
    });
    let all = calls(
        &settings,
        &[
            (1, "2024-01-15T07:59:59Z", json!({})),
            (2, "2024-01-15T08:00:00Z", json!({})),
            (3, "2024-01-15T16:59:59Z", json!({})),
            (4, "2024-01-15T17:00:00Z", json!({})),
            (5, "2024-01-16T10:00:00Z", json!({})),
            (6, "not a time", json!({})),
            (7, "2024-01-15T23:00:00Z", json!({"campaign": {"id": 2}})),
        ],
    );
    let local = audit(&all, &["--tz", "Europe/Berlin"]);
    assert_eq!(fraction(&local["outside_hours"]), of(3, 5));
    let unknown = audit(&all, &[]);
    assert_eq!(fraction(&unknown["outside_hours"]), of(0, 0));
    assert_eq!(
        unknown["outside_hours"]["reason"],
        "the times are in UTC: choose a zone with --tz"
    );
    // Times with an offset are local times.
    let offsets = calls(&settings, &[(1, "2024-01-15T18:00:00+01:00", json!({}))]);
    assert_eq!(fraction(&audit(&offsets, &[])["outside_hours"]), of(1, 1));
}

#[test]
fn retries_are_judged_by_interval_and_number() {
    let settings = json!({"max_retries": 1, "retry_interval": 30});
    let lead = || json!({"lead": {"id": 5}});
    let all = calls(
        &settings,
        &[
            (1, "2024-01-15T10:00:00Z", lead()),
            // A minute early is within the tolerance.
            (2, "2024-01-15T10:29:00Z", lead()),
            (3, "2024-01-15T10:57:59Z", lead()),
            (4, "2024-01-15T10:58:00Z", json!({"lead": {"id": 6}})),
        ],
    );
    let audit = audit(&all, &[]);
    assert_eq!(fraction(&audit["early_retries"]), of(1, 2));
    assert_eq!(fraction(&audit["too_many_attempts"]), of(1, 4));
}

#[test]
fn calls_in_parallel_last_at_least_as_long_as_they_talk() {
    let talk = |seconds: u64| json!({"status": "ended", "duration": seconds});
    let all = calls(
        &json!({"max_calls_in_parallel": 2}),
        &[
            (1, "2024-01-15T10:00:00Z", talk(100)),
            (2, "2024-01-15T10:00:10Z", talk(20)),
            (3, "2024-01-15T10:00:20Z", talk(5)),
            (4, "2024-01-15T10:00:30Z", talk(200)),
            (5, "2024-01-15T10:01:40Z", talk(20)),
        ],
    );
    // Only the third call started while two others were running.
    let found = audit(&all, &[]);
    assert_eq!(fraction(&found["too_many_in_parallel"]), of(1, 5));
    let other = with(
        &all[2],
        json!({"campaign": {"id": 2, "max_calls_in_parallel": 2}}),
    );
    let found = audit(&[&all[..2], &[other], &all[3..]].concat(), &[]);
    assert_eq!(fraction(&found["too_many_in_parallel"]), of(0, 5));
}

#[test]
fn leads_with_the_goal_are_called_no_more() {
    let lead = |goal: Value| {
        json!({"lead": {"id": 5}, "status": "ended", "duration": 9,
               "extracted_variables": {"status": goal}})
    };
    let all = calls(
        &json!({}),
        &[
            (1, "2024-01-15T10:00:00Z", lead(json!(false))),
            (2, "2024-01-15T11:00:00Z", lead(json!(true))),
            (3, "2024-01-15T12:00:00Z", lead(json!(null))),
            (4, "2024-01-15T13:00:00Z", json!({"lead": {"id": 6}})),
        ],
    );
    let found = audit(&all, &[]);
    assert_eq!(fraction(&found["after_goal"]), of(1, 2));
    let absent = audit(&all, &["--goal", "absent"]);
    assert_eq!(
        absent["after_goal"]["reason"],
        "no call has the variable `absent`"
    );
}

#[test]
fn changed_settings_are_counted_by_campaign() {
    let time = "2024-01-15T10:00:00Z";
    let campaign = |id: u64, retries: u64| json!({"campaign": {"id": id, "max_retries": retries}});
    let all = calls(
        &json!({}),
        &[
            (1, time, campaign(1, 2)),
            (2, time, campaign(1, 3)),
            (3, time, campaign(2, 3)),
        ],
    );
    let found = audit(&all, &[]);
    assert_eq!(
        fraction(&found["campaigns_with_changed_settings"]),
        of(1, 2)
    );
}

#[test]
fn a_body_with_fewer_settings_changes_none() {
    let settings = json!({"max_retries": 1, "retry_interval": 30});
    let brief = json!({"campaign": {"id": 1, "max_retries": 1}});
    let other = json!({"campaign": {"id": 1, "retry_interval": 60}});
    let changed = |members: Value| {
        let all = calls(&settings, &[(1, DAY, json!({})), (2, DAY, members)]);
        fraction(&audit(&all, &[])["campaigns_with_changed_settings"])
    };
    assert_eq!(changed(brief), of(0, 1));
    assert_eq!(changed(other), of(1, 1));
}

#[test]
fn without_retries_the_interval_is_not_missing() {
    let all = calls(&json!({"retry_interval": 30}), &[(1, DAY, json!({}))]);
    let reason = &audit(&all, &[])["early_retries"]["reason"];
    assert_eq!(reason, "no lead was called again");
}
