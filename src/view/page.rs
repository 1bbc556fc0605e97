//! Lines for people: headings, labelled values and wrapped text within a width. Text is made safe here, so that no caller can forget it.

use unicode_width::UnicodeWidthStr;

use super::safe_text;
use super::table::Layout;
use super::theme::{Theme, Tone};
use super::wrap::lines;

/// Pages are not made wider than this: long lines are hard to read.
const WIDEST: usize = 100;

/// The width where the output is no terminal.
const USUAL_WIDTH: usize = 80;

/// Labels are padded to this many columns.
const LABEL_WIDTH: usize = 10;

/// Columns before the lines of the page itself; twice as many before those of a section.
const INDENT: usize = 2;

/// Columns between a label and its value.
const GAP: usize = 2;

/// Text that is being laid out.
#[derive(Debug)]
pub struct Page {
    /// The lines so far.
    text: String,
    width: usize,
    theme: Theme,
    /// Columns before each line.
    indent: usize,
}

/// A piece of a line, in its tone.
pub struct Piece {
    text: String,
    tone: Tone,
}

impl Piece {
    /// `text`, made safe, in `tone`.
    #[must_use]
    pub fn new(tone: Tone, text: &str) -> Self {
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
    /// An empty page.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self {
            text: String::new(),
            width: layout.width.unwrap_or(USUAL_WIDTH).min(WIDEST),
            theme: layout.theme,
            indent: INDENT,
        }
    }

    /// The page's text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A title with an aside at the right edge, or below where there is no room, over a rule as wide as the page.
    pub fn title(&mut self, title: &[Piece], aside: &Piece) {
        let width: usize = title.iter().map(Piece::width).sum();
        if width > self.width {
            let title: String = title.iter().map(|piece| piece.text.as_str()).collect();
            self.wrapped(0, &title, Tone::Strong, usize::MAX);
        } else {
            for piece in title {
                self.paint(piece);
            }
            match self.width.checked_sub(width + aside.width()) {
                Some(room) if room >= 2 => self.spaces(room),
                _ => self.gap(),
            }
        }
        self.wrapped(0, &aside.text, aside.tone, usize::MAX);
        let rule = Piece::new(Tone::Faint, &"─".repeat(self.width));
        self.paint(&rule);
        self.gap();
    }

    /// Begins a section under a heading, after an empty line.
    pub fn section(&mut self, heading: &str) {
        self.gap();
        self.spaces(INDENT);
        self.wrapped(INDENT, heading, Tone::Strong, usize::MAX);
        self.indent = 2 * INDENT;
    }

    /// Ends the sections: what follows belongs to the page itself.
    pub fn end_sections(&mut self) {
        self.gap();
        self.indent = INDENT;
    }

    /// A value behind its label, wrapped.
    pub fn labelled(&mut self, label: &str, text: &str) {
        self.labelled_lines(Tone::Plain, label, text, usize::MAX);
    }

    /// A line of pieces behind a label, not wrapped.
    pub fn labelled_pieces(&mut self, label: &str, pieces: &[Piece]) {
        self.label(Tone::Plain, label);
        for piece in pieces {
            self.paint(piece);
        }
        self.gap();
    }

    /// Text behind its label, wrapped to at most `limit` lines; true when there was more.
    pub fn labelled_lines(&mut self, tone: Tone, label: &str, text: &str, limit: usize) -> bool {
        self.label(tone, label);
        self.wrapped(self.indent + LABEL_WIDTH + GAP, text, Tone::Plain, limit)
    }

    /// An aside on a line of its own.
    pub fn aside(&mut self, text: &str) {
        self.spaces(self.indent);
        self.paint(&Piece::new(Tone::Faint, text));
        self.gap();
    }

    /// Rows of a name, a faint word of at most `word_width` columns, and a text that is wrapped in its own column.
    pub fn rows(&mut self, word_width: usize, rows: &[(Piece, &str, String, Tone)]) {
        let widest = rows
            .iter()
            .map(|(name, ..)| name.width())
            .max()
            .unwrap_or(0);
        let name_width = widest.min(self.width / 3);
        for (name, word, text, tone) in rows {
            self.spaces(self.indent);
            if name.width() > name_width {
                self.wrapped(self.indent, &name.text, name.tone, usize::MAX);
                self.spaces(self.indent + name_width);
            } else {
                self.paint(name);
                self.spaces(name_width - name.width());
            }
            self.spaces(GAP);
            self.paint(&Piece::new(Tone::Faint, word));
            self.spaces(word_width.saturating_sub(word.width()) + GAP);
            let column = self.indent + name_width + GAP + word_width + GAP;
            self.wrapped(column, text, *tone, usize::MAX);
        }
    }

    /// Writes text that begins at column `indent`, wrapped to at most `limit` lines; true when there was more.
    fn wrapped(&mut self, indent: usize, text: &str, tone: Tone, limit: usize) -> bool {
        const NARROWEST: usize = 10;
        let width = self.width.saturating_sub(indent).max(NARROWEST);
        let text = safe_text::lines(text);
        let mut lines = lines(&text, width);
        let mut is_first = true;
        for line in lines.by_ref().take(limit) {
            if !is_first && !line.is_empty() {
                self.spaces(indent);
            }
            self.paint(&Piece::new(tone, &line));
            self.gap();
            is_first = false;
        }
        if is_first {
            self.gap();
        }
        lines.next().is_some()
    }

    fn label(&mut self, tone: Tone, label: &str) {
        self.spaces(self.indent);
        self.paint(&Piece::new(tone, label));
        self.spaces(LABEL_WIDTH.saturating_sub(label.width()) + GAP);
    }

    fn spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    fn paint(&mut self, piece: &Piece) {
        self.text
            .push_str(&self.theme.paint(piece.tone, &piece.text));
    }
}
