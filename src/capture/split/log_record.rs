//! Log records: objects in which one member holds a printed line or a part of it. Docker splits
//! lines longer than 16 KiB, and a value printed over several lines becomes several records. In
//! both cases, only the joined records contain a complete call, so a batch must not end between
//! them.

use std::ops::Range;

use super::boundary::{
    is_followed_by_value, last_boundary, leading_separators, next_value_line, string_end, value_end,
};
use crate::json::syntax::parse_value;
use crate::json::{Json, Kind, Object};
use crate::text::utf8::longest_valid;

/// Names of members that may hold the printed text, each with whether the text includes the line
/// break.
const TEXT_MEMBERS: &[(&str, bool)] = &[
    ("log", true),
    ("MESSAGE", false),
    ("message", false),
    ("msg", false),
    ("line", false),
    ("textPayload", false),
];

/// Members that identify the program that printed the text.
const SOURCE_MEMBERS: &[&str] = &[
    "stream",
    "_PID",
    "SYSLOG_IDENTIFIER",
    "_SYSTEMD_UNIT",
    "logStreamName",
    "container_name",
    "pod_name",
    "kubernetes",
    "resource",
    "pid",
    "hostname",
    "service",
];

/// A log record: an object with printed text.
pub(crate) struct LogRecord<'a> {
    /// Name of the member that holds the printed text.
    pub(crate) text_member: &'static str,
    /// The printed text, a string.
    pub(crate) text: Json<'a>,
    /// Key of the printing program and its stream, from the members in `SOURCE_MEMBERS`.
    pub(crate) source: String,
    /// True if the text includes the line break that ends it.
    pub(crate) has_line_breaks: bool,
}

impl<'a> LogRecord<'a> {
    /// Reads the record from an object with these members. Returns `None` if no member holds
    /// printed text.
    pub(crate) fn read(members: &Object<'a>) -> Option<Self> {
        let (name, text, has_line_breaks) =
            TEXT_MEMBERS.iter().find_map(|(name, has_breaks)| {
                let text = members.get(name)?;
                (text.kind() == Kind::String).then_some((*name, text, *has_breaks))
            })?;
        let has_stream = members.get("stream").is_some();
        Some(Self {
            text_member: name,
            text,
            source: source_key(members),
            // Only Docker's records have a stream and keep the line break.
            has_line_breaks: has_line_breaks && has_stream,
        })
    }

    /// True if the line continues in the next record.
    pub(crate) fn is_partial_line(&self) -> bool {
        self.has_line_breaks && !ends_with_line_break(self.text.text().as_bytes())
    }

    /// True if the text cannot be the start of a printed value.
    pub(crate) fn is_continuation(&self) -> bool {
        starts_inside_value(&self.text.text().as_bytes()[1..])
    }
}

/// Builds a key from the members that identify the source.
fn source_key(members: &Object) -> String {
    let values = SOURCE_MEMBERS.iter().filter_map(|name| members.get(name));
    values.map(Json::text).collect::<Vec<_>>().join(" ")
}

/// True if the text of a JSON string ends with an escaped line break.
fn ends_with_line_break(text: &[u8]) -> bool {
    let Some(before) = text.strip_suffix(b"n\"") else {
        return false;
    };
    let slashes = before
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count();
    slashes % 2 == 1
}

/// True if printed text starts in the middle of a value that spans several lines.
fn starts_inside_value(text: &[u8]) -> bool {
    matches!(text, [b' ' | b'}' | b']', ..] | [b'\\', b'"' | b't', ..])
}

/// The printed text of a run of records, which belong together while the text is incomplete.
#[derive(Default)]
pub(crate) struct PrintedText {
    /// Number of JSON brackets that are open at the end of the complete lines.
    open_brackets: usize,
    /// The parts of the last line so far, if it continues in the next record.
    partial_line: String,
    is_partial_line: bool,
}

impl PrintedText {
    /// The text of one record.
    pub(crate) fn of(record: &LogRecord) -> Self {
        let mut text = Self::default();
        text.add(record);
        text
    }

    /// Adds the text of the next record.
    pub(crate) fn add(&mut self, record: &LogRecord) {
        let text = record.text.as_str().unwrap_or_default();
        self.is_partial_line = record.is_partial_line();
        if self.is_partial_line || !self.partial_line.is_empty() {
            self.partial_line.push_str(&text);
        }
        if self.is_partial_line {
            return;
        }
        let line = std::mem::take(&mut self.partial_line);
        let line = if line.is_empty() { &*text } else { &line };
        self.open_brackets = open_bracket_count(line.as_bytes(), self.open_brackets);
    }

    /// True if `next`, the next record of the same source, belongs to the text.
    pub(crate) fn is_continued_by(&self, next: &LogRecord) -> bool {
        self.is_partial_line || self.open_brackets > 0 && next.is_continuation()
    }

    /// True if the text is incomplete.
    pub(crate) fn is_open(&self) -> bool {
        self.is_partial_line || self.open_brackets > 0
    }
}

