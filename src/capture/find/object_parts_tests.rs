//! An object that is split has the same calls, locations and reports as one that is searched as a
//! whole.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::thread;

use super::deferred::{Deferred, DeferredItem, PartContext, ReportCondition};
use super::documents::for_each_item;
use super::item::Item;
use super::search::Search;
use crate::capture::source::cut_sizes::{BATCH_BYTES, CutSizes};
use crate::capture::source::reader::{Source, TableUse};
use crate::capture::source::unpack_limit::UnpackLimit;
use crate::capture::split::batch::{Batch, Batches};
use crate::capture::split::object_parts::PartKind;

const WHOLE: CutSizes = CutSizes {
    batch: BATCH_BYTES,
    object: None,
};

/// Reads a few bytes at a time.
struct SlowReader<'t>(&'t [u8], usize);

impl Read for SlowReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = self.1.min(buffer.len());
        (&mut self.0).take(step as u64).read(buffer)
    }
}

fn batches(text: &str, cut_sizes: CutSizes, step: usize) -> Vec<Batch> {
    let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
    let batches = Batches::new(Source {
        name: "test".into(),
        reader: Box::new(SlowReader(text.as_bytes(), step)),
        coding: None,
        may_lack_calls: false,
        limit: UnpackLimit::default(),
        tables: TableUse::Ignore,
        cut_sizes,
    });
    let batches: Result<_, _> = batches.collect();
    batches.expect("memory can be read")
}

/// The findings in one batch.
#[derive(Default)]
struct Found {
    calls: Vec<String>,
    others: Vec<DeferredItem<String>>,
    context: PartContext,
}

fn search(batch: &Batch) -> Found {
    let mut found = Found::default();
    let locator = batch.locator();
    for_each_item(batch, &locator, &Search::Everywhere, &mut |item| {
        let offset = item.offset_in_batch();
        match &item {
            Item::Call(body) => {
                found.context.add_call(body.calls, offset);
                let (start, text) = (body.position(), body.value().text());
                let end = body.locator.offset_of(text) + text.len();
                let end = body.locator.position(end);
                found.calls.push(format!(
                    "{} {start:?} {end:?} {:?} {text}",
                    body.pointer, body.calls
                ));
            }
            Item::NonCall(other) => {
                let condition = other.kind.report_condition();
                if condition == ReportCondition::Always {
                    found.context.add_reported_other(offset);
                }
                let mark = other.locator.mark(other.offset, 0, false);
                found.others.push(DeferredItem {
                    value: format!(
                        "{} {:?} {:?} {} {:?}",
                        other.pointer, mark.span.start, other.kind, other.description, other.help
                    ),
                    condition,
                    bytes: 0,
                    offset,
                });
            }
        }
    });
    found.others.sort_by_key(|item| item.offset);
    found
}

/// The calls, and the reports, as a run prints them.
fn conclude(found: impl IntoIterator<Item = Found>) -> String {
    let mut deferred = Deferred::default();
    let mut released = deferred.set_source(&"test".into(), false);
    let mut calls = Vec::new();
    for part in found {
        calls.extend(part.calls);
        released.extend(deferred.add_part(part.context, part.others));
    }
    released.extend(deferred.finish_source());
    let mut all = String::new();
    for line in calls.into_iter().chain(released) {
        writeln!(all, "{line}").expect("memory");
    }
    writeln!(all, "{} dropped", deferred.dropped()).expect("memory");
    all
}

fn read(text: &str, cut_sizes: CutSizes, step: usize) -> String {
    conclude(batches(text, cut_sizes, step).iter().map(search))
}

/// Number of objects in `text` that are split.
fn count_split(text: &str, cut_sizes: CutSizes) -> usize {
    let batches = batches(text, cut_sizes, usize::MAX);
    let parts = batches.iter().filter_map(|batch| batch.part.as_ref());
    parts
        .filter(|part| matches!(part.kind, PartKind::Head))
        .count()
}

