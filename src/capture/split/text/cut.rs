//! Finds where text can be cut into batches.

use std::ops::Range;

use super::ansi::plain_parts;
use super::call_fragments::CallFragments;
use super::command::command_start;
use super::evidence::open_mysql_statement;
use super::heredocs::{HeredocRanges, Heredocs};
use super::http::next_head;
use super::mail::last_message_start;
use super::printed_block::PrintedBlock;
use super::ranges::Ranges;
use super::scan_recorder::ScanRecorder;
use super::scanner::TextScanner;
use super::statements::Statements;
use super::text_part::{Scanned, TextPart};
use super::text_scan::TextScan;
use crate::capture::split::lines::line_start;
use crate::capture::split::log_record::{MAX_CUT_SEARCHES, MAX_RUN_BYTES, open_run_start_in_text};

/// A piece that is still incomplete after this many bytes is not a call.
const MAX_UNFINISHED_BYTES: usize = 64 * 1024 * 1024;

/// An offset at which a text can be cut into batches.
pub(crate) struct TextCut {
    pub(crate) end: usize,
    /// The scan of the text before it, if the search has made one.
    pub(crate) scan: Option<TextScan>,
}

/// Returns an offset at which `bytes`, the start of a longer text, can be cut: after a line, not
/// inside JSON, an HTTP message or a run of log records. Returns `None` if there is no such offset.
pub(crate) fn find_text_cut(bytes: &[u8]) -> Option<TextCut> {
    // How an incomplete line is read depends on the rest of it.
    let bytes = &bytes[..=memchr::memrchr(b'\n', bytes)?];
    if let Some(parts) = plain_parts(bytes) {
        let end = find_cut_between_colours(bytes, &parts)?;
        return Some(TextCut { end, scan: None });
    }
    let mut scanner = TextScanner::new(bytes, false);
    // Parts over several lines, invalid JSON, and fragments of calls. The text up to their ends
    // describes them.
    let mut uncut = Ranges::default();
    let mut block = PrintedBlock::default();
    let mut fragments = CallFragments::default();
    // The values that may be log records of one call.
    let mut values = Vec::new();
    let mut requests = Vec::new();
    let mut recorder = ScanRecorder::default();
    while let Some(stop) = scanner.next_stop() {
        requests.extend(scanner.request_at(&stop));
        let Some(found) = recorder.read(&mut scanner, &stop) else {
            break;
        };
        match found {
            Scanned::Invalid(suspect) => {
                let end = block.move_to(bytes, suspect.start);
                uncut.add(suspect.start..suspect.end.max(end));
            }
            Scanned::Refused(refusal) => uncut.add(refusal.range),
            Scanned::Part(part) => {
                if let TextPart::Value(range) = part
                    && (scanner.charset().is_none() || bytes[range.clone()].is_ascii())
                {
                    values.push(range);
                }
                let part = scanner.last_part();
                fragments.add_ranges(bytes, part, &mut uncut);
                if memchr::memchr(b'\n', &bytes[part.clone()]).is_some() {
                    uncut.add(part.clone());
                }
            }
            Scanned::Nothing => fragments.skip_to(scanner.skipped_end()),
        }
    }
    let end = match scanner.unfinished {
        Some(start) if bytes.len() < MAX_UNFINISHED_BYTES => start,
        _ => bytes.len(),
    };
    fragments.add_ranges(bytes, &(end..end), &mut uncut);
    if let Some(start) = fragments.open_start() {
        uncut.add(start..end + 1);
    }
    let mut line = line_start(bytes, end);
    let heredocs = Heredocs::ranges(bytes);
    for _ in 0..MAX_CUT_SEARCHES {
        let cut = find_cut_up_to(bytes, line, &uncut, &heredocs, &requests);
        let records = values.partition_point(|value| value.start < cut);
        let run = open_run_start_in_text(bytes, &values[..records], cut);
        match run.filter(|_| bytes.len() <= MAX_RUN_BYTES) {
            Some(start) => line = line_start(bytes, start),
            None if cut > 0 => {
                let scan = recorder.scan_up_to(cut, &scanner);
                return Some(TextCut { end: cut, scan });
            }
            None => return None,
        }
    }
    None
}

