//! Log records: objects in which one member holds a printed line or a part of it. Docker splits
//! lines longer than 16 KiB, and a value printed over several lines becomes several records. In
//! both cases, only the joined records contain a complete call, so a batch must not end between
//! them.

use super::boundary::string_end;
use crate::json::{Json, Kind, Object};

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

/// Returns where to cut `bytes`, a sequence of complete values, so that related records stay
/// together: before the first record of an incomplete run.
pub(crate) fn end_of_complete_records(bytes: &[u8]) -> usize {
    /// How far to look back for records of other programs once the start of every run seen is
    /// known.
    const LOOKBACK_BYTES: usize = 64 * 1024;
    /// Limit on the bytes held back.
    const MAX_HELD_BYTES: usize = 16 * 1024 * 1024;
    // The last records of each source, read from the end of `bytes`.
    let mut tails: Vec<SourceTail> = Vec::new();
    let mut end = bytes.len();
    while end > 0 && bytes.len() - end < MAX_HELD_BYTES {
        let text = bytes[..end].trim_ascii_end();
        let line = memchr::memrchr(b'\n', text).map_or(0, |newline| newline + 1);
        let Some(record) = parse_record(&text[line..]) else {
            break;
        };
        end = line;
        let index = tails.iter().position(|tail| tail.source == record.source);
        let index = index.unwrap_or_else(|| {
            tails.push(SourceTail::new(&record, text.len()));
            tails.len() - 1
        });
        tails[index].prepend(&record, line);
        let is_settled = tails.iter().all(|tail| tail.start.is_some());
        if is_settled && bytes.len() - end > LOOKBACK_BYTES {
            break;
        }
    }
    let start = |tail: &SourceTail| tail.start.or(tail.candidate).unwrap_or(end);
    let mut cut = bytes.len();
    for tail in tails.iter().filter(|tail| tail.is_open()) {
        cut = cut.min(start(tail));
    }
    // Complete runs must not be split either.
    while let Some(tail) = tails
        .iter()
        .find(|tail| start(tail) < cut && tail.end > cut)
    {
        cut = start(tail);
    }
    cut
}

/// The last records of one source.
struct SourceTail {
    source: String,
    /// Their texts, last first.
    texts: Vec<String>,
    /// True if the line of the last record continues.
    is_partial_line: bool,
    /// Offset of a record that may be the first of its run. It is the first unless the record
    /// before it, which is read next, ends in a partial line.
    candidate: Option<usize>,
    /// Offset of the first record, once known.
    start: Option<usize>,
    /// End of the last record.
    end: usize,
}

impl SourceTail {
    fn new(last: &LogRecord, end: usize) -> Self {
        Self {
            source: last.source.clone(),
            texts: Vec::new(),
            is_partial_line: last.is_partial_line(),
            candidate: None,
            start: None,
            end,
        }
    }

    /// Adds the preceding record, which starts at `line`.
    fn prepend(&mut self, record: &LogRecord, line: usize) {
        if self.start.is_some() {
            return;
        }
        if let Some(candidate) = self.candidate.take_if(|_| !record.is_partial_line()) {
            self.start = Some(candidate);
            return;
        }
        self.candidate = None;
        let text = record.text.as_str().unwrap_or_default();
        let line_break = if record.has_line_breaks { "" } else { "\n" };
        self.texts.push(format!("{text}{line_break}"));
        if !record.is_continuation() {
            self.candidate = Some(line);
            if !record.has_line_breaks {
                // Only Docker splits lines, so the run cannot start earlier.
                self.start = self.candidate.take();
            }
        }
    }

    /// True if the joined text is incomplete.
    fn is_open(&self) -> bool {
        let text: String = self.texts.iter().rev().map(String::as_str).collect();
        self.is_partial_line || open_bracket_count(text.as_bytes()) > 0
    }
}

/// Counts the JSON brackets that are open at the end of `text`. Ignores brackets in strings,
/// opening brackets whose next character cannot belong to JSON, and closing brackets without an
/// opening one.
fn open_bracket_count(text: &[u8]) -> usize {
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

/// Parses `line` as a record. Returns `None` if it is not one.
fn parse_record(line: &[u8]) -> Option<LogRecord<'_>> {
    let text = std::str::from_utf8(line).ok()?;
    let members: Object = serde_json::from_str(text).ok()?;
    LogRecord::read(&members)
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
        let cut = |text: &str| text[..end_of_complete_records(text.as_bytes())].to_owned();
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
    }
}
