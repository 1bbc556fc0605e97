//! The same bytes give the same result, however the input pauses.

use std::fs;
use std::sync::Arc;

use crate::common::{config, files_below, in_parallel, postcall, postcall_in_chunks, repository};
use crate::fuzz_corpus::targets::pauses::{line_starts, read_with_pauses, split_choices};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A call printed over several lines. Other text comes between its log records.
const TORN_CALL: &str = r#"{"log":"webhook: {\n","stream":"stdout","time":"2024-01-15T10:31:41.1Z"}
{"log":"  \"id\": 480601,\n","stream":"stdout","time":"2024-01-15T10:31:41.1Z"}
{"log":"  \"customer_phone\": \"+4915123456789\",\n","stream":"stdout","time":"2024-01-15T10:31:41.1Z"}
-- log rotated --
{"log":"  \"duration\": 95, \"transcript\": \"\",\n","stream":"stdout","time":"2024-01-15T10:31:41.1Z"}
{"log":"  \"extracted_variables\": {}\n","stream":"stdout","time":"2024-01-15T10:31:41.1Z"}
{"log":"}\n","stream":"stdout","time":"2024-01-15T10:31:41.1Z"}
"#;

/// Lines that start or end something in one of the samples, or look like it.
const LINES: &[&str] = &[
    "-- log rotated --\n",
    "null\n",
    "[1] x\n",
    "[info] x {\n",
    "{\n",
    "}\n",
    "[\n",
    "]\n",
    ",\n",
    "12\n",
    "\"abc\"\n",
    "{\"a\":1}\n",
    "\n\n",
    "POST / HTTP/1.1\nHost: x\n\n",
    "HTTP/1.1 200 OK\n\n",
    "{\"log\":\"x {\\n\",\"stream\":\"stdout\"}\n",
    "{\"log\":\"y\",\"stream\":\"stderr\"}\n",
    "data: {\n",
    "cat <<EOF\n",
    "EOF\n",
];

/// The files of the samples, and `TORN_CALL`.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut samples = vec![("torn.log".to_owned(), TORN_CALL.as_bytes().to_vec())];
    for path in files_below(&repository().join("samples")) {
        let bytes = fs::read(&path).expect("a file of the repository");
        samples.push((path.display().to_string(), bytes));
    }
    samples
}

#[test]
fn samples_are_read_the_same_with_a_pause_at_any_line_and_any_byte() {
    in_parallel(samples(), |(name, bytes)| {
        let bytes: Arc<[u8]> = bytes.into();
        let whole = read_with_pauses(&bytes, &[]);
        let lines = line_starts(&bytes);
        assert_eq!(read_with_pauses(&bytes, &lines), whole, "{name}: lines");
        let step = bytes.len() / 100 + 1;
        for pause in lines.into_iter().chain((0..bytes.len()).step_by(step)) {
            let torn = read_with_pauses(&bytes, &[pause]);
            assert_eq!(torn, whole, "{name}: pause at {pause}");
        }
        let each_byte: Vec<usize> = (0..bytes.len().min(2000)).collect();
        assert_eq!(read_with_pauses(&bytes, &each_byte), whole, "{name}: bytes");
    });
}

#[test]
fn commands_print_the_same_for_any_pauses_and_threads() {
    const COMMANDS: &[&[&str]] = &[
        &["validate", "--format=json"],
        &["list", "--format=csv"],
        &["show"],
    ];
    in_parallel(
        samples().into_iter().enumerate(),
        |(index, (name, bytes))| {
            let mut chunks = Vec::new();
            let mut from = 0;
            for line in line_starts(&bytes).into_iter().take(150) {
                chunks.push(bytes[from..line].to_vec());
                from = line;
            }
            chunks.push(bytes[from..].to_vec());
            for (number, command) in COMMANDS.iter().enumerate() {
                let threads = ["--threads=1", "--threads=2", "--threads=8"][(index + number) % 3];
                let whole = postcall(command, &bytes);
                let torn = postcall_in_chunks(&[command, &[threads][..]].concat(), chunks.clone());
                assert_eq!(torn, whole, "{name}: {command:?} {threads}");
            }
        },
    );
}

/// Samples that are not compressed, as a base of broken inputs.
fn text_samples() -> Vec<Vec<u8>> {
    let samples = samples().into_iter().map(|(_, bytes)| bytes);
    samples
        .filter(|bytes| bytes.len() < 20_000 && std::str::from_utf8(bytes).is_ok())
        .collect()
}

