//! Log records: objects of which one member is a line, or a part of a line, that a program printed. Docker splits lines of more than 16 KiB; and what
//! a program prints over several lines becomes several records. Either way only all of them together hold a call.

use super::border::string_end;
use super::inner::{Inner, joined, of_json_string};
use super::place::Locator;
use crate::json::{Json, Kind, Object};
use crate::pointer;

/// The members that hold what was printed, and whether a line break behind each line is in it.
const TEXTS: &[(&str, bool)] = &[
    ("log", true),
    ("MESSAGE", false),
    ("message", false),
    ("msg", false),
    ("line", false),
    ("textPayload", false),
];

/// The members that tell who printed it.
const SOURCES: &[&str] = &[
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

/// A record with the text that was printed.
pub(super) struct Record<'a> {
    /// All of it.
    pub value: Json<'a>,
    /// Where it stands.
    pub pointer: String,
    /// The member that holds what was printed.
    name: &'static str,
    /// What was printed.
    text: Json<'a>,
    /// Who printed it, and where to, as far as that is told.
    source: String,
    has_breaks: bool,
}

impl<'a> Record<'a> {
    /// The record that an object with these members is, if it is one.
    pub(super) fn read(value: Json<'a>, members: &Object<'a>, pointer: &str) -> Option<Self> {
        let (name, text, has_breaks) = TEXTS.iter().find_map(|(name, has_breaks)| {
            let text = members.get(name)?;
            (text.kind() == Kind::String).then_some((*name, text, *has_breaks))
        })?;
        let has_stream = members.get("stream").is_some();
        Some(Self {
            value,
            pointer: pointer.to_owned(),
            name,
            text,
            source: source(members),
            // Only docker's have a stream, and keep the line break.
            has_breaks: has_breaks && has_stream,
        })
    }

    /// Whether the line goes on in the next record.
    pub(super) fn is_begun(&self) -> bool {
        self.has_breaks && !ends_line(self.text.text().as_bytes())
    }

    /// Whether it can not be the beginning of what was printed.
    fn goes_on(&self) -> bool {
        begins_in_value(&self.text.text().as_bytes()[1..])
    }

    /// Where the text stands.
    pub(super) fn text_pointer(&self) -> String {
        pointer::child(&self.pointer, self.name)
    }

    fn inner(&self, locator: &Locator) -> Inner {
        let text = &self.text.text()[1..self.text.text().len() - 1];
        of_json_string(text, locator.offset_of(text))
    }
}

/// Records that may belong together, by stream.
#[derive(Default)]
pub(super) struct Runs<'a>(Vec<Vec<Record<'a>>>);

