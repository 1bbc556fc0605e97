//! A table that `export` wrote is read again as the same calls.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::bodies::{body, source};
use crate::common::{columns, config, postcall, postcall_in_chunks, stdout};

/// Makes `body` one that a table can hold: with an id, whole numbers where the contract has them,
/// and a name for each column. Text without an id may be an empty row.
fn as_row(id: usize, body: Value) -> Value {
    let Value::Object(mut body) = body else {
        unreachable!("a body is an object");
    };
    body.remove("");
    body.insert("id".to_owned(), id.into());
    keep_integers(&mut body, &["duration"]);
    for object in ["lead", "campaign"] {
        let Some(Value::Object(members)) = body.get_mut(object) else {
            continue;
        };
        keep_integers(members, &["id"]);
        match members.get_mut("campaign") {
            Some(Value::Object(campaign)) if !campaign.is_empty() => {
                keep_integers(campaign, &["id"]);
            }
            // `{}` has a cell, but its text would be the campaign of the call.
            _ => drop(members.remove("campaign")),
        }
    }
    Value::Object(body)
}

fn keep_integers(members: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        if let Some(value) = members.get_mut(*name)
            && !value.is_i64()
        {
            *value = Value::Null;
        }
    }
}

/// The headings with a value, each with its cells.
fn filled_columns(table: &[u8], delimiter: u8) -> Vec<(String, Vec<String>)> {
    let columns = columns(table, delimiter).into_iter();
    let mut filled: Vec<_> = columns
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
        .collect();
    filled.sort();
    filled
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn an_exported_table_is_read_as_it_was_written(
        bodies in vec(body(), 1..6),
        pause in any::<Index>(),
        (format, delimiter) in select(&[("csv", b','), ("tsv", b'\t')][..]),
    ) {
        let bodies: Vec<Value> = bodies.into_iter().enumerate().map(|(id, body)| as_row(id, body)).collect();
        let export = ["export", "--format", format];
        let table = postcall(&export, &source(&bodies, 0)).stdout;
        let again = postcall(&export, &table);
        prop_assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
        // A guard that may also be a quotation, as in `'='`, is kept, with a message.
        let is_kept = String::from_utf8_lossy(&again.stderr).contains("which may guard formulas");
        let comparable = |table: &[u8]| -> Vec<u8> {
            let bytes = table.iter().copied();
            bytes.filter(|byte| !is_kept || *byte != b'\'').collect()
        };
        let [read, written] = [&again.stdout, &table].map(|table| comparable(table));
        prop_assert_eq!(filled_columns(&read, delimiter), filled_columns(&written, delimiter));
        // A call without a lead or a campaign does not get one, so their columns may move.
        let has_parts = |body: &Value| ["lead", "campaign"].iter().any(|part| body.get(*part).is_some());
        if !bodies.iter().any(has_parts) {
            prop_assert_eq!(String::from_utf8_lossy(&read), String::from_utf8_lossy(&written));
        }
        let (first, second) = table.split_at(pause.index(table.len() + 1));
        let torn = postcall_in_chunks(&export, vec![first.to_vec(), second.to_vec()]);
        prop_assert_eq!(torn, again);
    }
}

#[test]
fn columns_keep_their_order_even_if_the_first_call_has_no_value() {
    let bodies = [
        json!({"id": 1, "customer_phone": "+4915123456789", "duration": 1, "transcript": "",
            "extracted_variables": {"b": null, "a": 1, "empty": null}}),
        json!({"id": 2, "customer_phone": null, "duration": 1, "transcript": "",
            "extracted_variables": {"a": 2, "b": "=1"}, "extra": true}),
    ];
    let table = stdout(&["export"], &source(&bodies, 0));
    assert_eq!(stdout(&["export"], table.as_bytes()), table);
}

#[test]
fn texts_in_several_cells_are_joined() {
    let text = "Kunde: =1, \"ja\" 😀\n".repeat(5000);
    let name = "transcript (2)";
    let body =
        json!({"id": 1, "customer_phone": null, "duration": 1, "transcript": text, name: "x"});
    for options in [&["export"][..], &["export", "--for", "excel"]] {
        let table = stdout(options, &source(std::slice::from_ref(&body), 0));
        let lines = stdout(&["export", "--format", "jsonl"], table.as_bytes());
        let row: Value = serde_json::from_str(&lines).expect("one call");
        assert_eq!(row["transcript"], *text, "{options:?}");
        assert_eq!(row[name], "x");
    }
}
