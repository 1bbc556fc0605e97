//! Lays out lines for people: headings, labelled values and wrapped text within a width. Text is
//! made safe here, so that no caller can forget it.

use std::borrow::Cow;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::marks::{has_mark, paint_marked, split_marks, with_marks};
use super::terminal::Terminal;
use super::theme::Theme;
use crate::text::safe_text;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;
use crate::text::workflow_commands::break_commands;
use crate::text::wrap::wrap_lines;

/// Maximum width of a page; longer lines are hard to read.
const MAX_WIDTH: usize = 100;

/// Width if the output is not a terminal.
const DEFAULT_WIDTH: usize = 80;

/// Width to which labels are padded.
const LABEL_WIDTH: usize = 10;

/// Indentation of the lines of the page itself, in columns. Sections are indented twice as far.
const INDENT: usize = 2;

/// Columns between a label and its value.
const GAP: usize = 2;

/// A page while it is laid out.
#[derive(Debug)]
pub(crate) struct Page {
    /// The lines so far.
    text: String,
    width: usize,
    theme: Theme,
    symbols: Symbols,
    /// Indentation of each line, in columns.
    indent: usize,
}

/// Safe text of one or more lines, with marks at the matches of a search.
pub(crate) struct MarkedText<'t>(Cow<'t, str>);

impl<'t> MarkedText<'t> {
    /// Makes `text` safe, without marks.
    #[must_use]
    pub(crate) fn plain(text: &'t str) -> Self {
        Self(safe_text::lines(text))
    }

    /// Makes `text` safe and marks `ranges`, which must be sorted and must not overlap.
    #[must_use]
    pub(crate) fn new(text: &'t str, ranges: &[Range<usize>]) -> Self {
        Self(with_marks(text, ranges, safe_text::lines))
    }
}

/// Number of lines to skip so that the first one with a mark is among the next `limit`: none if it
/// is among the first ones.
fn lines_before_match(mut lines: impl Iterator<Item = String>, limit: usize) -> usize {
    let first = lines.position(|line| has_mark(&line)).unwrap_or_default();
    let after = lines.take(limit).count();
    match first {
        _ if first < limit => 0,
        // The last line alone would have little context.
        _ => (first + 1 + after).saturating_sub(limit).min(first),
    }
}

/// A piece of a line with its tone.
pub(crate) struct PagePiece {
    text: String,
    tone: Tone,
}

impl PagePiece {
    /// Creates a piece of `text`, made safe, in `tone`.
    #[must_use]
    pub(crate) fn new(tone: Tone, text: &str) -> Self {
        Self {
            text: safe_text::one_line(text).into_owned(),
            tone,
        }
    }

    fn width(&self) -> usize {
        self.text.width()
    }
}

