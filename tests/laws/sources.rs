//! Calls and findings are found in any layout of a source, also beside broken JSON.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::bodies::{LAYOUTS, body, source};
use crate::common::{config, postcall, stdout};

/// Elements of an array, each in several lines, with objects and brackets inside.
fn element_lines(id: usize, is_broken: bool) -> Vec<String> {
    let mut lines = vec!["{".to_owned(), format!("\"id\": {id},")];
    let words = "[{\\\"} ".repeat(40);
    lines.push(format!(
        "\"customer_phone\": null, \"duration\": 1, \"transcript\": \"{words}\","
    ));
    for line in [
        "\"extra\": [",
        "{\"a\": [1, 2]},",
        "{\"b\": {}},",
        "[",
        "{\"c\": 1},",
        "{\"c\": 2}",
        "]",
    ] {
        lines.push(line.to_owned());
    }
    if !is_broken {
        lines.push("]".to_owned());
    }
    lines.push("}".to_owned());
    lines
}

/// An array is cut into batches between its elements, in any layout.
#[test]
fn a_large_array_is_read_like_a_small_one() {
    // The indentation of all lines, the increment per level, and the line break.
    let layouts = [
        (" ", "", "\n"),
        ("", "", "\n"),
        ("  ", "  ", "\n"),
        ("\t", "\t", "\r\n"),
        ("", "  ", "\n"),
        ("", "", ""),
    ];
    for (indent, increment, newline) in layouts {
        for broken in [None, Some(7)] {
            let array = |elements: usize| {
                let elements = (0..elements).map(|id| {
                    let mut depth = 0;
                    let lines = element_lines(id, Some(id) == broken);
                    let lines = lines.iter().map(|line| {
                        depth -= usize::from(line.starts_with([']', '}']));
                        let line = format!("{indent}{}{line}", increment.repeat(depth));
                        depth += usize::from(line.ends_with(['[', '{']));
                        line
                    });
                    lines.collect::<Vec<_>>().join(newline)
                });
                let elements = elements.collect::<Vec<_>>().join(&format!(",{newline}"));
                format!("[{newline}{elements}{newline}]{newline}")
            };
            let layout = format!("{indent:?} {increment:?} {newline:?} {broken:?}");
            let read = |elements| {
                let output = postcall(&["list", "--format", "csv"], array(elements).as_bytes());
                let rows = String::from_utf8_lossy(&output.stdout).lines().count();
                (rows, String::from_utf8_lossy(&output.stderr).into_owned())
            };
            let (small, few) = (read(20), 20);
            let (large, many) = (read(6000), 6000);
            if broken.is_none() {
                assert_eq!(small, (few + 1, String::new()), "{layout}");
                assert_eq!(large, (many + 1, String::new()), "{layout}");
            } else if !newline.is_empty() && !increment.is_empty() && !indent.is_empty() {
                // Only the broken element is lost.
                assert_eq!(small.0, few, "{layout}");
                assert_eq!(large.0, many, "{layout}");
                assert_eq!(small.1, large.1, "{layout}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config(30))]

    #[test]
    fn each_body_is_one_row_in_any_layout(bodies in vec(body(), 1..6), layout in 0..LAYOUTS) {
        let source = source(&bodies, layout);
        let rows: Vec<Value> = serde_json::from_str(&stdout(&["list", "--format", "json"], &source))
            .expect("the output is JSON");
        prop_assert_eq!(rows.len(), bodies.len());
        for (row, body) in rows.iter().zip(&bodies) {
            prop_assert_eq!(&row["duration"], &body["duration"]);
        }
    }

    #[test]
    fn broken_lines_do_not_affect_other_lines(
        lines in vec(prop_oneof![
            body().prop_map(|body| (body.to_string(), true)),
            (body(), any::<Index>()).prop_map(|(body, cut)| {
                let text = body.to_string();
                let boundaries: Vec<usize> = text.char_indices().map(|(index, _)| index).skip(1).collect();
                (text[..boundaries[cut.index(boundaries.len())]].to_owned(), false)
            }),
        ], 1..8),
    ) {
        let source = lines.iter().fold(String::new(), |source, (line, _)| source + line + "\n");
        let rows = stdout(&["list", "--format", "jsonl"], source.as_bytes());
        let valid = lines.iter().filter(|(_, is_valid)| *is_valid).count();
        prop_assert_eq!(rows.lines().count(), valid, "{}", source);
    }

    #[test]
    fn a_syntax_error_in_an_element_loses_only_that_element(
        before in vec(body(), 0..3),
        after in vec(body(), 0..3),
        broken in select(&[r#"{"a": x}"#, r#"{"a" 1}"#, r#"{"a":1}}"#, r#"{"a":"x}"#, r#"{"a":"x\q"}"#][..]),
        separator in select(&[",\n", ",\n  ", ",", ", "][..]),
    ) {
        let texts = |bodies: &[Value]| bodies.iter().map(Value::to_string).collect::<Vec<_>>();
        let elements = [texts(&before), vec![broken.to_owned()], texts(&after)].concat();
        let source = format!("[{}{}\n]", separator.trim_start_matches(','), elements.join(separator));
        let rows = stdout(&["list", "--format", "jsonl"], source.as_bytes());
        prop_assert_eq!(rows.lines().count(), before.len() + after.len(), "{}", source);
    }

    #[test]
    fn findings_have_the_correct_location(bodies in vec(body(), 1..6), layout in 0..LAYOUTS) {
        let source = source(&bodies, layout);
        let report: Value = serde_json::from_str(&stdout(&["validate", "--format", "json"], &source)).expect("the output is JSON");
        let is_array = layout >= 3;
        for finding in report["findings"].as_array().expect("a list") {
            let position = |bound: &str, unit: &str| usize::try_from(finding[bound][unit].as_u64().expect("a number")).expect("small");
            let (start, end) = (position("start", "offset"), position("end", "offset"));
            for (bound, offset) in [("start", start), ("end", end)] {
                let before = std::str::from_utf8(&source[..offset]).expect("between characters");
                let line = before.split('\n').next_back().expect("at least one");
                prop_assert_eq!(position(bound, "line"), before.matches('\n').count() + 1);
                prop_assert_eq!(position(bound, "column"), line.chars().count() + 1);
            }
            // A finding marks the value at its pointer, the name of that member, or the start of
            // the object that lacks it.
            let marked = std::str::from_utf8(&source[start..end]).expect("between characters");
            let pointer = finding["pointer"].as_str().expect("a string");
            let element = finding["body"].as_str().expect("a string");
            let candidates: Vec<&Value> = if is_array {
                let index = element[1..].parse::<usize>().expect("an index");
                vec![&bodies[index]]
            } else {
                bodies.iter().collect()
            };
            let name = pointer.rsplit('/').next().expect("at least one").replace("~1", "/").replace("~0", "~");
            let is_expected = candidates.iter().any(|body| match (body.pointer(pointer), marked) {
                (None, _) | (Some(Value::Object(_)), "{") => marked == "{",
                (Some(Value::Array(_)), "[") => true,
                (Some(value), _) => [value.to_string(), Value::from(name.as_str()).to_string()].contains(&marked.to_owned()),
            });
            prop_assert!(is_expected, "{} marks {}", finding, marked);
        }
    }
}
