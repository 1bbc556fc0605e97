//! Reads text in several layers of quoting: a statement in a cell, a line of a log in a literal.
//!
//! The text before a value decides how it is escaped. If that text is in quotes itself, all of it
//! is decoded, and the result is read as text again. Each layer is read by all conventions that are
//! possible for it. If the calls that they find differ, the text is refused.

use std::ops::Range;

use super::call_members::mentions_call;
use super::convention::{BYTE_QUOTE, C_STRING, CHARACTERS, Convention, SQL};
use super::evidence::{Evidence, is_one_of, line_evidence};
use super::heredocs::Heredoc;
use super::layer::{Layer, quoted_layer};
use super::literal::LiteralText;
use super::literal_quote::Literal;
use super::nested_calls::NestedCalls;
use super::reading::{TextEnd, decode, decode_text};
use super::refusal::{AMBIGUOUS_HELP, AMBIGUOUS_LAYERS, Refusal};
use super::scanner::TextScanner;
use super::surroundings::has_null_cell;
use super::text_part::{Scanned, TextPart};
use crate::capture::split::lines::line_start;

/// Limit on the layers that are decoded to compare readings. The search itself goes deeper.
pub(super) const MAX_LAYERS: usize = 3;

/// Why the text of a layer is not decoded.
enum LayerError {
    /// More text decides where it ends.
    Truncated,
    /// It does not contain the value.
    Elsewhere,
    /// It contains the start of the value, but is invalid.
    Invalid,
}