/// One change of a text.
#[derive(Clone, Debug)]
enum Change {
    InsertLine(Index, &'static str),
    InsertByte(Index, u8),
    Remove(Index, usize),
    /// Insert the lines between two lines at a third one.
    CopyLines(Index, Index, Index),
    InsertSample(Index, Index),
    Truncate(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        3 => (index(), select(LINES)).prop_map(|(at, line)| Change::InsertLine(at, line)),
        1 => (index(), select(b"{}[]\",:\\\n \t'x1\xfc\0".to_vec()))
            .prop_map(|(at, byte)| Change::InsertByte(at, byte)),
        2 => (index(), 1_usize..40).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (index(), index(), index()).prop_map(|(a, b, at)| Change::CopyLines(a, b, at)),
        1 => (index(), index()).prop_map(|(at, sample)| Change::InsertSample(at, sample)),
        1 => index().prop_map(Change::Truncate),
    ]
}

fn apply(change: &Change, bytes: &mut Vec<u8>, samples: &[Vec<u8>]) {
    let mut lines = line_starts(bytes);
    lines.push(0);
    let line = |index: &Index| lines[index.index(lines.len())];
    let at = |index: &Index| index.index(bytes.len() + 1);
    match change {
        Change::InsertLine(index, text) => {
            let at = line(index);
            bytes.splice(at..at, text.bytes());
        }
        Change::InsertByte(index, byte) => {
            let at = at(index);
            bytes.insert(at, *byte);
        }
        Change::Remove(index, length) => {
            let at = at(index);
            bytes.drain(at..bytes.len().min(at + length));
        }
        Change::CopyLines(first, last, index) => {
            let (first, last, at) = (line(first), line(last), line(index));
            let copied = bytes[first.min(last)..first.max(last)].to_vec();
            bytes.splice(at..at, copied);
        }
        Change::InsertSample(index, sample) => {
            let at = line(index);
            let sample = &samples[sample.index(samples.len())];
            bytes.splice(at..at, sample.iter().copied());
        }
        Change::Truncate(index) => {
            let at = at(index);
            bytes.truncate(at);
        }
    }
}

#[test]
fn broken_samples_are_read_the_same_with_any_pauses() {
    let samples = text_samples();
    let cases = (
        any::<Index>(),
        vec(change(), 1..4),
        vec(any::<Index>(), 1..6),
    );
    proptest!(config(200), |((sample, changes, pauses) in cases)| {
        let mut bytes = samples[sample.index(samples.len())].clone();
        for change in &changes {
            apply(change, &mut bytes, &samples);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let whole = read_with_pauses(&bytes, &[]);
        let lines = line_starts(&bytes);
        prop_assert_eq!(&read_with_pauses(&bytes, &lines), &whole);
        let mut pauses: Vec<usize> = pauses.iter().map(|at| at.index(bytes.len() + 1)).collect();
        pauses.sort_unstable();
        prop_assert_eq!(&read_with_pauses(&bytes, &pauses), &whole);
    });
}

/// Stricter than the law of the fuzz target: all messages are the same, too.
#[test]
fn the_corpus_of_the_fuzz_target_is_read_the_same_with_pauses() {
    let files = files_below(&repository().join("fuzz/corpus/pauses"));
    in_parallel(files, |path| {
        let data = fs::read(&path).expect("a file of the repository");
        let Some((bytes, pauses)) = split_choices(&data) else {
            return;
        };
        let bytes: Arc<[u8]> = bytes.into();
        let read = |pauses: &[usize]| without_description(read_with_pauses(&bytes, pauses));
        let whole = read(&[]);
        for pauses in [pauses, line_starts(&bytes)] {
            assert_eq!(read(&pauses), whole, "{}: {pauses:?}", path.display());
        }
    });
}

/// Removes the description of a source that is text without a call: plain text, binary data or the
/// output of a debug printer. It is made from the bytes before the first pause.
fn without_description([findings, rows]: [String; 2]) -> [String; 2] {
    const START: &str = "\"expected\":\"JSON, or text that contains a call\",\"found\":";
    let Some((before, rest)) = findings.split_once(START) else {
        return [findings, rows];
    };
    let after = rest.find(",\"first\":").map_or("", |end| &rest[end..]);
    [format!("{before}{after}"), rows]
}

/// Fails unless the text has one call, and is read the same with a pause at any byte.
fn check_one_call(text: &[u8]) {
    let bytes: Arc<[u8]> = text.into();
    let whole = read_with_pauses(&bytes, &[]);
    assert!(whole[0].contains("\"calls\":1"), "{whole:?}");
    for pause in 0..bytes.len() {
        assert_eq!(read_with_pauses(&bytes, &[pause]), whole, "{pause}");
    }
}

/// Bytes that are not UTF-8 must not hide the record that starts the call.
#[test]
fn a_call_in_two_records_after_a_damaged_line_is_found_with_pauses() {
    let records = r#"
{"log":"{\"\":8,\"\":\"\",\"\":{\"\":false,\"\":\"\\\\\",\"input_variables\":{},\"\":\"\",\"\":\"\",\"\":\"\",\"\":\"","stream":"stdout","":""}
{"log":"\",\"lead\":null,\"campaign\":null}","stream":"stdout","":""}
"#;
    check_one_call(&[&b"{\xff"[..], records.as_bytes()].concat());
}

/// The call was lost: a record over two lines was not seen as one.
#[test]
fn a_call_in_records_over_several_lines_is_found_with_pauses() {
    for text in [
        r#",{"":7,"message":"{","":1
}{"":5,"message":"\"customer_phone\":\"\",","":1}
{"":6,"message":"\"assistant_phone\":\"\",","":1}{"":7,"message":"\"duration\":2","":1}{"":2,"message":"}","":1}
"#,
        r#",{
"":7,"message":"{","":1}{"":5,"message":"\"customer_phone\":\"\",","":1}
{"":6,"message":"\"assistant_phone\":\"\",","":1}{"":7,"message":"\"duration\":2","":1}{"":2,"message":"}","":1}
"#,
    ] {
        check_one_call(text.as_bytes());
    }
}

