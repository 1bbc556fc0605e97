//! A call that is cut short, lacks its start or has other quotes than JSON is read or reported, in
//! any text and whatever follows. It is never lost in silence.

use std::sync::Arc;

use crate::common::{in_parallel, json_lines, postcall};
use crate::fuzz_corpus::targets::pauses::{line_starts, read_with_pauses};
use serde_json::{Value, json};

fn call(id: u32) -> Value {
    json!({
        "id": id,
        "customer_phone": "+4915123456789",
        "assistant_phone": "+494066969700",
        "duration": 95,
        "status": "completed",
        "extracted_variables": {"status": true, "summary": "Kein Interesse", "price": 1.1},
        "input_variables": {"customer_name": "Jörg Groß"},
        "transcript": "Assistant: Guten Tag!\nCustomer: Nein, danke.",
        "recording_url": null,
        "created_at": "2024-01-15T10:30:00Z",
        "finished_at": "2024-01-15T10:31:40Z",
        "lead": {"id": 1, "phone_number": "+4915123456789", "variables": {"a": ["x", "y"]}},
        "campaign": {"id": 5, "name": "K"}
    })
}

fn indented(id: u32) -> String {
    format!("{:#}", call(id))
}

/// A text with a part of a call, followed by a good call.
struct Form {
    name: &'static str,
    text: fn(&str, &str) -> String,
}

const FORMS: &[Form] = &[
    Form {
        name: "one after another",
        text: |cut, good| format!("{cut}\n{good}\n"),
    },
    Form {
        name: "text first",
        text: |cut, good| format!("Log\n{cut}\n{good}\n"),
    },
    Form {
        name: "text between",
        text: |cut, good| format!("Log\n{cut}\nNext\n{good}\n"),
    },
    Form {
        name: "Python log",
        text: |cut, good| {
            format!("2024-01-15 10:30:00,123 INFO {cut}\n2024-01-15 10:30:01,123 INFO {good}\n")
        },
    },
    Form {
        name: "Laravel log",
        text: |cut, good| {
            format!("[2024-01-15 10:30:00] a.INFO: {cut}\n[2024-01-15 10:30:01] a.INFO: {good}\n")
        },
    },
    Form {
        name: "level in brackets",
        text: |cut, good| format!("[INFO] {cut}\n[INFO] {good}\n"),
    },
    Form {
        name: "access log",
        text: |cut, good| format!("\"GET /\" 200 {cut}\n\"GET /\" 200 {good}\n"),
    },
    Form {
        name: "HTTP",
        text: |cut, good| {
            let head = "POST /h HTTP/1.1\nHost: a\nContent-Type: application/json\n\n";
            format!("{head}{cut}\n\n{head}{good}\n")
        },
    },
    Form {
        name: "Markdown",
        text: |cut, good| format!("# A\n\n```json\n{cut}\n```\n\n```json\n{good}\n```\n"),
    },
    Form {
        name: "mail",
        text: |cut, good| format!("From: a@b\nTo: c@d\nSubject: x\n\n{cut}\n\n{good}\n"),
    },
    Form {
        name: "page",
        text: |cut, good| format!("<pre>{cut}</pre>\n<pre>{good}</pre>\n"),
    },
    Form {
        name: "docker compose",
        text: |cut, good| {
            let text = format!("{cut}\n{good}");
            let lines = text.lines().map(|line| format!("app-1  | {line}\n"));
            lines.collect()
        },
    },
    Form {
        name: "two good calls",
        text: |cut, good| format!("Log\n{}\n{cut}\n{good}\n", indented(480_698)),
    },
];

/// Asserts that the call 480601 is read or reported, and the call 480699 read.
fn assert_not_lost(text: &str, context: &str) {
    let output = postcall(&["extract"], text.as_bytes());
    let calls = json_lines(&output.stdout);
    let has = |id: u32| calls.iter().any(|call| call["id"] == id);
    let is_reported = output.status.code() == Some(1) && !output.stderr.is_empty();
    assert!(has(480_601) || is_reported, "{context}:\n{text}");
    assert!(has(480_699) || is_reported, "{context}:\n{text}");
}

