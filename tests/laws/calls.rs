//! Generated calls as they occur: valid bodies of campaigns, leads and their attempts.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// How many calls to try: as many as the variable `BODIES` says, or `default`.
pub(super) fn call_count(default: u32) -> u32 {
    let count = std::env::var("BODIES").ok();
    count.map_or(default, |count| count.parse().expect("BODIES is a number"))
}

/// Turns of a conversation, with personal data.
const TURNS: &[&str] = &[
    "Assistant: Guten Tag, spreche ich mit Frau Sabine Köhler?",
    "Customer: Ja, am Apparat.",
    "Customer: My e-mail is anna.smith@web.de, and the phone is +49 151 23456789.",
    "Assistant: Ich notiere 0151 23456789 und DE89 3704 0044 0532 0130 00.",
    "Customer: 田中です。",
    "Customer: Ich wohne in der Müllerstraße 12, 13353 Berlin.",
    "Assistant: Thank you! <break time=\"500ms\"/> Goodbye.",
    "[00:31] Customer: Nein danke 😀",
    "Frau Köhler: Moment bitte …",
    "Lena: Guten Tag, Lena hier.",
];

/// The value of a variable.
fn variable() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        (0..100_000_i64).prop_map(Value::from),
        (0..10_000_i64)
            .prop_map(|cents| json!(f64::from(i32::try_from(cents).unwrap_or(0)) / 100.0)),
        select(vec![
            "",
            "n/a",
            "true",
            "ja",
            "Köln",
            "Sabine Köhler",
            "+4915123456789",
            "0151 23456789",
            "anna.smith@web.de",
            "1980-12-31",
            "31.12.1980",
            "2024-01-15T10:30:00Z",
            "4111111111111111",
            "DE89370400440532013000",
            "12,50 €",
            "{\"a\":\"Anna\"}",
            "https://crm.example.de/kunde/17",
        ])
        .prop_map(Value::from),
        Just(json!(["Anna", {"Ort": "Ulm"}])),
    ]
}

/// A body. Attempts of one lead have different times.
pub(super) fn call() -> impl Strategy<Value = Value> {
    let conversation = (
        select(vec![
            "completed",
            "no-answer",
            "busy",
            "failed",
            "ended_by_customer",
            "voicemail-x",
        ]),
        proptest::collection::vec(select(TURNS), 0..6),
        0..900_u32,
    );
    let places = (0..1_000_000_000_u64, 0..60_u64, 0..3_u64, 0..31_000_000_i64);
    let variables = proptest::collection::btree_map("[a-f_]{1,8}", variable(), 0..4);
    (conversation, places, variables, any::<Option<bool>>()).prop_map(
        |((status, turns, duration), (id, lead, campaign, seconds), variables, goal)| {
            let time = |seconds: i64| {
                let time = chrono::DateTime::from_timestamp(1_735_689_600 + seconds, 0);
                time.expect("a time").to_rfc3339().replace("+00:00", "Z")
            };
            let mut variables: serde_json::Map<String, Value> = variables.into_iter().collect();
            if let Some(goal) = goal {
                variables.insert("status".to_owned(), goal.into());
            }
            let phone = format!("+4915{:09}", lead * 7_777_777);
            let lead = lead + 60 * campaign;
            json!({
                "id": 1_000_000 + id,
                "customer_phone": phone,
                "assistant_phone": format!("+49301234567{campaign}"),
                "duration": duration,
                "status": status,
                "extracted_variables": variables,
                "assistant_name": "Lena",
                "input_variables": {"customer_name": "Sabine Köhler", "Ärztin": "Dr. Groß"},
                "transcript": turns.join("\n"),
                "recording_url": format!("https://storage.famulor.de/recordings/{id}.mp3"),
                "created_at": time(seconds),
                "finished_at": time(seconds + 1000),
                "lead": {
                    "id": 5_000_000 + lead, "phone_number": phone, "status": "completed",
                    "created_at": time(-1000), "updated_at": time(seconds),
                    "variables": {"customer_name": "Sabine Köhler"},
                },
                "campaign": {
                    "id": 7_000_000 + campaign, "name": format!("Zahnarzt Köhler {campaign}"),
                    "status": "running", "max_calls_in_parallel": 3, "max_retries": 2,
                    "retry_interval": 60, "created_at": time(-2000), "updated_at": time(-1000),
                    "allowed_hours_start_time": "00:00", "allowed_hours_end_time": "23:59",
                    "allowed_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                },
            })
        },
    )
}
