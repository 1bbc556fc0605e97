//! Finds out from the line of a literal which language it is written in.

use std::ops::Range;
use std::sync::LazyLock;

use super::command::{ShellFamily, client_before, find_shell};
use super::signs::{Signs, any_of};
use crate::capture::split::lines::line_start;

/// The language of a line, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    None,
    /// A command of an unknown shell.
    Shell,
    /// A command of a POSIX shell.
    Posix,
    /// A command of `PowerShell`.
    PowerShell,
    /// A command of cmd or `PowerShell`.
    Windows,
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
    /// A member in YAML.
    Yaml,
    /// A reply that `redis-cli` has printed.
    Redis,
    /// A member of an object in JSON, which is not valid as a whole.
    Json,
}

/// Limit on the bytes at the start of a line that are searched for the start of a statement.
const HEAD_BYTES: usize = 256;

/// Words of statements with bodies.
const STATEMENT_WORDS: &[&str] = &["INSERT", "REPLACE", "UPDATE", "VALUES"];

/// Texts before the parameters of a statement that `SQLAlchemy` and Django log.
const PYTHON_PARAMETERS: &[&str] = &[
    "[generated in ",
    "[cached since ",
    "[no key ",
    "[raw sql] ",
    "[parameters: ",
    "sqlalchemy.engine.Engine (",
    "sqlalchemy.engine.base.Engine (",
    "sqlalchemy.engine.Engine:(",
    "sqlalchemy.engine.base.Engine:(",
    "; args=(",
    " - PARAMS = (",
];

/// Texts before a statement, or before its parameters, in the log of Postgres. The last text is one
/// of the log of `p6spy`, which doubles quotes for any database.
const STANDARD_SQL_LOG: &[&str] = &[
    "LOG:  statement: ",
    "LOG:  execute ",
    " ms  statement: ",
    " ms  execute ",
    "STATEMENT:  ",
    "Query Text: ",
    "arameters: $1 = ",
    "|statement|connection ",
];

/// Texts before a statement in the general log of `MySQL`.
const MYSQL_LOG: &[&str] = &[" Query\t", " Execute\t"];

/// Any of the texts above: most lines have none.
static LOG_SIGNS: Signs =
    LazyLock::new(|| any_of(&[PYTHON_PARAMETERS, STANDARD_SQL_LOG, MYSQL_LOG].concat()));

/// Finds evidence in the `line` of a literal: in the text before its quote at `open`, and `after`
/// its value.
pub(super) fn line_evidence(
    bytes: &[u8],
    line: &Range<usize>,
    open: usize,
    after: &[u8],
) -> Evidence {
    let before = &bytes[line.start..open.max(line.start)];
    let head = &before[..before.len().min(HEAD_BYTES)];
    let tail = &before[before.len().saturating_sub(HEAD_BYTES)..];
    if is_reply_index(before) {
        return Evidence::Redis;
    }
    if is_argument(bytes, line, open) {
        return match find_shell(bytes, line, open) {
            Some(ShellFamily::Posix) => Evidence::Posix,
            Some(ShellFamily::PowerShell) => Evidence::PowerShell,
            Some(ShellFamily::Windows) => Evidence::Windows,
            None => Evidence::Shell,
        };
    }
    let is_short = before.len() <= HEAD_BYTES;
    let is_dump = starts_with_statement(head);
    if !is_dump {
        let has_log_sign = LOG_SIGNS.is_match(head) || !is_short && LOG_SIGNS.is_match(tail);
        let has_sign = |signs: &[&str]| {
            let mut signs = signs.iter().map(|sign| sign.as_bytes());
            has_log_sign
                && signs.any(|sign| contains(head, sign) || !is_short && contains(tail, sign))
        };
        // Only Python writes a tuple of one element so.
        if after.starts_with(b"',)") || has_sign(PYTHON_PARAMETERS) {
            return Evidence::Program;
        }
        if has_sign(STANDARD_SQL_LOG) {
            return Evidence::StandardSql;
        }
        if has_sign(MYSQL_LOG) {
            return Evidence::MySql;
        }
    }
    let is_statement = contains_word(head, STATEMENT_WORDS);
    let is_postgres = after.starts_with(b"'::json") || contains(head, b" public.");
    // Only the dump of SQLite has no space here.
    let is_sqlite = head.starts_with(b"INSERT INTO ") && contains(head, b" VALUES(");
    // A log may show statements for SQLite with backticks too.
    let has_backticks = memchr::memchr(b'`', head).is_some();
    if is_statement && has_backticks && is_dump {
        Evidence::MySql
    } else if is_postgres || is_sqlite {
        Evidence::StandardSql
    } else if is_statement {
        Evidence::Sql
    } else if before.trim_ascii_start().starts_with(b"(") {
        if mysql_statement_above(bytes, line.start).is_some() {
            Evidence::MySql
        } else {
            Evidence::Row
        }
    } else if tail.ends_with(b"': ") || tail.ends_with(b"': b") {
        Evidence::Program
    } else if is_yaml_name(before) {
        Evidence::Yaml
    } else if tail.trim_ascii_end().ends_with(b"\":") {
        Evidence::Json
    } else {
        Evidence::None
    }
}

