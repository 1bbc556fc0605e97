//! Findings for people: a line each, with the help below it, and a summary at the end.

use unicode_width::UnicodeWidthStr;

use crate::finding::{Finding, Level};
use crate::view::safe_text;
use crate::view::table::Layout;
use crate::view::theme::{Theme, Tone};
use crate::view::words::counted;
use crate::view::wrap::wrap;

/// How many calls were judged and what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls.
    pub calls: u64,
    /// Findings at error level.
    pub errors: u64,
    /// Findings at warning level.
    pub warnings: u64,
}

impl Counts {
    /// The numbers of `findings`, made in `calls` calls.
    #[must_use]
    pub fn of(calls: u64, findings: &[Finding]) -> Self {
        let of_level = |level| {
            findings
                .iter()
                .map(|finding| u64::from(finding.level == level))
                .sum()
        };
        Self {
            calls,
            errors: of_level(Level::Error),
            warnings: of_level(Level::Warning),
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.warnings += other.warnings;
    }
}

/// One finding: `path:line:col: level[rule] pointer: expected …, found …`, and its help on a line of its own. Where that is wider than the
/// terminal, what was expected and found goes below, wrapped.
#[must_use]
pub fn finding(finding: &Finding, layout: Layout) -> String {
    let theme = layout.theme;
    let position = finding.position;
    let place = format!("{}:{}:{}", finding.source, position.line, position.column);
    let place = safe_text::one_line(&place);
    let level = format!("{}[{}]", finding.level.name(), finding.rule.id);
    let pointer = format!("{}{}", finding.body_pointer, finding.pointer);
    let pointer = safe_text::one_line(&pointer);
    let space = if pointer.is_empty() { "" } else { " " };
    let message = finding.to_string();
    let message = safe_text::one_line(&message);

    let mut text = format!(
        "{}: {}{space}{pointer}:",
        theme.paint(Tone::Strong, &place),
        theme.paint(tone(finding.level), &level)
    );
    let width = format!("{place}: {level}{space}{pointer}: {message}").width();
    if layout.width.is_some_and(|columns| width > columns) {
        text.push('\n');
        push_indented(&mut text, &message, Tone::Plain, layout);
    } else {
        text.push(' ');
        text.push_str(&message);
        text.push('\n');
    }
    if let Some(help) = &finding.remark.help {
        let help = safe_text::one_line(help);
        push_indented(&mut text, &format!("help: {help}"), Tone::Faint, layout);
    }
    text
}

fn push_indented(text: &mut String, message: &str, tone: Tone, layout: Layout) {
    const INDENT: &str = "  ";
    let width = layout
        .width
        .map_or(usize::MAX, |columns| columns.saturating_sub(INDENT.len()));
    for line in wrap(message, width) {
        text.push_str(INDENT);
        text.push_str(&layout.theme.paint(tone, &line));
        text.push('\n');
    }
}

/// `3 calls, 2 errors, 1 warning`
#[must_use]
pub fn summary(counts: Counts, theme: Theme) -> String {
    let errors = counted(counts.errors, Level::Error.name());
    let warnings = counted(counts.warnings, Level::Warning.name());
    let tone = |count: u64, level: Level| if count > 0 { tone(level) } else { Tone::Good };
    format!(
        "{}, {}, {}\n",
        counted(counts.calls, "call"),
        theme.paint(tone(counts.errors, Level::Error), &errors),
        theme.paint(tone(counts.warnings, Level::Warning), &warnings),
    )
}

fn tone(level: Level) -> Tone {
    match level {
        Level::Error => Tone::Bad,
        Level::Warning => Tone::Doubtful,
        Level::Note => Tone::Faint,
    }
}
