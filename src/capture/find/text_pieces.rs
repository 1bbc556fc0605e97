//! Finds the pieces of a text to search: parts with JSON, and calls that are broken or were printed
//! in a debug format.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::LazyLock;

use encoding_rs::Encoding;
use memchr::memmem::Finder;

use crate::capture::parse::debug_print::{
    DebugPrinter, find_printer, find_printer_of_block, find_printer_of_name,
};
use crate::capture::split::lines::{line_end, line_start};
use crate::capture::split::text::call_fragments::{
    CallFragment, CallFragments, INCOMPLETE_HELP, is_in_excerpt,
};
use crate::capture::split::text::call_members::{MAX_SEARCHED_BYTES, mentions_call};
use crate::capture::split::text::printed_block::PrintedBlock;
use crate::capture::split::text::ranges::Ranges;
use crate::capture::split::text::refusal::Refusal;
use crate::capture::split::text::scanner::TextScanner;
use crate::capture::split::text::split_lines::describe_cut;
use crate::capture::split::text::stop::Stop;
use crate::capture::split::text::text_part::{RepairedPart, Scanned, SyntaxSuspect, TextPart};
use crate::capture::split::text::text_scan::TextScan;
use crate::contract::recognition::TEXT_NAME;
use crate::json::Object;
use crate::json::repair::RepairedValue;

/// One piece found in a text.
#[derive(Debug)]
pub(crate) enum TextPiece {
    /// A part that is JSON or contains it.
    Part(TextPart),
    /// Text that looks like a call but is broken at this offset.
    Broken {
        offset: usize,
        /// Offset in its last line.
        end: usize,
        problem: String,
        help: Option<String>,
        /// The value, if only one repair is possible, and its offset.
        repaired: Option<(usize, RepairedValue)>,
    },
}

/// Iterator over the pieces of a text.
pub(crate) struct TextPieces<'a> {
    bytes: &'a [u8],
    scanner: TextScanner<'a>,
    /// The next stop of the scanner, if it is known.
    stop: Option<Stop>,
    /// Invalid text that looked like JSON. The end of its line decides whether it is reported.
    suspect: Option<SyntaxSuspect>,
    /// Offset after the last printed call.
    printed_end: usize,
    /// The last object over several lines that is not JSON.
    block: PrintedBlock,
    fragments: CallFragments,
    /// Text that was reported, as far as a fragment may be part of it.
    reported: Ranges,
    /// Objects over several lines that were reported: those with one member per line. A line with
    /// several members is another call.
    reported_blocks: Ranges,
    /// Pieces that follow a fragment.
    pending: VecDeque<TextPiece>,
}

/// Searches for [`TEXT_NAME`]. Building a searcher costs more than searching the text between two
/// brackets.
static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(TEXT_NAME));

/// Number of bytes before a suspect that may show which program printed it.
const MARK_BYTES: usize = 8;

impl<'a> TextPieces<'a> {
    /// Creates an iterator over the pieces of `bytes`, which scans them unless `scan` is known.
    pub(crate) fn new(bytes: &'a [u8], scan: Option<&'a TextScan>) -> Self {
        debug_assert!(scan.is_none_or(|scan| scan.is_scan_of(bytes)), "same scan");
        let scanner = match scan {
            Some(scan) => TextScanner::of_scan(bytes, scan),
            None => TextScanner::new(bytes, true),
        };
        Self {
            bytes,
            scanner,
            stop: None,
            suspect: None,
            printed_end: 0,
            block: PrintedBlock::default(),
            fragments: CallFragments::default(),
            reported: Ranges::default(),
            reported_blocks: Ranges::default(),
            pending: VecDeque::new(),
        }
    }

    /// True if a line or a row of a statement, as in `(1, '…'), (2, '…')`, ends between `from`, the
    /// end of a part, and the last part. The part at `from` may end with its line.
    pub(crate) fn starts_on_new_line(&self, from: usize) -> bool {
        let part = self.scanner.last_part();
        let from = from.saturating_sub(1);
        let gap = self.bytes.get(from..part.start).unwrap_or_default();
        memchr::memchr(b'\n', gap).is_some()
            || memchr::memchr_iter(b')', gap).any(|end| {
                let next = gap[end + 1..].strip_prefix(b",").unwrap_or_default();
                matches!(next, [b'(', ..] | [b' ', b'(', ..])
            })
    }

