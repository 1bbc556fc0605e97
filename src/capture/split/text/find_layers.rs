//! Finds the layers of quoting in which a value may be.

use std::cell::LazyCell;
use std::ops::Range;

use super::command::{argument_at, client_before};
use super::convention::{
    BYTE_QUOTE, COPY, Convention, NGINX, POSTGRES_ESCAPES, POWERSHELL, SHELL_SINGLE, SQL,
};
use super::evidence::{Evidence, line_evidence};
use super::layer::{Layer, quoted_layer};
use super::literal_quote::{Literal, can_open_literal};
use super::scanner::TextScanner;
use super::surroundings::has_null_cell;

/// Limit on the bytes before a value in which its layers start.
const MAX_BYTES_BEFORE: usize = 16 * 1024;

/// What it costs to find a quote before a value, in bytes read.
const FOUND_COST: usize = 8;

/// What it costs to find out whether a quote may open a literal around a value, in bytes read.
const QUOTE_COST: usize = 64;

/// What it costs to look for the words that show the convention of a literal, in bytes read.
const EVIDENCE_COST: usize = 1024;

impl TextScanner<'_> {
    /// The layers around the bracket at `start`, the outermost first. Not all of them if the budget
    /// is used up.
    pub(super) fn layers_around(&mut self, start: usize) -> Vec<Layer> {
        let line = self.line_at(start);
        let from = line.start.max(start.saturating_sub(MAX_BYTES_BEFORE));
        let from = from.max(self.layers_end).min(start);
        let bytes = self.bytes;
        // Most lines have no layers that could double quotes.
        let is_doubled = LazyCell::new(|| has_doubled_quotes(&bytes[start..]));
        let is_escaped_value = bytes[start + 1..].starts_with(b"\\\"");
        let has_byte_quotes = bytes[start + 1..].starts_with(BYTE_QUOTE);
        let mut layers = Vec::new();
        layers.extend(self.statement_layer(start));
        let cell = memchr::memrchr(b'\t', &bytes[from..start]).map(|tab| from + tab + 1);
        let mut has_tab_behind = || {
            let find = |rest: &[u8]| memchr::memchr(b'\t', rest);
            from == line.start && self.next_tab.find(bytes, start, find) < line.end
        };
        // A log with tabs may have statements.
        let is_logged = |cell: &usize| {
            let evidence = line_evidence(bytes, &line, *cell, &[]);
            evidence != Evidence::None && !has_null_cell(bytes, start, &line)
        };
        let cell = cell.or_else(|| has_tab_behind().then_some(from));
        // A cell with doubled quotes is one of CSV with tabs: databases double none.
        let cell = cell.filter(|_| !*is_doubled || has_null_cell(bytes, start, &line));
        if let Some(cell) = cell.filter(|cell| !is_logged(cell)) {
            layers.push(Layer {
                start: cell,
                quote: None,
                conventions: &[&COPY],
                may_be_plain: true,
                has_lines: false,
            });
        }
        let mut quotes = memchr::memchr3_iter(b'\'', b'"', b'`', &bytes[from..start]).peekable();
        // Only one text in quotes of a command may contain the value.
        let argument = match quotes.peek() {
            Some(_) => self.argument_around(&line, start),
            None => None,
        };
        let is_other_argument = |open: usize| {
            argument.is_some_and(|(command, argument)| command <= open && open != argument)
        };
        for open in quotes.map(|at| from + at) {
            if self.is_out_of_budget() {
                break;
            }
            self.count_layer(FOUND_COST);
            let is_escaped = bytes[line.start..open].ends_with(b"\\");
            let is_in_value = self.last_part().contains(&open);
            if is_in_value
                || is_escaped
                || is_other_argument(open)
                || !can_open_literal(bytes, open)
                || !self.may_enclose(open, start)
            {
                continue;
            }
            // Looking for words costs about as much as reading these bytes.
            self.count_layer(EVIDENCE_COST);
            let literal = Literal::new(bytes, open, bytes[open]);
            let evidence = line_evidence(bytes, &line, open, &[]);
            let mut layer = quoted_layer(&literal, evidence, *is_doubled);
            // Only a text in double quotes escapes them.
            layer.may_be_plain &= literal.quote != b'"' || !is_escaped_value;
            layer.has_lines &= open >= self.refused_end;
            if has_byte_quotes && layer.quote == Some(b'"') && evidence == Evidence::None {
                layer.conventions = &[&NGINX];
            }
            layers.push(layer);
        }
        layers.sort_by_key(|layer| layer.start);
        layers
    }

    /// The offsets of the command around `start`, and of the quote of its argument there.
    pub(super) fn argument_around(
        &mut self,
        line: &Range<usize>,
        start: usize,
    ) -> Option<(usize, usize)> {
        let command = client_before(self.bytes, line, start)?;
        self.count_layer(start - command);
        Some((command, argument_at(self.bytes, command, start)?))
    }

    /// True if a literal that is opened at `open` may be open at `start`.
    fn may_enclose(&mut self, open: usize, start: usize) -> bool {
        let quote = self.bytes[open];
        let text = &self.bytes[open + 1..start];
        let mut read = 0;
        let mut is_open = |convention: &Convention| {
            let mut at = 0;
            while at < text.len() {
                let lexeme = convention.lexeme(text, at, Some(quote));
                match lexeme.next(at) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            read += at;
            at >= text.len()
        };
        let is_open = is_open(&SQL)
            || is_open(&SHELL_SINGLE)
            || is_open(&POSTGRES_ESCAPES)
            || is_open(&POWERSHELL);
        self.count_layer(read + QUOTE_COST);
        is_open
    }

    /// The literal around `start` that is opened in an earlier line.
    pub(super) fn statement_layer(&mut self, start: usize) -> Option<Layer> {
        let line = self.line_at(start).start;
        let from = self.layers_end;
        let literal = self.statements.literal_at(self.bytes, start)?;
        (literal.open < line && literal.open >= from).then(|| Layer {
            start: literal.open + 1,
            quote: Some(b'\''),
            conventions: literal.conventions,
            may_be_plain: false,
            has_lines: true,
        })
    }
}

/// True if quotes in `text` are doubled, as in a cell of CSV. In JSON, `""` is an empty string, and
/// no other text follows it directly.
fn has_doubled_quotes(text: &[u8]) -> bool {
    const MAX_SEARCHED_BYTES: usize = 256;
    let head = &text[..text.len().min(MAX_SEARCHED_BYTES)];
    let mut pairs = memchr::memmem::find_iter(head, b"\"\"");
    pairs.any(|at| {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        !head[..at].ends_with(b"\\") && head.get(at + 2).is_some_and(is_name)
    })
}
