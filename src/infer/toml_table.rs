//! The declaration as TOML: a table of `postcall.toml` with comments.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::evidence::{InferredVariable, Variable, infer};
use super::observed::ObservedVariables;
use crate::text::plural::format_count;
use crate::text::safe_text::is_unsafe;
use crate::text::shorten::shorten;

/// Maximum column at which comments are aligned. Those of longer entries follow two spaces.
const MAX_COMMENT_COLUMN: usize = 50;

/// Formats the table of all variables. Comments have the number of calls, the evidence for each
/// type, and the variables that cannot be declared.
#[must_use]
pub(crate) fn format_table(observed: &ObservedVariables) -> String {
    let variables = infer(observed);
    let declared = variables.clone().filter_map(|variable| match variable {
        Variable::Declarable(variable) => Some(variable),
        Variable::Undeclarable(_) => None,
    });
    let column = comment_column(declared);
    let calls = format_count(observed.calls, "call");
    let mut text = format!("# {calls}\n[webhook.variables]\n");
    for variable in variables {
        let _ = match variable {
            Variable::Declarable(variable) => {
                let entry = format_entry(&variable);
                let padding = padding(&entry, column);
                writeln!(text, "{entry}{padding}# {}", variable.evidence())
            }
            Variable::Undeclarable(variable) => {
                let key = format_key(&shorten(variable.name));
                writeln!(text, "# {key}: {}", variable.reason())
            }
        };
    }
    text
}

/// The column at which the comments of all entries start.
#[must_use]
pub(super) fn comment_column<'o>(variables: impl Iterator<Item = InferredVariable<'o>>) -> usize {
    let widths = variables.map(|variable| format_entry(&variable).width() + 2);
    let widths = widths.filter(|width| *width <= MAX_COMMENT_COLUMN);
    widths.max().unwrap_or_default()
}

/// The spaces between an entry and its comment.
#[must_use]
pub(super) fn padding(entry: &str, column: usize) -> String {
    " ".repeat(column.saturating_sub(entry.width()).max(2))
}

/// `nps = "number"`
#[must_use]
pub(crate) fn format_entry(variable: &InferredVariable) -> String {
    format!(
        "{} = \"{}\"",
        format_key(variable.name),
        variable.kind.name()
    )
}

/// The name as a key of TOML: bare, or a basic string in which every character that could control a
/// terminal or hide text is escaped.
#[must_use]
pub(crate) fn format_key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !name.is_empty() && name.bytes().all(is_bare) {
        return name.to_owned();
    }
    let mut key = String::with_capacity(name.len() + 2);
    key.push('"');
    for character in name.chars() {
        let _ = match character {
            '"' | '\\' => write!(key, "\\{character}"),
            '\n' => write!(key, "\\n"),
            '\r' => write!(key, "\\r"),
            '\t' => write!(key, "\\t"),
            _ if is_unsafe(character) => write!(key, "\\U{:08X}", u32::from(character)),
            _ => write!(key, "{character}"),
        };
    }
    key.push('"');
    key
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use super::*;
    use crate::infer::test_calls::observe;

    #[test]
    fn comments_are_aligned_except_behind_long_entries() {
        let long = "n".repeat(60);
        let variables = format!(r#"{{"a":1,"{long}":"","city":"x","ab\nc":true,"{long}":"x"}}"#);
        let expected = format!(
            "# 1 call\n[webhook.variables]\n\
             a = \"number\"      # 1 of 1 call\n\
             city = \"string\"   # 1 of 1 call\n\
             \"ab\\nc\" = \"bool\"  # 1 of 1 call\n\
             {long} = \"string\"  # 1 of 1 call\n"
        );
        assert_eq!(format_table(&observe(&[&variables], &[])), expected);
    }

    #[test]
    fn any_name_is_a_key_and_no_comment_has_a_second_line() {
        let names = [
            "",
            "a",
            "a.b",
            "a\"b",
            "a\\",
            "a'b",
            "é😀",
            "\n",
            "\r\n",
            "\t",
            "\0",
            "\u{1b}[31m",
            "\u{202e}",
            "\u{9b}",
            "\u{e0041}",
            "#",
            "=",
            "]",
            "-",
            "1",
            "a b",
            "\u{7f}",
        ];
        for name in names {
            let key = format_key(name);
            assert!(!key.contains(is_unsafe), "{key:?}");
            let table: Table = format!("{key} = 1").parse().expect("TOML");
            assert_eq!(
                table.keys().next().map(String::as_str),
                Some(name),
                "{key:?}"
            );
            let null = serde_json::json!({name: null}).to_string();
            let text = format_table(&observe(&[&null], &[]));
            assert_eq!(text.lines().count(), 3, "{text}");
            assert!(text.parse::<Table>().is_ok(), "{text}");
        }
    }
}
