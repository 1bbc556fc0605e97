//! `rules`: what `validate` looks for, as a table, or one rule explained.

use std::io::Write as _;

use serde::Serialize;

use super::session::{Session, on_stdout};
use crate::cli::RulesArgs;
use crate::exit::Misuse;
use crate::export::{Format, writer};
use crate::finding::Level;
use crate::rules::{self, Family, Rule, registry};
use crate::settings::Settings;
use crate::settings::levels::Levels;
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::view::explanation::explanation;
use crate::view::theme::Tone;

pub(super) fn run(args: &RulesArgs, session: &mut Session) -> anyhow::Result<()> {
    let (levels, settings) = args.rules.read().map_err(Misuse)?;
    let named = args.rule.as_deref();
    let family = Family::ALL
        .into_iter()
        .find(|family| named == Some(family.name()));
    let rule = named
        .filter(|_| family.is_none())
        .map(rules::find)
        .transpose();
    let rule = rule.map_err(|unknown| Misuse(unknown.into()))?;
    if let Some(rule) = rule.filter(|_| args.format == Format::Table) {
        let level = level_in_words(rule, &levels, &settings);
        let text = explanation(rule, &level, session.layout);
        return on_stdout(session.out.write_all(text.as_bytes()));
    }
    let listed: Vec<_> = registry()
        .filter(|listed| rule.is_none_or(|rule| rule.id == listed.id))
        .filter(|listed| family.is_none_or(|family| listed.family() == family))
        .collect();
    let written = |rule: &&'static Rule| WrittenRule::new(rule, &levels, &settings);
    match (args.format, rule) {
        (Format::Json | Format::Jsonl, Some(rule)) => {
            let text = serde_json::to_string(&written(&rule))?;
            on_stdout(writeln!(session.out, "{text}"))
        }
        (Format::Json, None) => {
            let rules: Vec<_> = listed.iter().map(written).collect();
            let text = serde_json::to_string_pretty(&rules)?;
            on_stdout(writeln!(session.out, "{text}"))
        }
        (Format::Jsonl, None) => listed.iter().try_for_each(|rule| {
            let text = serde_json::to_string(&written(rule))?;
            on_stdout(writeln!(session.out, "{text}"))
        }),
        (format, _) => table(format, &listed, &levels, &settings, session),
    }
}

/// A rule for programs.
#[derive(Serialize)]
struct WrittenRule {
    id: &'static str,
    family: &'static str,
    /// The level in effect; null where it is allowed or not asked.
    level: Option<Level>,
    default_level: Level,
    /// What has to be told before it is asked.
    needs: Option<&'static str>,
    in_schema: bool,
    summary: &'static str,
    explanation: &'static str,
    bad: &'static str,
    good: &'static str,
    fix: &'static str,
}

impl WrittenRule {
    fn new(rule: &'static Rule, levels: &Levels, settings: &Settings) -> Self {
        Self {
            id: rule.id,
            family: rule.family().name(),
            level: levels.in_general(rule).filter(|_| rule.is_active(settings)),
            default_level: rule.level,
            needs: rule.needs(),
            in_schema: rule.in_schema,
            summary: rule.summary,
            explanation: rule.explanation,
            bad: rule.bad,
            good: rule.good,
            fix: rule.fix,
        }
    }
}

/// The level in effect: `error`, `allowed`, `off (needs --variables FILE)`.
fn level_in_words(rule: &Rule, levels: &Levels, settings: &Settings) -> String {
    match (rule.needs(), levels.in_general(rule)) {
        (Some(needs), _) if !rule.is_active(settings) => format!("off (needs {needs})"),
        (_, level) => {
            let level = level.map_or("allowed", Level::name);
            match levels.everywhere(rule) {
                Some(_) => level.to_owned(),
                None => format!("{level}, other at some places"),
            }
        }
    }
}

fn table(
    format: Format,
    rules: &[&'static Rule],
    levels: &Levels,
    settings: &Settings,
    session: &mut Session,
) -> anyhow::Result<()> {
    let headings = vec![
        Heading::new("Rule"),
        Heading::new("Family"),
        Heading {
            tone: Some(tone),
            ..Heading::new("Level")
        },
        Heading::new("Finds").flexible(),
    ];
    let mut table = writer(format.into(), headings, session.layout);
    for rule in rules {
        let level = match level_in_words(rule, levels, settings) {
            off if off.starts_with("off") => "off".to_owned(),
            level => level,
        };
        let cells = [
            rule.id.to_owned(),
            rule.family().name().to_owned(),
            level,
            rule.summary.to_owned(),
        ];
        let cells = cells.map(|text| Some(Cell::text(text)));
        on_stdout(table.row(&cells, &mut session.out))?;
    }
    on_stdout(table.finish(&mut session.out))
}

fn tone(level: &str) -> Tone {
    let known = Level::ALL
        .into_iter()
        .find(|known| level.starts_with(known.name()));
    known.map_or(Tone::Faint, Tone::of_level)
}
