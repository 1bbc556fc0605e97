//! How shells quote text whose escapes do not follow from a table: POSIX shells in double quotes,
//! cmd and the commands that browsers copy for it, and `PowerShell`.
//!
//! A variable has a value that the text does not show. It makes the text invalid, like an unknown
//! escape.

use super::lexeme::Lexeme;
use super::number_escape::braced_code_point;

/// The bytes that mean themselves at the start of `rest`, at least one, up to one of `special`.
fn plain(rest: &[u8], at: usize, special: &[u8]) -> Lexeme {
    let length = rest[1..].iter().position(|byte| special.contains(byte));
    Lexeme::Plain(at + length.map_or(rest.len(), |length| length + 1))
}

/// The ASCII character `byte`, written in `length` bytes.
fn escaped(byte: u8, at: usize, length: usize) -> Lexeme {
    Lexeme::Character(char::from(byte), at + length)
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Double quotes of a POSIX shell, or a here-document if there is no quote.
pub(super) fn shell_double_lexeme(rest: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
    match (rest[0], rest.get(1)) {
        (b'\\', Some(escape @ (b'\\' | b'$' | b'`'))) => escaped(*escape, at, 2),
        (b'\\', Some(b'"')) if quote.is_some() => escaped(b'"', at, 2),
        (b'$', Some(next)) if is_name_start(*next) || b"{(0123456789@*#?$!-".contains(next) => {
            Lexeme::Unknown
        }
        (b'`', _) => Lexeme::Unknown,
        (byte, _) if Some(byte) == quote => Lexeme::End,
        _ => plain(rest, at, b"\\\"$`"),
    }
}

/// Double quotes in cmd. Microsoft's C library reads a backslash as an escape only before a quote.
/// cmd removes a `^` if it is outside of quotes, which depends on the quotes before it. A command
/// ends with its line.
pub(super) fn cmd_lexeme(rest: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
    match rest[0] {
        b'\\' => backslashes(rest, at),
        b'"' if rest.starts_with(b"\"%\"") => escaped(b'%', at, 3),
        b'"' if rest.get(1) == Some(&b'"') => escaped(b'"', at, 2),
        b'"' if quote == Some(b'"') => Lexeme::End,
        b'\n' => Lexeme::End,
        b'"' | b'^' => Lexeme::Unknown,
        b'%' if is_cmd_variable(rest) => Lexeme::Unknown,
        _ => plain(rest, at, b"\\\"^%\n"),
    }
}

/// Backslashes in an argument of a Windows program.
fn backslashes(rest: &[u8], at: usize) -> Lexeme {
    let length = rest.iter().take_while(|byte| **byte == b'\\').count();
    match (rest.get(length), length) {
        (Some(b'"'), 1) => escaped(b'"', at, 2),
        (Some(b'"'), _) => escaped(b'\\', at, 2),
        _ => Lexeme::Plain(at + length),
    }
}

/// True if `rest` starts with a variable of cmd, `%NAME%`.
fn is_cmd_variable(rest: &[u8]) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_()-.:~=,".contains(byte);
    let length = rest[1..].iter().take_while(is_part).count();
    rest.get(1).is_some_and(|first| is_name_start(*first)) && rest.get(length + 1) == Some(&b'%')
}

/// What Firefox copied for cmd up to 2024: `""`, `"%"`, `\\`, `` `$ ``, and `"^` before a line
/// break.
pub(super) fn firefox_lexeme(rest: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
    const ESCAPES: &[(&[u8], u8)] = &[
        (b"\\\\", b'\\'),
        (b"\"\"", b'"'),
        (b"\"%\"", b'%'),
        (b"``", b'`'),
        (b"`$", b'$'),
        (b"\"^\r\n\r\n\"", b'\n'),
        (b"\"^\n\n\"", b'\n'),
    ];
    let known = ESCAPES.iter().find(|(text, _)| rest.starts_with(text));
    match (known, rest[0]) {
        (Some((text, meaning)), _) => escaped(*meaning, at, text.len()),
        (None, b'"') if quote == Some(b'"') => Lexeme::End,
        (None, b'\\' | b'"' | b'`') => Lexeme::Unknown,
        _ => plain(rest, at, b"\\\"`"),
    }
}

/// What Chrome copies for cmd: a `^` before all characters that may be special, and a backslash
/// before backslashes and quotes. cmd would keep most of these backslashes; the body has half of
/// them.
pub(super) fn browser_cmd_lexeme(rest: &[u8], at: usize, _: Option<u8>) -> Lexeme {
    match rest {
        [b'^', b'\\', b'^', escape @ (b'\\' | b'"'), ..] => escaped(*escape, at, 4),
        [b'^', b'\n', b'\n', ..] => escaped(b'\n', at, 3),
        [b'^', b'\r', b'\n', b'\r', b'\n', ..] => escaped(b'\n', at, 5),
        [b'"', ..] | [b'^', b'"', ..] => Lexeme::End,
        // It breaks characters beyond U+FFFF, which become U+FFFD.
        [b'\\', ..] | [b'^'] | [b'^', b'\\' | b'\r' | b'\n', ..] | [b'^', 0xef, 0xbf, 0xbd, ..] => {
            Lexeme::Unknown
        }
        // The bytes after the first one of a character are plain.
        [b'^', next, ..] if next.is_ascii() => escaped(*next, at, 2),
        [b'^', next, ..] => Lexeme::Byte(*next, at + 2),
        _ => plain(rest, at, b"^\\\""),
    }
}