/// Limit on the bytes between two records of a run, from other programs or other text.
pub(crate) const MAX_GAP_BYTES: usize = 64 * 1024;

/// Limit on the bytes from the start of a run to its last record.
pub(crate) const MAX_RUN_BYTES: usize = 16 * 1024 * 1024;

/// How many incomplete runs of log records are stepped over, at most, to find a cut before them.
pub(super) const MAX_CUT_SEARCHES: usize = 16;

/// Returns the start of the first run that is incomplete at the end of `bytes`, which are JSON. A
/// source must not be cut inside a run.
pub(super) fn open_run_start(bytes: &[u8]) -> Option<usize> {
    let mut runs = LastRuns::before(bytes.len());
    let mut end = bytes.len();
    while end > 0 && runs.may_reach(end) {
        let text = bytes[..end].trim_ascii_end();
        let start = last_boundary(text).unwrap_or(0);
        let (records, has_other_value) = read_records(&text[start..]);
        for record in records.into_iter().rev() {
            runs.prepend(record, start..text.len());
        }
        if has_other_value {
            break;
        }
        end = start;
    }
    runs.open_run_start()
}

/// Returns the start of the first run that is incomplete after `values`, the values before the
/// offset `end` of the text `bytes`. A source must not be cut inside a run.
pub(super) fn open_run_start_in_text(
    bytes: &[u8],
    values: &[Range<usize>],
    end: usize,
) -> Option<usize> {
    let mut runs = LastRuns::before(end);
    for value in values.iter().rev() {
        if !runs.may_reach(value.end) {
            break;
        }
        // Values that are not UTF-8 are read in another way.
        let Ok(text) = std::str::from_utf8(&bytes[value.clone()]) else {
            continue;
        };
        let members = parse_value::<Object>(text).ok();
        match members.and_then(|(members, _)| LogRecord::read(&members)) {
            Some(record) => runs.prepend(record, value.clone()),
            None => break,
        }
    }
    runs.open_run_start()
}

/// The last records of each source before an offset, read from there backwards.
struct LastRuns<'a> {
    end: usize,
    tails: Vec<SourceTail<'a>>,
}

impl<'a> LastRuns<'a> {
    fn before(end: usize) -> Self {
        Self {
            end,
            tails: Vec::new(),
        }
    }

    /// True if a record that ends at `offset` may belong to an incomplete run.
    fn may_reach(&self, offset: usize) -> bool {
        let distance = self.end.saturating_sub(offset);
        let is_settled = self.tails.iter().all(|tail| tail.is_settled);
        distance < MAX_RUN_BYTES && (distance <= MAX_GAP_BYTES || !is_settled)
    }

    /// Adds the preceding record.
    fn prepend(&mut self, record: LogRecord<'a>, range: Range<usize>) {
        let mut tails = self.tails.iter();
        let known = tails.position(|tail| tail.source == record.source);
        let index = known.unwrap_or_else(|| {
            self.tails.push(SourceTail::new(&record));
            self.tails.len() - 1
        });
        self.tails[index].prepend(record, range);
    }

    /// Returns the start of the first run that is incomplete.
    fn open_run_start(&self) -> Option<usize> {
        let starts = self.tails.iter().filter_map(SourceTail::open_run_start);
        starts.min()
    }
}

/// The last records of one source.
struct SourceTail<'a> {
    source: String,
    /// The records with their lines, last first.
    records: Vec<(LogRecord<'a>, Range<usize>)>,
    /// True if the first of the records does not continue a run.
    is_settled: bool,
}

impl<'a> SourceTail<'a> {
    fn new(last: &LogRecord) -> Self {
        Self {
            source: last.source.clone(),
            records: Vec::new(),
            is_settled: false,
        }
    }

    /// Adds the preceding record, unless no run reaches from it to the known records.
    fn prepend(&mut self, record: LogRecord<'a>, line: Range<usize>) {
        if self.is_settled {
            return;
        }
        if let Some((next, next_line)) = self.records.last() {
            let is_start = !next.is_continuation() && !record.is_partial_line();
            if is_start || next_line.start.saturating_sub(line.end) > MAX_GAP_BYTES {
                self.is_settled = true;
                return;
            }
        }
        // Only Docker splits lines, so no run of others contains a record that starts a text.
        self.is_settled = !record.is_continuation() && !record.has_line_breaks;
        self.records.push((record, line));
    }

    /// Returns the start of the last run if it is incomplete.
    fn open_run_start(&self) -> Option<usize> {
        let mut records = self.records.iter().rev();
        let (first, line) = records.next()?;
        let (mut start, mut text) = (line.start, PrintedText::of(first));
        for (record, line) in records {
            if text.is_continued_by(record) {
                text.add(record);
            } else {
                (start, text) = (line.start, PrintedText::of(record));
            }
        }
        text.is_open().then_some(start)
    }
}