/// Sizes with which the objects of the tests are split.
const SIZES: [CutSizes; 4] = [
    CutSizes {
        batch: 64,
        object: Some(700),
    },
    CutSizes {
        batch: 200,
        object: Some(700),
    },
    CutSizes {
        batch: 700,
        object: Some(700),
    },
    CutSizes {
        batch: 1000,
        object: Some(1001),
    },
];

/// Checks that splitting the objects of `text` does not change the result.
#[track_caller]
fn assert_same(text: &str, objects: usize) {
    // A line break shows at once that the text is JSON.
    let text = &text.replacen('{', "{\n", 1);
    let whole = read(text, WHOLE, usize::MAX);
    for sizes in SIZES {
        assert_eq!(count_split(text, sizes), objects, "{sizes:?} {text}");
        for step in [usize::MAX, 1, 7, 100] {
            let split = read(text, sizes, step);
            assert_eq!(split, whole, "{sizes:?} by {step}: {text}");
        }
        // The batches are started in order, but any thread may be faster.
        let batches = batches(text, sizes, usize::MAX);
        let found = thread::scope(|scope| {
            let threads: Vec<_> = batches
                .iter()
                .rev()
                .map(|batch| scope.spawn(|| search(batch)))
                .collect();
            let found = threads
                .into_iter()
                .rev()
                .map(|thread| thread.join().expect("no panic"));
            found.collect::<Vec<_>>()
        });
        assert_eq!(conclude(found), whole, "{sizes:?} in threads: {text}");
        // A selection with a limit searches each batch twice.
        let twice = batches.iter().map(|batch| {
            search(batch);
            search(batch)
        });
        assert_eq!(conclude(twice), whole, "{sizes:?} twice: {text}");
    }
}

