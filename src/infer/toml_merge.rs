//! Changes of a declaration, written into an existing `postcall.toml`. Only the types and the lines
//! that change are edited: everything else in the file stays as it is.

use std::ops::Range;

use anyhow::Context as _;
use toml_edit::{Document, InlineTable, Item, Table, TableLike, Value};

use super::changes::{Changes, RetypedVariable};
use super::evidence::InferredVariable;
use super::text_edits::{TextEdits, indentation_at, line_end, line_start, newline_at};
use super::toml_table::{comment_column, format_entry, padding};

/// Writes the changes into the table `[webhook.variables]` of the file with this text. A missing
/// table is added at the end. Comments stay, except evidence of an earlier run if the type changes.
/// Fails if the text is not TOML, or if another value is where the table should be.
pub(crate) fn merge(text: &str, changes: &Changes) -> anyhow::Result<String> {
    let document = Document::parse(text)?;
    let webhook = table_in(document.as_table(), "webhook")?;
    let variables = match webhook.and_then(Item::as_table_like) {
        Some(webhook) => table_in(webhook, "variables")?,
        None => None,
    };
    let mut edits = TextEdits::default();
    for variable in &changes.retyped {
        retype(text, variables, variable, &mut edits);
    }
    let webhook = webhook.and_then(Item::as_inline_table);
    let entries = || changes.new.iter().map(format_entry);
    match (webhook, variables) {
        (Some(webhook), None) => {
            let entries: Vec<String> = entries().collect();
            let table = format!("variables = {{ {} }}", entries.join(", "));
            extend_inline_table(text, webhook, &[table], &mut edits);
        }
        (_, None) => append_table(text, &changes.new, &mut edits),
        (_, Some(Item::Table(table))) => extend_table(text, table, &changes.new, &mut edits)?,
        (Some(webhook), Some(Item::Value(Value::InlineTable(table)))) if table.is_dotted() => {
            let entries = entries().map(|entry| format!("variables.{entry}"));
            extend_inline_table(text, webhook, &entries.collect::<Vec<_>>(), &mut edits);
        }
        (_, Some(table)) => {
            let table = table.as_inline_table().context("variables: not a table")?;
            extend_inline_table(text, table, &entries().collect::<Vec<_>>(), &mut edits);
        }
    }
    Ok(edits.apply(text))
}

/// The table `key` of the table `parent`; `None` if it is missing.
fn table_in<'t>(parent: &'t dyn TableLike, key: &str) -> anyhow::Result<Option<&'t Item>> {
    let Some(item) = parent.get(key) else {
        return Ok(None);
    };
    let kind = item.type_name();
    Some(item)
        .filter(|item| item.is_table_like())
        .map(Some)
        .with_context(|| format!("{key}: expected a table, found a value of the type {kind}"))
}

/// Replaces the type, and evidence of an earlier run behind it.
fn retype(text: &str, table: Option<&Item>, retyped: &RetypedVariable, edits: &mut TextEdits) {
    let variable = &retyped.inferred;
    let item = table.and_then(Item::as_table_like);
    let item = item.and_then(|table| table.get(variable.name));
    let Some(span) = item.and_then(Item::span) else {
        return;
    };
    let rest = span.end..line_end(text, span.end);
    edits.replace(span, format!("\"{}\"", variable.kind.name()));
    if table.is_some_and(Item::is_table) && is_evidence(&text[rest.clone()]) {
        edits.replace(rest, format!("  # {}", variable.evidence()));
    }
}

