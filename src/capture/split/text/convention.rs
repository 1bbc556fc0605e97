//! The conventions by which databases, languages, shells and loggers quote and escape text. Each is
//! a row of data; [`Convention::lexeme`] applies it.
//!
//! Only escapes that can occur in text with JSON are listed: JSON has no raw control characters but
//! tabs and line breaks. An escape that is not listed is never dropped, it makes the text invalid.

use super::lexeme::Lexeme;
use super::number_escape::{Number, NumberEscape};
use super::shells::{
    browser_cmd_lexeme, cmd_lexeme, firefox_lexeme, powershell_argument_lexeme, powershell_lexeme,
    powershell_single_lexeme, shell_double_lexeme,
};
use super::sql_expression::{MAX_JOINT_BYTES, joint, opening_delimiter};

/// One way to quote and escape text.
#[derive(Debug)]
pub(crate) struct Convention {
    /// Name of the convention. No two have the same.
    pub(crate) name: &'static str,
    /// How the closing quote occurs inside the text, other than after a backslash.
    inner_quote: InnerQuote,
    /// The characters that may follow a backslash, each with its meaning. None if backslashes have
    /// no special meaning.
    escapes: &'static [(u8, char)],
    numbers: &'static [NumberEscape],
    /// The texts that `replace` turns into a line feed and into a carriage return.
    replaced: [Option<&'static [u8]>; 2],
    /// True if a backslash before any other character is an ordinary character.
    keeps_backslashes: bool,
    /// True if the text is a cell that ends with a tab or with the line.
    is_cell: bool,
    /// Reads the units instead, if they do not follow from the other rules.
    lexer: Option<Lexer>,
}

impl PartialEq for Convention {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Convention {}

/// Reads the unit at the start of a text that is at this offset, up to this quote.
type Lexer = fn(&[u8], usize, Option<u8>) -> Lexeme;

/// A closing quote that is part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InnerQuote {
    /// There is none.
    None,
    /// Two quotes mean one.
    Doubled,
    /// Two quotes mean one, and an operator, or the comma of `concat`, joins two literals.
    DoubledOrJoined { is_concat: bool },
    /// None: a bracket and a quote close the text. An operator joins two literals.
    Oracle,
    /// The text is closed, the quote is added as `\'` or `"'"`, and the text is opened again.
    Joined,
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

/// Escapes with numbers in Postgres and shells.
const BYTE_NUMBERS: &[NumberEscape] = &[
    NumberEscape::HexByte,
    NumberEscape::OctalByte,
    NumberEscape::Unicode,
    NumberEscape::LongUnicode,
];

/// Escapes with numbers in languages that escape bytes, and others that do not look different.
const BYTE_NUMBERS_OF_LANGUAGES: &[NumberEscape] = &[
    NumberEscape::HexByte,
    NumberEscape::OctalByte,
    NumberEscape::Unicode,
    NumberEscape::LongUnicode,
    NumberEscape::BracedUnicode,
];

/// Text without escapes, up to its end. The other conventions differ from it.
const VERBATIM: Convention = Convention {
    name: "plain text",
    inner_quote: InnerQuote::None,
    escapes: &[],
    numbers: &[],
    replaced: [None; 2],
    keeps_backslashes: true,
    is_cell: false,
    lexer: None,
};

/// Standard SQL (`SQLite`, SQL Server, Postgres), YAML and `PowerShell` in single quotes, and CSV
/// and Visual Basic in double quotes.
pub(crate) const SQL: Convention = Convention {
    name: "standard SQL",
    inner_quote: InnerQuote::DoubledOrJoined { is_concat: false },
    ..VERBATIM
};

/// The arguments of `concat` in standard SQL.
pub(crate) const SQL_CONCAT: Convention = Convention {
    name: "concat in standard SQL",
    inner_quote: InnerQuote::DoubledOrJoined { is_concat: true },
    ..VERBATIM
};

/// `q'[…]'` of Oracle.
pub(crate) const ORACLE: Convention = Convention {
    name: "Oracle",
    inner_quote: InnerQuote::Oracle,
    ..VERBATIM
};

/// The argument of `unistr`.
pub(crate) const UNISTR: Convention = Convention {
    name: "unistr in SQL",
    inner_quote: InnerQuote::Doubled,
    escapes: &[(b'\\', '\\')],
    numbers: &[
        NumberEscape::Unicode,
        NumberEscape::LongUnicode,
        NumberEscape::Unistr,
    ],
    keeps_backslashes: false,
    ..VERBATIM
};

/// The first argument of `replace`, by the texts that `sqlite3 .dump` lets it replace.
pub(crate) const REPLACED: &[Convention] = &[
    replaced(Some(br"\n"), None),
    replaced(Some(br"\012"), None),
    replaced(None, Some(br"\r")),
    replaced(None, Some(br"\015")),
    replaced(Some(br"\n"), Some(br"\r")),
    replaced(Some(br"\n"), Some(br"\015")),
    replaced(Some(br"\012"), Some(br"\r")),
    replaced(Some(br"\012"), Some(br"\015")),
];

const fn replaced(
    line_feed: Option<&'static [u8]>,
    carriage_return: Option<&'static [u8]>,
) -> Convention {
    Convention {
        name: "replace in SQL",
        inner_quote: InnerQuote::Doubled,
        replaced: [line_feed, carriage_return],
        ..VERBATIM
    }
}

/// `MySQL` and `MariaDB`, unless in the mode `NO_BACKSLASH_ESCAPES`.
pub(crate) const MYSQL: Convention = Convention {
    name: "MySQL",
    inner_quote: InnerQuote::Doubled,
    escapes: COMMON,
    keeps_backslashes: false,
    ..VERBATIM
};

/// The arguments of `concat` in `MySQL`.
pub(crate) const MYSQL_CONCAT: Convention = Convention {
    name: "concat in MySQL",
    inner_quote: InnerQuote::DoubledOrJoined { is_concat: true },
    ..MYSQL
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
    numbers: &[
        NumberEscape::HexControl,
        NumberEscape::Unicode,
        NumberEscape::LongUnicode,
        NumberEscape::BracedUnicode,
    ],
    keeps_backslashes: false,
    ..VERBATIM
};

/// `ascii` of Python, and JavaScript that was made smaller: other characters are escaped too.
pub(crate) const ASCII_CHARACTERS: Convention = Convention {
    numbers: &[
        NumberEscape::HexLatin1,
        NumberEscape::Unicode,
        NumberEscape::LongUnicode,
        NumberEscape::BracedUnicode,
    ],
    ..CHARACTERS
};

/// `repr` of Python's `bytes`.
pub(crate) const BYTES: Convention = Convention {
    name: "bytes in Python",
    escapes: COMMON,
    numbers: &[NumberEscape::HexByte],
    ..CHARACTERS
};

/// Strings of JSON, in an object that is not valid as a whole.
pub(crate) const JSON_STRING: Convention = Convention {
    name: "JSON",
    escapes: &[
        (b'\\', '\\'),
        (b'"', '"'),
        (b'/', '/'),
        (b'n', '\n'),
        (b'r', '\r'),
        (b't', '\t'),
    ],
    numbers: &[NumberEscape::Unicode],
    ..CHARACTERS
};

/// `redis-cli`, as its indexes before a reply show.
pub(crate) const REDIS: Convention = Convention {
    name: "redis-cli",
    ..BYTES
};

/// A quote as nginx writes it.
pub(super) const BYTE_QUOTE: &[u8] = br"\x22";

/// nginx, which escapes quotes and backslashes as bytes too.
pub(crate) const NGINX: Convention = Convention {
    name: "nginx",
    escapes: &[],
    ..BYTES
};

/// C, Go, redis-cli, Apache and others that escape bytes.
pub(crate) const C_STRING: Convention = Convention {
    name: "C, Go or redis-cli",
    numbers: BYTE_NUMBERS_OF_LANGUAGES,
    ..CHARACTERS
};

/// `$'…'` of bash and zsh.
pub(crate) const SHELL_ESCAPES: Convention = Convention {
    name: "a shell",
    escapes: COMMON,
    numbers: BYTE_NUMBERS,
    ..C_STRING
};

/// Single quotes of a shell.
pub(crate) const SHELL_SINGLE: Convention = Convention {
    name: "a shell",
    inner_quote: InnerQuote::Joined,
    ..VERBATIM
};

/// Double quotes of a POSIX shell.
pub(crate) const SHELL_DOUBLE: Convention = Convention {
    name: "a shell",
    lexer: Some(shell_double_lexeme),
    ..VERBATIM
};

/// Double quotes in cmd, for programs that split their arguments as Microsoft's C library does.
pub(crate) const CMD: Convention = Convention {
    name: "cmd",
    lexer: Some(cmd_lexeme),
    ..VERBATIM
};

/// "Copy as cURL" for Windows in Firefox, up to 2024. It doubles backslashes that cmd keeps.
pub(crate) const FIREFOX_CMD: Convention = Convention {
    name: "Firefox for cmd",
    lexer: Some(firefox_lexeme),
    ..VERBATIM
};

/// "Copy as cURL (cmd)" in Chrome, and in Firefox since 2024.
pub(crate) const BROWSER_CMD: Convention = Convention {
    name: "a browser for cmd",
    lexer: Some(browser_cmd_lexeme),
    ..VERBATIM
};

/// Double quotes of `PowerShell`, and `@"…"@` without a quote.
pub(crate) const POWERSHELL: Convention = Convention {
    name: "PowerShell",
    lexer: Some(powershell_lexeme),
    ..VERBATIM
};

/// Single quotes of `PowerShell`.
pub(crate) const POWERSHELL_SINGLE: Convention = Convention {
    name: "PowerShell",
    lexer: Some(powershell_single_lexeme),
    ..VERBATIM
};

/// An argument of a program, such as `curl.exe`, in single quotes of `PowerShell` before version
/// 7.3. Double quotes in the argument are escaped with a backslash.
pub(crate) const POWERSHELL_ARGUMENT: Convention = Convention {
    name: "an argument in PowerShell",
    lexer: Some(powershell_argument_lexeme),
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
    /// True if a backslash before some characters is an escape, and the same one in all these
    /// conventions.
    pub(crate) fn has_escapes(&self) -> bool {
        !self.escapes.is_empty() || !self.numbers.is_empty() || self.replaced != [None; 2]
    }

    /// The texts that `replace` turns into a line feed and into a carriage return.
    pub(super) fn replaced_signs(&self) -> [Option<&'static [u8]>; 2] {
        self.replaced
    }

    /// True for a shell that has rules of its own.
    pub(super) fn is_shell(&self) -> bool {
        self.lexer.is_some()
    }

    /// True if the text ends with a tab or with the line, not with a quote.
    pub(super) fn is_cell(&self) -> bool {
        self.is_cell
    }

    /// True for `MySQL`, which escapes each quote.
    pub(super) fn is_mysql(&self) -> bool {
        self.inner_quote == InnerQuote::Doubled && self.has_escapes() && self.numbers.is_empty()
    }

    /// Reads the unit at `at`, which is inside of `bytes`. `quote` closes the text, if it has one.
    pub(crate) fn lexeme(&self, bytes: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
        let rest = &bytes[at..];
        if let Some(lexer) = self.lexer {
            return lexer(rest, at, quote);
        }
        match rest[0] {
            b'\\' if self.has_escapes() => self.escape(rest, at),
            b'\t' | b'\n' if self.is_cell => Lexeme::End,
            byte if Some(byte) == quote => self.quote(rest, at, byte),
            _ => Lexeme::Plain(at + self.plain_length(rest, quote)),
        }
    }

    /// True if the literal that ends at the start of `text` may be joined with one that follows:
    /// the text ends too.
    pub(super) fn may_be_joined(&self, text: &[u8]) -> bool {
        let is_joined = matches!(
            self.inner_quote,
            InnerQuote::DoubledOrJoined { .. } | InnerQuote::Oracle
        );
        is_joined
            && text.len() < MAX_JOINT_BYTES
            && text[1..].iter().all(|byte| b" \t\r\n')|+,".contains(byte))
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
            InnerQuote::Doubled | InnerQuote::DoubledOrJoined { .. }
                if rest.get(1) == Some(&quote) =>
            {
                return Lexeme::Character(char::from(quote), at + 2);
            }
            InnerQuote::DoubledOrJoined { is_concat } if quote == b'\'' => {
                return match joint(rest, is_concat, b"'", b"'") {
                    Some((between, length)) => Lexeme::Joint(between, at + length),
                    None => Lexeme::End,
                };
            }
            InnerQuote::None | InnerQuote::Doubled | InnerQuote::DoubledOrJoined { .. } => &[],
            InnerQuote::Oracle if rest.get(1) != Some(&b'\'') => {
                return Lexeme::Plain(at + self.plain_length(rest, Some(quote)));
            }
            InnerQuote::Oracle => {
                let open = [b'q', b'\'', opening_delimiter(quote)];
                return match joint(rest, false, &[quote, b'\''], &open) {
                    Some((between, length)) => Lexeme::Joint(between, at + length),
                    None => Lexeme::End,
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
        for (sign, character) in self.replaced.iter().zip(['\n', '\r']) {
            if let Some(sign) = sign.filter(|sign| rest.starts_with(sign)) {
                return Lexeme::Character(character, at + sign.len());
            }
        }
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
