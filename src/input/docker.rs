//! Docker's json-file log driver: an object a line, `{"log":"…\n","stream":"stdout","time":"…"}`, in which a line of more than 16 KiB goes on in
//! the next objects until one ends with a line break.

use super::inner::{Inner, joined, of_json_string};
use super::place::Locator;
use crate::json::{Json, Kind, Object};

/// Puts lines together that were split.
#[derive(Default)]
pub(super) struct SplitLines {
    /// What each stream has begun.
    begun: Vec<(String, Vec<Inner>)>,
}

/// What a record is.
pub(super) enum Record {
    /// None of docker's, or a whole line.
    Other,
    /// A part of a line that goes on.
    Begun,
    /// The end of a line, which is whole now.
    Whole(Inner),
}

impl SplitLines {
    /// Takes a record with these members; the text of each has its places in `locator`'s.
    pub(super) fn take(&mut self, members: &Object, locator: &Locator) -> Record {
        let log = members.get("log").filter(|log| log.kind() == Kind::String);
        let (Some(log), Some(stream)) = (log, members.get("stream").and_then(Json::as_str)) else {
            return Record::Other;
        };
        let is_end = log.text().ends_with("\\n\"");
        let begun = self.begun.iter().position(|(of, _)| *of == stream);
        let text = &log.text()[1..log.text().len() - 1];
        let part = || of_json_string(text, locator.offset_of(text));
        match (begun, is_end) {
            (None, true) => Record::Other,
            (None, false) => {
                self.begun.push((stream.into_owned(), vec![part()]));
                Record::Begun
            }
            (Some(index), false) => {
                self.begun[index].1.push(part());
                Record::Begun
            }
            (Some(index), true) => {
                let mut parts = self.begun.swap_remove(index).1;
                parts.push(part());
                Record::Whole(joined(parts))
            }
        }
    }

    /// The lines that were begun and never ended.
    pub(super) fn rest(self) -> impl Iterator<Item = Inner> {
        self.begun.into_iter().map(|(_, parts)| joined(parts))
    }
}

/// Where `bytes`, whole values, have to end so that no line is split: before the last records, if their line goes on.
pub(super) fn before_split_line(bytes: &[u8]) -> usize {
    let mut end = bytes.len();
    loop {
        let text = bytes[..end].trim_ascii_end();
        let line = memchr::memrchr(b'\n', text).map_or(0, |newline| newline + 1);
        if !is_begun(&text[line..]) {
            return end;
        }
        end = line;
        if line == 0 {
            return 0;
        }
    }
}

/// Whether a record's line goes on in the next one.
fn is_begun(record: &[u8]) -> bool {
    record.starts_with(b"{\"log\":\"")
        && memchr::memmem::find(record, b"\"stream\":\"").is_some()
        && memchr::memmem::find(record, b"\\n\",").is_none()
}
