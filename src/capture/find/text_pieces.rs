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
use crate::contract::recognition::TEXT_NAME;
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
    /// Creates an iterator over the pieces of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            scanner: TextScanner::new(bytes, true),
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
        let ends_row = |end: &[u8]| memchr::memmem::find(gap, end).is_some();
        memchr::memchr(b'\n', gap).is_some() || ends_row(b"),(") || ends_row(b"), (")
    }

    /// The encoding that an HTTP head declares for the last part, unless it is UTF-8.
    pub(crate) fn charset(&self) -> Option<&'static Encoding> {
        self.scanner.charset()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns values verbatim, encoded parts in `<>`, and broken pieces as `!offset`.
    fn pieces(text: &str) -> Vec<String> {
        TextPieces::new(text.as_bytes())
            .map(|piece| match piece {
                TextPiece::Part(TextPart::Value(range)) => text[range].to_owned(),
                TextPiece::Part(
                    TextPart::Cell(range)
                    | TextPart::StringRest(range)
                    | TextPart::Haproxy(range)
                    | TextPart::Hex(range)
                    | TextPart::Markup(range)
                    | TextPart::Literal { range, .. },
                ) => {
                    format!("<{}>", &text[range])
                }
                TextPiece::Part(TextPart::MarkedLines(lines)) => {
                    let lines = lines.into_iter().map(|line| &text[line]);
                    format!("<{}>", lines.collect::<String>())
                }
                TextPiece::Part(TextPart::Mail(part)) => format!("<{}>", &text[part.range]),
                TextPiece::Part(TextPart::Percent(value)) => format!("<{}>", &text[value.range]),
                TextPiece::Part(TextPart::MessageBody { range, .. }) => format!("<{range:?}>"),
                TextPiece::Part(TextPart::Repaired(part)) => part.value.text,
                TextPiece::Broken { offset, .. } => format!("!{offset}"),
            })
            .collect()
    }

    #[test]
    fn json_is_found_after_and_between_words() {
        assert_eq!(
            pieces(
                "[web] got {\"a\":{}} and [{\"b\":1}] {not} [1]\n\u{1b}[32m{\n\"c\":2}\u{1b}[0m\n"
            ),
            ["{\"a\":{}}", "[{\"b\":1}]", "{\n\"c\":2}"]
        );
    }

    #[test]
    fn cells_strings_and_marked_lines_are_found() {
        assert_eq!(
            pieces("id,body\n1,\"{\"\"a\"\": \"\"b\"\"}\",x\n"),
            ["<{\"\"a\"\": \"\"b\"\"}>"]
        );
        assert_eq!(pieces("p=\"{\\\"a\\\":1}\" x"), ["<{\\\"a\\\":1}>"]);
        assert_eq!(
            pieces("event: x\ndata: {\ndata: \"a\":1}\n\ndata: {\"b\":2}\n"),
            ["<{\n\"a\":1}\n>", "{\"b\":2}"]
        );
        assert_eq!(
            pieces("2024-01-15T10:30:00Z stdout P got {\"a\":\n2024-01-15T10:30:01Z stdout F 1}\n"),
            ["<{\"a\":1}\n>"]
        );
    }

    #[test]
    fn logs_of_haproxy_and_rsyslog_are_read() {
        assert_eq!(
            pieces("200 {a|#7B#22a#22:#7B#7D#7D|b} \"GET\"\n{#22a#22:[{}]} x\n"),
            ["<#7B#22a#22:#7B#7D#7D>", "<{#22a#22:[{}]}>"]
        );
        let cut = "{#7B#22customer_phone#22:#22a#22,#22assistant_phone#22:#22} x\n";
        assert_eq!(pieces(cut), ["!58"]);
        assert_eq!(
            pieces("got {#012  \"a\": \"#012\",#012  \"b\": {}#012} now\n"),
            ["<{  \"a\": \"#012\",  \"b\": {}}>"]
        );
        assert_eq!(
            pieces("[#012  {#012\"a\":{}},#015{}] x\n"),
            ["<[  {\"a\":{}},{}]>"]
        );
    }

    /// One report was for two lines, so that the second call was lost.
    #[test]
    fn each_line_with_a_damaged_call_is_reported() {
        let rest = r#""assistant_phone":null,"duration":1,"extracted_variables":{}}"#;
        let cut = r#"{"customer_phone":"a","assistant_phone":"#;
        let broken = r#"{"customer_phone":"a","assistant_phone":nul}"#;
        let code = "\u{1b}[0m";
        for (lines, expected) in [
            ([rest, rest], 2),
            ([rest, broken], 2),
            ([rest, cut], 2),
            ([cut, broken], 2),
            ([cut, r#"{"customer_phone":"a","assistant_phone":"b"}"#], 1),
            (["'$'", rest], 1),
            (
                [
                    "",
                    r#""assistant_phone":{"NULL":true},"customer_phone":{"S":"1"}}"#,
                ],
                1,
            ),
            (
                [
                    "",
                    r#""assistant_phone^\^":null,^\^"customer_phone^\^":null"#,
                ],
                1,
            ),
        ] {
            let text = format!("x {}\nx {}\nx\n", lines[0], lines[1]);
            let pieces = pieces(&text).into_iter();
            let broken = pieces.filter(|piece| piece.starts_with('!'));
            assert_eq!(broken.count(), expected, "{text}");
        }
        let text = format!("\"customer_phone\"{code}:{code}1,\"assistant_phone\"{code}:null\n");
        assert_eq!(pieces(&text).len(), 1, "{text}");
    }

    /// The inner object was a call without an id.
    #[test]
    fn an_object_in_place_of_a_comma_is_a_part_of_the_broken_one() {
        let names = r#""customer_phone":"a","assistant_phone":"b""#;
        for (outer, inner) in [
            (r#""id":1"#, names),
            (r#""id":1,"#, names),
            (
                names,
                r#""duration":1,"extracted_variables":{},"transcript":"""#,
            ),
        ] {
            let text = format!("x {{{outer}{{{inner}}}\n");
            let pieces = pieces(&text);
            assert!(
                matches!(&*pieces, [piece] if piece.starts_with('!')),
                "{pieces:?}"
            );
        }
    }

    /// The rest of the string was read with a line break in it.
    #[test]
    fn a_line_cut_by_a_logger_is_not_repaired() {
        for (length, expected) in [(1024, false), (1000, true)] {
            let head = r#"x {"customer_phone":"a","assistant_phone":""#;
            let text = format!("{head}{}\nrest\"}}\n", "x".repeat(length - head.len()));
            let mut pieces = TextPieces::new(text.as_bytes());
            let is_repaired = pieces.any(|piece| {
                matches!(
                    piece,
                    TextPiece::Broken {
                        repaired: Some(_),
                        ..
                    }
                )
            });
            assert_eq!(is_repaired, expected, "{length}");
        }
    }

    #[test]
    fn broken_and_printed_calls_are_reported() {
        let cut = "x {\"customer_phone\":\"+49\",\"assistant_phone\":\n2024 next {\"a\":1}\n";
        assert_eq!(
            pieces(cut),
            [
                format!("!{}", cut.find('\n').expect("it is there")),
                "{\"a\":1}".to_owned()
            ]
        );
        assert_eq!(pieces("got { id: 1,\n  customer_phone: '+49' }\n"), ["!15"]);
        assert_eq!(pieces("{ nothing } like [it]\n"), Vec::<String>::new());
    }

    #[test]
    fn foreign_lines_may_come_between() {
        let lines = "web-1  | {\nweb-1  |   \"a\": 1,\napi-1  | GET /h 200\nweb-1  |   \"b\": 2\nweb-1  | }\n";
        assert_eq!(pieces(lines), ["<{\n  \"a\": 1,\n  \"b\": 2\n}\n>"]);
        let mixed = "web-1  | {\napi-1  | {\nweb-1  |   \"customer_phone\": \"+49\",\n";
        assert_eq!(
            pieces(mixed),
            [format!("!{}", mixed.find("customer").expect("there"))]
        );
    }

    /// Such lines were joined with a broken one, because they start with the same members.
    #[test]
    fn lines_with_a_value_each_are_not_parts_of_one() {
        let call = |id: u32, end: &str| {
            format!("{{\"customer_phone\":\"+49\",\"lead\":{id},\"assistant_phone\":{end}}}\n")
        };
        let good = call(2, "\"}\"");
        let text = format!("x\n{}{good}{}", call(1, "a,\"b\":\"{\""), call(3, "\"]\""));
        let found = pieces(&text);
        assert!(found.contains(&good.trim_end().to_owned()), "{found:?}");
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn responses_to_calls_are_not_read() {
        let post = "POST /a HTTP/1.1\nHost: x\n\n{\"a\":1}\n";
        let answer = "HTTP/1.1 200 OK\n\n{\"b\":2}\n";
        let get = "GET /a HTTP/1.1\nHost: x\n\n";
        assert_eq!(
            pieces(&format!("{post}{answer}{post}{get}{answer}")),
            ["{\"a\":1}", "{\"a\":1}", "{\"b\":2}"]
        );
    }

    #[test]
    fn hostile_nesting_is_not_rescanned_without_limit() {
        for line in [
            "x {\"a\":[{",
            "{\"a\":",
            "[[[[",
            "\"{\"\"",
            "> {\n",
            "data: {\"\n",
            "{\\\"a\\\":\n",
            "{\\\"a\\\":[\\\"b\\\"],\n",
            "{\\\"customer_phone\\\":{\\\"assistant_phone\\\":\n",
            "x=\"{\\\"a\\\":[\\\"b\\\"],",
            "''[{\"a\":[",
            "%7B%22",
            "%7B%22a%22%3A",
            "%257B",
            "{%22a%22:",
            "{&quot;",
            "{&quot;a&quot;:",
            "<pre>{\"a\":\"&amp;\"} ",
            "<a",
            "<a \"",
            "<!--",
            "Content-Type: x\n",
            "\nContent-Transfer-Encoding: base64\n",
            "MIME-Version: 1.0\nContent-Type: text/html\n\n--a--\n",
            "\u{1b}]8;;x",
            "{#012",
            "{#012\"a\":[",
            "{#22a#22:",
            "{|#7B#22a#22:",
            "7b22",
            "x7b2",
        ] {
            let text = line.repeat(6_000);
            let found = pieces(&text).len();
            assert!(found <= text.len());
        }
    }

    /// Values in literals of all conventions that are opened and never closed.
    #[test]
    fn hostile_literals_are_not_reread_without_limit() {
        let openers = [
            "",
            "x='",
            "x=\"",
            "x=`",
            "b'",
            "E'",
            "N'",
            "$'",
            "_utf8'",
            "''",
            "' ",
            "('",
            "x\\'",
            "x\\\"",
            "'k': '",
            "VALUES ('",
            "replace('",
            "unistr('",
            "concat('",
            "q'[",
            "INSERT INTO `x` VALUES ('",
            "curl -d '",
            "curl -d \"",
            "1\t",
            "\\N\t",
        ];
        let values = [
            "{\"a\":",
            "{\"a\":\"\\\\\"}",
            "[{\"a\":[",
            "{\\\"a\\\":",
            "{\\\"a\\\":[\\\"b\\\"],",
            "{\"customer_phone\":{\"assistant_phone\":",
            "%7B%22a%22:",
            "%7B%22a%22:[%22b%22],",
            "{'||'",
            "{', '",
        ];
        for opener in openers {
            for value in values {
                for separator in ["", "\n"] {
                    let text = format!("{opener}{value}{separator}").repeat(1_000);
                    let found = pieces(&text).len();
                    assert!(found <= text.len());
                }
            }
        }
    }
}