    /// The encoding that an HTTP head declares for the last part, unless it is UTF-8.
    pub(crate) fn charset(&self) -> Option<&'static Encoding> {
        self.scanner.charset()
    }

    /// Takes the members of the object at `range`, which is `text`, if its outline is known.
    pub(crate) fn take_members<'t>(
        &mut self,
        range: &Range<usize>,
        text: &'t str,
    ) -> Option<Object<'t>> {
        Some(Object::new(text, self.scanner.take_outline(range)?))
    }

    /// Byte offset where the last part ends.
    pub(crate) fn end(&self) -> usize {
        self.scanner.last_part().end
    }

    /// Takes the suspect whose line ends at or before `until`. Returns it as broken if it mentions
    /// member names of a call.
    fn take_broken_call(&mut self, until: usize) -> Option<TextPiece> {
        if let Some(suspect) = self.suspect.take_if(|suspect| suspect.line_end <= until) {
            let line = &self.bytes
                [suspect.start..suspect.line_end.min(suspect.start + MAX_SEARCHED_BYTES)];
            if mentions_call(line) {
                let before = suspect.start.saturating_sub(MARK_BYTES);
                let near = &self.bytes[before..suspect.start + line.len()];
                let printer = find_printer(near);
                if printer.is_some() {
                    self.printed_end = self.printed_end.max(suspect.line_end);
                }
                let offset = suspect.start + suspect.error.offset;
                self.reported.add(suspect.start..suspect.line_end);
                let (problem, help) = match (printer, describe_cut(self.bytes, suspect.start)) {
                    (Some(printer), _) => (printer.problem(), Some(printer.help())),
                    (None, Some((problem, help))) => (problem, Some(help.to_owned())),
                    (None, None) => {
                        let error = suspect.error;
                        (error.problem, error.help.map(str::to_owned))
                    }
                };
                return Some(TextPiece::Broken {
                    offset,
                    end: offset,
                    problem,
                    help,
                    repaired: None,
                });
            }
        }
        None
    }

    /// Finds a call printed in a debug format, or a fragment of a call, before `until`.
    fn find_printed_call(&mut self, until: usize) -> Option<TextPiece> {
        let from = self.scanner.offset().max(self.printed_end);
        let gap = self.bytes.get(from..until)?;
        let found = from + NAME.find(gap)?;
        let name = found..found + TEXT_NAME.len();
        if let Some(printer) = find_printer_of_name(self.bytes, name.clone()) {
            self.printed_end = name.end;
            self.add_reported_line(found);
            return Some(TextPiece::Broken {
                offset: found,
                end: found,
                problem: printer.problem(),
                help: Some(printer.help()),
                repaired: None,
            });
        }
        let is_member = is_quoted_name(self.bytes, &name)
            && !is_in_excerpt(self.bytes, found)
            && self
                .suspect
                .as_ref()
                .is_none_or(|suspect| found >= suspect.line_end);
        if !is_member {
            return None;
        }
        self.printed_end = name.end;
        self.add_reported_line(found);
        let block = self.block.text_around(self.bytes, found);
        let printer = block.and_then(find_printer_of_block);
        Some(TextPiece::Broken {
            offset: found,
            end: found,
            problem: printer.map_or_else(|| "incomplete call".to_owned(), DebugPrinter::problem),
            help: Some(printer.map_or_else(|| INCOMPLETE_HELP.to_owned(), DebugPrinter::help)),
            repaired: None,
        })
    }

    /// Marks the line at `offset`, or the object over several lines around it, as reported.
    fn add_reported_line(&mut self, offset: usize) {
        let start = line_start(self.bytes, offset);
        self.reported.add(start..line_end(self.bytes, offset));
        if let Some(block) = self.block.range_around(offset) {
            self.reported_blocks.add(block);
        }
    }

    /// Returns the piece that reports a fragment, unless it was reported.
    fn report_fragment(&self, fragment: &CallFragment) -> Option<TextPiece> {
        let range = &fragment.range;
        let is_reported = self.reported.overlaps(range)
            || !fragment.is_in_one_line() && self.reported_blocks.overlaps(range);
        if is_reported || !fragment.is_call(self.bytes) {
            return None;
        }
        let (problem, help) = fragment.describe(self.bytes);
        Some(TextPiece::Broken {
            offset: range.start,
            end: range.end,
            problem,
            help: Some(help),
            repaired: None,
        })
    }

    /// Returns the first queued piece, and queues `piece`; `piece` itself if the queue is empty.
    fn behind_fragments(&mut self, piece: TextPiece) -> TextPiece {
        match self.pending.pop_front() {
            Some(first) => {
                self.pending.push_back(piece);
                first
            }
            None => piece,
        }
    }

    /// Queues the pieces that report the fragments before the last part.
    fn queue_fragments(&mut self) {
        while let Some(fragment) = self
            .fragments
            .find_before(self.bytes, self.scanner.last_part())
        {
            let piece = self.report_fragment(&fragment);
            self.pending.extend(piece);
        }
        if self.fragments.open_start().is_none() {
            self.reported.clear();
            self.reported_blocks.clear();
        }
    }

    /// Queues pieces that report the calls in later lines of a refused text: it may have several,
    /// or the quote that closes it may be that of another line.
    fn queue_refused_lines(&mut self, refusal: &Refusal) {
        let text = &self.bytes[..refusal.range.end];
        let first = refusal.offset.max(refusal.range.start).min(text.len());
        let mut at = line_end(text, first);
        while at < text.len() {
            let start = at;
            at = line_end(text, start);
            let line = &text[start..at];
            if mentions_call(line) {
                let offset = start + memchr::memchr2(b'{', b'[', line).unwrap_or(0);
                self.pending.push_back(TextPiece::Broken {
                    offset,
                    end: offset,
                    problem: refusal.problem.clone(),
                    help: refusal.help.map(str::to_owned),
                    repaired: None,
                });
            }
        }
    }

    /// Queues the pieces that report the fragments at the end of the text.
    fn queue_last_fragments(&mut self) {
        while let Some(fragment) = self.fragments.finish(self.bytes, self.bytes.len()) {
            let piece = self.report_fragment(&fragment);
            self.pending.extend(piece);
        }
    }
}

