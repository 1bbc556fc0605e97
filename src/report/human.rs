//! Findings for people: what is wrong, where, the line itself with the value underlined, what to do; and a summary at the end.

use std::borrow::Cow;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level as SnippetLevel, Renderer, Snippet};

use super::{Report, Summary, full_pointer, moved};
use crate::finding::{Finding, Judged, Level};
use crate::input::excerpt::Excerpt;
use crate::view::safe_text;
use crate::view::table::Layout;
use crate::view::theme::{Theme, Tone};
use crate::view::words::counted;
use crate::view::wrap::wrap;

/// Excerpts are cut before they are drawn: wider than they get.
const NO_FURTHER_CUT: usize = 10_000;

/// Where the output is no terminal, lines of bodies are shown so wide.
const DEFAULT_WIDTH: usize = 120;

/// Messages and excerpts.
pub(super) struct HumanReport {
    layout: Layout,
}

impl HumanReport {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout }
    }

    fn finding(&self, judged: &Judged, finding: &Finding) -> String {
        let theme = self.layout.theme;
        let start = finding.span.start;
        let gutter = " ".repeat(start.line.to_string().len());
        let mut text = String::new();

        let level = format!("{}[{}]", finding.level.name(), finding.rule.id);
        let message = format!("{level}: {finding}");
        for (index, line) in self.wrapped(&message, 2).into_iter().enumerate() {
            match line.strip_prefix(&level) {
                Some(rest) if index == 0 => {
                    text.push_str(&theme.paint(Tone::of_level(finding.level), &level));
                    text.push_str(&theme.paint(Tone::Strong, rest));
                }
                _ => text.push_str(&theme.paint(Tone::Strong, &line)),
            }
            text.push('\n');
        }

        let place = format!("{}:{}:{}", judged.source, start.line, start.column);
        text.push_str(&gutter);
        text.push_str(&theme.paint(Tone::Accent, "--> "));
        text.push_str(&safe_text::one_line(&place));
        let pointer = full_pointer(judged, finding);
        if !pointer.is_empty() {
            let pointer = safe_text::one_line(&pointer);
            let pointer = short(&pointer);
            text.push(' ');
            text.push_str(&theme.paint(Tone::Faint, &pointer));
        }
        if let Some(coding) = moved(finding) {
            let decoded = format!(" (in the text decoded from {})", coding.name());
            text.push_str(&theme.paint(Tone::Faint, &decoded));
        }
        text.push('\n');

        if let Some(excerpt) = &finding.excerpt {
            text.push_str(&self.excerpt(excerpt, finding));
        }
        if let Some(first) = finding.first {
            let (line, column) = (first.start.line, first.start.column);
            let place = format!("{}:{line}:{column}", judged.source);
            self.push_remark(&mut text, &gutter, "first", &place);
        }
        if let Some(help) = &finding.remark.help {
            self.push_remark(&mut text, &gutter, "help", help);
        }
        text.push('\n');
        text
    }

    /// The line of the source, the value underlined.
    fn excerpt(&self, excerpt: &Excerpt, finding: &Finding) -> String {
        let line = finding.span.start.line;
        let width = self.layout.width.unwrap_or(DEFAULT_WIDTH);
        let room = width.saturating_sub(line.to_string().len() + " | ".len());
        let Shown { text, marked } = shown(excerpt, room.max(20));
        let level = match finding.level {
            Level::Error => SnippetLevel::ERROR,
            Level::Warning => SnippetLevel::WARNING,
            Level::Note => SnippetLevel::NOTE,
        };
        let snippet = Snippet::source(&text)
            .line_start(usize::try_from(line).unwrap_or(usize::MAX))
            .annotation(AnnotationKind::Primary.span(marked));
        let renderer = match self.layout.theme {
            Theme::Plain => Renderer::plain(),
            Theme::Ansi => Renderer::styled(),
        };
        let drawn = renderer
            .term_width(NO_FURTHER_CUT)
            .render(&[Group::with_level(level).element(snippet)]);
        let lines = drawn.lines().map(|line| format!("{}\n", line.trim_end()));
        lines.collect()
    }

    /// `= help: …` below the excerpt.
    fn push_remark(&self, text: &mut String, gutter: &str, name: &str, remark: &str) {
        let indent = gutter.len() + " = ".len();
        let remark = format!("{name}: {remark}");
        for (index, line) in self.wrapped(&remark, indent).into_iter().enumerate() {
            let lead = if index == 0 {
                format!("{gutter} {} ", self.layout.theme.paint(Tone::Accent, "="))
            } else {
                " ".repeat(indent)
            };
            text.push_str(&lead);
            text.push_str(line.trim_start());
            text.push('\n');
        }
    }

    /// The text as lines that fit behind an indent; all but the first begin with two spaces.
    fn wrapped(&self, text: &str, indent: usize) -> Vec<String> {
        let text = safe_text::one_line(text);
        let Some(width) = self.layout.width else {
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
    fn judged(
        &mut self,
        judged: &Judged,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            out.write_all(self.finding(judged, finding).as_bytes())?;
        }
        Ok(())
    }

    /// `3 calls, 2 errors, 1 warning`
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if summary.not_shown > 0 {
            let what = if summary.errors_only {
                "more error"
            } else {
                "more finding"
            };
            let more = counted(summary.not_shown, what);
            writeln!(
                out,
                "… {more} (--max-findings N shows as many as you like)\n"
            )?;
        }
        if summary.errors_only {
            return Ok(());
        }
        write!(out, "{}", counted(summary.calls, "call"))?;
        for level in Level::ALL {
            let count = summary.tally.of(level);
            if level == Level::Note && count == 0 {
                continue;
            }
            let tone = if count > 0 {
                Tone::of_level(level)
            } else {
                Tone::Good
            };
            let count = counted(count, level.name());
            write!(out, ", {}", self.layout.theme.paint(tone, &count))?;
        }
        if !summary.unreadable.is_empty() {
            let count = counted(summary.unreadable.len() as u64, "input");
            let count = format!("{count} not read");
            write!(out, ", {}", self.layout.theme.paint(Tone::Bad, &count))?;
        }
        writeln!(out)
    }
}

