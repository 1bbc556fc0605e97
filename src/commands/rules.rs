//! `rules`: lists the rules of `validate`, or explains one.

use std::io::Write as _;

use serde::Serialize;

use crate::cli::{CheckSettings, RulesArgs};
use crate::contract::webhook::WebhookSettings;
use crate::exit::UsageError;
use crate::export::{RowFormat, TableOptions};
use crate::lint::levels::Levels;
use crate::lint::rule_data::Level;
use crate::lint::rule_data::{Family, Rule};
use crate::lint::rules::{self, registry};
use crate::run::session::Session;
use crate::table::row::Cell;
use crate::table::writer::{Fit, Heading};
use crate::text::tone::Tone;
use crate::view::explanation::format_explanation;
use crate::view::theme::tone_of_level;

pub(crate) fn run(args: &RulesArgs, session: &mut Session) -> anyhow::Result<()> {
    let CheckSettings {
        levels,
        webhook: settings,
        ..
    } = args.checks.read(&session.config).map_err(UsageError)?;
    let name = args.rule.as_deref();
    let family = Family::ALL
        .into_iter()
        .find(|family| name == Some(family.name()));
    let rule = name
        .filter(|_| family.is_none())
        .map(rules::find)
        .transpose();
    let rule = rule.map_err(|unknown| UsageError(unknown.into()))?;
    if let Some(rule) =
        rule.filter(|_| matches!(args.format, RowFormat::Table | RowFormat::Vertical))
    {
        let level = level_text(rule, &levels, &settings);
        let text = format_explanation(rule, &level, session.terminal);
        return Ok(session.out.write_all(text.as_bytes())?);
    }
    let listed: Vec<_> = registry()
        .filter(|listed| rule.is_none_or(|rule| rule.id == listed.id))
        .filter(|listed| family.is_none_or(|family| listed.family == family))
        .collect();
    let to_json = |rule: &&'static Rule| RuleJson::new(rule, &levels, &settings);
    match (args.format, rule) {
        (RowFormat::Json | RowFormat::Jsonl, Some(rule)) => {
            let text = serde_json::to_string(&to_json(&rule))?;
            Ok(writeln!(session.out, "{text}")?)
        }
        (RowFormat::Json, None) => {
            let rules: Vec<_> = listed.iter().map(to_json).collect();
            let text = serde_json::to_string_pretty(&rules)?;
            Ok(writeln!(session.out, "{text}")?)
        }
        (RowFormat::Jsonl, None) => listed.iter().try_for_each(|rule| {
            let text = serde_json::to_string(&to_json(rule))?;
            Ok(writeln!(session.out, "{text}")?)
        }),
        (format, _) => print_table(format, &listed, &levels, &settings, session),
    }
}

/// A rule in the JSON formats.
#[derive(Serialize)]
struct RuleJson {
    id: &'static str,
    family: &'static str,
    /// The level in effect; `null` if the rule is allowed or inactive.
    level: Option<Level>,
    /// `allow` if the rule is allowed by default.
    default_level: &'static str,
    /// The option that activates the rule, if it needs one.
    needs: Option<&'static str>,
    in_schema: bool,
    summary: &'static str,
    explanation: &'static str,
    bad: &'static str,
    good: &'static str,
    fix: &'static str,
}

impl RuleJson {
    fn new(rule: &'static Rule, levels: &Levels, settings: &WebhookSettings) -> Self {
        Self {
            id: rule.id,
            family: rule.family.name(),
            level: levels
                .general_level(rule)
                .filter(|_| rule.is_active(settings)),
            default_level: rule.default_level(),
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

/// The level in effect as text: `error`, `allowed` or `off (needs --variables FILE)`.
fn level_text(rule: &Rule, levels: &Levels, settings: &WebhookSettings) -> String {
    match (rule.needs(), levels.general_level(rule)) {
        (Some(needs), _) if !rule.is_active(settings) => format!("off (needs {needs})"),
        (_, level) => {
            let level = level.map_or("allowed", Level::name);
            match levels.fixed_level(rule) {
                Some(_) => level.to_owned(),
                None => format!("{level}, different at some pointers"),
            }
        }
    }
}

fn print_table(
    format: RowFormat,
    rules: &[&'static Rule],
    levels: &Levels,
    settings: &WebhookSettings,
    session: &mut Session,
) -> anyhow::Result<()> {
    let headings = vec![
        Heading::new("Rule"),
        Heading::new("Family").dropped(1),
        Heading {
            tone: Some(level_tone),
            ..Heading::new("Level")
        },
        Heading::new("Finds").fitted(Fit::Below {
            min_width: 24,
            lines: usize::MAX,
        }),
    ];
    let mut table = TableOptions::from(format).create_writer(&headings, session.terminal);
    for rule in rules {
        let level = match level_text(rule, levels, settings) {
            off if off.starts_with("off") => "off".to_owned(),
            level => level,
        };
        let cells = [
            rule.id.to_owned(),
            rule.family.name().to_owned(),
            level,
            rule.summary.to_owned(),
        ];
        let cells = cells.map(|text| Some(Cell::text(text)));
        table.write_row(&cells, &mut session.out)?;
    }
    Ok(table.finish(&mut session.out)?)
}

/// The colour of a cell of the column `Level`, whose text starts with the level.
fn level_tone(level: &str) -> Tone {
    let known = Level::ALL
        .into_iter()
        .find(|known| level.starts_with(known.name()));
    known.map_or(Tone::Faint, tone_of_level)
}
