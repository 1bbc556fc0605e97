//! Text in quotes around a value and other text, and the conventions by which it may be written.

use super::convention::{
    ASCII_CHARACTERS, C_STRING, CHARACTERS, CMD, Convention, FIREFOX_CMD, JSON_STRING, MYSQL,
    MYSQL_CONCAT, POWERSHELL, POWERSHELL_ARGUMENT, POWERSHELL_SINGLE, REDIS, SHELL_DOUBLE,
    SHELL_SINGLE, SQL, SQL_CONCAT,
};
use super::evidence::Evidence;
use super::literal_quote::{Literal, LiteralPrefix};
use super::sql_expression::TextFunction;

/// Text with a value and other text, which is decoded as a whole.
pub(super) struct Layer {
    /// Offset where the text starts, after the quote if it has one.
    pub(super) start: usize,
    /// The quote that closes the text.
    pub(super) quote: Option<u8>,
    pub(super) conventions: &'static [&'static Convention],
    /// True if the text may also be verbatim.
    pub(super) may_be_plain: bool,
    /// True if the text may end in another line than the value starts.
    pub(super) has_lines: bool,
}

/// The layer in the quotes of `literal`. `is_doubled` is true if quotes in the value are doubled.
pub(super) fn quoted_layer(literal: &Literal, evidence: Evidence, is_doubled: bool) -> Layer {
    let is_oracle = literal.prefix == LiteralPrefix::Oracle;
    let layer = |conventions, may_be_plain, has_lines| Layer {
        start: literal.open + 1 + usize::from(is_oracle),
        quote: literal.closing_quote(),
        conventions,
        may_be_plain,
        has_lines,
    };
    if let Some(conventions) = literal.prefix.only_convention() {
        // Text with such a prefix may be none of a statement or command.
        let has_lines = literal.prefix != LiteralPrefix::Bytes && evidence != Evidence::None;
        return layer(conventions, false, has_lines);
    }
    match literal.prefix {
        LiteralPrefix::Function(TextFunction::Concat) => {
            return layer(&[&SQL_CONCAT, &MYSQL_CONCAT], false, true);
        }
        // The text is verbatim, or its end is not a quote, or it is changed.
        LiteralPrefix::HereString | LiteralPrefix::Function(TextFunction::Replace(_)) => {
            return layer(&[], true, false);
        }
        _ => {}
    }
    match (literal.quote, evidence) {
        (b'\'', Evidence::Shell | Evidence::Posix) => layer(&[&SHELL_SINGLE], false, true),
        (b'\'', Evidence::PowerShell | Evidence::Windows) => {
            layer(&[&POWERSHELL_SINGLE, &POWERSHELL_ARGUMENT], false, true)
        }
        (b'\'', Evidence::MySql) => layer(&[&MYSQL], false, true),
        (b'\'', Evidence::StandardSql) => layer(&[&SQL], false, true),
        (b'\'', Evidence::Sql) => layer(&[&SQL, &MYSQL], false, true),
        (b'\'', Evidence::Program) => layer(&[&ASCII_CHARACTERS, &C_STRING], false, false),
        (
            b'\'',
            Evidence::None | Evidence::Row | Evidence::Yaml | Evidence::Redis | Evidence::Json,
        ) => {
            const POSSIBLE: &[&Convention] = &[&SQL, &SHELL_SINGLE, &ASCII_CHARACTERS, &C_STRING];
            layer(POSSIBLE, true, false)
        }
        (b'"', Evidence::Posix) => layer(&[&SHELL_DOUBLE], true, true),
        (b'"', Evidence::PowerShell) => layer(&[&POWERSHELL], true, true),
        (b'"', Evidence::Windows | Evidence::Shell) => layer(
            &[&SHELL_DOUBLE, &CMD, &POWERSHELL, &FIREFOX_CMD],
            true,
            true,
        ),
        (b'"', Evidence::Redis) => layer(&[&REDIS], false, false),
        (b'"', Evidence::Json) => layer(&[&JSON_STRING], true, false),
        (b'"', _) if is_doubled => layer(&[&SQL], false, true),
        (b'"', _) => layer(&[&SQL, &CHARACTERS, &C_STRING], true, false),
        _ => layer(&[&ASCII_CHARACTERS, &C_STRING], true, false),
    }
}
