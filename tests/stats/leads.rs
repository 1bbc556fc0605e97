//! Leads and their attempts.

use serde_json::{Value, json};

use super::{DAY, dial, fraction, of, stats, with};

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
