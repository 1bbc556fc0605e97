//! The conventions by which a value in quoted or escaped text may be written.

use super::convention::{
    ASCII_CHARACTERS, BROWSER_CMD, BYTE_QUOTE, BYTES, C_STRING, CHARACTERS, CMD, COPY, Convention,
    FIREFOX_CMD, JSON_STRING, MYSQL, MYSQL_CONCAT, NGINX, ORACLE, POSTGRES_ESCAPES, POWERSHELL,
    POWERSHELL_ARGUMENT, POWERSHELL_SINGLE, REDIS, SHELL_DOUBLE, SHELL_ESCAPES, SHELL_SINGLE, SQL,
    SQL_CONCAT, UNISTR,
};
use super::evidence::{Evidence, line_evidence};
use super::heredocs::Heredoc;
use super::literal_quote::{Literal, LiteralPrefix};
use super::shells::starts_with_browser_escape;
use super::sql_expression::TextFunction;
use super::surroundings::Surroundings;

/// The conventions that are possible for a literal.
pub(super) struct Possible {
    pub(super) conventions: &'static [&'static Convention],
    /// True if the value may also be plain JSON, in quotes that do not escape it.
    pub(super) is_plain: bool,
    /// True if the value must be valid by the first convention.
    pub(super) needs_first: bool,
}

impl Possible {
    fn only(conventions: &'static [&'static Convention]) -> Self {
        Self {
            conventions,
            is_plain: false,
            needs_first: false,
        }
    }

    fn or_plain(conventions: &'static [&'static Convention]) -> Self {
        Self {
            is_plain: true,
            ..Self::only(conventions)
        }
    }
}

impl LiteralPrefix {
    /// The convention that this prefix shows, as the only one. `None` if more text decides.
    pub(super) fn only_convention(self) -> Option<&'static [&'static Convention]> {
        match self {
            Self::Bytes => Some(&[&BYTES]),
            Self::Escapes => Some(&[&POSTGRES_ESCAPES]),
            Self::Dollar => Some(&[&SHELL_ESCAPES]),
            Self::Charset => Some(&[&MYSQL]),
            Self::National => Some(&[&SQL]),
            Self::Oracle => Some(&[&ORACLE]),
            Self::Function(TextFunction::Unistr) => Some(&[&UNISTR]),
            Self::Function(TextFunction::Concat | TextFunction::Replace(_))
            | Self::HereString
            | Self::None => None,
        }
    }
}

