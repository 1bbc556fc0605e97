//! Formats the explanation of a rule: the check, its reason, a bad and a good example, and the fix.

use super::terminal::Terminal;
use crate::lint::rule_data::Rule;
use crate::text::tone::Tone;
use crate::text::wrap::wrap;

/// Maximum width of prose; wider lines are hard to read.
const MAX_WIDTH: usize = 100;
/// Minimum width; below it, hardly any word fits.
const MIN_WIDTH: usize = 10;
const INDENT: &str = "  ";

/// Formats the explanation of `rule`. `level` is its level in effect.
#[must_use]
pub(crate) fn format_explanation(rule: &Rule, level: &str, terminal: Terminal) -> String {
    let theme = terminal.theme;
    let width = terminal.width.unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
    let width = width.saturating_sub(INDENT.len()).max(MIN_WIDTH);
    let dot = terminal.symbols.dot();
    let mut text = format!(
        "{} {dot} {} {dot} {level}\n{INDENT}{}\n\n",
        theme.paint(Tone::Strong, rule.id),
        rule.family.name(),
        wrap(rule.summary, width).join(&format!("\n{INDENT}"))
    );
    for paragraph in rule.explanation.split("\n\n") {
        push_paragraph(&mut text, &wrap(paragraph, width));
    }
    let heading = |name: &str| theme.paint(Tone::Strong, name) + "\n";
    for (name, example, tone) in [
        ("Bad", rule.bad, Tone::Bad),
        ("Good", rule.good, Tone::Good),
    ] {
        text.push_str(&heading(name));
        let lines = example.lines().map(|line| theme.paint(tone, line));
        push_paragraph(&mut text, &lines.collect::<Vec<_>>());
    }
    text.push_str(&heading("How to fix it"));
    push_paragraph(&mut text, &wrap(rule.fix, width));
    text.push_str(&heading("Level"));
    let levels = format!(
        "The default is {}{}. Change it with --allow {id}, --warn {id} or --deny {id}, or for a \
         whole project in postcall.toml. With {id}:POINTER, the change applies only to values at matching JSON Pointers.",
        rule.default_level(),
        rule.needs().map_or("", |_| " once the rule is on"),
        id = rule.id
    );
    push_paragraph(&mut text, &wrap(&levels, width));
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Appends the lines indented, followed by an empty line.
fn push_paragraph(text: &mut String, lines: &[String]) {
    for line in lines {
        text.push_str(INDENT);
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
}
