//! Calls that the settings of their campaign do not allow.

use maud::{Markup, html};

use super::before;
use super::language::Language;
use super::numbers::percent;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, decimals, fraction, name, no_value, note, number_above, reason_notes,
    section,
};
use crate::stats::Rate;
use crate::stats::model::AuditFigures;

/// How many calls each setting does not allow, of those that it applies to. Those that some calls
/// broke are named first.
#[must_use]
pub(crate) fn campaign_settings(
    audit: &AuditFigures,
    before: Option<&AuditFigures>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let list = rate_list(audit, language);
    let list_before = before.map(|before| rate_list(before, language));
    let rows = list.iter().enumerate().map(|(index, (label, rate))| {
        row(label, rate, list_before.map(|list| list[index].1), language)
    });
    let table = Table {
        id: "audit-table",
        caption: language.campaign_settings(),
        headings: &[
            Heading(language.check(), Column::Text),
            Heading(language.number(), Column::Rate),
            Heading(language.share(), Column::Number),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: true,
    };
    let content = html! {
        @for finding in broken_settings(audit, language) { p.finding { (finding) } }
        (table)
        (reason_notes(list.map(|(label, rate)| (label, rate.reason.as_ref())), language))
        @if audit.too_many_in_parallel.numerator > Some(0) { (note(language.parallel_note())) }
    };
    section("audit", language.campaign_settings(), &content)
}

/// A sentence for each setting that calls broke, the most serious first.
fn broken_settings(audit: &AuditFigures, language: Language) -> impl Iterator<Item = Markup> {
    // The last check is of changes, which break no setting.
    let [rules @ .., _changes] = rate_list(audit, language);
    let broken = rules
        .into_iter()
        .filter(|(_, rate)| rate.numerator > Some(0));
    broken.map(move |(label, rate)| {
        html! {
            span.falling { (language.rule_broken()) } " " (label) ": "
            (language.fraction(rate))
            @if rate.value.is_some() { " (" (percent(rate)) ")" }
            "."
        }
    })
}

/// The most serious finding, as a link to its section.
pub(super) fn most_serious_finding(audit: &AuditFigures, language: Language) -> Option<Markup> {
    let finding = broken_settings(audit, language).next()?;
    Some(html! { p.finding { a href="#audit" { (finding) } } })
}

fn rate_list(audit: &AuditFigures, language: Language) -> [(&'static str, &Rate); 6] {
    [
        (language.outside_hours(), &audit.outside_hours),
        (language.early_retries(), &audit.early_retries),
        (language.too_many_attempts(), &audit.too_many_attempts),
        (language.too_many_in_parallel(), &audit.too_many_in_parallel),
        (language.after_goal(), &audit.after_goal),
        (
            language.changed_settings(),
            &audit.campaigns_with_changed_settings,
        ),
    ]
}

fn row(label: &str, rate: &Rate, before: Option<&Rate>, language: Language) -> Markup {
    let line = before.map(|before| before::rate_line(rate, Some(before), language));
    html! {
        (name(label))
        (fraction(rate, language))
        @match rate.value {
            Some(value) => {
                (number_above(&percent(rate), decimals(value), &line.unwrap_or_default()))
            }
            None => { (no_value()) }
        }
    }
}
