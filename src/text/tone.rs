//! The meaning of a piece of text, from which the views choose its style.

/// Meaning of a piece of text. A theme decides how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Ordinary text.
    #[default]
    Plain,
    /// Headings and names.
    Strong,
    /// Secondary text.
    Faint,
    /// A good result.
    Good,
    /// A result that deserves attention.
    Doubtful,
    /// A bad result.
    Bad,
    /// The turns of the assistant, and other things to distinguish.
    Accent,
    /// A match of a search.
    Match,
}
