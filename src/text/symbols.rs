//! The characters that output for people is drawn with, besides letters.

/// A set of characters. Text from a body is shown unchanged with either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Symbols {
    /// Lines, dots and marks of Unicode.
    #[default]
    Unicode,
    /// ASCII only, for terminals and fonts without the others.
    Ascii,
}

impl Symbols {
    /// The characters to draw with: only ASCII if `is_ascii`.
    #[must_use]
    pub(crate) fn new(is_ascii: bool) -> Self {
        if is_ascii { Self::Ascii } else { Self::Unicode }
    }

    /// Chooses between a text for Unicode and one for ASCII.
    fn choose(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }

    /// Replaces the rest of a text.
    #[must_use]
    pub(crate) fn ellipsis(self) -> &'static str {
        self.choose("…", "...")
    }

    /// One column of a horizontal line.
    #[must_use]
    pub(crate) fn rule(self) -> &'static str {
        self.choose("─", "-")
    }

    /// Replaces a missing value, and connects the ends of a range.
    #[must_use]
    pub(crate) fn dash(self) -> &'static str {
        self.choose("–", "-")
    }

    /// Separates two facts on one line.
    #[must_use]
    pub(crate) fn dot(self) -> &'static str {
        self.choose("·", "|")
    }

    /// Starts an element of a list.
    #[must_use]
    pub(crate) fn bullet(self) -> &'static str {
        self.choose("•", "*")
    }

    /// Leads from a start to an end.
    #[must_use]
    pub(crate) fn arrow(self) -> &'static str {
        self.choose("→", "->")
    }

    /// Marks a value that rises.
    #[must_use]
    pub(crate) fn rise(self) -> &'static str {
        self.choose("↑", "up")
    }

    /// Marks a value that falls.
    #[must_use]
    pub(crate) fn fall(self) -> &'static str {
        self.choose("↓", "down")
    }

    /// A mark for a boolean.
    #[must_use]
    pub(crate) fn mark(self, value: bool) -> &'static str {
        if value {
            self.choose("✓", "yes")
        } else {
            self.choose("✗", "no")
        }
    }

    /// `word` after the mark for `value`; without the mark in ASCII, whose marks are words too.
    #[must_use]
    pub(crate) fn marked(self, value: bool, word: &str) -> String {
        match self {
            Self::Unicode => format!("{} {word}", self.mark(value)),
            Self::Ascii => word.to_owned(),
        }
    }
}
