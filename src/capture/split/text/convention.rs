//! The conventions by which databases, languages, shells and loggers quote and escape text. Each is
//! a row of data; [`Convention::lexeme`] applies it.
//!
//! Only escapes that can occur in text with JSON are listed: JSON has no raw control characters but
//! tabs and line breaks. An escape that is not listed is never dropped, it makes the text invalid.

/// One way to quote and escape text.
#[derive(Debug)]
pub(crate) struct Convention {
    /// Name of the convention.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests name conventions"))]
    pub(crate) name: &'static str,
    /// How the closing quote occurs inside the text, other than after a backslash.
    inner_quote: InnerQuote,
    /// The characters that may follow a backslash, each with its meaning. None if backslashes have
    /// no special meaning.
    escapes: &'static [(u8, char)],
    numbers: &'static [NumberEscape],
    /// True if a backslash before any other character is an ordinary character.
    keeps_backslashes: bool,
    /// True if the text is a cell that ends with a tab or with the line.
    is_cell: bool,
}

/// A closing quote that is part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InnerQuote {
    /// There is none.
    None,
    /// Two quotes mean one.
    Doubled,
    /// The text is closed, the quote is added as `\'` or `"'"`, and the text is opened again.
    Joined,
}

/// An escape with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberEscape {
    /// `\xHH`, a byte of UTF-8 that is not printable, or a quote or another special character.
    HexByte,
    /// `\xHH`, a code point below U+0100 that is not printable.
    HexCharacter,
    /// `\OOO`, a byte of UTF-8 that is not printable.
    OctalByte,
    /// `\uHHHH`, a code point or half of a surrogate pair; `\u{H…}`; `\UHHHHHHHH`.
    Unicode,
}

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
    /// The closing quote, or the end of the cell.
    End,
    /// An escape that the convention does not have.
    Unknown,
}

/// Escapes that mean the same in all conventions that have backslashes.
const COMMON: &[(u8, char)] = &[
    (b'\\', '\\'),
    (b'"', '"'),
    (b'\'', '\''),
    (b'n', '\n'),
    (b'r', '\r'),
    (b't', '\t'),
];

/// `COMMON`, and escapes of some languages that no other language reads differently.
const PROGRAM_ESCAPES: &[(u8, char)] = &[
    (b'\\', '\\'),
    (b'"', '"'),
    (b'\'', '\''),
    (b'n', '\n'),
    (b'r', '\r'),
    (b't', '\t'),
    (b'/', '/'),
    (b'`', '`'),
    (b'#', '#'),
];

/// Escapes with numbers in languages that escape bytes.
const BYTE_NUMBERS: &[NumberEscape] = &[
    NumberEscape::HexByte,
    NumberEscape::OctalByte,
    NumberEscape::Unicode,
];

/// Text without escapes, up to its end. The other conventions differ from it.
const VERBATIM: Convention = Convention {
    name: "plain text",
    inner_quote: InnerQuote::None,
    escapes: &[],
    numbers: &[],
    keeps_backslashes: true,
    is_cell: false,
};

/// Standard SQL (`SQLite`, SQL Server, Postgres), YAML and `PowerShell` in single quotes, and CSV
/// and Visual Basic in double quotes.
pub(crate) const SQL: Convention = Convention {
    name: "standard SQL",
    inner_quote: InnerQuote::Doubled,
    ..VERBATIM
};

/// `MySQL` and `MariaDB`, unless in the mode `NO_BACKSLASH_ESCAPES`.
pub(crate) const MYSQL: Convention = Convention {
    name: "MySQL",
    inner_quote: InnerQuote::Doubled,
    escapes: COMMON,
    keeps_backslashes: false,
    ..VERBATIM
};

/// `E'…'` of Postgres.
pub(crate) const POSTGRES_ESCAPES: Convention = Convention {
    name: "an escape string of Postgres",
    numbers: BYTE_NUMBERS,
    ..MYSQL
};

