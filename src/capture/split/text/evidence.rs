//! Finds out from the line of a literal which language it is written in.

/// The language of a line, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    None,
    /// A command of a shell.
    Shell,
    /// A statement of `MySQL`.
    MySql,
    /// A statement of a database whose literals have no backslash escapes.
    StandardSql,
    /// A statement of an unknown database.
    Sql,
    /// A row of a statement, or a tuple that Python has printed.
    Row,
    /// Output of a program for people.
    Program,
}

/// Limit on the bytes at the start of a line that are searched for the start of a statement.
const HEAD_BYTES: usize = 256;

/// Finds evidence in the line of a literal: in the text `before` its quote, and `after` its value.
pub(super) fn line_evidence(before: &[u8], after: &[u8]) -> Evidence {
    let head = &before[..before.len().min(HEAD_BYTES)];
    let tail = &before[before.len().saturating_sub(HEAD_BYTES)..];
    if ends_with_shell_option(tail) || has_curl(head) {
        return Evidence::Shell;
    }
    let is_statement = ["INSERT", "REPLACE", "UPDATE", "VALUES"]
        .iter()
        .any(|word| contains_word(head, word.as_bytes()));
    let is_postgres = after.starts_with(b"'::json") || contains(head, b" public.");
    // Only the dump of SQLite has no space here.
    let is_sqlite = head.starts_with(b"INSERT INTO ") && contains(head, b" VALUES(");
    if is_statement && memchr::memchr(b'`', head).is_some() {
        Evidence::MySql
    } else if is_postgres || is_sqlite {
        Evidence::StandardSql
    } else if is_statement {
        Evidence::Sql
    } else if before.trim_ascii_start().starts_with(b"(") {
        Evidence::Row
    } else if tail.ends_with(b"': ") || tail.ends_with(b"': b") {
        Evidence::Program
    } else {
        Evidence::None
    }
}

/// True if the text calls curl. Its name in a header ends with a slash.
fn has_curl(text: &[u8]) -> bool {
    let mut names = memchr::memmem::find_iter(text, b"curl ");
    names.any(|at| at == 0 || text[at - 1].is_ascii_whitespace())
}

/// True if `before` ends with an option of a command: `-d`, `--data-raw`, `--json=`.
fn ends_with_shell_option(before: &[u8]) -> bool {
    let text = before.trim_ascii_end();
    let text = text.strip_suffix(b"=").unwrap_or(text);
    let text = text.strip_suffix(b"$").unwrap_or(text).trim_ascii_end();
    let start = text.iter().rposition(u8::is_ascii_whitespace);
    let word = &text[start.map_or(0, |space| space + 1)..];
    let is_name = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'-';
    let has_name = word.last().is_some_and(u8::is_ascii_alphabetic);
    has_name && word[0] == b'-' && word.iter().all(is_name)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

/// True if `text` has this word, in upper case or in lower case.
fn contains_word(text: &[u8], word: &[u8]) -> bool {
    let is_word = |part: &[u8]| part.eq_ignore_ascii_case(word);
    text.split(|byte| !byte.is_ascii_alphabetic()).any(is_word)
}
