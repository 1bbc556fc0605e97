//! SQL expressions around a literal, which change its text: functions, and operators that join
//! literals.

/// A function of SQL that changes the literal in its first argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFunction {
    /// `concat('…', '…')`.
    Concat,
    /// `replace('…', '\n', char(10))`, in which `sqlite3 .dump` writes text with line breaks. The
    /// number of calls inside each other: a second one replaces `'\r'` by `char(13)`.
    Replace(usize),
    /// `unistr('…')` of `SQLite`, Oracle and Postgres.
    Unistr,
}

impl TextFunction {
    /// The function that is called at the end of `before`, directly before a literal.
    pub(super) fn before(before: &[u8]) -> Option<Self> {
        let (name, outer) = called_name(before)?;
        if name.eq_ignore_ascii_case(b"concat") {
            Some(Self::Concat)
        } else if name.eq_ignore_ascii_case(b"unistr") {
            Some(Self::Unistr)
        } else if name.eq_ignore_ascii_case(b"replace") {
            let mut calls = 1;
            let mut before = outer;
            while let Some((name, outer)) = called_name(before)
                && name.eq_ignore_ascii_case(b"replace")
            {
                calls += 1;
                before = outer;
            }
            Some(Self::Replace(calls))
        } else {
            None
        }
    }
}

/// The name of the function whose arguments start at the end of `text`, and the text before it.
fn called_name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii_end().strip_suffix(b"(")?;
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = text.iter().rev().take_while(is_name).count();
    let (before, name) = text.split_at(text.len() - length);
    Some((name, before))
}