impl TextScanner<'_> {
    /// Reads the outermost layer around the bracket at `start` if other text is between them.
    /// `plain_end` is the end of the value if it is valid JSON.
    pub(super) fn read_layers(
        &mut self,
        start: usize,
        plain_end: Option<usize>,
    ) -> Option<Scanned> {
        if self.depth >= MAX_LAYERS {
            return None;
        }
        if self.is_out_of_budget() {
            return self.refuse_unread(start);
        }
        if let Some(heredoc) = self.heredocs.at(self.bytes, start) {
            let line = self.line_at(start);
            if self.bytes[line.start..start].trim_ascii().is_empty() {
                return None;
            }
            if heredoc == Heredoc::Expanded
                && has_shell_escapes(&self.bytes[start..line.end.max(start)])
            {
                return self.refuse_unread(start);
            }
        }
        for layer in self.layers_around(start) {
            if self.is_out_of_budget() {
                break;
            }
            let scanned = self.read_layer(&layer, start, plain_end);
            if scanned.is_some() {
                return scanned;
            }
        }
        if self.is_out_of_budget() {
            return self.refuse_unread(start);
        }
        None
    }

    /// Refuses the value at `start`, around which there may be layers that are not read.
    pub(super) fn refuse_unread(&mut self, start: usize) -> Option<Scanned> {
        let end = self.line_at(start).end;
        if self.mentions_call(start..end) {
            return Some(self.refuse_layers(start..end));
        }
        self.count_rescanned(end - start, end);
        None
    }

    /// Reads the literal around the part of a message that starts at `start`.
    pub(super) fn read_statement(&mut self, start: usize) -> Option<Scanned> {
        let layer = self.statement_layer(start)?;
        self.read_layer(&layer, start, None)
    }

    /// Reads the literal whose quote is directly before the bracket at `start`.
    pub(super) fn read_quoted(&mut self, start: usize) -> Option<Scanned> {
        let line = self.line_at(start);
        let literal = self.surroundings(start, None).literal()?;
        if self.depth >= MAX_LAYERS || literal.open < line.start || self.is_out_of_budget() {
            return None;
        }
        let evidence = line_evidence(self.bytes, &line, literal.open, &[]);
        let layer = quoted_layer(&literal, evidence, false);
        self.read_layer_text(&layer, start, None)
    }

    fn read_layer(
        &mut self,
        layer: &Layer,
        start: usize,
        plain_end: Option<usize>,
    ) -> Option<Scanned> {
        let bytes = self.bytes;
        let text = &bytes[layer.start..start];
        if text.trim_ascii().is_empty() && !text.contains(&b'\n') {
            return None;
        }
        self.read_layer_text(layer, start, plain_end)
    }

    fn read_layer_text(
        &mut self,
        layer: &Layer,
        start: usize,
        plain_end: Option<usize>,
    ) -> Option<Scanned> {
        let bytes = self.bytes;
        let mut readings = Vec::new();
        let mut problem = None;
        let (mut is_ambiguous, mut is_invalid) = (false, false);
        for convention in layer.conventions {
            let (text, end) = match self.decode_layer(layer, convention, start) {
                Ok(decoded) => decoded,
                Err(LayerError::Truncated) => return Some(self.stop_before(start)),
                Err(error) => {
                    is_invalid |= matches!(error, LayerError::Invalid);
                    continue;
                }
            };
            if text == bytes[layer.start..end] && layer.quote.is_none() {
                return None;
            }
            let is_escaped = bytes[..end].ends_with(b"\\") && layer.quote == Some(b'"');
            if is_escaped && convention.name == SQL.name {
                // The backslash escapes the quote, which does not close the text.
                continue;
            }
            let nested = self.nested_calls(&text);
            is_ambiguous |= nested.is_ambiguous;
            match &*nested.calls {
                [] if nested.has_problem => drop(problem.get_or_insert((*convention, end))),
                [] => {}
                _ => readings.push((*convention, end, nested)),
            }
        }
        let end = readings.iter().map(|(_, end, _)| *end).max();
        let line = self.line_at(start);
        let is_certain = layer.quote.is_none() && has_null_cell(bytes, start, &line);
        let may_be_plain = layer.may_be_plain && !is_certain;
        let Some(end) = end.or(problem.map(|(_, end)| end)) else {
            let is_broken =
                is_invalid && !may_be_plain && self.mentions_call(start..line.end.max(start));
            return is_broken.then(|| self.refuse_layers(start..line.end));
        };
        let plain = may_be_plain.then(|| self.plain_call(start, plain_end));
        is_ambiguous |= plain.as_ref().is_some_and(|plain| plain.is_ambiguous);
        let plain = plain.filter(|plain| !plain.calls.is_empty());
        let range = |end| layer.start..end;
        if is_ambiguous && (plain.is_some() || !readings.is_empty()) {
            return Some(self.refuse_layers(start..end));
        }
        let Some((convention, end, first)) = readings.first() else {
            // Without its layers, the value may be valid but wrong.
            return (!may_be_plain).then(|| self.refuse_layers(start..end));
        };
        let all_equal = readings
            .iter()
            .all(|(_, _, nested)| nested.has_same_calls(first));
        let is_plain_equal = plain.as_ref().is_none_or(|plain| {
            let mut calls = plain.calls.iter();
            calls.all(|call| first.contains(call.as_bytes()))
        });
        if all_equal && is_plain_equal {
            if plain.is_some() || !first.is_encoded && self.is_innermost(layer, start) {
                return None;
            }
            let part = literal_part(range(*end), convention, layer.quote);
            return Some(self.found(*end, part));
        }
        Some(self.refuse_layers(start..*end))
    }

    /// The call at `start` if its layers have no meaning.
    fn plain_call(&mut self, start: usize, plain_end: Option<usize>) -> NestedCalls {
        let mut nested = NestedCalls::default();
        let bytes = self.bytes;
        let (text, read_to) = self.surroundings(start, plain_end).read();
        self.count_layer(read_to.saturating_sub(start));
        let call = match text {
            LiteralText::Value(end, convention, quote) => {
                decode(&bytes[start..end], convention, quote)
            }
            LiteralText::Plain => match plain_end {
                Some(end) => bytes[start..end].to_vec(),
                None => return nested,
            },
            LiteralText::Refused(refusal) => {
                nested.is_ambiguous = refusal.is_ambiguous();
                return nested;
            }
            LiteralText::Truncated => return nested,
        };
        if mentions_call(&call) {
            let call = String::from_utf8_lossy(&call).into_owned();
            nested.calls.push(call);
        }
        nested
    }

    /// Refuses the value at `range`, whose layers have two meanings.
    pub(super) fn refuse_layers(&mut self, range: Range<usize>) -> Scanned {
        self.at = self.at.max(range.end);
        Scanned::Refused(Refusal {
            offset: range.start,
            problem: AMBIGUOUS_LAYERS.to_owned(),
            help: Some(AMBIGUOUS_HELP),
            range: range.start..range.end.max(range.start + 1),
            may_be_plain: false,
        })
    }

    /// The calls in the line of the value at `start` if all of the line is escaped, and the value
    /// again. Also returns how to decode the line.
    pub(super) fn escaped_line(
        &mut self,
        start: usize,
    ) -> Option<(NestedCalls, Range<usize>, &'static Convention)> {
        if self.depth >= MAX_LAYERS || self.is_out_of_budget() {
            return None;
        }
        let line = self.line_at(start);
        let from = line.start.max(self.layers_end).min(start);
        let has_marks = |byte: &u8| b"'`\\\t".contains(byte);
        let before = &self.bytes[from..start];
        let is_line_of_program = !before.iter().any(has_marks) || starts_with_command(before);
        if is_line_of_program || has_plain_member(&self.bytes[start..line.end.max(start)]) {
            return None;
        }
        // The quotes of an argument would be escaped too. Shells write no quotes as `\x22`.
        let has_codes = self.bytes[start + 1..].starts_with(BYTE_QUOTE);
        if !has_codes && self.argument_around(&line, start).is_some() {
            return None;
        }
        let literal = self.surroundings(start, None).literal();
        let is_windows = |literal: Literal| {
            let evidence = line_evidence(self.bytes, &line, literal.open, &[]);
            matches!(evidence, Evidence::PowerShell | Evidence::Windows)
        };
        if literal.is_some_and(is_windows) {
            return None;
        }
        let layer = Layer {
            start: from,
            quote: None,
            conventions: &[&CHARACTERS, &C_STRING],
            may_be_plain: false,
            has_lines: false,
        };
        layer.conventions.iter().find_map(|convention| {
            let (text, end) = self.decode_layer(&layer, convention, start).ok()?;
            let nested = self.nested_calls(&text);
            let is_layer = nested.is_ambiguous || nested.is_encoded && !nested.calls.is_empty();
            is_layer.then_some((nested, from..end, *convention))
        })
    }

    /// Decodes the text of a layer. Also returns where it ends.
    fn decode_layer(
        &mut self,
        layer: &Layer,
        convention: &Convention,
        start: usize,
    ) -> Result<(Vec<u8>, usize), LayerError> {
        let limit = if layer.has_lines {
            self.bytes.len()
        } else {
            let line = self.line_at(start);
            line.start + self.bytes[line].trim_ascii_end().len()
        };
        let bytes = &self.bytes[..limit];
        let (text, at, end) = decode_text(bytes, layer.start, convention, layer.quote);
        self.count_layer(at - layer.start);
        let end = match end {
            TextEnd::Invalid if at > start => return Err(LayerError::Invalid),
            TextEnd::Invalid => return Err(LayerError::Elsewhere),
            TextEnd::Closed => Some(at),
            TextEnd::Bytes => layer.quote.is_none().then_some(at),
        };
        match end {
            Some(end) if layer.has_lines && repeats_start_of_line(bytes, layer.start, end) => {
                Err(LayerError::Invalid)
            }
            Some(end) if end > start => Ok((text, end)),
            None if layer.has_lines && !self.is_whole => Err(LayerError::Truncated),
            Some(_) | None => Err(LayerError::Elsewhere),
        }
    }

    /// True if the value at `start` is read as a part of this layer anyway.
    fn is_innermost(&mut self, layer: &Layer, start: usize) -> bool {
        let surroundings = self.surroundings(start, None);
        let literal = surroundings.literal();
        literal.is_some_and(|literal| layer.quote.is_some() && literal.open + 1 == layer.start)
    }
}