/// Quotes that are encoded, and the colons that may follow.
const ENCODED_QUOTES: &[(&str, &[&str])] = &[
    ("%22", &[":", "%3A", "%3a"]),
    ("#22", &[":"]),
    ("^\\^\"", &[":"]),
    ("`\"", &[":"]),
    ("&quot;", &[":"]),
    ("&#34;", &[":"]),
    ("&#x22;", &[":"]),
];

/// True if the name is that of a member: a quote before it, and a quote and a colon after it. The
/// quotes may be escaped by backslashes, as `\x22`, or as in [`ENCODED_QUOTES`].
fn is_quoted_name(text: &[u8], name: &Range<usize>) -> bool {
    let (before, after) = (&text[..name.start], &text[name.end..]);
    let slashes = after.iter().take_while(|byte| **byte == b'\\').count();
    let quote = &after[slashes..];
    let behind = quote
        .strip_prefix(b"\"")
        .or_else(|| quote.strip_prefix(b"x22"));
    let is_escaped = (before.ends_with(b"\"") || before.ends_with(b"\\x22"))
        && behind.is_some_and(|behind| behind.trim_ascii_start().starts_with(b":"));
    is_escaped
        || ENCODED_QUOTES.iter().any(|(quote, colons)| {
            let behind = after.strip_prefix(quote.as_bytes());
            let mut colons = colons.iter();
            before.ends_with(quote.as_bytes())
                && behind.is_some_and(|behind| colons.any(|c| behind.starts_with(c.as_bytes())))
        })
}

impl Iterator for TextPieces<'_> {
    type Item = TextPiece;

    fn next(&mut self) -> Option<TextPiece> {
        loop {
            if let Some(piece) = self.pending.pop_front() {
                return Some(piece);
            }
            let stop = match self.stop.take() {
                Some(stop) => stop,
                None => self.scanner.next_stop()?,
            };
            let broken = self
                .take_broken_call(stop.offset)
                .or_else(|| self.find_printed_call(stop.offset));
            if broken.is_some() {
                self.stop = Some(stop);
                return broken;
            }
            let Some(scanned) = self.scanner.read(&stop) else {
                self.queue_last_fragments();
                return self.pending.pop_front();
            };
            match scanned {
                Scanned::Part(TextPart::Repaired(part)) => {
                    self.queue_fragments();
                    let RepairedPart {
                        start,
                        value,
                        error,
                    } = *part;
                    let piece = TextPiece::Broken {
                        offset: start + error.offset,
                        end: start + value.length,
                        problem: error.problem,
                        help: error.help.map(str::to_owned),
                        repaired: Some((start, value)),
                    };
                    return Some(self.behind_fragments(piece));
                }
                Scanned::Part(part) => {
                    if let TextPart::Value(range) = &part {
                        let value = &self.bytes[range.clone()];
                        self.suspect.take_if(|_| mentions_call(value));
                    }
                    self.queue_fragments();
                    return Some(self.behind_fragments(TextPiece::Part(part)));
                }
                Scanned::Invalid(suspect) => {
                    self.block.move_to(self.bytes, suspect.start);
                    self.suspect.get_or_insert(suspect);
                }
                Scanned::Refused(refusal) => {
                    self.queue_refused_lines(&refusal);
                    self.reported.add(refusal.range);
                    return Some(TextPiece::Broken {
                        offset: refusal.offset,
                        end: refusal.offset,
                        problem: refusal.problem,
                        help: refusal.help.map(str::to_owned),
                        repaired: None,
                    });
                }
                Scanned::Nothing => self.fragments.skip_to(self.scanner.skipped_end()),
            }
        }
    }
}
