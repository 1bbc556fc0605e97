//! Findings for people: message, location, the line of the source with the value underlined, and
//! help. A summary follows at the end.

use std::borrow::Cow;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level as SnippetLevel, Renderer, Snippet};

use super::finding_text::{decoded_from, format_location, full_pointer};
use super::summary::Summary;
use super::writer::Report;
use crate::capture::location::excerpt::Excerpt;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule_data::Level;
use crate::text::plural::format_count;
use crate::text::safe_text;
use crate::text::tone::Tone;
use crate::text::workflow_commands::break_commands;
use crate::text::wrap::wrap;
use crate::view::terminal::Terminal;
use crate::view::theme::{Theme, tone_of_level};

/// Width passed to the renderer. Excerpts are cut to fit before, so it must not cut them again.
const UNLIMITED_WIDTH: usize = 10_000;

/// Width of excerpts if the output is not a terminal.
const DEFAULT_WIDTH: usize = 120;

/// Writes messages with excerpts.
pub(crate) struct HumanReport {
    terminal: Terminal,
}

impl HumanReport {
    pub(crate) fn new(terminal: Terminal) -> Self {
        Self { terminal }
    }

    fn format_finding(&self, body: &CheckedBody, finding: &Finding) -> String {
        let theme = self.terminal.theme;
        let start = finding.span.start;
        let gutter = " ".repeat(start.line.to_string().len());
        let mut text = String::new();

        let level = format!("{}[{}]", finding.level.name(), finding.rule.id);
        let message = format!("{level}: {finding}");
        for (index, line) in self.wrap_message(&message, 2).into_iter().enumerate() {
            match line.strip_prefix(&level) {
                Some(rest) if index == 0 => {
                    text.push_str(&theme.paint(tone_of_level(finding.level), &level));
                    text.push_str(&theme.paint(Tone::Strong, rest));
                }
                _ => text.push_str(&theme.paint(Tone::Strong, &line)),
            }
            text.push('\n');
        }

        let location = format_location(body, start);
        text.push_str(&gutter);
        text.push_str(&theme.paint(Tone::Accent, "--> "));
        text.push_str(&safe_text::one_line(&location));
        let pointer = full_pointer(body, finding);
        if !pointer.is_empty() {
            let pointer = safe_text::one_line(&pointer);
            let pointer = shorten_pointer(&pointer);
            text.push(' ');
            text.push_str(&theme.paint(Tone::Faint, &pointer));
        }
        if let Some(coding) = decoded_from(finding) {
            let decoded = format!(" (in the text decoded from {})", coding.name());
            text.push_str(&theme.paint(Tone::Faint, &decoded));
        }
        text.push('\n');

        if let Some(excerpt) = &finding.excerpt {
            text.push_str(&self.draw_excerpt(excerpt, finding));
        }
        if let Some(first) = finding.first_occurrence {
            let location = format_location(body, first.start);
            self.push_note(&mut text, &gutter, "first", &location);
        }
        if let Some(help) = &finding.message.help {
            self.push_note(&mut text, &gutter, "help", help);
        }
        text.push('\n');
        text
    }

    /// Draws the line of the source with the value underlined.
    fn draw_excerpt(&self, excerpt: &Excerpt, finding: &Finding) -> String {
        let line = finding.span.start.line;
        let width = self.terminal.width.unwrap_or(DEFAULT_WIDTH);
        let max_width = width.saturating_sub(line.to_string().len() + " | ".len());
        let ExcerptLine { text, marked } = fit_excerpt(excerpt, max_width.max(20));
        let level = match finding.level {
            Level::Error => SnippetLevel::ERROR,
            Level::Warning => SnippetLevel::WARNING,
            Level::Note => SnippetLevel::NOTE,
        };
        let snippet = Snippet::source(&text)
            .line_start(usize::try_from(line).unwrap_or(usize::MAX))
            .annotation(AnnotationKind::Primary.span(marked));
        let renderer = match self.terminal.theme {
            Theme::Plain => Renderer::plain(),
            Theme::Ansi => Renderer::styled(),
        };
        let drawn = renderer
            .term_width(UNLIMITED_WIDTH)
            .render(&[Group::with_level(level).element(snippet)]);
        let lines = drawn.lines().map(|line| format!("{}\n", line.trim_end()));
        lines.collect()
    }

    /// Appends a note such as `= help: …` below the excerpt.
    fn push_note(&self, text: &mut String, gutter: &str, name: &str, note: &str) {
        let indent = gutter.len() + " = ".len();
        let note = format!("{name}: {note}");
        for (index, line) in self.wrap_message(&note, indent).into_iter().enumerate() {
            let lead = if index == 0 {
                format!("{gutter} {} ", self.terminal.theme.paint(Tone::Accent, "="))
            } else {
                " ".repeat(indent)
            };
            text.push_str(&lead);
            text.push_str(line.trim_start());
            text.push('\n');
        }
    }

    /// Wraps the text to the terminal width minus `indent`. Each line after the first starts with
    /// two spaces.
    fn wrap_message(&self, text: &str, indent: usize) -> Vec<String> {
        let text = safe_text::one_line(text);
        let Some(width) = self.terminal.width else {
            return vec![text.into_owned()];
        };
        let lines = wrap(&text, width.saturating_sub(indent));
        let indented = lines
            .into_iter()
            .enumerate()
            .map(|(index, line)| match index {
                0 => line,
                _ => format!("  {line}"),
            });
        indented.collect()
    }
}