/// Double quotes of `PowerShell`, or a text in `@"…"@` if there is no quote.
pub(super) fn powershell_lexeme(rest: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
    match (rest[0], rest.get(1)) {
        (b'`', Some(letter)) => match letter {
            b'`' | b'"' | b'$' | b'\'' | b'#' => escaped(*letter, at, 2),
            b'n' => escaped(b'\n', at, 2),
            b'r' => escaped(b'\r', at, 2),
            b't' => escaped(b'\t', at, 2),
            b'u' => match braced_code_point(rest) {
                Some((character, length)) => Lexeme::Character(character, at + length),
                None => Lexeme::Unknown,
            },
            _ => Lexeme::Unknown,
        },
        (b'$', Some(b'(')) => match char_expression(rest) {
            Some((character, length)) => Lexeme::Character(character, at + length),
            None => Lexeme::Unknown,
        },
        (b'$', Some(next)) if is_name_start(*next) || b"{?^$:".contains(next) => Lexeme::Unknown,
        (b'`', None) => Lexeme::Unknown,
        (b'"', next) if quote == Some(b'"') => match next {
            Some(b'"') => escaped(b'"', at, 2),
            _ => Lexeme::End,
        },
        (0xe2, _) if quote == Some(b'"') && is_curly_quote(rest, 0x9c..=0x9e) => Lexeme::Unknown,
        _ => plain(rest, at, b"`$\"\xe2"),
    }
}

/// Single quotes of `PowerShell`, which also takes curly ones for quotes.
pub(super) fn powershell_single_lexeme(rest: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
    match (rest[0], rest.get(1)) {
        (byte, Some(next)) if Some(byte) == quote && byte == *next => escaped(byte, at, 2),
        (byte, _) if Some(byte) == quote => Lexeme::End,
        (0xe2, _) if is_curly_quote(rest, 0x98..=0x9b) => Lexeme::Unknown,
        _ => plain(rest, at, b"'\xe2"),
    }
}

/// Single quotes of `PowerShell` around an argument of a program.
pub(super) fn powershell_argument_lexeme(rest: &[u8], at: usize, quote: Option<u8>) -> Lexeme {
    match rest[0] {
        b'\\' => backslashes(rest, at),
        b'"' => Lexeme::Unknown,
        _ => match powershell_single_lexeme(rest, at, quote) {
            Lexeme::Plain(_) => plain(rest, at, b"\\\"'\xe2"),
            lexeme => lexeme,
        },
    }
}

/// True if `rest` starts with a character from U+2000 to U+203F whose last byte is in `last`.
fn is_curly_quote(rest: &[u8], last: std::ops::RangeInclusive<u8>) -> bool {
    matches!(rest, [_, 0x80, byte, ..] if last.contains(byte))
}

/// The character of `$([char]252)`, or of two that are a surrogate pair, and its length.
fn char_expression(rest: &[u8]) -> Option<(char, usize)> {
    let (high, length) = code_unit(rest)?;
    if let Some(character) = char::from_u32(u32::from(high)) {
        return Some((character, length));
    }
    let (low, low_length) = code_unit(&rest[length..])?;
    let mut characters = char::decode_utf16([high, low]);
    let character = characters.next()?.ok()?;
    Some((character, length + low_length))
}

/// The number in `$([char]252)`, and the length of the expression.
fn code_unit(rest: &[u8]) -> Option<(u16, usize)> {
    const OPEN: &[u8] = b"$([char]";
    let inner = rest.strip_prefix(OPEN)?;
    let length = inner
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let number = std::str::from_utf8(&inner[..length]).ok()?.parse().ok()?;
    (inner.get(length) == Some(&b')')).then_some((number, OPEN.len() + length + 1))
}

/// True if `text`, which follows a bracket, starts with an escaped quote: `\"`, `\x22`, `` `" `` of
/// `PowerShell` or `^\^"` of cmd.
pub(super) fn starts_with_escape(text: &[u8]) -> bool {
    text.starts_with(b"\\") || text.starts_with(b"`\"") || starts_with_browser_escape(text)
}

/// True if `text` starts with a quote as browsers escape it for cmd, perhaps after a line break.
pub(super) fn starts_with_browser_escape(text: &[u8]) -> bool {
    if text.first() != Some(&b'^') {
        return false;
    }
    let line_breaks: [&[u8]; 2] = [b"^\n\n", b"^\r\n\r\n"];
    let line = line_breaks.iter().find_map(|mark| text.strip_prefix(*mark));
    let text = line.map_or(text, <[u8]>::trim_ascii_start);
    text.starts_with(b"^\\^\"")
}
