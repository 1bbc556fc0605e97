//! A rule explained: what it looks at, why, a bad and a good piece of a body, what to do.

use super::table::Layout;
use super::theme::Tone;
use super::wrap::wrap;
use crate::rules::Rule;

/// Prose wider than this is hard to read.
const WIDEST: usize = 100;
/// Narrower than this no word fits.
const NARROWEST: usize = 10;
const INDENT: &str = "  ";

/// The explanation of `rule`, whose level in effect is `level`.
#[must_use]
pub fn explanation(rule: &Rule, level: &str, layout: Layout) -> String {
    let theme = layout.theme;
    let width = layout.width.unwrap_or(WIDEST).min(WIDEST);
    let width = width.saturating_sub(INDENT.len()).max(NARROWEST);
    let mut text = format!(
        "{} · {} · {level}\n{INDENT}{}\n\n",
        theme.paint(Tone::Strong, rule.id),
        rule.family().name(),
        wrap(rule.summary, width).join(&format!("\n{INDENT}"))
    );
    for paragraph in rule.explanation.split("\n\n") {
        push(&mut text, &wrap(paragraph, width));
    }
    let heading = |name: &str| theme.paint(Tone::Strong, name) + "\n";
    for (name, piece, tone) in [
        ("Bad", rule.bad, Tone::Bad),
        ("Good", rule.good, Tone::Good),
    ] {
        text.push_str(&heading(name));
        let lines = piece.lines().map(|line| theme.paint(tone, line));
        push(&mut text, &lines.collect::<Vec<_>>());
    }
    text.push_str(&heading("What to do"));
    push(&mut text, &wrap(rule.fix, width));
    text.push_str(&heading("Level"));
    let levels = format!(
        "{} by default. --allow {id}, --warn {id} or --deny {id} change it; with :POINTER behind the id, only there. postcall.toml does the same for \
         a whole project.",
        rule.level.name(),
        id = rule.id
    );
    push(&mut text, &wrap(&levels, width));
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Lines, indented, and an empty one.
fn push(text: &mut String, lines: &[String]) {
    for line in lines {
        text.push_str(INDENT);
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
}
