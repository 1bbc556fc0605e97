//! The units of quoted and escaped text.

/// One unit of quoted text, with the offset after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// Bytes that mean themselves.
    Plain(usize),
    /// An escape with the same meaning in all conventions that have backslashes.
    Common(char, usize),
    /// Another escaped character.
    Character(char, usize),
    /// An escaped byte.
    Byte(u8, usize),
    /// The end of a literal and the start of the next one, with the character between them.
    Joint(Option<char>, usize),
    /// The closing quote, or the end of the cell.
    End,
    /// An escape that the convention does not have.
    Unknown,
}
