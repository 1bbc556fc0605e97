//! Calls that the settings of their campaign do not allow.

use maud::{Markup, html};

use super::language::Language;
use super::numbers::percent;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, decimal, fraction, name, no_value, note, reason_notes, section,
};
use crate::stats::Rate;
use crate::stats::model::AuditFigures;

/// How many calls each setting does not allow, of those that it applies to. Those that some calls
/// broke are named first.
#[must_use]
pub(crate) fn campaign_settings(audit: &AuditFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let list = [
        (language.outside_hours(), &audit.outside_hours),
        (language.early_retries(), &audit.early_retries),
        (language.too_many_attempts(), &audit.too_many_attempts),
        (language.too_many_in_parallel(), &audit.too_many_in_parallel),
        (language.after_goal(), &audit.after_goal),
        (
            language.changed_settings(),
            &audit.campaigns_with_changed_settings,
        ),
    ];
    let table = Table {
        id: "audit-table",
        caption: language.campaign_settings(),
        headings: &[
            Heading(language.check(), Column::Text),
            Heading(language.number(), Column::Rate),
            Heading(language.share(), Column::Number),
        ],
        rows: list
            .map(|(label, rate)| row(label, rate, language))
            .to_vec(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: true,
    };
    // The last check is of changes, which break no setting.
    let (_, rules) = list.split_last().expect("there are checks");
    let broken = rules.iter().filter(|(_, rate)| rate.numerator > Some(0));
    let content = html! {
        @for (label, rate) in broken {
            p.finding {
                span.falling { (language.rule_broken()) } " " (label) ": "
                (language.fraction(rate))
                @if rate.value.is_some() { " (" (percent(rate)) ")" }
                "."
            }
        }
        (table)
        (reason_notes(list.map(|(label, rate)| (label, rate.reason.as_ref())), language))
        @if audit.too_many_in_parallel.numerator > Some(0) { (note(language.parallel_note())) }
    };
    section("audit", language.campaign_settings(), &content)
}

fn row(label: &str, rate: &Rate, language: Language) -> Markup {
    html! {
        (name(label))
        (fraction(rate, language))
        @match rate.value {
            Some(value) => { (decimal(&percent(rate), value)) }
            None => { (no_value()) }
        }
    }
}