impl<'a> Runs<'a> {
    /// Adds a record to the run that it goes on with; gives it back if there is none.
    pub(super) fn go_on_with(&mut self, record: Record<'a>) -> Option<Record<'a>> {
        let run = self.0.iter_mut().find(|run| run[0].source == record.source);
        match run {
            Some(run) if record.goes_on() || run.last().is_some_and(Record::is_begun) => {
                run.push(record);
                None
            }
            _ => Some(record),
        }
    }

    /// Takes the run of the record's stream out: it has ended.
    pub(super) fn take_before(&mut self, record: &Record<'a>) -> Option<Vec<Record<'a>>> {
        let place = self
            .0
            .iter()
            .position(|run| run[0].source == record.source)?;
        Some(self.0.swap_remove(place))
    }

    /// Begins a run.
    pub(super) fn begin(&mut self, record: Record<'a>) {
        self.0.push(vec![record]);
    }

    /// All runs.
    pub(super) fn take_all(&mut self) -> Vec<Vec<Record<'a>>> {
        std::mem::take(&mut self.0)
    }
}

/// Who printed the record with these members.
fn source(members: &Object) -> String {
    let told = SOURCES.iter().filter_map(|name| members.get(name));
    told.map(Json::text).collect::<Vec<_>>().join(" ")
}

/// What the records of a run say together.
pub(super) fn text_of(run: &[Record], locator: &Locator) -> Inner {
    joined(
        run.iter()
            .map(|record| (record.inner(locator), !record.has_breaks)),
    )
}

/// Whether the text of a JSON string ends with an escaped line break.
fn ends_line(text: &[u8]) -> bool {
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

/// Whether what was printed begins in the midst of a value that is printed over several lines.
fn begins_in_value(text: &[u8]) -> bool {
    matches!(text, [b' ' | b'}' | b']', ..] | [b'\\', b'"' | b't', ..])
}

/// Where `bytes`, whole values, have to end so that records that belong together stay so: before the first of those that are not complete yet.
pub(super) fn before_open_records(bytes: &[u8]) -> usize {
    /// So far back the records of other sources are looked for, once those of the last one are complete.
    const LOOK_BYTES: usize = 64 * 1024;
    /// More is not held back.
    const MOST_BYTES: usize = 16 * 1024 * 1024;
    // Of each source its last records, the last one first, and where the first of them begins once that is found.
    let mut tails: Vec<Tail> = Vec::new();
    let mut end = bytes.len();
    while end > 0 && bytes.len() - end < MOST_BYTES {
        let text = bytes[..end].trim_ascii_end();
        let line = memchr::memrchr(b'\n', text).map_or(0, |newline| newline + 1);
        let Some(record) = record_in(&text[line..]) else {
            break;
        };
        end = line;
        let place = tails.iter().position(|tail| tail.source == record.source);
        let place = place.unwrap_or_else(|| {
            tails.push(Tail::of(&record, text.len()));
            tails.len() - 1
        });
        tails[place].add_before(&record, line);
        let is_settled = tails.iter().all(|tail| tail.start.is_some());
        if is_settled && bytes.len() - end > LOOK_BYTES {
            break;
        }
    }
    let start = |tail: &Tail| tail.start.or(tail.candidate).unwrap_or(end);
    let mut cut = bytes.len();
    for tail in tails.iter().filter(|tail| tail.is_open()) {
        cut = cut.min(start(tail));
    }
    // What is complete is not cut apart either.
    while let Some(tail) = tails
        .iter()
        .find(|tail| start(tail) < cut && tail.end > cut)
    {
        cut = start(tail);
    }
    cut
}

/// The last records of one source.
struct Tail {
    source: String,
    /// Their texts, the last one first.
    texts: Vec<String>,
    /// Whether the line of the last one goes on.
    is_begun: bool,
    /// Where a record begins that could be the first of a value, if it is not known yet whether the one before it goes on.
    candidate: Option<usize>,
    /// Where the first of them begins.
    start: Option<usize>,
    /// Where the last of them ends.
    end: usize,
}

impl Tail {
    fn of(last: &Record, end: usize) -> Self {
        Self {
            source: last.source.clone(),
            texts: Vec::new(),
            is_begun: last.is_begun(),
            candidate: None,
            start: None,
            end,
        }
    }

    /// Takes the record before, which begins at `line`.
    fn add_before(&mut self, record: &Record, line: usize) {
        if self.start.is_some() {
            return;
        }
        if let Some(candidate) = self.candidate.take_if(|_| !record.is_begun()) {
            self.start = Some(candidate);
            return;
        }
        self.candidate = None;
        let said = record.text.as_str().unwrap_or_default();
        let line_break = if record.has_breaks { "" } else { "\n" };
        self.texts.push(format!("{said}{line_break}"));
        if !record.goes_on() {
            self.candidate = Some(line);
            if !record.has_breaks {
                // Lines are not split there.
                self.start = self.candidate.take();
            }
        }
    }

    /// Whether what they say together is not complete.
    fn is_open(&self) -> bool {
        let text: String = self.texts.iter().rev().map(String::as_str).collect();
        self.is_begun || depth_of(text.as_bytes()) > 0
    }
}

/// How many brackets of JSON are open at the end of `text`, outside of strings; what is closed before does not count.
fn depth_of(text: &[u8]) -> usize {
    let mut depth = 0_usize;
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

/// The record that `line` is, if it is one.
fn record_in(line: &[u8]) -> Option<Record<'_>> {
    let text = std::str::from_utf8(line).ok()?;
    let members: Object = serde_json::from_str(text).ok()?;
    Record::read(Json::from_well_formed(text), &members, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_backslash_before_n_ends_no_line() {
        assert!(ends_line(br#""a\n""#));
        assert!(!ends_line(br#""a\\n""#));
        assert!(ends_line(br#""a\\\n""#));
        assert!(!ends_line(br#""n""#));
    }

    #[test]
    fn records_that_belong_together_are_not_cut_apart() {
        let cut = |text: &str| text[..before_open_records(text.as_bytes())].to_owned();
        let record = |text: &str| format!("{{\"log\":\"{text}\",\"stream\":\"stdout\"}}\n");
        let (whole, begun, end) = (
            record("a {\\\"b\\\":1}\\n"),
            record("a {\\\"b\\\":"),
            record("1}\\n"),
        );
        assert_eq!(cut(&format!("{whole}{whole}")), format!("{whole}{whole}"));
        assert_eq!(cut(&format!("{whole}{begun}")), whole);
        assert_eq!(
            cut(&format!("{whole}{begun}{end}")),
            format!("{whole}{begun}{end}")
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
        let other = "{\"log\":\"warn {x\\n\",\"stream\":\"stderr\"}\n";
        assert_eq!(cut(&format!("{whole}{begun}{other}")), whole);
        let both = format!("{whole}{begun}{other}{end}");
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
    }
}
