//! A source gives the same findings and rows, however its bytes arrive.

use std::io::{self, Read};
use std::sync::Arc;

use chrono::DateTime;
use postcall::capture::source::reader::SourceOptions;
use postcall::capture::source::sources::sources_from_reader;
use postcall::export::{Dialect, TextFormat};
use postcall::host::Clock;
use postcall::in_memory;
use postcall::report::FindingsFormat;
use serde_json::Value;

/// Number of pauses that the first bytes of the input choose, in two bytes each.
const PAUSES: usize = 4;

/// Checks the bytes after the first eight, with the pauses that these choose, and with a pause
/// after each line.
pub fn check(data: &[u8]) {
    let Some((bytes, pauses)) = split_choices(data) else {
        return;
    };
    let bytes: Arc<[u8]> = bytes.into();
    let read = |pauses: &[usize]| Outcome::new(read_with_pauses(&bytes, pauses));
    let whole = read(&[]);
    assert_eq!(read(&pauses), whole, "{pauses:?}");
    let lines = line_starts(&bytes);
    assert_eq!(read(&lines), whole, "{lines:?}");
}

/// Splits an input into the bytes to read and the offsets at which they pause.
pub fn split_choices(data: &[u8]) -> Option<(&[u8], Vec<usize>)> {
    let (choices, bytes) = data.split_at_checked(2 * PAUSES)?;
    let offset = |choice: &[u8]| {
        let choice = usize::from(u16::from_be_bytes([choice[0], choice[1]]));
        choice % (bytes.len() + 1)
    };
    let mut pauses: Vec<usize> = choices.chunks(2).map(offset).collect();
    pauses.sort_unstable();
    Some((bytes, pauses))
}

/// What must not depend on pauses: the rows, the findings in calls, and whether anything is broken.
/// How many places of damaged text are reported, and with which words, may depend on them: the text
/// after such a place is not known yet.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    rows: String,
    findings: Vec<Value>,
    calls: Value,
    has_errors: bool,
}

impl Outcome {
    fn new([findings, rows]: [String; 2]) -> Self {
        let mut report: Value = serde_json::from_str(&findings).expect("a report is JSON");
        let findings = match report["findings"].take() {
            Value::Array(findings) => findings,
            other => panic!("findings are a list, not {other}"),
        };
        let is_in_call = |finding: &Value| !finding["call"].is_null();
        Self {
            rows,
            findings: findings.into_iter().filter(is_in_call).collect(),
            calls: report["summary"]["calls"].take(),
            has_errors: report["summary"]["errors"] != 0,
        }
    }
}

/// The findings as JSON and the rows as CSV of a source that pauses at these offsets.
pub fn read_with_pauses(bytes: &Arc<[u8]>, pauses: &[usize]) -> [String; 2] {
    let time = DateTime::from_timestamp(1_705_314_600, 0).expect("a time");
    let sources = || {
        let reader = PausingReader {
            bytes: Arc::clone(bytes),
            at: 0,
            pauses: pauses.to_vec(),
        };
        sources_from_reader("calls", reader, &SourceOptions::default())
    };
    let (mut findings, mut rows) = (Vec::new(), Vec::new());
    let clock = Clock::Fixed(time);
    in_memory::validate(sources(), FindingsFormat::Json, clock, &mut findings)
        .expect("memory can be written");
    let format = TextFormat::Delimited(Dialect::csv());
    in_memory::export(sources(), &format, clock, &mut rows).expect("memory can be written");
    [findings, rows].map(|bytes| String::from_utf8(bytes).expect("postcall prints UTF-8"))
}

/// Offsets at which lines start.
pub fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let newlines = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    newlines.map(|(newline, _)| newline + 1).collect()
}

/// Returns the bytes up to the next pause from each read.
struct PausingReader {
    bytes: Arc<[u8]>,
    at: usize,
    /// Offsets at which a read ends, in ascending order.
    pauses: Vec<usize>,
}

impl Read for PausingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let next = self.pauses.partition_point(|pause| *pause <= self.at);
        let end = self.pauses.get(next).copied().unwrap_or(self.bytes.len());
        let length = buffer.len().min(end - self.at);
        buffer[..length].copy_from_slice(&self.bytes[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