/// A pointer as far as people look at it: names in it can have any length.
fn short(pointer: &str) -> Cow<'_, str> {
    const SHOWN: usize = 200;
    match pointer.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &pointer[..end])),
        None => Cow::Borrowed(pointer),
    }
}

/// A line that can be printed, and what is marked of it.
struct Shown {
    text: String,
    marked: std::ops::Range<usize>,
}

/// The excerpt in at most `room` columns, as far as the marked text lets it: that comes first, and is cut only where it does not fit alone.
fn shown(excerpt: &Excerpt, room: usize) -> Shown {
    const CUT: &str = "…";
    let before = safe_text::one_line(&excerpt.before);
    let marked = safe_text::one_line(&excerpt.marked);
    let after = safe_text::one_line(&excerpt.after);

    // Both ends may have to be marked as cut.
    let room = room.saturating_sub(2);
    let marked_part = start_of(&marked, room);
    let rest = room.saturating_sub(width(marked_part));
    // Half of what is left for each side, and what one side does not need for the other.
    let before_part = end_of(&before, (rest / 2).max(rest.saturating_sub(width(&after))));
    let after_part = if marked_part.len() == marked.len() {
        start_of(&after, rest.saturating_sub(width(before_part)))
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
    Shown {
        text,
        marked: start..end,
    }
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// As much of the beginning as fits into `room` columns.
fn start_of(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut ends = text.char_indices();
    let end = ends.find(|(_, character)| {
        used += unicode_width::UnicodeWidthChar::width(*character).unwrap_or(0);
        used > room
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// As much of the end as fits into `room` columns.
fn end_of(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut starts = text.char_indices().rev();
    let cut = starts.find(|(_, character)| {
        used += unicode_width::UnicodeWidthChar::width(*character).unwrap_or(0);
        used > room
    });
    cut.map_or(text, |(at, character)| &text[at + character.len_utf8()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_round_the_marked_text() {
        let excerpt = Excerpt {
            before: "b".repeat(50),
            marked: "\"180\"".to_owned(),
            after: "a".repeat(50),
            is_cut_left: true,
            is_cut_right: false,
        };
        let Shown { text, marked } = shown(&excerpt, 27);
        assert_eq!(
            text,
            format!("…{}\"180\"{}…", "b".repeat(10), "a".repeat(10))
        );
        assert_eq!(&text[marked], "\"180\"");
        let Shown { text, .. } = shown(&excerpt, 200);
        assert_eq!(
            text,
            format!("…{}\"180\"{}", "b".repeat(50), "a".repeat(50))
        );
    }

    #[test]
    fn marked_text_without_room_is_cut_and_nothing_follows() {
        let excerpt = Excerpt {
            before: "x: ".to_owned(),
            marked: "\"田中\u{1b}[31m and more\"".to_owned(),
            after: ",".to_owned(),
            ..Excerpt::default()
        };
        let Shown { text, marked } = shown(&excerpt, 12);
        assert_eq!(text, "…\"田中\\u{1b…");
        assert_eq!(&text[marked], "\"田中\\u{1b");
    }
}