/// `repr` of a Python `str`, and strings of JavaScript and most other languages.
pub(crate) const CHARACTERS: Convention = Convention {
    name: "Python or JavaScript",
    escapes: PROGRAM_ESCAPES,
    numbers: &[NumberEscape::HexCharacter, NumberEscape::Unicode],
    keeps_backslashes: false,
    ..VERBATIM
};

/// `repr` of Python's `bytes`.
pub(crate) const BYTES: Convention = Convention {
    name: "bytes in Python",
    escapes: COMMON,
    numbers: &[NumberEscape::HexByte],
    ..CHARACTERS
};

/// C, Go, redis-cli, nginx, Apache and others that escape bytes.
pub(crate) const C_STRING: Convention = Convention {
    name: "C, Go or redis-cli",
    numbers: BYTE_NUMBERS,
    ..CHARACTERS
};

/// `$'…'` of bash and zsh.
pub(crate) const SHELL_ESCAPES: Convention = Convention {
    name: "a shell",
    escapes: COMMON,
    ..C_STRING
};

/// Single quotes of a shell.
pub(crate) const SHELL_SINGLE: Convention = Convention {
    name: "a shell",
    inner_quote: InnerQuote::Joined,
    ..VERBATIM
};

/// Double quotes of a shell.
pub(crate) const SHELL_DOUBLE: Convention = Convention {
    name: "a shell",
    escapes: &[(b'\\', '\\'), (b'"', '"'), (b'$', '$'), (b'`', '`')],
    ..VERBATIM
};

/// Cells of `COPY` and `pg_dump` of Postgres, and of `mysql --batch`.
pub(crate) const COPY: Convention = Convention {
    name: "Postgres COPY or mysql --batch",
    escapes: &[(b'\\', '\\'), (b'n', '\n'), (b'r', '\r'), (b't', '\t')],
    keeps_backslashes: false,
    is_cell: true,
    ..VERBATIM
};

impl Convention {
    /// True if a backslash may have a meaning of its own.
    pub(crate) fn has_escapes(&self) -> bool {
        !self.escapes.is_empty()
    }

    /// Reads the unit at `at`, which is inside of `bytes`. `quote` closes the text, if it has one.
    pub(crate) fn lexeme(&self, bytes: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
        let rest = &bytes[at..];
        match rest[0] {
            b'\\' if self.has_escapes() => self.escape(rest, at),
            b'\t' | b'\n' if self.is_cell => Lexeme::End,
            byte if Some(byte) == quote => self.quote(rest, at, byte),
            _ => Lexeme::Plain(at + self.plain_length(rest, quote)),
        }
    }

    /// Length of the bytes that mean themselves at the start of `rest`, at least one.
    fn plain_length(&self, rest: &[u8], quote: Option<u8>) -> usize {
        let text = &rest[1..];
        let length = match (self.has_escapes(), quote) {
            _ if self.is_cell => memchr::memchr3(b'\\', b'\t', b'\n', text),
            (true, Some(quote)) => memchr::memchr2(b'\\', quote, text),
            (true, None) => memchr::memchr(b'\\', text),
            (false, Some(quote)) => memchr::memchr(quote, text),
            (false, None) => None,
        };
        length.map_or(rest.len(), |length| length + 1)
    }

