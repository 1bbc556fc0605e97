//! The dialects of delimited text.

use super::line_breaks::LineBreaks;
use crate::export::spreadsheet_program::Program;

/// How cells are written and separated.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// Byte between two cells.
    pub delimiter: u8,
    /// Line terminator.
    pub(crate) line_end: &'static str,
    /// True if the file starts with a byte order mark, by which Excel detects UTF-8.
    pub(crate) bom: bool,
    /// True if the first line holds the column names.
    pub(crate) header: bool,
    /// Text of cells without a value.
    pub(crate) null: String,
    /// True if text that could run as a formula is guarded ([`guard`](crate::guard)).
    pub(crate) guard: bool,
    /// How line breaks in cells are written ([`Self::with_line_breaks`]).
    pub(crate) line_breaks: LineBreaks,
    /// The words for true and false, in this order.
    pub(crate) booleans: [String; 2],
    /// The spreadsheet program that the file is meant for, if any. Text that the program would
    /// convert is marked
    /// ([`needs_text_mark`](crate::export::spreadsheet_program::needs_text_mark)).
    pub(crate) program: Option<Program>,
}

impl Dialect {
    /// Comma-separated values (RFC 4180) with a header line, formulas guarded.
    #[must_use]
    pub fn csv() -> Self {
        Self {
            delimiter: b',',
            line_end: "\r\n",
            bom: false,
            header: true,
            null: String::new(),
            guard: true,
            line_breaks: LineBreaks::Keep,
            booleans: ["true", "false"].map(str::to_owned),
            program: None,
        }
    }

    /// Tab-separated values, quoted like CSV.
    #[must_use]
    pub(crate) fn tsv() -> Self {
        Self {
            delimiter: b'\t',
            line_end: "\n",
            ..Self::csv()
        }
    }

    /// This dialect with line breaks in all its cells and words written in this way.
    #[must_use]
    pub(crate) fn with_line_breaks(self, line_breaks: LineBreaks) -> Self {
        let word = |word: &str| line_breaks.replace_in_word(word).into_owned();
        Self {
            line_breaks,
            null: word(&self.null),
            booleans: self.booleans.each_ref().map(|boolean| word(boolean)),
            ..self
        }
    }

    /// CSV that `program` opens correctly when double-clicked.
    #[must_use]
    pub(crate) fn for_program(program: Program) -> Self {
        Self {
            delimiter: program.delimiter(),
            bom: true,
            booleans: program.booleans().map(str::to_owned),
            program: Some(program),
            ..Self::csv()
        }
    }
}
