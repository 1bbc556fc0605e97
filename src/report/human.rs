//! Findings for people: a line each, with the help below it, and a summary at the end.

use std::fmt::Write as _;

use crate::finding::{Finding, Level, counted};
use crate::view::safe_text;
use crate::view::theme::{Theme, Tone};

/// How many calls were judged and what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls.
    pub calls: usize,
    /// Findings at error level.
    pub errors: usize,
    /// Findings at warning level.
    pub warnings: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.warnings += other.warnings;
    }
}

/// One finding: `path:line:col: level[rule] pointer: expected …, found …`, and its help on a line of its own.
#[must_use]
pub fn finding(finding: &Finding, theme: Theme) -> String {
    let place = format!(
        "{}:{}:{}",
        finding.source, finding.position.line, finding.position.column
    );
    let place = theme.paint(Tone::Strong, &safe_text::one_line(&place));
    let tone = tone(finding.level);
    let level = theme.paint(
        tone,
        &format!("{}[{}]", finding.level.name(), finding.rule.id),
    );
    let mut text = format!("{place}: {level}");
    let pointer = format!("{}{}", finding.body, finding.pointer);
    if !pointer.is_empty() {
        write!(text, " {}", safe_text::one_line(&pointer)).expect("a String takes every write");
    }
    writeln!(text, ": {}", safe_text::one_line(&finding.to_string()))
        .expect("a String takes every write");
    if let Some(help) = &finding.remark.help {
        let help = theme.paint(
            Tone::Faint,
            &format!("  help: {}", safe_text::one_line(help)),
        );
        text.push_str(&help);
        text.push('\n');
    }
    text
}

/// `3 calls, 2 errors, 1 warning`
#[must_use]
pub fn summary(counts: Counts, theme: Theme) -> String {
    let errors = counted(counts.errors, Level::Error.name());
    let warnings = counted(counts.warnings, Level::Warning.name());
    let tone = |count: usize, level: Level| if count > 0 { tone(level) } else { Tone::Good };
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
