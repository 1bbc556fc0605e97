//! Changes of a declaration, written into an existing `postcall.toml`. Everything else in the file
//! stays as it is.

use anyhow::Context as _;
use toml_edit::{Decor, DocumentMut, InlineTable, Item, Key, Table, Value};

use super::changes::Changes;
use super::evidence::InferredVariable;
use super::toml_table::{comment_column, format_entry, format_key, padding};

/// Writes the changes into the table `[webhook.variables]` of the file with this text. A missing
/// table is added at the end. Comments stay, except evidence of an earlier run if the type changes.
/// Fails if the text is not TOML, or if another value is where the table should be.
pub(crate) fn merge(text: &str, changes: &Changes) -> anyhow::Result<String> {
    // `toml_edit` ends the lines that it writes with LF.
    let has_crlf = text.contains("\r\n");
    let mut document: DocumentMut = text.replace("\r\n", "\n").parse()?;
    let trailing = document.trailing().as_str().unwrap_or_default();
    let trailing = trailing.trim_end().to_owned();
    let webhook = table_in(document.as_item_mut(), "webhook", true)?;
    let is_new = webhook.get("variables").is_none();
    let variables = table_in(webhook, "variables", false)?;
    edit_table(variables, changes);
    if is_new && let Some(table) = variables.as_table_mut() {
        // At the end of the file, no comment gets another neighbour.
        table.set_position(Some(isize::MAX));
        if !trailing.is_empty() {
            table.decor_mut().set_prefix(format!("{trailing}\n\n"));
            document.set_trailing("");
        }
    }
    let text = document.to_string();
    Ok(if has_crlf {
        text.replace('\n', "\r\n")
    } else {
        text
    })
}

/// The table `key` of the table `parent`. If it is missing, it is added: an inline table to an
/// inline table, else a table, which is `is_implicit` if it needs no heading of its own.
fn table_in<'t>(
    parent: &'t mut Item,
    key: &str,
    is_implicit: bool,
) -> anyhow::Result<&'t mut Item> {
    let is_inline = parent.is_inline_table();
    let parent = parent.as_table_like_mut().expect("the caller checks it");
    let table = parent.entry(key).or_insert_with(|| {
        if is_inline {
            return Item::Value(Value::InlineTable(InlineTable::new()));
        }
        let mut table = Table::new();
        table.set_implicit(is_implicit);
        Item::Table(table)
    });
    let kind = table.type_name();
    Some(table)
        .filter(|table| table.is_table_like())
        .with_context(|| format!("{key}: expected a table, found a value of the type {kind}"))
}

fn edit_table(table: &mut Item, changes: &Changes) {
    let is_inline = table.is_inline_table();
    let table = table.as_table_like_mut().expect("the caller checks it");
    for retyped in &changes.retyped {
        let variable = &retyped.inferred;
        let Some(value) = table.get_mut(variable.name).and_then(Item::as_value_mut) else {
            continue;
        };
        let mut decor = value.decor().clone();
        if has_evidence(&decor) {
            decor.set_suffix(format!("  # {}", variable.evidence()));
        }
        *value = variable.kind.name().into();
        *value.decor_mut() = decor;
    }
    let column = comment_column(changes.new.iter().copied());
    for variable in &changes.new {
        let mut value = Value::from(variable.kind.name());
        if !is_inline {
            value.decor_mut().set_suffix(comment(variable, column));
        }
        let keys = Key::parse(&format_key(variable.name));
        let key = keys.ok().and_then(|mut keys| keys.pop());
        let key = key.expect("the key is well-formed");
        table.entry_format(&key).or_insert(Item::Value(value));
    }
}

/// The evidence as a comment behind the entry.
fn comment(variable: &InferredVariable, column: usize) -> String {
    let padding = padding(&format_entry(variable), column);
    format!("{padding}# {}", variable.evidence())
}

