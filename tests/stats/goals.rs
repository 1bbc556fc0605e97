//! The goal of calls.

use serde_json::{Value, json};

use super::{DAY, dial, fraction, lines, of, stats, with};
use crate::common::postcall;

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
