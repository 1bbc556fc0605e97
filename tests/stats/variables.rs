//! What the extracted variables of connected calls hold.

use serde_json::{Value, json};

use super::{DAY, dial, fraction, of, stats, with};

/// The figures of the variables of connected calls with these `extracted_variables`.
fn variables(values: &[Value]) -> Value {
    let calls: Vec<Value> = (1..)
        .zip(values)
        .map(|(id, value)| {
            with(
                &dial(id, "ended", 60, DAY),
                json!({"extracted_variables": value}),
            )
        })
        .collect();
    stats(&calls, &["--only", "variables"])["variables"].clone()
}

#[test]
fn each_kind_of_value_has_its_figures() {
    let found = variables(&[
        json!({"ok": true, "nps": 9, "city": "Bonn", "tags": ["a"], "order": {"paid": "false"}}),
        json!({"ok": "true", "nps": "7.5", "city": " Bonn ", "tags": [], "order": {}}),
        json!({"ok": false, "nps": 9.0, "city": "Köln", "tags": null, "order": {"paid": true}}),
        json!({"ok": null, "nps": "-", "city": ""}),
        json!({}),
    ]);
    let list = found["variables"].as_array().expect("a list");
    let names: Vec<_> = list.iter().map(|variable| &variable["name"]).collect();
    assert_eq!(names, ["ok", "nps", "city", "order.paid", "tags", "order"]);
    let [ok, nps, city, paid, tags, order] = &list[..] else {
        panic!("{list:?}");
    };
    assert_eq!(fraction(&ok["filled"]), of(3, 5));
    assert_eq!(fraction(&ok["is_true"]), of(2, 3));
    assert_eq!(fraction(&nps["filled"]), of(3, 5));
    assert_eq!(
        nps["numbers"],
        json!({"calls": 3, "min": 7.5, "median": 9.0, "p90": 9.0, "max": 9.0})
    );
    assert_eq!(fraction(&city["filled"]), of(3, 5));
    assert_eq!(city["texts"]["distinct"], 2);
    assert_eq!(
        city["texts"]["top"],
        json!([{"value": "Bonn", "calls": 2}, {"value": "Köln", "calls": 1}])
    );
    assert_eq!(fraction(&paid["is_true"]), of(1, 2));
    assert_eq!(
        (fraction(&tags["filled"]), &tags["lists"]),
        (of(1, 5), &json!(1))
    );
    assert_eq!(fraction(&order["filled"]), of(0, 5));
}

#[test]
fn only_connected_calls_count() {
    let missed = with(
        &dial(1, "busy", 0, DAY),
        json!({"extracted_variables": {"city": "Bonn"}}),
    );
    let figures = stats(&[missed, dial(2, "ended", 5, DAY)], &[]);
    assert_eq!(figures["variables"]["variables"], json!([]));
}

#[test]
fn free_text_shows_only_its_length() {
    let summary = "Die Kundin bittet um einen Rückruf am Montag, weil ihre Rechnung nicht stimmt.";
    let found = variables(&[
        json!({"summary": summary, "note": "a\nb", "city": "Bonn"}),
        json!({"summary": "kurz", "note": "c\nd", "city": summary}),
        json!({"summary": summary, "city": "Bonn"}),
    ]);
    let texts = |index: usize| &found["variables"][index]["texts"];
    let summary_length = summary.chars().count();
    assert_eq!(texts(0)["is_free_text"], true);
    assert_eq!(texts(0)["top"], json!([]));
    assert_eq!(texts(0)["distinct"], Value::Null);
    assert_eq!(texts(0)["longest"], summary_length);
    assert_eq!(
        texts(1)["top"],
        json!([{"value": "Bonn", "calls": 2}]),
        "one long text is no value"
    );
    assert_eq!(texts(1)["distinct"], 1);
    assert_eq!(texts(1)["long_texts"], 1);
    assert_eq!(texts(2)["is_free_text"], true);
    // Names, e-mail addresses and order numbers differ in most calls.
    let names: Vec<Value> = (0..30).map(|n| json!({"name": format!("N {n}")})).collect();
    assert_eq!(
        variables(&names)["variables"][0]["texts"]["is_free_text"],
        true
    );
    let few: Vec<Value> = names.into_iter().take(19).collect();
    assert_eq!(variables(&few)["variables"][0]["texts"]["distinct"], 19);
}

#[test]
fn numbers_that_a_double_would_change_are_texts() {
    let found = variables(&[
        json!({"order": 12_345_678_901_234_567_u64}),
        json!({"order": "12345678901234568"}),
        json!({"order": 7}),
    ]);
    let order = &found["variables"][0];
    assert_eq!(order["numbers"]["max"], 7.0);
    assert_eq!(order["texts"]["distinct"], 2);
    assert_eq!(order["texts"]["top"][0]["value"], "12345678901234567");
}
