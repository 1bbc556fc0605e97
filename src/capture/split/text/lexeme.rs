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

impl Lexeme {
    /// The decoded text of this unit, which is at `at` of `bytes`, and the offset after it. `utf8`
    /// holds the text if it is not in `bytes`. `None` for [`Lexeme::End`] and [`Lexeme::Unknown`].
    pub(crate) fn decoded<'t>(
        self,
        bytes: &'t [u8],
        at: usize,
        utf8: &'t mut [u8; 4],
    ) -> Option<(&'t [u8], usize)> {
        match self {
            Self::Plain(next) => Some((&bytes[at..next], next)),
            Self::Common(character, next)
            | Self::Character(character, next)
            | Self::Joint(Some(character), next) => {
                Some((character.encode_utf8(utf8).as_bytes(), next))
            }
            Self::Byte(byte, next) => {
                utf8[0] = byte;
                Some((&utf8[..1], next))
            }
            Self::Joint(None, next) => Some((&[], next)),
            Self::End | Self::Unknown => None,
        }
    }

    /// The offset at which to go on after this unit, which is at `at`. An unknown escape is skipped
    /// with the character after its backslash. `None` for [`Lexeme::End`].
    pub(super) fn next(self, at: usize) -> Option<usize> {
        match self {
            Self::Plain(next)
            | Self::Common(_, next)
            | Self::Character(_, next)
            | Self::Byte(_, next)
            | Self::Joint(_, next) => Some(next),
            Self::Unknown => Some(at + 2),
            Self::End => None,
        }
    }
}