/// Offsets at the ends of all lines, and at some other characters, of the members from
/// `customer_phone` to `created_at`.
fn cuts(body: &str) -> Vec<usize> {
    let from = body.find("assistant_phone").expect("a member");
    let to = body.find("created_at").expect("a member");
    (from..to)
        .filter(|at| body.is_char_boundary(*at))
        .filter(|at| at % 11 == 0 || body[*at..].starts_with('\n'))
        .collect()
}

#[test]
fn a_call_without_its_end_is_read_or_reported() {
    let bodies = [indented(480_601), call(480_601).to_string()];
    in_parallel(FORMS, |form| {
        for (body, good) in bodies
            .iter()
            .zip([indented(480_699), call(480_699).to_string()])
        {
            for cut in cuts(body) {
                let text = (form.text)(&body[..cut], &good);
                assert_not_lost(&text, &format!("{} cut at {cut}", form.name));
            }
        }
    });
}

#[test]
fn a_call_without_its_start_is_read_or_reported() {
    let bodies = [indented(480_601), call(480_601).to_string()];
    in_parallel(FORMS, |form| {
        for (body, good) in bodies
            .iter()
            .zip([indented(480_699), call(480_699).to_string()])
        {
            for cut in cuts(body) {
                let text = (form.text)(&body[cut..], &good);
                assert_not_lost(&text, &format!("{} starts at {cut}", form.name));
            }
        }
    });
}

#[test]
fn a_call_with_another_line_in_it_is_read_or_reported() {
    let body = indented(480_601);
    let lines: Vec<&str> = body.lines().collect();
    in_parallel(FORMS, |form| {
        for at in 3..lines.len() {
            let other = ["[2024-01-15 10:30:00] other line {\"a\":1}"];
            let torn = [&lines[..at], &other, &lines[at..]].concat().join("\n");
            let text = (form.text)(&torn, &indented(480_699));
            assert_not_lost(&text, &format!("{}, line {at}", form.name));
        }
    });
}

#[test]
fn a_call_with_other_quotes_is_read_or_reported() {
    const QUOTES: &[&str] = &[
        "“",
        "„",
        "»",
        "″",
        "＂",
        "’",
        "´",
        "`",
        "``",
        "''",
        "'",
        "&quot;",
        "&quot",
        "&amp;quot;",
        "&#34;",
        "%22",
        "=22",
        "#22",
        "\\\"",
        "\\x22",
        "\\u0022",
        "\\042",
    ];
    for quote in QUOTES {
        for body in [call(480_601).to_string(), indented(480_601)] {
            let body = body.replace('"', quote);
            let good = call(480_699);
            let text = format!("INFO got {good}\nINFO got {body}\nINFO end\n");
            assert_not_lost(&text, quote);
        }
    }
}

#[test]
fn each_lost_call_is_reported_once() {
    let lost = |id: u32| call(id).to_string().replace('"', "”");
    let text = format!("INFO {}\n{}\n{}\n", call(480_699), lost(1), lost(2));
    let output = postcall(&["extract"], text.as_bytes());
    let messages = String::from_utf8(output.stderr).expect("UTF-8");
    let quotes = messages.matches("call with `”` in place of quotes");
    assert_eq!(quotes.count(), 2, "{messages}");
    for cut in cuts(&indented(480_601)) {
        let text = format!("Log\n{}\n{}\n", &indented(480_601)[cut..], call(480_699));
        let output = postcall(&["extract"], text.as_bytes());
        let messages = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(messages.matches("error").count(), 1, "{messages}\n{text}");
    }
}

