//! The calls of an object of several megabytes are read element by element, and the result is the
//! same for any number of threads and with any pauses.

use std::fs;

use crate::common::{json_lines, postcall, postcall_in_chunks, temporary_folder};
use serde_json::{Value, json};

/// More than one call needs, so that few calls make a large object.
const TRANSCRIPT_BYTES: usize = 40_000;

fn call(id: u32) -> Value {
    json!({
        "id": id, "customer_phone": format!("+49151{id:07}"), "assistant_phone": "+4930123456", "duration": id % 600,
        "status": "completed", "transcript": format!("Assistant: Grüße, \"{id}\"\n").repeat(TRANSCRIPT_BYTES / 25),
        "extracted_variables": {"index": id},
    })
}

/// A request with a body, or one without.
fn request(id: u32) -> Value {
    let (method, content) = match id % 10 {
        9 => ("GET", String::new()),
        _ => ("POST", call(id).to_string()),
    };
    json!({"uuid": id.to_string(), "method": method, "content": content, "headers": {"host": ["example.org"]}})
}

/// An export of a webhook service with `count` requests, with calls before and behind its array.
fn export(count: u32) -> String {
    let requests: Vec<_> = (0..count).map(request).collect();
    let (first, last) = (call(3), call(100_000));
    let object = json!({"data": requests, "total": count});
    // A map sorts its names.
    let object = object
        .to_string()
        .replacen('{', &format!("{{\"a\":{first},"), 1);
    object.replacen(
        ",\"total\"",
        &format!(",\"last\":{last},\"again\":{},\"total\"", call(5)),
        1,
    )
}

#[test]
fn the_result_is_the_same_for_any_number_of_threads() {
    let folder = temporary_folder();
    let text = export(130);
    assert!(text.len() > 5_000_000);
    let path = folder.path().join("export.json");
    fs::write(&path, &text).expect("written");
    let path = path.to_str().expect("a UTF-8 path");
    // The call in `a` is an element, too; those in `last` and `again` are one new call.
    let expected: Vec<u64> = [3]
        .into_iter()
        .chain((0..130).filter(|id| *id % 10 != 9 && *id != 3))
        .chain([100_000])
        .collect();
    for command in [
        &["extract"][..],
        &["extract", "--list", "--format=jsonl"],
        &["validate", "--format=json"],
        &["list", "--format=csv", "--limit=80"],
        &["list", "--format=csv", "--dedupe=last"],
        &["export", "--format=csv", "--with-source"],
    ] {
        let run = |threads| postcall(&[command, &["--threads", threads, path]].concat(), b"");
        let one = run("1");
        assert!(!one.stdout.is_empty(), "{command:?}: {one:?}");
        for threads in ["2", "5"] {
            let many = run(threads);
            assert!(many.stdout == one.stdout, "{command:?} {threads}");
            assert_eq!(many.stderr, one.stderr, "{command:?} {threads}");
        }
        if command == ["extract"] {
            let ids: Vec<_> = json_lines(&one.stdout)
                .iter()
                .filter_map(|call| call["id"].as_u64())
                .collect();
            assert_eq!(ids, expected);
            let messages = String::from_utf8_lossy(&one.stderr);
            assert!(
                messages.contains("skipped 13 values without a call"),
                "{messages}"
            );
        }
    }
}

#[test]
fn pauses_do_not_change_the_result() {
    let text = format!("{}\n{}\n", export(130), call(7));
    let command = ["validate", "--format=json", "--threads=3"];
    let whole = postcall(&command, text.as_bytes());
    for size in [700_000, 1_048_577, 5_000_000] {
        let chunks = text.as_bytes().chunks(size).map(<[u8]>::to_vec);
        let torn = postcall_in_chunks(&command, chunks.collect());
        assert!(torn.stdout == whole.stdout, "{size}");
        assert_eq!(torn.stderr, whole.stderr, "{size}");
    }
}

#[test]
fn a_truncated_object_is_reported_once_and_its_calls_are_read() {
    let text = export(130);
    let text = &text.as_bytes()[..5_000_000];
    let output = postcall(&["list", "--format=jsonl"], text);
    let messages = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{messages}");
    assert_eq!(messages.matches("broken JSON").count(), 1, "{messages}");
    assert!(json_lines(&output.stdout).len() > 70);
}

#[test]
fn a_path_may_lead_to_the_whole_object() {
    let text = export(130);
    let at = |path| {
        postcall(
            &["extract", "--list", "--format=jsonl", "--at", path],
            text.as_bytes(),
        )
    };
    let calls = |path| json_lines(&at(path).stdout).len();
    assert_eq!(calls(""), 1);
    assert_eq!(calls("/data/*/content"), 130);
    assert_eq!(calls("/last"), 1);
}
