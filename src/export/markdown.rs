//! Markdown tables, as GitHub and most wikis read them (GFM §4.10).

use std::io::{self, Write};

use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::view::safe_text;

/// Writes rows of a Markdown table.
pub(super) struct MarkdownWriter {
    header: Option<Vec<Heading>>,
}

impl MarkdownWriter {
    pub(super) fn new(headings: Vec<Heading>) -> Self {
        Self {
            header: Some(headings),
        }
    }

    fn header(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(headings) = self.header.take() else {
            return Ok(());
        };
        let names: Vec<String> = headings
            .iter()
            .map(|heading| escape(&heading.name))
            .collect();
        let rules: Vec<&str> = headings
            .iter()
            .map(|heading| if heading.right { "---:" } else { "---" })
            .collect();
        writeln!(out, "| {} |\n| {} |", names.join(" | "), rules.join(" | "))
    }
}

impl RowWriter for MarkdownWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.header(out)?;
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| {
                cell.as_ref()
                    .map_or(String::new(), |cell| escape(&cell.text))
            })
            .collect();
        writeln!(out, "| {} |", cells.join(" | "))
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.header(out)
    }
}

/// The text as it shows in a cell: strangers' markup and HTML stay text; a bare address may become a link.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in safe_text::lines(text).trim().chars() {
        match character {
            '\n' => escaped.push_str("<br>"),
            '\u{a0}' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '#' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '@' => escaped.push_str("&#64;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn strangers_markup_stays_text() {
        assert_eq!(
            escape("a|b\n<img> [x](y)"),
            "a\\|b<br>&lt;img&gt; \\[x\\](y)"
        );
    }
}