/// True if the comment behind a value is evidence of an earlier run: `# 412 of 415 calls`.
fn has_evidence(decor: &Decor) -> bool {
    let suffix = decor.suffix().and_then(|suffix| suffix.as_str());
    let comment = suffix.and_then(|suffix| suffix.trim().strip_prefix("# "));
    let counts = comment.and_then(|comment| comment.split_once(" of "));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    counts.is_some_and(|(count, rest)| {
        let (total, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        is_number(count) && is_number(total) && rest.starts_with("call")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::declared_variables::DeclaredVariables;
    use crate::infer::observed::ObservedVariables;
    use crate::infer::test_calls::observe;

    fn observed() -> ObservedVariables {
        observe(&[r#"{"nps":"nine","city":"x","a.b":true}"#], &[])
    }

    /// The text after the changes to a declaration of `nps` as a number, and of `city` if
    /// `has_city`.
    fn merged(text: &str, has_nps: bool) -> String {
        let nps = r#"[{"name":"nps","type":"number"}]"#;
        let declared = if has_nps { nps } else { "[]" };
        let declared = DeclaredVariables::from_json(declared).expect("a declaration");
        let observed = observed();
        merge(text, &Changes::find(&declared, &observed)).expect("a settings file")
    }

    #[test]
    fn everything_else_in_the_file_stays() {
        let text = "# top\nstrict = true # why\n[webhook] # hook\nonly-completed=true\n\n\
                    # before\n[webhook.variables] # vars\n# my own\nnps   =   'number'   # keep\n\n\
                    # next\n[defaults]\ntz = \"utc\"\n# end\n";
        let expected = text.replace(
            "'number'   # keep\n",
            "\"string\"   # keep\ncity = \"string\"  # 1 of 1 call\n\"a.b\" = \"bool\"   # 1 of 1 call\n",
        );
        assert_eq!(merged(text, true), expected);
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(merged(&crlf, true), expected.replace('\n', "\r\n"));
    }

    #[test]
    fn evidence_of_an_earlier_run_is_replaced_with_the_type() {
        for (comment, is_replaced) in [
            ("# 412 of 415 calls", true),
            ("# 1 of 1 call; 3 strings, first a:1:2", true),
            ("# from 1 to 10", false),
            ("# 9 of ten calls", false),
            ("# 9 of 10 points", false),
            ("# of 10 calls", false),
        ] {
            let text = format!("[webhook.variables]\nnps = \"number\" {comment}\n");
            let text = merged(&text, true);
            assert_eq!(!text.contains(comment), is_replaced, "{text}");
            assert_eq!(
                text.contains("nps = \"string\"  # 1 of 1 call\n"),
                is_replaced,
                "{text}"
            );
        }
    }

    #[test]
    fn a_missing_table_follows_the_last_comment() {
        let table = "[webhook.variables]\nnps = \"string\"   # 1 of 1 call\n\
                     city = \"string\"  # 1 of 1 call\n\"a.b\" = \"bool\"   # 1 of 1 call\n";
        for (text, separator) in [
            ("", ""),
            ("# only a comment\n", "\n"),
            ("strict = true\n", "\n"),
            (
                "[webhook]\nonly-completed = true\n# of hook\n\n[defaults]\nascii = true\n",
                "\n",
            ),
            ("strict = true\n# the end", "\n\n"),
            (
                "webhook.only-completed = true\n[defaults]\n# the end\n",
                "\n",
            ),
        ] {
            assert_eq!(merged(text, false), format!("{text}{separator}{table}"));
        }
    }

    #[test]
    fn tables_in_any_notation_are_edited() {
        for (text, expected) in [
            (
                "webhook = {variables = {nps = \"number\"}}\n",
                "webhook = {variables = {nps = \"string\", city = \"string\", \"a.b\" = \"bool\" }}\n",
            ),
            (
                "webhook.variables.nps = \"number\"\nstrict = true\n",
                "webhook.variables.nps = \"string\"\nwebhook.variables.city = \"string\"  # 1 of 1 call\n\
                 webhook.variables.\"a.b\" = \"bool\"   # 1 of 1 call\nstrict = true\n",
            ),
        ] {
            assert_eq!(merged(text, true), expected);
        }
        let inline = merged("webhook = {only-completed = true}\n", false);
        let inline: toml::Table = inline.parse().expect("TOML");
        let names = inline["webhook"]["variables"]
            .as_table()
            .map(toml::Table::len);
        assert_eq!(names, Some(3), "{inline:?}");
    }
}