/// What the calls of `replace` do to a literal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Replacements<'t> {
    /// They replace these texts by a line feed and by a carriage return.
    Known([Option<&'t [u8]>; 2]),
    /// They replace other text, or cannot be read.
    Unknown,
    /// The text ends before the arguments do.
    Truncated,
}

/// Limit on the bytes of the other arguments of `replace`, of one call.
const MAX_ARGUMENT_BYTES: usize = 40;

/// Finds the other arguments of `calls` calls of `replace`, behind the literal that contains the
/// text at `start`. Also returns the offset up to which the text was read.
pub(super) fn find_replacements(
    bytes: &[u8],
    start: usize,
    calls: usize,
) -> (Replacements<'_>, usize) {
    let mut end = start;
    loop {
        let Some(quote) = memchr::memchr(b'\'', bytes.get(end..).unwrap_or_default()) else {
            return (Replacements::Truncated, bytes.len());
        };
        end += quote + 1;
        if bytes.get(end) != Some(&b'\'') {
            break;
        }
        end += 1;
    }
    let mut rest = &bytes[end..];
    let mut signs = [None; 2];
    for _ in 0..calls {
        let Some((sign, kind, after)) = replaced_sign(rest) else {
            let is_cut = rest.len() < MAX_ARGUMENT_BYTES;
            let result = if is_cut {
                Replacements::Truncated
            } else {
                Replacements::Unknown
            };
            return (result, bytes.len() - rest.len());
        };
        if signs[kind].replace(sign).is_some() {
            return (Replacements::Unknown, end);
        }
        rest = after;
    }
    (Replacements::Known(signs), bytes.len() - rest.len())
}

/// Reads `, '\n', char(10))`: the sign, 0 for a line feed or 1 for a carriage return, and the rest.
fn replaced_sign(text: &[u8]) -> Option<(&[u8], usize, &[u8])> {
    let text = skip_space_and(text, b",")?;
    let text = skip_space_and(text, b"'")?;
    let length = memchr::memchr(b'\'', &text[..text.len().min(MAX_ARGUMENT_BYTES)])?;
    let (sign, text) = text.split_at(length);
    let text = skip_space_and(&text[1..], b",")?;
    let (code, text) = character_call(text)?;
    let kind = match code {
        b'\n' => 0,
        b'\r' => 1,
        _ => return None,
    };
    Some((sign, kind, skip_space_and(text, b")")?))
}

/// Reads `char(10)` or `chr(13)`. Returns the character and the rest.
fn character_call(text: &[u8]) -> Option<(u8, &[u8])> {
    let text = text.trim_ascii_start();
    let is_name = |name: &&&[u8]| {
        let start = text.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let names: [&[u8]; 3] = [b"char(", b"chr(", b"nchar("];
    let text = &text[names.iter().find(is_name)?.len()..];
    let codes: [(&[u8], u8); 3] = [(b"10", b'\n'), (b"13", b'\r'), (b"9", b'\t')];
    let (code, rest) = codes.iter().find_map(|(digits, code)| {
        let rest = text.trim_ascii_start().strip_prefix(*digits)?;
        Some((*code, rest))
    })?;
    Some((code, skip_space_and(rest, b")")?))
}

/// A text between joined literals that is longer is not read.
pub(super) const MAX_JOINT_BYTES: usize = 64;

/// Reads the text from the end of a literal to the start of another that is joined with it. `||`
/// and `+` join literals, and so does the comma in the arguments of `concat`. `close` is the text
/// that closes the literal, and `open` the one that opens the other. Returns the character between
/// them, if there is one, and the length of the text. `None` if the literal just ends.
pub(super) fn joint(
    text: &[u8],
    is_concat: bool,
    close: &[u8],
    open: &[u8],
) -> Option<(Option<char>, usize)> {
    let text = &text[..text.len().min(MAX_JOINT_BYTES)];
    let rest = text.strip_prefix(close)?;
    let rest = skip_space_and(rest, b")").unwrap_or(rest);
    let mut rest = skip_operator(rest, is_concat)?;
    let mut between = None;
    if let Some((code, after)) = character_call(rest) {
        between = Some(char::from(code));
        rest = skip_operator(after, is_concat)?;
    }
    rest = rest.trim_ascii_start();
    if let Some((name, after)) = function_name(rest)
        && [&b"to_clob"[..], b"to_nclob"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    {
        rest = after.trim_ascii_start();
    }
    if open == b"'" {
        rest = rest.strip_prefix(b"N").unwrap_or(rest);
    }
    let rest = rest.strip_prefix(open)?;
    Some((between, text.len() - rest.len()))
}

/// True if a literal that ends at the start of `text` is joined with another one.
pub(super) fn is_joint(text: &[u8]) -> bool {
    let mut kinds = [false, true].iter();
    kinds.any(|is_concat| joint(text, *is_concat, b"'", b"'").is_some())
}

/// The name at the start of `text` with a `(` behind it, and the rest.
fn function_name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_');
    let (name, rest) = text.split_at(length.count());
    Some((name, rest.strip_prefix(b"(")?))
}

fn skip_operator(text: &[u8], is_concat: bool) -> Option<&[u8]> {
    if is_concat {
        return skip_space_and(text, b",");
    }
    skip_space_and(text, b"||").or_else(|| skip_space_and(text, b"+"))
}

fn skip_space_and<'t>(text: &'t [u8], token: &[u8]) -> Option<&'t [u8]> {
    text.trim_ascii_start().strip_prefix(token)
}

/// The bracket or other character that closes a literal of Oracle, `q'[…]'`, if `before` ends with
/// the start of one.
pub(super) fn oracle_delimiter(before: &[u8]) -> Option<u8> {
    let [before @ .., b'q' | b'Q', b'\'', open] = before else {
        return None;
    };
    let before = before
        .strip_suffix(b"n")
        .or_else(|| before.strip_suffix(b"N"))
        .unwrap_or(before);
    let is_word = before
        .last()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let is_delimiter = !open.is_ascii_whitespace() && open.is_ascii() && !open.is_ascii_control();
    (!is_word && is_delimiter).then_some(match open {
        b'[' => b']',
        b'{' => b'}',
        b'(' => b')',
        b'<' => b'>',
        other => *other,
    })
}

/// The bracket or other character that opens a literal which `close` closes.
pub(super) fn opening_delimiter(close: u8) -> u8 {
    match close {
        b']' => b'[',
        b'}' => b'{',
        b')' => b'(',
        b'>' => b'<',
        other => other,
    }
}