/// True for a comment that is evidence of an earlier run: `# 412 of 415 calls`.
fn is_evidence(comment: &str) -> bool {
    let comment = comment.trim().strip_prefix("# ");
    let counts = comment.and_then(|comment| comment.split_once(" of "));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    counts.is_some_and(|(count, rest)| {
        let (total, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        is_number(count) && is_number(total) && rest.starts_with("call")
    })
}

/// The lines of new variables, with the evidence as comments.
fn format_lines(new: &[InferredVariable]) -> Vec<String> {
    let column = comment_column(new.iter().copied());
    let lines = new.iter().map(|variable| {
        let entry = format_entry(variable);
        let padding = padding(&entry, column);
        format!("{entry}{padding}# {}", variable.evidence())
    });
    lines.collect()
}

/// Adds a table at the end of the file, where no comment gets another neighbour.
fn append_table(text: &str, new: &[InferredVariable], edits: &mut TextEdits) {
    let newline = newline_at(text, text.len());
    let mut added = match text {
        "" => String::new(),
        text if text.ends_with('\n') => newline.to_owned(),
        _ => newline.repeat(2),
    };
    for line in [vec!["[webhook.variables]".to_owned()], format_lines(new)].concat() {
        added.push_str(&line);
        added.push_str(newline);
    }
    edits.insert(text.len(), added);
}

/// Adds lines after the last line of a table, which has a heading or dotted keys.
fn extend_table(
    text: &str,
    table: &Table,
    new: &[InferredVariable],
    edits: &mut TextEdits,
) -> anyhow::Result<()> {
    let entries = table.iter().filter_map(|(name, item)| {
        let key = table.key(name)?.span()?;
        Some((item.span()?.end, key.start))
    });
    let (end, prefix) = match entries.max() {
        // The indentation, and the path of a dotted key.
        Some((end, key)) => (end, &text[line_start(text, key)..key]),
        None => (table.span().context("the table has no heading")?.end, ""),
    };
    let newline = newline_at(text, end);
    let lines = format_lines(new);
    let lines = lines.iter().map(|line| format!("{newline}{prefix}{line}"));
    edits.insert(line_end(text, end), lines.collect::<String>());
    Ok(())
}

/// Adds entries at the end of an inline table. If it has several lines, each entry has its own, so
/// that comments stay at their entries.
fn extend_inline_table(text: &str, table: &InlineTable, entries: &[String], edits: &mut TextEdits) {
    let Some(span) = table.span().filter(|_| !entries.is_empty()) else {
        return;
    };
    let inside = span.start + 1..span.end - 1;
    let last = last_value(table);
    let last_end = last.as_ref().map_or(inside.start, |last| last.end);
    let tail = &text[last_end..inside.end];
    let has_comma = has_comma(tail);
    if last.is_some() && !has_comma {
        edits.insert(last_end, ",");
    }
    let blank = tail.trim_end_matches([' ', '\t', '\r', '\n']).len();
    let (end, separator) = match tail[blank..].rfind('\n') {
        Some(end) => {
            let end = last_end + blank + end;
            let end = end - usize::from(text[..end].ends_with('\r'));
            let indentation = last.map_or("  ", |last| indentation_at(text, last.start));
            (end, format!("{}{indentation}", newline_at(text, end)))
        }
        None => (last_end + blank, " ".to_owned()),
    };
    let entries: Vec<String> = entries.iter().map(|e| format!("{separator}{e}")).collect();
    let mut added = entries.join(",");
    if has_comma {
        added.push(',');
    }
    if tail.is_empty() && last_end == inside.start {
        added.push(' ');
    }
    edits.insert(end, added);
}

/// The last value of an inline table in the file. Tables of dotted keys are not values.
fn last_value(table: &InlineTable) -> Option<Range<usize>> {
    let values = table.iter().filter_map(|(_, value)| match value {
        Value::InlineTable(table) if table.is_dotted() => last_value(table),
        value => value.span(),
    });
    values.max_by_key(|span| span.end)
}

/// True if a comma is in the text between a value and the end of its table.
fn has_comma(tail: &str) -> bool {
    let lines = tail.lines().map(|line| line.split('#').next());
    lines.flatten().any(|code| code.contains(','))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::declared_variables::DeclaredVariables;
    use crate::infer::observed::ObservedVariables;
    use crate::infer::test_calls::observe;

    fn observed() -> ObservedVariables {
        observe(
            &[
                r#"{"nps":"nine","city":"x","a.b":true}"#,
                r#"{"nps":"ten"}"#,
            ],
            &[],
        )
    }

    /// The text after the changes to a declaration of `nps` as a number, if `has_nps`.
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
            "\"string\"   # keep\ncity = \"string\"  # 1 of 2 calls\n\"a.b\" = \"bool\"   # 1 of 2 calls\n",
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
                text.contains("nps = \"string\"  # 2 of 2 calls\n"),
                is_replaced,
                "{text}"
            );
        }
    }

    #[test]
    fn a_missing_table_follows_the_last_comment() {
        let table = "[webhook.variables]\nnps = \"string\"   # 2 of 2 calls\n\
                     city = \"string\"  # 1 of 2 calls\n\"a.b\" = \"bool\"   # 1 of 2 calls\n";
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
                "webhook = {variables = {nps = \"string\", city = \"string\", \"a.b\" = \"bool\"}}\n",
            ),
            (
                "webhook.variables.nps = \"number\"\nstrict = true\n",
                "webhook.variables.nps = \"string\"\nwebhook.variables.city = \"string\"  # 1 of 2 calls\n\
                 webhook.variables.\"a.b\" = \"bool\"   # 1 of 2 calls\nstrict = true\n",
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

    #[test]
    fn comments_in_an_inline_table_stay_at_their_entries() {
        for (text, expected) in [
            (
                "[webhook]\nvariables = {\n nps = \"number\", # c1\n old = \"bool\", # c2\n}\n",
                "[webhook]\nvariables = {\n nps = \"string\", # c1\n old = \"bool\", # c2\n \
                 city = \"string\",\n \"a.b\" = \"bool\",\n}\n",
            ),
            (
                "webhook = {variables = {\r\n\t# 1 of 2, calls\r\n\tnps = \"number\" # 1 of 1 call, \r\n\t# end\r\n}}",
                "webhook = {variables = {\r\n\t# 1 of 2, calls\r\n\tnps = \"string\", # 1 of 1 call, \r\n\t# end\r\n\t\
                 city = \"string\",\r\n\t\"a.b\" = \"bool\"\r\n}}",
            ),
            (
                "webhook = {\n  variables.nps = \"number\", # c1\n  only-completed = true # c2\n}\n",
                "webhook = {\n  variables.nps = \"string\", # c1\n  only-completed = true, # c2\n  \
                 variables.city = \"string\",\n  variables.\"a.b\" = \"bool\"\n}\n",
            ),
            (
                "webhook.variables = { nps = 'number', }",
                "webhook.variables = { nps = \"string\", city = \"string\", \"a.b\" = \"bool\", }",
            ),
        ] {
            assert_eq!(merged(text, true), expected);
        }
        for (text, expected) in [
            ("{}", "{ city = \"bool\" }"),
            ("{ }", "{ city = \"bool\" }"),
            ("{ # none\n}", "{ # none\n  city = \"bool\"\n}"),
        ] {
            let observed = observe(&[r#"{"city":true}"#], &[]);
            let changes = Changes::find(&DeclaredVariables::default(), &observed);
            let text = format!("webhook.variables = {text}");
            let merged = merge(&text, &changes).expect("a settings file");
            assert_eq!(merged, format!("webhook.variables = {expected}"));
        }
    }

    #[test]
    fn names_are_escaped_in_every_notation() {
        let observed = observe(&[r#"{"a\u202eb":true}"#], &[]);
        let changes = Changes::find(&DeclaredVariables::default(), &observed);
        for text in [
            "",
            "[webhook.variables]\n",
            "webhook.variables = {}",
            "webhook = {variables.x = \"bool\"}",
            "webhook = {}",
        ] {
            let merged = merge(text, &changes).expect("a settings file");
            assert!(merged.contains(r#""a\U0000202Eb" = "bool""#), "{merged}");
            assert!(!merged.contains('\u{202e}'), "{merged}");
            assert!(merged.parse::<toml::Table>().is_ok(), "{merged}");
        }
    }

    #[test]
    fn mixed_line_ends_stay() {
        let text =
            "strict = true\r\n[webhook.variables]\nnps = \"number\"\r\n# end\n\n[defaults]\r\n";
        let expected = "strict = true\r\n[webhook.variables]\nnps = \"string\"\r\n\
                        city = \"string\"  # 1 of 2 calls\r\n\"a.b\" = \"bool\"   # 1 of 2 calls\r\n\
                        # end\n\n[defaults]\r\n";
        assert_eq!(merged(text, true), expected);
        let empty = merged(
            "strict = true\r\n[webhook.variables] # none\n[defaults]",
            false,
        );
        assert!(
            empty.starts_with("strict = true\r\n[webhook.variables] # none\nnps = \"string\"   # 2 of 2 calls\ncity"),
            "{empty:?}"
        );
        assert!(empty.ends_with("calls\n[defaults]"), "{empty:?}");
    }
}
