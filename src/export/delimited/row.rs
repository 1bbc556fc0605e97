//! Rows and cells of delimited text, and its header.

use std::borrow::Cow;

use super::dialect::Dialect;
use super::line_breaks::{LineBreaks, join_guards};
use crate::call::phone::is_e164;
use crate::export::copy::push_repeated;
use crate::export::spreadsheet_program;
use crate::guard;
use crate::json::exact_number::Number;
use crate::table::row::{Cell, CellKind};

impl Dialect {
    /// Returns the start of the file: the byte order mark and the header line, if the dialect has
    /// them. `guards` counts the guarded names.
    #[must_use]
    pub(crate) fn file_start<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
        guards: &mut u64,
    ) -> Vec<u8> {
        let mut text = Vec::new();
        if self.bom {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        if self.header {
            let start = text.len();
            for name in names {
                // Names of variables are untrusted text too.
                self.push_text(name, &mut text, guards);
                text.push(self.delimiter);
            }
            self.end_row(start, &mut text);
        }
        text
    }

    /// Appends a row to `text`. `guards` counts the guarded cells.
    pub(crate) fn push_row<'c>(
        &self,
        cells: impl IntoIterator<Item = Option<&'c Cell<'c>>>,
        text: &mut Vec<u8>,
        guards: &mut u64,
    ) {
        let start = text.len();
        for cell in cells {
            self.push_cell(cell, text, guards);
            text.push(self.delimiter);
        }
        self.end_row(start, text);
    }

    /// Ends the row that starts at byte `start` of `text` and has a delimiter after each cell.
    /// Replaces the last delimiter with the line terminator.
    pub fn end_row(&self, start: usize, text: &mut Vec<u8>) {
        if text.len() > start {
            text.pop();
        }
        if text.len() == start {
            // A row of one empty cell needs quotes, because many readers skip an empty line.
            text.extend_from_slice(b"\"\"");
        }
        text.extend_from_slice(self.line_end.as_bytes());
    }

    /// Appends a cell to `text`, without a delimiter.
    pub(crate) fn push_cell(&self, cell: Option<&Cell>, text: &mut Vec<u8>, guards: &mut u64) {
        let Some(cell) = cell else {
            return self.push_null(text);
        };
        let content = &*cell.text;
        let content = match cell.kind {
            CellKind::Text => return self.push_text(content, text, guards),
            CellKind::Boolean => Cow::Borrowed(&*self.booleans[usize::from(content != "true")]),
            CellKind::Number => match self.program {
                Some(_) if Number::parse(content).to_spreadsheet_number().is_none() => {
                    mark_as_text(content)
                }
                Some(program) if program.has_decimal_comma() => {
                    Cow::Owned(content.replace('.', ","))
                }
                _ => Cow::Borrowed(content),
            },
            CellKind::Json => self.guard_text(content, guards),
            // A format of times may have line breaks.
            CellKind::Time => self.line_breaks.replace(content),
        };
        self.push_field(&content, text);
    }

    /// Appends untrusted text as a field: guards formulas, and marks text that the program would
    /// convert.
    fn push_text(&self, content: &str, text: &mut Vec<u8>, guards: &mut u64) {
        if self.program.is_none() && self.line_breaks == LineBreaks::Keep {
            let start = text.len();
            self.push_field(content, text);
            // The text is judged in the row, where whole blocks can be read.
            let may_hold_formula =
                || !is_e164(content) && guard::may_hold_formula(text, start, self.delimiter);
            if !self.guard || !may_hold_formula() {
                return;
            }
            text.truncate(start);
        }
        let guards_before = *guards;
        let guarded = self.guard_text(content, guards);
        let is_guarded = *guards > guards_before;
        let escaped = match (self.program, guarded) {
            (None, guarded) => guarded,
            (Some(_), Cow::Borrowed(text)) => escape_for_program(text),
            (Some(_), Cow::Owned(text)) if !is_guarded => {
                Cow::Owned(escape_for_program(&text).into_owned())
            }
            // A tab at the start of the text needs another one, because readers remove one. Other
            // guarded text is not converted, because of its apostrophe.
            (Some(_), Cow::Owned(text)) if text.starts_with(spreadsheet_program::TEXT_MARK) => {
                Cow::Owned(mark_as_text(&text).into_owned())
            }
            (Some(_), Cow::Owned(text)) => Cow::Owned(text.replace("\r\n", "\n")),
        };
        self.push_field(&escaped, text);
    }

    /// Replaces line breaks, if the dialect does, and guards text that a spreadsheet could run as a
    /// formula. Text inside JSON needs it too: a reader with another delimiter finds cells inside
    /// it.
    fn guard_text<'c>(&self, text: &'c str, guards: &mut u64) -> Cow<'c, str> {
        let replaced = self.line_breaks.replace(text);
        if !self.guard {
            return replaced;
        }
        let guarded = match replaced {
            Cow::Borrowed(text) => guard::guard_formulas(text, self.delimiter),
            Cow::Owned(line) => {
                let guarded = self.guard_line(text, &line);
                *guards += u64::from(guarded.len() > line.len());
                return Cow::Owned(guarded);
            }
        };
        *guards += u64::from(matches!(guarded, Cow::Owned(_)));
        guarded
    }

    /// Guards `line`, which is `text` with its line breaks replaced. An escaped line is guarded for
    /// those who read it and for those who restore the text first: `\n=1` begins with a formula
    /// for the latter.
    fn guard_line(&self, text: &str, line: &str) -> String {
        let guarded = guard::guard_formulas(line, self.delimiter);
        if self.line_breaks != LineBreaks::Escape {
            return guarded.into_owned();
        }
        let guarded_text = guard::guard_formulas(text, self.delimiter);
        join_guards(&guarded, &self.line_breaks.replace(&guarded_text))
    }

    /// True if a cell without a value is written as zero bytes.
    fn has_empty_nulls(&self) -> bool {
        self.program.is_none() && self.null.is_empty()
    }

    fn push_null(&self, text: &mut Vec<u8>) {
        if !self.has_empty_nulls() {
            self.push_field(&self.null, text);
        }
    }

    /// Appends `count` cells without a value, each followed by a delimiter.
    #[inline]
    pub(crate) fn push_nulls(&self, count: usize, text: &mut Vec<u8>) {
        if count == 0 {
            return;
        }
        if self.has_empty_nulls() {
            push_repeated(self.delimiter, count, text);
            return;
        }
        for _ in 0..count {
            self.push_null(text);
            text.push(self.delimiter);
        }
    }
}

/// Marks text that a spreadsheet program would convert, or else writes its line breaks as LF, as
/// used within a cell.
fn escape_for_program(text: &str) -> Cow<'_, str> {
    if spreadsheet_program::needs_text_mark(text) {
        mark_as_text(text)
    } else if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn mark_as_text(text: &str) -> Cow<'_, str> {
    Cow::Owned(format!("{}{text}", spreadsheet_program::TEXT_MARK))
}
