//! The offsets at which a text is read on.

/// An offset at which JSON may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) offset: usize,
    pub(super) kind: StopKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopKind {
    Head,
    Bracket,
    /// A percent-encoded bracket.
    Percent,
    /// Hexadecimal digits.
    Hex,
    /// An encoded part of a mail message.
    Mail,
    End,
}