/// The call was lost: an object in damaged text was taken for one that ends the run of its records,
/// or the record after a broken object was not seen.
#[test]
fn a_call_in_records_around_damaged_text_is_found_with_pauses() {
    for text in [
        r#"{"log":"{\n","stream":"stdout","":""}{"log":"\"duration\":5,\n","stream":"stdout","":""}
{"log":"\"extracted_variables\":{\n","stream":"stdout","":""}{"log":"},\n","stream":"stdout","":""
 },
{"":"","":{},"":null}
{"
{"log":"\"campaign\":null\n","stream":"stdout","":""}
{"log":"}\n","stream":"stdout","":""}
"#,
        r#"{
"":"","_PID":"812","MESSAGE":"{"}{""}{"":"","_PID":"812","MESSAGE":"\"input_variables\":{"}
{"":"","_PID":"812","MESSAGE":"},"}
{"":"","_PID":"812","MESSAGE":"\"transcript\":\"\","}{"":"","_PID":"812","MESSAGE":"\"lead\":null,"}
{"":"","_PID":"812","MESSAGE":"\"\":null"}{"":"","_PID":"812","MESSAGE":"}"}
"#,
    ] {
        check_one_call(text.as_bytes());
    }
}

/// A cut between a request and its body hid that the response repeats the call.
#[test]
fn a_response_is_skipped_with_pauses_if_its_request_has_json() {
    let text = br#"> POST  HTTP/
>input_variables:{
>}
< HTTP/{"":6,"":5,"":"","":{"":true,"":"","":1,"input_variables":{"":""},"":"","":"","lead":null,"campaign":null}
> GET  HTTP/campaign:null
campaign:null
> GET  HTTP/
"#;
    let bytes: Arc<[u8]> = text[..].into();
    let whole = read_with_pauses(&bytes, &[]);
    let pauses = line_starts(&bytes);
    assert_eq!(read_with_pauses(&bytes, &pauses), whole);
}

/// The later lines decided if the first one was binary data.
#[test]
fn nul_bytes_in_later_lines_do_not_make_a_line_binary() {
    for text in [
        &b"{\"id\":\xfc}\n\0]\n{\"b\":"[..],
        b"{\"id\":\xfc}\n}\0}\n{",
    ] {
        let bytes: Arc<[u8]> = text.into();
        let whole = read_with_pauses(&bytes, &[]);
        assert!(whole[0].contains("save it as UTF-8"), "{whole:?}");
        assert_eq!(read_with_pauses(&bytes, &line_starts(&bytes)), whole);
    }
}

/// What the bytes after a line decided was not known if the input paused at the line's end.
#[test]
fn damage_in_later_lines_is_reported_the_same_with_pauses() {
    for text in [
        // The quote that shows that a cell is damaged starts the next line.
        &br#",{""customer_phone""""input_variables""""
"c"recording_url:null"finished_at:"
lead:null
"#[..],
        // The request is in the lines of a broken value.
        b"t{\"\":\n> POST  HTTP/{\n>\"\":\"\xc3\",\"\":1\n>}\n\
          < HTTP/finished_at\":2lead\":null\"campaign\":null\n",
        // An escaped value is not closed in its line.
        br#"={\"customer_phone\":\"\"\"assistant_phone\":\"\"
extracted_variables:"
lead:null"campaign:
"#,
        // Records follow each other in one line, after an object without members.
        br#"}{"log":"{\n","stream":"stdout","":""}
{}
{"log":"\"assistant_phone\":\"\n","stream":"stdout","":""}{"log":"\"duration\":5","stream":"stdout","":""}
"#,
    ] {
        let bytes: Arc<[u8]> = text.into();
        let whole = read_with_pauses(&bytes, &[]);
        let torn = read_with_pauses(&bytes, &line_starts(&bytes));
        assert_eq!(torn, whole, "{}", text.escape_ascii());
    }
}