/// Returns the last offset up to `line` at which `bytes` can be cut: not inside one of the ranges
/// `uncut`, a statement, a command or a message. It is 0 if there is none. `requests` are the
/// starts of HTTP requests outside of values.
fn find_cut_up_to(
    bytes: &[u8],
    mut line: usize,
    uncut: &Ranges,
    heredocs: &HeredocRanges,
    requests: &[usize],
) -> usize {
    if bytes.len() < MAX_UNFINISHED_BYTES
        && let Some(statement) = Statements::line_of_literal(bytes, line)
    {
        line = statement;
    }
    // The statement above its rows shows their dialect.
    if let Some(statement) = open_mysql_statement(bytes, line) {
        line = statement;
    }
    line = after_whole_lines(bytes, line, uncut);
    // A command over several lines, or before a here-document, shows in which shell it was typed.
    loop {
        let command = heredocs
            .line_around(bytes, line)
            .unwrap_or_else(|| command_start(bytes, line, 0));
        if command == line {
            break;
        }
        line = after_whole_lines(bytes, command, uncut);
    }
    let known = &requests[..requests.partition_point(|request| *request <= line)];
    let mut known = known.iter().rev().copied();
    let request = known.find(|request| uncut.around(*request).is_none());
    let request = request.or_else(|| last_request_before(bytes, line, uncut));
    let mut cut = request.unwrap_or(line);
    if bytes.len() < MAX_UNFINISHED_BYTES
        && let Some(message) = last_message_start(&bytes[..line])
    {
        cut = cut.min(message);
    }
    if cut == 0 && bytes.len() >= MAX_UNFINISHED_BYTES {
        cut = line;
    }
    cut
}

/// Returns the start of the last HTTP request up to `limit` that is not inside of one of the ranges
/// `uncut`. If all requests are, returns the start of the lines around the first one.
fn last_request_before(bytes: &[u8], limit: usize, uncut: &Ranges) -> Option<usize> {
    let mut from = 0;
    let mut last_request = None;
    while let Ok(Some(head)) = next_head(bytes, from)
        && head.start <= limit
    {
        if !head.is_response {
            let start = after_whole_lines(bytes, head.start, uncut);
            // Lines before this request that belong to it may be the body of the one before.
            if start == head.start || last_request.is_none() {
                last_request = Some(start);
            }
        }
        from = head.end.max(head.start + 1);
    }
    last_request
}

/// The start of the last line up to `line` that is not inside of one of `ranges`.
fn after_whole_lines(bytes: &[u8], mut line: usize, ranges: &Ranges) -> usize {
    while let Some(range) = ranges.around(line) {
        line = line_start(bytes, range.start);
    }
    line
}

/// Returns an offset at which `bytes` can be cut, which consist of these plain parts and of escape
/// sequences between them.
fn find_cut_between_colours(bytes: &[u8], parts: &[Range<usize>]) -> Option<usize> {
    let plain: Vec<u8> = parts
        .iter()
        .flat_map(|part| &bytes[part.clone()])
        .copied()
        .collect();
    let mut newline = find_text_cut(&plain)?.end.checked_sub(1)?;
    for part in parts {
        if newline < part.len() {
            return Some(part.start + newline + 1);
        }
        newline -= part.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_after_lines_and_not_inside_json() {
        let at = |text: &str| find_text_cut(text.as_bytes()).map(|cut| text[..cut.end].to_owned());
        assert_eq!(at("a\nb\nc").as_deref(), Some("a\nb\n"));
        assert_eq!(at("a\nb {\"c\":\n1,\n").as_deref(), Some("a\n"));
        assert_eq!(at("a\n1,\"{\"\"b\"\":\n1").as_deref(), Some("a\n"));
        assert_eq!(
            at("POST /a HTTP/1.1\n\n{}\nPOST /b HTTP/1.1\n\n{}\n").as_deref(),
            Some("POST /a HTTP/1.1\n\n{}\n")
        );
        assert_eq!(
            at("a\n\u{1b}[1m{\u{1b}[0m\n  \"a\": 1\n").as_deref(),
            Some("a\n")
        );
        assert_eq!(
            at("a\nFrom: b\nMIME-Version: 1.0\n\nc\n").as_deref(),
            Some("a\n")
        );
        assert_eq!(
            at("a\nINSERT INTO t VALUES ('\nb\n{").as_deref(),
            Some("a\n")
        );
        assert_eq!(at("a\ncurl ^\n-X ^\n-d {}").as_deref(), Some("a\n"));
        assert_eq!(at("a\n[{\n}]curl \\\n-d {}").as_deref(), Some("a\n"));
        assert_eq!(at("{\"a\":1"), None);
        let records = "a\n{\"msg\":\"{\"} {\n\"msg\":\" 1\"}\n";
        assert_eq!(at(records).as_deref(), Some("a\n"));
        let closed = format!("{records}b {{\n\"msg\":\"}}\"}}\n");
        assert_eq!(at(&closed), Some(closed.clone()));
        assert_eq!(at("a\nb {\n\"c\":1}").as_deref(), Some("a\n"));
    }
}