impl Surroundings<'_> {
    /// The conventions that are possible for the value in `literal`, or in a cell. `None` if it is
    /// not escaped.
    pub(super) fn possible(&self, literal: Option<&Literal>, is_cell: bool) -> Option<Possible> {
        let inner = self.after_brackets();
        // Only one program escapes quotes in this way.
        if starts_with_browser_escape(inner) {
            return Some(Possible::only(&[&BROWSER_CMD]));
        }
        if inner.starts_with(b"`\"") {
            return Some(Possible::only(&[&POWERSHELL]));
        }
        match (literal, self.heredoc) {
            (None, Some(Heredoc::Expanded)) => return Some(Possible::only(&[&SHELL_DOUBLE])),
            (None, Some(Heredoc::Verbatim)) => return None,
            _ => {}
        }
        match literal {
            Some(literal) => self.possible_in_literal(literal),
            None if is_cell => Some(Possible::only(&[&COPY])),
            None if inner.starts_with(BYTE_QUOTE) => Some(Possible::only(&[&NGINX])),
            None => self
                .is_escaped()
                .then(|| Possible::only(&[&COPY, &CHARACTERS, &C_STRING])),
        }
    }

    fn possible_in_literal(&self, literal: &Literal) -> Option<Possible> {
        if let Some(conventions) = literal.prefix.only_convention() {
            return Some(Possible::only(conventions));
        }
        match literal.prefix {
            LiteralPrefix::Function(TextFunction::Concat) => {
                return Some(match self.evidence(literal) {
                    Evidence::MySql => Possible::only(&[&MYSQL_CONCAT]),
                    Evidence::StandardSql => Possible::only(&[&SQL_CONCAT]),
                    _ => Possible::only(&[&SQL_CONCAT, &MYSQL_CONCAT]),
                });
            }
            LiteralPrefix::HereString if literal.quote == b'\'' => return None,
            LiteralPrefix::HereString => return Some(Possible::only(&[&POWERSHELL])),
            _ => {}
        }
        let evidence = self.evidence(literal);
        Some(match literal.quote {
            b'\'' => self.possible_in_single_quotes(evidence),
            b'"' if evidence == Evidence::None && self.after_brackets().starts_with(BYTE_QUOTE) => {
                Possible::only(&[&NGINX])
            }
            b'"' => possible_in_double_quotes(evidence),
            _ => Possible::or_plain(&[&ASCII_CHARACTERS, &C_STRING]),
        })
    }

    fn possible_in_single_quotes(&self, evidence: Evidence) -> Possible {
        // MySQL escapes each quote, so that no other convention of SQL reads a value.
        match (evidence, self.is_escaped()) {
            (Evidence::Shell | Evidence::Posix, _) => Possible::only(&[&SHELL_SINGLE]),
            (Evidence::PowerShell | Evidence::Windows, _) => {
                Possible::only(&[&POWERSHELL_SINGLE, &POWERSHELL_ARGUMENT])
            }
            (Evidence::MySql, _) | (Evidence::Sql, true) => Possible::only(&[&MYSQL]),
            (Evidence::StandardSql, _) => Possible::only(&[&SQL]),
            // Text that is invalid in standard SQL is damaged, or MySQL would escape its quotes.
            (Evidence::Sql, false) => Possible {
                needs_first: true,
                ..Possible::only(&[&SQL, &MYSQL])
            },
            (Evidence::Row, false) => Possible::only(&[&SQL, &ASCII_CHARACTERS, &C_STRING]),
            (
                Evidence::None | Evidence::Row | Evidence::Yaml | Evidence::Redis | Evidence::Json,
                true,
            ) => Possible::only(&[&MYSQL, &ASCII_CHARACTERS, &C_STRING]),
            (Evidence::None | Evidence::Yaml | Evidence::Redis | Evidence::Json, false) => {
                Possible::or_plain(&[&SQL, &SHELL_SINGLE, &ASCII_CHARACTERS, &C_STRING])
            }
            (Evidence::Program, _) => Possible::only(&[&ASCII_CHARACTERS, &C_STRING]),
        }
    }

    pub(super) fn evidence(&self, literal: &Literal) -> Evidence {
        let after = self.plain_end.map_or(&[][..], |end| &self.bytes[end..]);
        line_evidence(self.bytes, &self.line, literal.open, after)
    }
}

fn possible_in_double_quotes(evidence: Evidence) -> Possible {
    match evidence {
        Evidence::Posix => Possible::or_plain(&[&SHELL_DOUBLE]),
        Evidence::PowerShell => Possible::or_plain(&[&POWERSHELL]),
        Evidence::Windows => Possible::or_plain(&[&CMD, &POWERSHELL, &FIREFOX_CMD]),
        Evidence::Shell => Possible::or_plain(&[&SHELL_DOUBLE, &CMD, &POWERSHELL, &FIREFOX_CMD]),
        Evidence::Redis => Possible::only(&[&REDIS]),
        Evidence::Json => Possible::or_plain(&[&JSON_STRING]),
        Evidence::Yaml => Possible::or_plain(&[&SQL, &ASCII_CHARACTERS, &C_STRING]),
        // Python and JavaScript put a text with quotes in single ones: `\xHH` is a byte.
        _ => Possible::or_plain(&[&SQL, &CHARACTERS, &C_STRING]),
    }
}
