//! Log records: objects of which one member is a line, or a part of a line, that a program printed. Docker splits lines of more than 16 KiB; and what
//! a program prints over several lines becomes several records. Either way only all of them together hold a call.

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
    /// Where it was printed to, if that is told.
    stream: Option<Json<'a>>,
    has_breaks: bool,
}

impl<'a> Record<'a> {
    /// The record that an object with these members is, if it is one.
    pub(super) fn read(value: Json<'a>, members: &Object<'a>, pointer: &str) -> Option<Self> {
        let (name, text, has_breaks) = TEXTS.iter().find_map(|(name, has_breaks)| {
            let text = members.get(name)?;
            (text.kind() == Kind::String).then_some((*name, text, *has_breaks))
        })?;
        let stream = members.get("stream");
        Some(Self {
            value,
            pointer: pointer.to_owned(),
            name,
            text,
            stream,
            // Only docker's have a stream, and keep the line break.
            has_breaks: has_breaks && stream.is_some(),
        })
    }

    /// Whether the line goes on in the next record.
    fn is_begun(&self) -> bool {
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
    pub(super) fn go_on_with(&mut self, record: Record<'a>) -> Result<(), Record<'a>> {
        let run = self.0.iter_mut().find(|run| run[0].stream == record.stream);
        match run {
            Some(run) if record.goes_on() || run.last().is_some_and(Record::is_begun) => {
                run.push(record);
                Ok(())
            }
            _ => Err(record),
        }
    }

    /// Takes the run of the record's stream out: it has ended.
    pub(super) fn take_before(&mut self, record: &Record<'a>) -> Option<Vec<Record<'a>>> {
        let place = self
            .0
            .iter()
            .position(|run| run[0].stream == record.stream)?;
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

/// Whether a record by itself holds no whole text.
pub(super) fn is_part(record: &Record) -> bool {
    record.is_begun()
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

/// Where `bytes`, whole values, have to end so that records that belong together stay so: before the last of them, if those are not complete yet.
pub(super) fn before_open_records(bytes: &[u8]) -> usize {
    /// More is not held back.
    const MOST_BYTES: usize = 16 * 1024 * 1024;
    let mut start = bytes.len();
    let mut depth = 0;
    let mut is_begun = None;
    while start > 0 && bytes.len() - start < MOST_BYTES {
        let text = bytes[..start].trim_ascii_end();
        let line = memchr::memrchr(b'\n', text).map_or(0, |newline| newline + 1);
        let Some(printed) = printed_in(&text[line..]) else {
            break;
        };
        is_begun.get_or_insert(printed.is_begun());
        depth += printed.depth_change();
        start = line;
        if !begins_in_value(&printed.text[1..]) && !is_behind_begun(&bytes[..line]) {
            break;
        }
    }
    if depth == 0 && is_begun != Some(true) {
        bytes.len()
    } else {
        start
    }
}

/// Whether `bytes` end with a record whose line goes on.
fn is_behind_begun(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_end();
    let line = memchr::memrchr(b'\n', text).map_or(0, |newline| newline + 1);
    printed_in(&text[line..]).is_some_and(|printed| printed.is_begun())
}

struct Printed<'a> {
    /// The string with its quotes.
    text: &'a [u8],
    has_breaks: bool,
}

impl Printed<'_> {
    fn is_begun(&self) -> bool {
        self.has_breaks && !ends_line(self.text)
    }

    /// How many braces more are opened than closed; those in strings mostly come in pairs.
    fn depth_change(&self) -> i64 {
        let braces = self.text.iter().map(|byte| match byte {
            b'{' => 1,
            b'}' => -1,
            _ => 0,
        });
        braces.sum()
    }
}

/// What was printed in a record, found without reading all of it.
fn printed_in(record: &[u8]) -> Option<Printed<'_>> {
    /// The member is one of the first.
    const LOOK_BYTES: usize = 1024;
    if !record.starts_with(b"{") {
        return None;
    }
    let head = &record[..record.len().min(LOOK_BYTES)];
    TEXTS.iter().take(2).find_map(|(name, has_breaks)| {
        let name = format!("\"{name}\":\"");
        let at = memchr::memmem::find(head, name.as_bytes())? + name.len() - 1;
        let end = super::border::string_end(record, at)?;
        Some(Printed {
            text: &record[at..=end],
            has_breaks: *has_breaks,
        })
    })
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
        assert_eq!(cut("{\"a\":1}\n"), "{\"a\":1}\n");
        assert_eq!(cut(&open), "");
    }
}