#[test]
fn text_that_names_members_is_not_a_lost_call() {
    const TEXTS: &[&str] = &[
        "CREATE TABLE calls (customer_phone TEXT, assistant_phone TEXT, transcript TEXT);\n",
        "id,customer_phone,assistant_phone,transcript\n",
        "missing members `customer_phone`, `assistant_phone`: a string, `transcript`\n",
        "row[\"customer_phone\"] = phone; row[\"assistant_phone\"] = to; row[\"duration\"] = 0\n",
        "call finished: duration: 95, status: completed, lead: 5, campaign: 7\n",
        " 3 |   \"customer_phone\": \"+49\",\n 4 |   \"assistant_phone\": \"+49\",\n",
        " 3 |   \"transcript\": \"\",\n   |\n 22 |   \"finished_at\": \"15.01.2024\",\n",
    ];
    for text in TEXTS {
        let text = format!("INFO {}\n{text}", call(480_699));
        let output = postcall(&["extract"], text.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{text}");
    }
}

#[test]
fn lost_calls_are_reported_the_same_with_a_pause_after_each_line() {
    let body = indented(480_601);
    in_parallel(FORMS, |form| {
        for cut in cuts(&body).into_iter().step_by(5) {
            for part in [&body[..cut], &body[cut..]] {
                let text = (form.text)(part, &indented(480_699));
                let bytes: Arc<[u8]> = text.as_bytes().into();
                let whole = read_with_pauses(&bytes, &[]);
                let lines = line_starts(&bytes);
                assert_eq!(read_with_pauses(&bytes, &lines), whole, "{text}");
            }
        }
    });
}

/// A line in another encoding, a line without its prefix, and the other stream of a container were
/// lost in silence.
#[test]
fn calls_between_other_lines_are_read_or_reported() {
    let good = call(2).to_string();
    let wide: Vec<u8> = format!("got {}\n", call(1))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let half = good.len() / 2;
    let (start, rest) = good.split_at(half);
    let other = call(3);
    let split = format!(
        "2024-01-15T10:30:00Z stdout P {start}\n2024-01-15T10:30:01Z stderr F {other}\n\
         2024-01-15T10:30:02Z stdout F {rest}\n"
    );
    let quoted: Vec<String> = indented(1)
        .lines()
        .map(|line| format!("> {line}"))
        .collect();
    let unquoted = quoted.join("\n").replace("> \"duration\"", "\"duration\"");
    let unquoted = unquoted.replace(">   \"duration\"", "  \"duration\"");
    let number = format!("2024-01-15 {good}\n").replace("\"duration\":95", "\"duration\":9\n5");
    for (name, text, ids) in [
        (
            "UTF-16",
            [format!("{good}\n").into_bytes(), wide].concat(),
            "2",
        ),
        ("other stream", split.into_bytes(), "3"),
        (
            "line without mark",
            format!("x\n{unquoted}\n").into_bytes(),
            "",
        ),
        ("number over two lines", number.into_bytes(), ""),
    ] {
        let output = postcall(&["extract"], &text);
        let calls = json_lines(&output.stdout);
        let found: Vec<String> = calls.iter().map(|call| call["id"].to_string()).collect();
        let messages = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(found.join(" "), ids, "{name}: {messages}");
        assert!(matches!(output.status.code(), Some(1 | 3)), "{name}");
        assert!(messages.contains("error: <stdin>:"), "{name}: {messages}");
    }
}

/// The dialect is that of the statement, which is above its rows.
#[test]
fn a_row_of_mysql_has_backslash_escapes() {
    for between in ["", "(1, 'x'),\n"] {
        let text = format!(
            "INSERT INTO `w` (`id`, `payload`) VALUES\n{between}\
             (2, '{{\"id\": 2, \"customer_phone\": \"+4915111111111\", \"duration\": 5, \
             \"transcript\": \"Assistant: Hi\\\\nCustomer: It''s\"}}');\n"
        );
        let output = postcall(&["extract"], text.as_bytes());
        let calls = json_lines(&output.stdout);
        let transcripts: Vec<&Value> = calls.iter().map(|call| &call["transcript"]).collect();
        assert_eq!(transcripts, ["Assistant: Hi\nCustomer: It's"], "{text}");
        let bytes: Arc<[u8]> = text.as_bytes().into();
        let torn = read_with_pauses(&bytes, &line_starts(&bytes));
        assert_eq!(torn, read_with_pauses(&bytes, &[]), "{text}");
    }
}

/// The old and the new version of a call have one id. Copies in two members count once, also if one
/// has its numbers written in another way.
#[test]
fn two_versions_of_a_call_are_two_calls() {
    let mut new = call(1);
    new["status"] = json!("busy");
    let copy = call(1)
        .to_string()
        .replace("\"duration\":95", "\"duration\":95.0");
    for (text, count) in [
        (json!({"before": call(1), "after": new}).to_string(), 2),
        (format!("old={} new={new}", call(1)), 2),
        (json!({"body": call(1), "rawBody": copy}).to_string(), 1),
    ] {
        let output = postcall(&["extract"], text.as_bytes());
        assert_eq!(json_lines(&output.stdout).len(), count, "{text}");
    }
}