/// True if a line of the text from `start` to `end` starts like the line of `start`, in the same
/// command or statement: a quote is missing, and the text reaches into the next one.
fn repeats_start_of_line(bytes: &[u8], start: usize, end: usize) -> bool {
    /// Limit on the bytes that are compared: a number or a name behind them may differ.
    const MAX_BYTES: usize = 24;
    /// Shorter text may start any line.
    const MIN_BYTES: usize = 6;
    let line = line_start(bytes, start - 1);
    let words = &bytes[line..start - 1];
    let words = words[..words.len().min(MAX_BYTES)].trim_ascii();
    words.len() >= MIN_BYTES
        && memchr::memmem::find_iter(&bytes[start..end], words)
            .any(|at| bytes[..start + at].ends_with(b"\n"))
}

pub(super) fn literal_part(
    range: Range<usize>,
    convention: &'static Convention,
    quote: Option<u8>,
) -> TextPart {
    TextPart::Literal {
        range,
        convention,
        quote,
    }
}

/// True if a shell may change `text` in a here-document.
fn has_shell_escapes(text: &[u8]) -> bool {
    memchr::memchr2(b'$', b'`', text).is_some() || memchr::memmem::find(text, br"\\").is_some()
}

/// True if a statement or a command starts the line with the text `before` a value. A program that
/// escapes lines would have written other text first.
fn starts_with_command(before: &[u8]) -> bool {
    let mut words = before.trim_ascii_start().split(u8::is_ascii_whitespace);
    let word = words.next().unwrap_or_default();
    is_one_of(word, &["insert", "replace", "update", "values", "curl"])
}

