//! How calls are talked, and what they cost.

use serde_json::{Value, json};

use super::{DAY, dial, fraction, of, stats, with};

fn talk(id: u64, duration: u64, transcript: &str) -> Value {
    with(
        &dial(id, "ended", duration, DAY),
        json!({"transcript": transcript, "extracted_variables": {"status": id == 1}}),
    )
}

#[test]
fn words_and_turns_are_counted_by_speaker() {
    let figures = stats(
        &[
            talk(
                1,
                60,
                "Assistant: Guten Tag!\nCustomer: Ja – bitte\nCustomer: 5",
            ),
            talk(2, 60, "Assistant: Hallo?\nCustomer: ..."),
            talk(3, 60, "Assistant: Hallo?\nCustomer: Wer ist da?"),
            talk(4, 60, ""),
            with(&talk(5, 0, "Customer: nein"), json!({"status": "busy"})),
        ],
        &["--only", "conversations"],
    );
    let conversations = &figures["conversations"];
    assert_eq!(fraction(&conversations["silent"]), of(1, 3));
    assert_eq!(fraction(&conversations["words_of_customers"]), of(6, 10));
    let turns = conversations["customer_turns"].as_array().expect("a list");
    let turns: Vec<_> = turns.iter().map(|turn| fraction(&turn["calls"])).collect();
    assert_eq!(turns, [of(2, 2), of(1, 2)]);
}

#[test]
fn each_connected_call_is_billed_for_at_least_half_a_minute() {
    let calls = [
        talk(1, 5, ""),
        talk(2, 90, ""),
        with(&talk(3, 60, ""), json!({"duration": "long"})),
        with(&talk(4, 0, ""), json!({"status": "busy"})),
    ];
    let billing = |options: &[&str]| {
        stats(&calls, &[&["--only", "billing"], options].concat())["billing"].clone()
    };
    assert_eq!(
        billing(&["--per-minute", "0.15"]),
        json!({"calls": 2, "seconds": 120, "minutes": 2.0, "goals": 1,
               "price_per_minute": 0.15, "cost": 0.3, "cost_per_goal": 0.3})
    );
    assert_eq!(billing(&[])["cost"], Value::Null);
    let no_goal = billing(&["--per-minute", "1", "--goal", "status=maybe"]);
    assert_eq!(
        (&no_goal["cost"], &no_goal["cost_per_goal"]),
        (&json!(2.0), &Value::Null)
    );
}