    /// Reads the closing quote at the start of `rest`, or the quote that it is part of.
    fn quote(&self, rest: &[u8], at: usize, quote: u8) -> Lexeme {
        let joined: &[&[u8]] = match self.inner_quote {
            InnerQuote::None => &[],
            InnerQuote::Doubled => {
                return match rest.get(1) {
                    Some(next) if *next == quote => Lexeme::Character(char::from(quote), at + 2),
                    _ => Lexeme::End,
                };
            }
            InnerQuote::Joined => &[br"'\''", br#"'"'"'"#],
        };
        match joined.iter().find(|joined| rest.starts_with(joined)) {
            Some(joined) => Lexeme::Character(char::from(quote), at + joined.len()),
            None => Lexeme::End,
        }
    }

    /// Reads the escape at the start of `rest`.
    fn escape(&self, rest: &[u8], at: usize) -> Lexeme {
        let Some(letter) = rest.get(1) else {
            return Lexeme::Unknown;
        };
        if let Some((_, character)) = self.escapes.iter().find(|(known, _)| known == letter) {
            let is_common = COMMON.iter().any(|(known, _)| known == letter);
            return if is_common {
                Lexeme::Common(*character, at + 2)
            } else {
                Lexeme::Character(*character, at + 2)
            };
        }
        let mut numbers = self.numbers.iter();
        let number = numbers.find_map(|number| number.read(rest));
        match number {
            Some((Number::Byte(byte), length)) => Lexeme::Byte(byte, at + length),
            Some((Number::Character(character), length)) => {
                Lexeme::Character(character, at + length)
            }
            None if self.keeps_backslashes => Lexeme::Plain(at + 1),
            None => Lexeme::Unknown,
        }
    }
}

/// Printable characters that programs write as `\xHH`. No program writes others so: a backslash
/// before them is damage.
const SPECIAL: &[u8] = b"\"'\\&<>";

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// The value of a [`NumberEscape`].
enum Number {
    Byte(u8),
    Character(char),
}

impl NumberEscape {
    /// Reads the escape at the start of `text`. Returns its value and its length.
    fn read(self, text: &[u8]) -> Option<(Number, usize)> {
        let letter = *text.get(1)?;
        match self {
            Self::HexByte if letter == b'x' => {
                let byte = u8::try_from(digits(text.get(2..4)?, 16)?).ok()?;
                let is_escaped = !is_printable(byte) || SPECIAL.contains(&byte);
                is_escaped.then_some((Number::Byte(byte), 4))
            }
            Self::HexCharacter if letter == b'x' => {
                let code = digits(text.get(2..4)?, 16)?;
                // The code points below U+0100 that are not printable. All others are UTF-8, or
                // the program would not have escaped them.
                let is_escaped = matches!(code, 0..0x20 | 0x7f..=0xa0 | 0xad);
                let character = char::from_u32(code).filter(|_| is_escaped)?;
                Some((Number::Character(character), 4))
            }
            Self::OctalByte if letter.is_ascii_digit() => {
                let byte = u8::try_from(digits(text.get(1..4)?, 8)?).ok()?;
                (!is_printable(byte)).then_some((Number::Byte(byte), 4))
            }
            Self::Unicode if letter == b'u' => unicode_escape(text),
            Self::Unicode if letter == b'U' => {
                let code = digits(text.get(2..10)?, 16)?;
                Some((Number::Character(char::from_u32(code)?), 10))
            }
            _ => None,
        }
    }
}

/// Reads `\uHHHH`, a surrogate pair of them, or `\u{H…}` at the start of `text`.
fn unicode_escape(text: &[u8]) -> Option<(Number, usize)> {
    const MAX_DIGITS: usize = 6;
    let rest = &text[2..];
    if let Some(braced) = rest.strip_prefix(b"{") {
        let length = braced
            .iter()
            .take(MAX_DIGITS + 1)
            .position(|byte| *byte == b'}')?;
        let code = digits(&braced[..length], 16)?;
        return Some((Number::Character(char::from_u32(code)?), length + 4));
    }
    let high = digits(rest.get(..4)?, 16)?;
    if !matches!(high, 0xd800..0xdc00) {
        return Some((Number::Character(char::from_u32(high)?), 6));
    }
    let low = digits(rest[4..].strip_prefix(b"\\u")?.get(..4)?, 16)?;
    if !matches!(low, 0xdc00..0xe000) {
        return None;
    }
    let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    Some((Number::Character(char::from_u32(code)?), 12))
}

/// The number that consists of these digits only.
fn digits(digits: &[u8], radix: u32) -> Option<u32> {
    let are_digits = digits
        .iter()
        .all(|digit| char::from(*digit).is_digit(radix));
    let digits = std::str::from_utf8(digits).ok().filter(|_| are_digits)?;
    u32::from_str_radix(digits, radix).ok()
}