/// True if the quotes of a member in `text` are not escaped. In an escaped line, all are.
fn has_plain_member(text: &[u8]) -> bool {
    const MAX_SEARCHED_BYTES: usize = 1024;
    let head = &text[..text.len().min(MAX_SEARCHED_BYTES)];
    memchr::memmem::find_iter(head, b",\"").any(|comma| {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let name = &head[comma + 2..];
        let length = name.iter().take_while(|byte| is_name(byte)).count();
        length > 0 && name[length..].starts_with(b"\":")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text in which each layer is decoded, as its calls or as `!`.
    fn calls(text: &[u8]) -> Vec<String> {
        let mut scanner = TextScanner::new(text, true);
        let mut calls = Vec::new();
        while let Some(stop) = scanner.next_stop()
            && let Some(scanned) = scanner.read(&stop)
        {
            match scanned {
                Scanned::Part(TextPart::Value(range)) => {
                    calls.push(String::from_utf8_lossy(&text[range]).into_owned());
                }
                Scanned::Part(TextPart::Literal {
                    range,
                    convention,
                    quote,
                }) => calls.extend(self::calls(&decode(&text[range], convention, quote))),
                Scanned::Part(TextPart::Cell(range)) => {
                    calls.extend(self::calls(&decode(&text[range], &SQL, Some(b'"'))));
                }
                Scanned::Nothing => {}
                _ => calls.push("!".to_owned()),
            }
        }
        calls
    }

    /// Only the inner layer or only the outer one was undone.
    #[test]
    fn both_layers_are_undone() {
        const CALL: &str = r#"{"customer_phone":"O'B\n","assistant_phone":"\\"}"#;
        let sql = |text: &str| text.replace('\'', "''");
        let csv = |text: &str| text.replace('"', "\"\"");
        let slashes = |text: &str| text.replace('\\', "\\\\");
        let insert = format!("INSERT INTO public.t VALUES ('{}');", sql(CALL));
        let row = format!("1\t{}\t\\N", slashes(CALL));
        for text in [
            format!("1,\"statement: {}\",x\n", csv(&insert)),
            format!("1\t{}\t\\N\n", slashes(&insert)),
            format!("INSERT INTO public.t VALUES ('INFO {}');\n", sql(&insert)),
            format!("1\t{}\t\\N\n", slashes(&row).replace('\t', "\\t")),
            format!("INSERT INTO public.t VALUES ('a\nb {}');\n", sql(&insert)),
            format!("x\n\"a\n  {}\"\n", csv(&insert)),
            format!("curl x -d '{}'\n", insert.replace('\'', r"'\''")),
        ] {
            assert_eq!(calls(text.as_bytes()), [CALL], "{text}");
        }
    }

    /// Only the inner layer was undone.
    #[test]
    fn layers_around_other_encodings_are_undone() {
        for (text, expected) in [
            (
                "INSERT INTO public.t VALUES ('b 0/0 {#22customer_phone#22:#22''#22,\
                 #22assistant_phone#22:#22#22}');\n",
                "!",
            ),
            (
                "INSERT INTO public.t VALUES ('irm x -Body \"{`\"customer_phone`\":`\"''`\",\
                 `\"assistant_phone`\":`\"`\"}\"');\n",
                r#"{"customer_phone":"'","assistant_phone":""}"#,
            ),
        ] {
            assert_eq!(calls(text.as_bytes()), [expected], "{text}");
        }
    }

    #[test]
    fn layers_with_two_meanings_are_refused() {
        for text in [
            r#"x='got {"customer_phone":"O''B","assistant_phone":""}'"#,
            "1\tgot {\"customer_phone\":\"C:\\\\neu\",\"assistant_phone\":\"\"}\n",
            r#"body="x='{\"customer_phone\":\"a\\\\nb\",\"assistant_phone\":\"\"}'""#,
        ] {
            assert_eq!(calls(text.as_bytes()), ["!"], "{text}");
        }
    }
}