fn body(id: u32) -> String {
    format!(
        "{{\"id\":{id},\"customer_phone\":\"+49151{id:07}\",\"assistant_phone\":null,\"duration\":{id},\
         \"transcript\":\"Assistant: Grüße {id}, \\\"x\\\" {{\\n]\",\"extracted_variables\":{{\"list\":[{{\"a\":[]}}]}}}}"
    )
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// `count` elements, the one at each index made by `element`.
fn elements(count: u32, element: impl Fn(u32) -> String) -> String {
    (0..count).map(element).collect::<Vec<_>>().join(",")
}

/// A request as webhook.site lists it.
fn request(id: u32) -> String {
    format!(
        "{{\"uuid\":\"{id}\",\"method\":\"POST\",\"content\":{},\"headers\":{{\"content-type\":[\"application/json\"]}}}}",
        quoted(&body(id))
    )
}

/// A request without a body.
fn get(id: u32) -> String {
    format!(
        "{{\"uuid\":\"{id}\",\"method\":\"GET\",\"content\":\"\",\"headers\":{{\"host\":[\"example.org\"]}}}}"
    )
}

#[test]
fn exports_of_webhook_services_are_split() {
    let all = elements(9, request);
    let tail = "\"total\":9,\"current_page\":1";
    assert_same(&format!("{{\"data\":[{all}],{tail}}}"), 1);
    assert_same(&format!("\u{feff}{{\"data\":[{all}],{tail}}}\n"), 1);
    assert_same(
        &format!(" \n{{ \"data\" :\n [ {all} \n]\n ,\n {tail} }}\n\n"),
        1,
    );
    let both = elements(9, |id| {
        let body = body(id);
        format!("{{\"body\":{body},\"rawBody\":{}}}", quoted(&body))
    });
    assert_same(&format!("{{\"requests\":[{both}]}}"), 1);
    let encoded = elements(9, |id| quoted(&quoted(&request(id))));
    assert_same(&format!("{{\"data\":[{{}},{encoded}]}}"), 1);
}

#[test]
fn arrays_inside_of_objects_are_split() {
    let entries = elements(9, |id| {
        format!(
            "\n      {{\n        \"request\": {{\"postData\": {{\"text\": {}}}}},\n        \"response\": {}\n      }}",
            quoted(&body(id)),
            body(id + 100)
        )
    });
    let har = format!(
        "{{\n  \"log\": {{\n    \"version\": \"1.2\",\n    \"pages\": [],\n    \"entries\": [{entries}\n    ]\n  }}\n}}\n"
    );
    assert_same(&har, 1);
    let execution = |id| {
        format!(
            "{{\"id\":\"{id}\",\"data\":{{\"resultData\":{{\"runData\":{{\"Webhook\":[{{\"data\":{{\"main\":[[{{\"json\":{{\"body\":{}}}}}]]}}}}]}}}}}}}}",
            body(id)
        )
    };
    let executions = elements(9, execution);
    assert_same(
        &format!("{{\"data\":[{executions}],\"nextCursor\":null}}"),
        1,
    );
    let deep = format!(
        "{{\"a\":{{\"b/c\":{{\"ü\":{{\"\":[{}],\"x\":1}}}}}},\"y\":{{}}}}",
        elements(9, body)
    );
    assert_same(&deep, 1);
}

#[test]
fn calls_around_the_array_are_compared_with_its_elements() {
    let all = elements(9, request);
    let raw = quoted(&body(3));
    for (head, tail) in [
        (format!("\"first\":{},", body(50)), String::new()),
        (format!("\"first\":{},", body(4)), String::new()),
        (String::new(), format!(",\"last\":{}", body(50))),
        (String::new(), format!(",\"last\":{raw},\"again\":{raw}")),
        (
            format!("\"first\":{raw},"),
            format!(",\"last\":{raw},\"new\":{},\"same\":{}", body(60), body(60)),
        ),
        (
            "\"headers\":{\"content-type\":\"application/json; charset=utf-8\"},".to_owned(),
            ",\"x\":{\"request\":1,\"response\":{}},\"request\":{}".to_owned(),
        ),
    ] {
        assert_same(&format!("{{{head}\"data\":[{all}]{tail}}}"), 1);
        let nested = format!("{{\"a\":{{{head}\"data\":[{all}]{tail}}}{tail}}}");
        assert_same(&nested, 1);
    }
}

#[test]
fn elements_without_a_call_are_reported_only_beside_calls() {
    let some = |first: u32, last: u32| {
        let all = elements(20, |id| {
            let has_call = (first..last).contains(&id);
            if has_call { request(id) } else { get(id) }
        });
        format!("{{\"data\":[{all}],\"total\":20}}")
    };
    for (first, last) in [(0, 20), (3, 9), (0, 3), (17, 20), (5, 6), (0, 0)] {
        assert_same(&some(first, last), 1);
    }
    let calls = format!("{{\"data\":[{}]}}", elements(9, request));
    assert_same(&format!("{}\n{calls}", some(0, 0)), 2);
    assert_same(&format!("{calls}\n{}", some(0, 0)), 2);
    // Other payloads and lost bodies are reported in any case.
    let lost = elements(30, |_| {
        "{\"method\":\"POST\",\"headers\":{\"content-length\":\"1523\"},\"body\":{}}".to_owned()
    });
    assert_same(&format!("{{\"data\":[{lost}],\"total\":9}}"), 1);
    let small = elements(200, |id| format!("{{\"a\":{id}}}"));
    for text in [
        format!("{{\"data\":[{small},1,[],null]}}"),
        format!("{{\"current_page\":1,\"data\":[{small}]}}"),
        format!(
            "{{\"a\":{{\"data\":[{small}],\"current_page\":1}},\"last\":{}}}",
            body(1)
        ),
        format!(
            "{{\"headers\":{{\"content-length\":\"9\"}},\"method\":\"POST\",\"data\":[{small}]}}"
        ),
    ] {
        assert_same(&text, 1);
    }
}

#[test]
fn objects_follow_each_other() {
    let one = |id: u32| {
        let all = elements(9, |index| request(id + index));
        format!("{{\"data\":[{all}],\"total\":9}}")
    };
    assert_same(&format!("{}{}", one(10), one(20)), 2);
    assert_same(&format!("{}\n \n{}\n", one(10), one(20)), 2);
    assert_same(&format!("{}\n{}\n[1]\n{}\n", body(1), one(10), body(2)), 1);
}

#[test]
fn only_the_first_large_array_is_split() {
    let (first, second) = (elements(9, request), elements(9, |id| request(id + 5)));
    assert_same(&format!("{{\"a\":[{first}],\"b\":[{second}]}}"), 1);
    assert_same(
        &format!("{{\"a\":[{{}}],\"b\":[{second}],\"c\":[{{}}]}}"),
        1,
    );
}

#[test]
fn runs_of_log_records_are_not_cut() {
    let records = elements(30, |id| {
        let text = body(id);
        let middle = text.find("\"duration\"").expect("a member");
        let lines = ["got {", &text[1..middle], &text[middle..]];
        let lines = lines.map(|line| format!("{{\"message\":{}}}", quoted(&format!("  {line}"))));
        lines.join(",").replacen("\"  got", "\"got", 1)
    });
    let text = format!("{{\"events\":[{records}],\"searched\":[]}}");
    assert!(read(&text, WHOLE, usize::MAX).contains("/events/30/message"));
    assert_same(&text, 1);
}

#[test]
fn objects_without_such_an_array_are_whole() {
    let padding = "x".repeat(2000);
    let turns = elements(40, |id| format!("{{\"role\":\"user\",\"text\":\"{id}\"}}"));
    for text in [
        body(1).replace("Grüße", &padding),
        body(1).replace("\"list\":[", &format!("\"list\":[{turns},")),
        format!("{{\"data\":[[{}]]}}", elements(9, request)),
        format!("{{\"data\":[1,{}]}}", elements(9, request)),
        format!(
            "{{\"a\":\"{padding}\",\"data\":[{}]}}",
            elements(9, request)
        ),
        format!("{{\"request\":1,\"response\":[{}]}}", elements(9, request)),
    ] {
        assert_same(&text, 0);
    }
}

#[test]
fn broken_elements_do_not_hide_others() {
    let [sizes, ..] = SIZES;
    let all = elements(9, |id| match id {
        4 => request(4).replacen(':', " ", 1),
        _ => request(id),
    });
    let text = format!("{{\n\"data\":[{all}],\"total\":9}}");
    let found = read(&text, sizes, usize::MAX);
    let line = |part: &str| found.lines().filter(|line| line.contains(part)).count();
    assert_eq!(line("Wrapped"), 9, "{found}");
    assert_eq!(line("Broken"), 1, "{found}");
    assert_eq!(line("/data/4 "), 1, "{found}");
    assert_eq!(line("/data/8/content "), 1, "{found}");
    for step in [1, 7, 100] {
        assert_eq!(read(&text, sizes, step), found);
    }
}

#[test]
fn a_truncated_object_is_reported_once() {
    let whole = format!("{{\n\"data\":[{}],\"total\":[9]}}", elements(9, request));
    for sizes in SIZES {
        for end in 1100..whole.len() {
            let Some(text) = whole.get(..end) else {
                continue;
            };
            let found = read(text, sizes, usize::MAX);
            let count = |part: &str| found.lines().filter(|line| line.contains(part)).count();
            assert_eq!(count("Broken"), 1, "{sizes:?} {text}: {found}");
            let calls = text.matches("\"headers\"").count();
            assert!(count("Wrapped") >= calls, "{sizes:?} {text}: {found}");
        }
    }
}

#[test]
fn a_broken_tail_is_reported_where_it_is() {
    let all = elements(9, request);
    let last = body(50);
    for (tail, problem, calls) in [
        (format!(",\"total\" 9,\"last\":{last}}}"), "Broken", 10),
        (format!(",\"total\":9,\"last\":{last},}}"), "Repaired", 10),
        (format!(",\"total\":[9}},\"last\":{last}}}"), "Broken", 10),
        (String::new(), "Broken", 9),
    ] {
        for sizes in SIZES {
            let text = format!("{{\n\"data\":[\n{all}]\n{tail}\n{}\n", body(60));
            let found = read(&text, sizes, usize::MAX);
            let count = |part: &str| found.lines().filter(|line| line.contains(part)).count();
            assert_eq!(count(problem), 1, "{sizes:?} {tail}: {found}");
            assert_eq!(
                count("customer_phone"),
                calls + 1,
                "{sizes:?} {tail}: {found}"
            );
            assert_eq!(read(&text, sizes, 7), found);
        }
    }
}
