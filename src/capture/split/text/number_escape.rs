//! Escapes with a number, which stand for a byte or for a character.

/// An escape with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberEscape {
    /// `\xHH`, a byte of UTF-8 that is not printable, or a quote or another special character.
    HexByte,
    /// `\xHH`, a control character of ASCII, which is the same as a byte and as a code point.
    HexControl,
    /// `\xHH`, a code point below U+0100 that is not printable ASCII.
    HexLatin1,
    /// `\OOO`, a byte of UTF-8 that is not printable.
    OctalByte,
    /// `\uHHHH`, a code point or half of a surrogate pair.
    Unicode,
    /// `\u{H…}`, a code point in JavaScript, PHP, Ruby, Rust and Swift.
    BracedUnicode,
    /// `\UHHHHHHHH`, a code point in C, Go, Postgres, Python and shells.
    LongUnicode,
    /// `\HHHH` and `\+HHHHHH` of `unistr`: a code point, or half of a surrogate pair.
    Unistr,
}

/// Printable characters that programs write as `\xHH`. No program writes others so: a backslash
/// before them is damage.
const SPECIAL: &[u8] = b"\"'\\&<>";

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// The value of a [`NumberEscape`].
pub(super) enum Number {
    Byte(u8),
    Character(char),
}

impl NumberEscape {
    /// Reads the escape at the start of `text`. Returns its value and its length.
    pub(super) fn read(self, text: &[u8]) -> Option<(Number, usize)> {
        let letter = *text.get(1)?;
        match self {
            Self::HexByte if letter == b'x' => {
                let byte = u8::try_from(digits(text.get(2..4)?, 16)?).ok()?;
                let is_escaped = !is_printable(byte) || SPECIAL.contains(&byte);
                is_escaped.then_some((Number::Byte(byte), 4))
            }
            Self::HexControl if letter == b'x' => {
                let code = digits(text.get(2..4)?, 16)?;
                let is_control = matches!(code, 0..0x20 | 0x7f);
                let character = char::from_u32(code).filter(|_| is_control)?;
                Some((Number::Character(character), 4))
            }
            Self::HexLatin1 if letter == b'x' => {
                let code = digits(text.get(2..4)?, 16)?;
                let character = char::from_u32(code).filter(|_| !matches!(code, 0x20..0x7f))?;
                Some((Number::Character(character), 4))
            }
            Self::OctalByte if letter.is_ascii_digit() => {
                let byte = u8::try_from(digits(text.get(1..4)?, 8)?).ok()?;
                (!is_printable(byte)).then_some((Number::Byte(byte), 4))
            }
            Self::Unicode if letter == b'u' => unicode_pair(text, b"\\u"),
            Self::BracedUnicode => {
                let (character, length) = braced_code_point(text)?;
                Some((Number::Character(character), length))
            }
            Self::LongUnicode if letter == b'U' => {
                let code = digits(text.get(2..10)?, 16)?;
                Some((Number::Character(char::from_u32(code)?), 10))
            }
            Self::Unistr if letter == b'+' => {
                let code = digits(text.get(2..8)?, 16)?;
                Some((Number::Character(char::from_u32(code)?), 8))
            }
            Self::Unistr => unicode_pair(text, b"\\"),
            _ => None,
        }
    }
}

/// Reads `\u{H…}` at the start of `text`, whatever its first byte is. Returns the character and the
/// length of the escape.
pub(super) fn braced_code_point(text: &[u8]) -> Option<(char, usize)> {
    const MAX_DIGITS: usize = 6;
    let braced = text[1..].strip_prefix(b"u{")?;
    let mut digits_and_end = braced.iter().take(MAX_DIGITS + 1);
    let length = digits_and_end.position(|byte| *byte == b'}')?;
    let code = digits(&braced[..length], 16)?;
    Some((char::from_u32(code)?, length + 4))
}

/// Reads the four digits of a code point, or a surrogate pair, with `prefix` before each four.
fn unicode_pair(text: &[u8], prefix: &[u8]) -> Option<(Number, usize)> {
    let length = prefix.len() + 4;
    let rest = text.strip_prefix(prefix)?;
    let high = digits(rest.get(..4)?, 16)?;
    if !matches!(high, 0xd800..0xdc00) {
        return Some((Number::Character(char::from_u32(high)?), length));
    }
    let low = digits(rest[4..].strip_prefix(prefix)?.get(..4)?, 16)?;
    if !matches!(low, 0xdc00..0xe000) {
        return None;
    }
    let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    Some((Number::Character(char::from_u32(code)?), 2 * length))
}

/// The number that consists of these digits only.
fn digits(digits: &[u8], radix: u32) -> Option<u32> {
    let are_digits = digits
        .iter()
        .all(|digit| char::from(*digit).is_digit(radix));
    let digits = std::str::from_utf8(digits).ok().filter(|_| are_digits)?;
    u32::from_str_radix(digits, radix).ok()
}