/// Counts the JSON brackets that are open at the end of `text`, with `depth` open before it.
/// Ignores brackets in strings, opening brackets whose next character cannot belong to JSON, and
/// closing brackets without an opening one.
fn open_bracket_count(text: &[u8], mut depth: usize) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => {
                let next = text[at + 1..]
                    .iter()
                    .find(|next| !matches!(next, b' ' | b'\t'));
                let is_json = matches!(
                    next,
                    None | Some(b'\n' | b'\r' | b'"' | b'{' | b'[' | b'}' | b']')
                );
                depth += usize::from(is_json);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at = string_end(text, at).unwrap_or(text.len()),
            _ => {}
        }
        at += 1;
    }
    depth
}

/// Reads the log records in `text`, the values between two boundaries of JSON. Another value ends
/// all runs: returns only the records behind the last one, and true if there is one. One that
/// follows damaged text may be a part of that, and ends none.
fn read_records(text: &[u8]) -> (Vec<LogRecord<'_>>, bool) {
    let (mut records, mut has_other_value) = (Vec::new(), false);
    // The longest valid UTF-8 that starts at an offset.
    let (mut valid, mut valid_start) = ("", 0);
    let mut at = 0;
    while at < text.len()
        && let Some((start, is_certain)) = next_object(text, at)
    {
        if start >= valid_start + valid.len() {
            valid = longest_valid(&text[start..]);
            valid_start = start;
        }
        let Ok((members, length)) = parse_value::<Object>(&valid[start - valid_start..]) else {
            let next_line = next_value_line(text, start).unwrap_or(text.len());
            let end = value_end(&text[..next_line], start);
            let end = end.filter(|end| is_followed_by_value(text, *end));
            at = end.unwrap_or(start + 1);
            continue;
        };
        at = start + length;
        if let Some(record) = LogRecord::read(&members) {
            records.push(record);
        } else if is_certain {
            records.clear();
            has_other_value = true;
        }
    }
    (records, has_other_value)
}

/// Finds the next object at or after `from`, and whether it is certain to be a value of its own: it
/// follows another one. If not, it starts a line after other text.
fn next_object(text: &[u8], from: usize) -> Option<(usize, bool)> {
    let next = from + leading_separators(&text[from..]);
    let is_certain =
        text.get(next) == Some(&b'{') && (from == 0 || matches!(text[from - 1], b'}' | b']'));
    if is_certain {
        return Some((next, true));
    }
    Some((next_value_line(text, from)?, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_backslash_before_n_is_not_a_line_break() {
        assert!(ends_with_line_break(br#""a\n""#));
        assert!(!ends_with_line_break(br#""a\\n""#));
        assert!(ends_with_line_break(br#""a\\\n""#));
        assert!(!ends_with_line_break(br#""n""#));
    }

    #[test]
    fn related_records_stay_together() {
        let cut = |text: &str| {
            let mut end = text.len();
            while let Some(start) = open_run_start(&text.as_bytes()[..end]) {
                end = start;
            }
            text[..end].to_owned()
        };
        let record = |text: &str| format!("{{\"log\":\"{text}\",\"stream\":\"stdout\"}}\n");
        let (whole, partial, end) = (
            record("a {\\\"b\\\":1}\\n"),
            record("a {\\\"b\\\":"),
            record("1}\\n"),
        );
        assert_eq!(cut(&format!("{whole}{whole}")), format!("{whole}{whole}"));
        assert_eq!(cut(&format!("{whole}{partial}")), whole);
        assert_eq!(
            cut(&format!("{whole}{partial}{end}")),
            format!("{whole}{partial}{end}")
        );
        let (open, inside, close) = (
            record("got {\\n"),
            record("  \\\"a\\\": 1\\n"),
            record("}\\n"),
        );
        assert_eq!(cut(&format!("{whole}{open}{inside}")), whole);
        assert_eq!(
            cut(&format!("{whole}{open}{inside}{close}")),
            format!("{whole}{open}{inside}{close}")
        );
        let other_stream = "{\"log\":\"warn {x\\n\",\"stream\":\"stderr\"}\n";
        assert_eq!(cut(&format!("{whole}{partial}{other_stream}")), whole);
        let both = format!("{whole}{partial}{other_stream}{end}");
        assert_eq!(cut(&both), both);
        let brace = record("  \\\"b\\\": \\\"}\\\",\\n");
        assert_eq!(cut(&format!("{whole}{open}{brace}")), whole);
        let message = |text: &str| format!("{{\"msg\":\"{text}\"}}\n");
        assert_eq!(
            cut(&format!("{}{}", message("x"), message("{"))),
            message("x")
        );
        assert_eq!(cut("{\"a\":1}\n"), "{\"a\":1}\n");
        assert_eq!(cut(&open), "");
        let torn = format!("{whole}{open}-- log rotated --\n{inside}");
        assert_eq!(cut(&torn), whole);
        assert_eq!(cut(&format!("{torn}{close}")), format!("{torn}{close}"));
    }
}
