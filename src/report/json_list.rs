//! Lists in JSON documents that are written item by item.

use std::io::{self, Write};

use serde::Serialize;

use super::finding_text::to_json_text;

/// The items of a JSON array, one per line. The brackets are written by the report.
#[derive(Debug, Default)]
pub(super) struct JsonList {
    /// White space before each item.
    indent: &'static str,
    has_items: bool,
}

impl JsonList {
    pub(super) fn indented(indent: &'static str) -> Self {
        Self {
            indent,
            has_items: false,
        }
    }

    /// Writes an item, on a line of its own.
    pub(super) fn write(&mut self, item: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
        let separator = if self.has_items { "," } else { "" };
        self.has_items = true;
        write!(out, "{separator}\n{}{}", self.indent, to_json_text(item)?)
    }

    /// Ends the line of the last item, if there is one.
    pub(super) fn finish(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.has_items {
            writeln!(out)?;
        }
        Ok(())
    }
}
