//! Bodies as text: the format family of `extract`. `show` lays out its JSON documents the same way.

use std::io::{self, Write};

use crate::json::Json;

/// Layout of a body as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyLayout {
    /// One line. A body that is on one line already is copied verbatim.
    Line,
    /// Indented, on several lines.
    Indented,
    /// On one line after a comma, as an element of an array that is written by [`BodyStream`].
    Element,
}

impl BodyLayout {
    /// The layout with or without `--pretty`.
    pub(crate) fn new(is_pretty: bool) -> Self {
        if is_pretty {
            Self::Indented
        } else {
            Self::Line
        }
    }

    /// Appends a body and its separator.
    pub(crate) fn push(self, body: Json, text: &mut String) {
        match self {
            Self::Indented => {
                body.push_indented(text);
                text.push('\n');
            }
            // A search for two bytes at once: one by characters takes more than all else here.
            _ if memchr::memchr2(b'\n', b'\r', body.text().as_bytes()).is_some() => {
                self.push_line(&body.compact(), text);
            }
            _ => self.push_line(body.text(), text),
        }
    }

    /// Appends JSON that is on one line, and what separates it from others.
    pub(crate) fn push_line(self, line: &str, text: &mut String) {
        if self == Self::Element {
            text.push_str(",\n  ");
            text.push_str(line);
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
}

/// Writes bodies, formatted in one layout, one after another.
pub(crate) struct BodyStream {
    layout: BodyLayout,
    is_empty: bool,
}

impl BodyStream {
    pub(crate) fn new(layout: BodyLayout) -> Self {
        Self {
            layout,
            is_empty: true,
        }
    }

    /// Writes the text of some bodies.
    pub(crate) fn write(&mut self, text: &[u8], out: &mut dyn Write) -> io::Result<()> {
        let is_first = self.is_empty;
        self.is_empty &= text.is_empty();
        match text.strip_prefix(b",") {
            Some(text) if is_first && self.layout == BodyLayout::Element => {
                out.write_all(b"[")?;
                out.write_all(text)
            }
            _ => out.write_all(text),
        }
    }

    /// Ends the array after the last body.
    pub(crate) fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match (self.layout, self.is_empty) {
            (BodyLayout::Element, true) => out.write_all(b"[]\n"),
            (BodyLayout::Element, false) => out.write_all(b"\n]\n"),
            (BodyLayout::Line | BodyLayout::Indented, _) => Ok(()),
        }
    }
}