impl Report for HumanReport {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let text = self.format_finding(body, finding);
            out.write_all(break_commands(&text).as_bytes())?;
        }
        Ok(())
    }

    /// Writes the summary: `3 calls, 2 errors, 1 warning (config: postcall.toml)`.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if summary.not_shown > 0 {
            let noun = if summary.errors_only {
                "more error"
            } else {
                "more finding"
            };
            let more = format_count(summary.not_shown, noun);
            writeln!(out, "… {more} not shown (see --max-findings)\n")?;
        }
        if summary.errors_only {
            return Ok(());
        }
        write!(out, "{}", format_count(summary.calls, "call"))?;
        for level in Level::ALL {
            let count = summary.tally.count(level);
            if level == Level::Note && count == 0 {
                continue;
            }
            let tone = if count > 0 {
                tone_of_level(level)
            } else {
                Tone::Good
            };
            let count = format_count(count, level.name());
            write!(out, ", {}", self.terminal.theme.paint(tone, &count))?;
        }
        if summary.baseline.is_some() {
            write!(out, ", {}", format_count(summary.known(), "known finding"))?;
        }
        if !summary.unreadable.is_empty() {
            let count = format_count(summary.unreadable.len() as u64, "input");
            let count = format!("{count} not read");
            write!(out, ", {}", self.terminal.theme.paint(Tone::Bad, &count))?;
        }
        if let Some(config) = &summary.config {
            let config = format!("(config: {})", safe_text::one_line(config));
            write!(out, " {}", self.terminal.theme.paint(Tone::Faint, &config))?;
        }
        writeln!(out)
    }
}

/// Cuts a pointer after 200 characters, because the names in it can have any length.
fn shorten_pointer(pointer: &str) -> Cow<'_, str> {
    const SHOWN: usize = 200;
    match pointer.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &pointer[..end])),
        None => Cow::Borrowed(pointer),
    }
}

/// A printable line, and the byte range of the marked text in it.
struct ExcerptLine {
    text: String,
    marked: std::ops::Range<usize>,
}

/// Cuts the excerpt to `max_width` columns. The marked text has priority: it is cut only if it does
/// not fit alone. The rest of the width goes to the text on both sides.
fn fit_excerpt(excerpt: &Excerpt, max_width: usize) -> ExcerptLine {
    const CUT: &str = "…";
    let before = safe_text::one_line(&excerpt.before);
    let marked = safe_text::one_line(&excerpt.marked);
    let after = safe_text::one_line(&excerpt.after);

    // An ellipsis may be needed on both sides.
    let max_width = max_width.saturating_sub(2);
    let marked_part = fit_start(&marked, max_width);
    let rest = max_width.saturating_sub(width(marked_part));
    // Each side gets half of the remaining width, plus columns that the other side does not need.
    let before_part = fit_end(&before, (rest / 2).max(rest.saturating_sub(width(&after))));
    let after_part = if marked_part.len() == marked.len() {
        fit_start(&after, rest.saturating_sub(width(before_part)))
    } else {
        ""
    };
    let is_cut_left = excerpt.is_cut_left || before_part.len() < before.len();
    let is_cut_right =
        excerpt.is_cut_right || marked_part.len() < marked.len() || after_part.len() < after.len();

    let mut text = String::new();
    if is_cut_left {
        text.push_str(CUT);
    }
    text.push_str(before_part);
    let start = text.len();
    text.push_str(marked_part);
    let end = text.len();
    text.push_str(after_part);
    if is_cut_right {
        text.push_str(CUT);
    }
    ExcerptLine {
        text,
        marked: start..end,
    }
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// The longest start of `text` that fits into `max_width` columns.
fn fit_start(text: &str, max_width: usize) -> &str {
    let mut used = 0;
    let mut ends = text.char_indices();
    let end = ends.find(|(_, character)| {
        used += unicode_width::UnicodeWidthChar::width(*character).unwrap_or(0);
        used > max_width
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// The longest end of `text` that fits into `max_width` columns.
fn fit_end(text: &str, max_width: usize) -> &str {
    let mut used = 0;
    let mut starts = text.char_indices().rev();
    let cut = starts.find(|(_, character)| {
        used += unicode_width::UnicodeWidthChar::width(*character).unwrap_or(0);
        used > max_width
    });
    cut.map_or(text, |(at, character)| &text[at + character.len_utf8()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_marked_text() {
        let excerpt = Excerpt {
            before: "b".repeat(50),
            marked: "\"180\"".to_owned(),
            after: "a".repeat(50),
            is_cut_left: true,
            is_cut_right: false,
        };
        let ExcerptLine { text, marked } = fit_excerpt(&excerpt, 27);
        assert_eq!(
            text,
            format!("…{}\"180\"{}…", "b".repeat(10), "a".repeat(10))
        );
        assert_eq!(&text[marked], "\"180\"");
        let ExcerptLine { text, .. } = fit_excerpt(&excerpt, 200);
        assert_eq!(
            text,
            format!("…{}\"180\"{}", "b".repeat(50), "a".repeat(50))
        );
    }

    #[test]
    fn marked_text_wider_than_the_line_is_cut_and_hides_the_rest() {
        let excerpt = Excerpt {
            before: "x: ".to_owned(),
            marked: "\"田中\u{1b}[31m and more\"".to_owned(),
            after: ",".to_owned(),
            ..Excerpt::default()
        };
        let ExcerptLine { text, marked } = fit_excerpt(&excerpt, 12);
        assert_eq!(text, "…\"田中\\u{1b…");
        assert_eq!(&text[marked], "\"田中\\u{1b");
    }
}