/// Start of the statement above the row at `start`, if it is of `MySQL`: it has backticks.
fn mysql_statement_above(bytes: &[u8], start: usize) -> Option<usize> {
    /// Limit on the bytes from the statement to the row, so that many rows are read in linear time.
    const MAX_BYTES: usize = 64 * 1024;
    let from = start.saturating_sub(MAX_BYTES);
    let text = &bytes[from..start];
    let mut end = text.len();
    while end > 0 {
        let line = line_start(text, end - 1);
        let before = &text[line..end];
        if !before.trim_ascii_start().starts_with(b"(") {
            let is_mysql = starts_with_statement(before) && memchr::memchr(b'`', before).is_some();
            return is_mysql.then_some(from + line);
        }
        end = line;
    }
    None
}

/// Start of the statement of `MySQL` whose rows may go on at the line that starts at `line`.
pub(super) fn open_mysql_statement(bytes: &[u8], line: usize) -> Option<usize> {
    let last = &bytes[line_start(bytes, line.checked_sub(1)?)..line];
    let last = last.trim_ascii();
    let word = last.rsplit(u8::is_ascii_whitespace).next();
    let is_open = last.starts_with(b"(") && last.ends_with(b",")
        || word.is_some_and(|word| word.eq_ignore_ascii_case(b"VALUES"));
    if !is_open {
        return None;
    }
    mysql_statement_above(bytes, line)
}

/// True if the first word of a line starts a statement.
fn starts_with_statement(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let end = line.iter().position(|byte| !byte.is_ascii_alphabetic());
    let word = &line[..end.unwrap_or(line.len())];
    is_one_of(word, STATEMENT_WORDS)
}

/// True if the literal whose quote is at `open` in `line` is an argument of a command.
pub(super) fn is_argument(bytes: &[u8], line: &Range<usize>, open: usize) -> bool {
    let before = &bytes[line.start..open.max(line.start)];
    let tail = &before[before.len().saturating_sub(HEAD_BYTES)..];
    if ends_with_shell_option(tail) || ends_with_call(tail) {
        return true;
    }
    client_before(bytes, line, open).is_some()
}

/// True for the indexes that `redis-cli` prints before a reply, `1) ` or ` 2) 1) `.
fn is_reply_index(before: &[u8]) -> bool {
    let mut rest = before;
    while let Some(index) = rest.strip_suffix(b") ") {
        let digits = index.iter().rev().take_while(|byte| byte.is_ascii_digit());
        let length = digits.count();
        if length == 0 {
            return false;
        }
        rest = &index[..index.len() - length];
    }
    rest.len() < before.len() && rest.trim_ascii().is_empty()
}

/// True for the name of a member at the start of a line, `body: `.
fn is_yaml_name(before: &[u8]) -> bool {
    let name = before.trim_ascii_start();
    let name = name.strip_prefix(b"- ").unwrap_or(name);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let name = name.strip_suffix(b": ");
    name.is_some_and(|name| !name.is_empty() && name.iter().all(is_part))
}

/// True if `before` ends with a call of `PowerShell` around an argument, as in
/// `-Body ([System.Text.Encoding]::UTF8.GetBytes("`.
fn ends_with_call(before: &[u8]) -> bool {
    before.ends_with(b"::UTF8.GetBytes(")
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

/// True if `text` has one of these words, in upper case or in lower case.
fn contains_word(text: &[u8], words: &[&str]) -> bool {
    let mut parts = text.split(|byte| !byte.is_ascii_alphabetic());
    parts.any(|part| is_one_of(part, words))
}

/// True if `word` is one of `words`, in upper case or in lower case.
pub(super) fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    let mut words = words.iter();
    words.any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}