impl Page {
    /// Creates an empty page.
    #[must_use]
    pub(crate) fn new(terminal: Terminal) -> Self {
        Self {
            text: String::new(),
            width: terminal.width.unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH),
            theme: terminal.theme,
            symbols: terminal.symbols,
            indent: INDENT,
        }
    }

    /// The characters that the page is drawn with.
    #[must_use]
    pub(crate) fn symbols(&self) -> Symbols {
        self.symbols
    }

    /// Returns the text of the page.
    #[must_use]
    pub(crate) fn into_text(self) -> String {
        break_commands(&self.text).into_owned()
    }

    /// Ends the current line. At the start of a line, this adds an empty line.
    pub(crate) fn end_line(&mut self) {
        self.text.push('\n');
    }

    /// Adds a title above a rule as wide as the page. The aside is at the right edge, or below the
    /// title if there is no room.
    pub(crate) fn add_title(&mut self, title: &[PagePiece], aside: &PagePiece) {
        let width: usize = title.iter().map(PagePiece::width).sum();
        if width > self.width {
            let title: String = title.iter().map(|piece| piece.text.as_str()).collect();
            self.push_wrapped(0, &MarkedText::plain(&title), Tone::Strong, usize::MAX);
        } else {
            for piece in title {
                self.push_piece(piece);
            }
            match self.width.checked_sub(width + aside.width()) {
                Some(room) if room >= 2 => self.push_spaces(room),
                _ => self.end_line(),
            }
        }
        self.push_wrapped(0, &MarkedText::plain(&aside.text), aside.tone, usize::MAX);
        let rule = PagePiece::new(Tone::Faint, &self.symbols.rule().repeat(self.width));
        self.push_piece(&rule);
        self.end_line();
    }

    /// Starts a section with a heading, after an empty line.
    pub(crate) fn begin_section(&mut self, heading: &str) {
        self.end_line();
        self.push_spaces(INDENT);
        self.push_wrapped(
            INDENT,
            &MarkedText::plain(heading),
            Tone::Strong,
            usize::MAX,
        );
        self.indent = 2 * INDENT;
    }

    /// Ends the sections: the following lines belong to the page itself.
    pub(crate) fn end_sections(&mut self) {
        self.end_line();
        self.indent = INDENT;
    }

    /// Adds a value after its label, wrapped.
    pub(crate) fn add_labelled(&mut self, label: &str, text: &str) {
        self.add_labelled_lines(Tone::Plain, label, &MarkedText::plain(text), usize::MAX);
    }

    /// Adds a line of pieces after a label, not wrapped.
    pub(crate) fn add_labelled_pieces(&mut self, label: &str, pieces: &[PagePiece]) {
        self.push_label(Tone::Plain, label);
        for piece in pieces {
            self.push_piece(piece);
        }
        self.end_line();
    }

    /// Adds text after its label, wrapped to at most `limit` lines. Returns true if text was cut
    /// off. If the first match of a search is not in these lines, others are shown: the first one
    /// with a match and those after it.
    pub(crate) fn add_labelled_lines(
        &mut self,
        tone: Tone,
        label: &str,
        text: &MarkedText,
        limit: usize,
    ) -> bool {
        self.push_label(tone, label);
        self.push_wrapped(self.indent + LABEL_WIDTH + GAP, text, Tone::Plain, limit)
    }

    /// Adds an aside on a separate line.
    pub(crate) fn add_aside(&mut self, text: &str) {
        self.push_spaces(self.indent);
        self.push_piece(&PagePiece::new(Tone::Faint, text));
        self.end_line();
    }

    /// Adds rows of three columns: a name, a faint word of at most `word_width` columns, and a
    /// wrapped text.
    pub(crate) fn add_rows(
        &mut self,
        word_width: usize,
        rows: &[(PagePiece, &str, MarkedText, Tone)],
    ) {
        let widest = rows
            .iter()
            .map(|(name, ..)| name.width())
            .max()
            .unwrap_or(0);
        let name_width = widest.min(self.width / 3);
        for (name, word, text, tone) in rows {
            self.push_spaces(self.indent);
            if name.width() > name_width {
                self.push_wrapped(
                    self.indent,
                    &MarkedText::plain(&name.text),
                    name.tone,
                    usize::MAX,
                );
                self.push_spaces(self.indent + name_width);
            } else {
                self.push_piece(name);
                self.push_spaces(name_width - name.width());
            }
            self.push_spaces(GAP);
            self.push_piece(&PagePiece::new(Tone::Faint, word));
            self.push_spaces(word_width.saturating_sub(word.width()) + GAP);
            let column = self.indent + name_width + GAP + word_width + GAP;
            self.push_wrapped(column, text, *tone, usize::MAX);
        }
    }

    /// Writes text from column `indent` on, wrapped to at most `limit` lines. Returns true if text
    /// was cut off.
    fn push_wrapped(&mut self, indent: usize, text: &MarkedText, tone: Tone, limit: usize) -> bool {
        const NARROWEST: usize = 10;
        let mut width = self.width.saturating_sub(indent).max(NARROWEST);
        let mut skipped = 0;
        let more = format!("{} ", self.symbols.ellipsis());
        if limit < usize::MAX && has_mark(&text.0) {
            width = width.saturating_sub(more.width()).max(1);
            skipped = lines_before_match(wrap_lines(&text.0, width), limit);
        }
        if skipped > 0 {
            self.push_piece(&PagePiece::new(tone, &more));
        }
        let mut lines = split_marks(wrap_lines(&text.0, width)).skip(skipped);
        let mut is_first = true;
        for line in lines.by_ref().take(limit) {
            if !is_first && !line.is_empty() {
                self.push_spaces(indent);
            }
            (self.text).push_str(&paint_marked(self.theme, tone, &line));
            self.end_line();
            is_first = false;
        }
        if is_first {
            self.end_line();
        }
        skipped > 0 || lines.next().is_some()
    }

    fn push_label(&mut self, tone: Tone, label: &str) {
        self.push_spaces(self.indent);
        self.push_piece(&PagePiece::new(tone, label));
        self.push_spaces(LABEL_WIDTH.saturating_sub(label.width()) + GAP);
    }

    fn push_spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    fn push_piece(&mut self, piece: &PagePiece) {
        self.text
            .push_str(&self.theme.paint(piece.tone, &piece.text));
    }
}
