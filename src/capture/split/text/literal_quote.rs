//! The quote that opens a literal, and the characters before it that belong to the literal.

use std::ops::Range;

use super::sql_expression::{TextFunction, oracle_delimiter};

/// The literal around a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal {
    pub(super) quote: u8,
    /// Offset of the opening quote.
    pub(super) open: usize,
    pub(super) prefix: LiteralPrefix,
}

/// Characters before the opening quote that belong to the literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LiteralPrefix {
    None,
    /// `b'…'`: bytes of Python or Rust.
    Bytes,
    /// `E'…'` of Postgres.
    Escapes,
    /// `N'…'` of SQL Server, which has no backslash escapes.
    National,
    /// `$'…'` of a shell.
    Dollar,
    /// `_utf8mb4'…'` or `_binary '…'` of `MySQL`.
    Charset,
    /// `@'` or `@"` and a line break, in `PowerShell`.
    HereString,
    /// `q'[…]'` of Oracle. The closing quote is the bracket before it.
    Oracle,
    /// A function of SQL that changes the text.
    Function(TextFunction),
}

/// Limit on the bytes before a value in which the quote that opens its literal is searched.
pub(super) const MAX_BYTES_BEFORE: usize = 512;

/// Finds the literal that contains the value at `start` in `line`; the part before the value ends
/// at `last_end`. A quote directly before the value opens the literal. Otherwise, it is the last
/// literal that is open before the value in its line.
pub(super) fn find_literal(
    bytes: &[u8],
    start: usize,
    line: &Range<usize>,
    last_end: usize,
) -> Option<Literal> {
    let quote_at = |at: usize| match bytes[..at].last() {
        // Code in Markdown, and in the messages of chats.
        Some(b'`') if bytes[..at].ends_with(b"```") => None,
        Some(quote @ (b'\'' | b'"' | b'`')) => Some((at - 1, *quote)),
        _ if oracle_delimiter(&bytes[..at]).is_some() => Some((at - 2, b'\'')),
        _ => None,
    };
    let text_end = bytes[..start].trim_ascii_end().len();
    // A quote directly behind the last part closes it.
    let is_apart = |open: usize| {
        last_end == 0
            || bytes[last_end.min(open)..open]
                .iter()
                .any(u8::is_ascii_whitespace)
    };
    let before_space = quote_at(text_end.max(last_end))
        .filter(|(open, _)| can_open_literal(bytes, *open) && is_apart(*open));
    if let Some((open, quote)) = quote_at(start).or(before_space) {
        let is_here_string = bytes[..open].ends_with(b"@")
            && quote != b'`'
            && matches!(&bytes[open + 1..start], [b'\n', ..] | [b'\r', b'\n', ..]);
        if is_here_string {
            return Some(Literal {
                quote,
                open,
                prefix: LiteralPrefix::HereString,
            });
        }
        return Some(Literal::new(bytes, open, quote));
    }
    let from = start.saturating_sub(MAX_BYTES_BEFORE);
    let from = from.max(line.start).max(last_end).min(start);
    let mut open: Option<Literal> = None;
    let mut at = from;
    while at < start {
        let byte = bytes[at];
        match (byte, open) {
            (b'\\', Some(_)) => at += 1,
            (b'\'', Some(literal)) if literal.prefix == LiteralPrefix::Oracle => {
                open = open.filter(|_| bytes[at - 1] != literal.quote);
            }
            (b'\'' | b'"' | b'`', Some(literal)) if literal.quote == byte => open = None,
            (b'\'' | b'"' | b'`', None) if can_open_literal(bytes, at) => {
                open = Some(Literal::new(bytes, at, byte));
            }
            _ => {}
        }
        at += 1;
    }
    open
}

impl Literal {
    /// The quote that closes the literal, if it is not escaped.
    pub(super) fn closing_quote(self) -> Option<u8> {
        (self.prefix != LiteralPrefix::HereString).then_some(self.quote)
    }

    /// True if the quote stands behind another one with a prefix, as in `$''` and `unistr(''`: the
    /// prefix is of a literal that is closed before the value, or that has the quote in it.
    pub(super) fn is_behind_prefix(&self, bytes: &[u8]) -> bool {
        bytes[..self.open].last() == Some(&self.quote)
            && Self::new(bytes, self.open - 1, self.quote).prefix != LiteralPrefix::None
    }

    /// The literal whose quote opens it at `open`.
    pub(super) fn new(bytes: &[u8], open: usize, quote: u8) -> Self {
        let delimiter = bytes.get(..open + 2).and_then(oracle_delimiter);
        Self {
            quote: delimiter.unwrap_or(quote),
            open,
            prefix: match delimiter {
                Some(_) => LiteralPrefix::Oracle,
                None => LiteralPrefix::before(&bytes[..open], quote),
            },
        }
    }
}

impl LiteralPrefix {
    /// The prefix at the end of `before`, of a literal in `quote`.
    fn before(before: &[u8], quote: u8) -> Self {
        const MAX_PREFIX_BYTES: usize = 40;
        let before = &before[before.len().saturating_sub(MAX_PREFIX_BYTES)..];
        if quote == b'\'' && before.ends_with(b"$") {
            return Self::Dollar;
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let word = |text: &[u8]| -> usize { text.iter().rev().take_while(|b| is_part(b)).count() };
        let attached = &before[before.len() - word(before)..];
        match (attached, quote) {
            (b"b", b'\'' | b'"') => return Self::Bytes,
            (b"E" | b"e", b'\'') => return Self::Escapes,
            (b"N" | b"n", b'\'') => return Self::National,
            _ => {}
        }
        if quote == b'\''
            && let Some(function) = TextFunction::before(&before[..before.len() - attached.len()])
            && matches!(attached, b"" | b"N")
        {
            return Self::Function(function);
        }
        let text = before.trim_ascii_end();
        let word = &text[text.len() - word(text)..];
        let is_charset = quote == b'\'' && word.len() > 2 && word.starts_with(b"_");
        if is_charset {
            Self::Charset
        } else {
            Self::None
        }
    }
}

/// True if the quote at `at` can open a literal: no word ends before it, as in `it's`, unless it is
/// a prefix.
pub(super) fn can_open_literal(bytes: &[u8], at: usize) -> bool {
    let Some(before) = bytes[..at].last() else {
        return true;
    };
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let is_after_word =
        is_word(before) || matches!(before, b'}' | b']' | b')' | b'\'' | b'"' | b'`');
    !is_after_word || Literal::new(bytes, at, bytes[at]).prefix != LiteralPrefix::None
}
