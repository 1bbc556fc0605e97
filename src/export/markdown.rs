//! Markdown tables as GitHub and most wikis render them (GFM §4.10).

use std::io::{self, Write};

use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::text::safe_text;
use crate::text::workflow_commands::break_commands;

pub(crate) struct MarkdownWriter {
    header: Option<Vec<Heading>>,
}

impl MarkdownWriter {
    pub(crate) fn new(headings: Vec<Heading>) -> Self {
        Self {
            header: Some(headings),
        }
    }

    fn write_header(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(headings) = self.header.take() else {
            return Ok(());
        };
        let names: Vec<String> = headings
            .iter()
            .map(|heading| escape(&heading.name))
            .collect();
        let rules: Vec<&str> = headings
            .iter()
            .map(|heading| {
                if heading.is_right_aligned {
                    "---:"
                } else {
                    "---"
                }
            })
            .collect();
        write_line(&names, out)?;
        write_line(&rules, out)
    }
}

impl RowWriter for MarkdownWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        self.write_header(out)?;
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| {
                cell.as_ref()
                    .map_or(String::new(), |cell| escape(&cell.text))
            })
            .collect();
        write_line(&cells, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.write_header(out)
    }
}

fn write_line<C: AsRef<str>>(cells: &[C], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    let line = format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", break_commands(&line))
}

/// Escapes untrusted text for a cell or a paragraph, so that markup and HTML are shown literally. A
/// bare URL may still become a link.
pub(crate) fn escape(text: &str) -> String {
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
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn untrusted_markup_is_shown_literally() {
        assert_eq!(
            escape("a|b\n<img> [x](y)"),
            "a\\|b<br>&lt;img&gt; \\[x\\](y)"
        );
    }
}
