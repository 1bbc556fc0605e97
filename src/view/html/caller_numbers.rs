//! The numbers of the assistants, and whether their answer rates fall.

use maud::{Markup, html};

use super::group_sum::{ShownGroups, shown_groups, sum};
use super::groups::{group_name, others_row};
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, count, few_note, name as name_cell, note, rate, rate_bar, reason_notes,
    section,
};
use super::privacy::FieldValues;
use crate::stats::Rate;
use crate::stats::model::{GroupFigures, GroupList};

/// Answer rates by number, in the last 7 days and before.
#[must_use]
pub(crate) fn caller_numbers(list: &GroupList, options: ReportOptions) -> Markup {
    let language = options.language;
    let groups = shown_groups(list, FieldValues::OwnNumbers, options.with_calls);
    let names = distinct_names(&groups, list, options);
    let rows = groups.shown.iter().zip(&names);
    let table = Table {
        id: "numbers-table",
        caption: language.caller_numbers(),
        headings: &[
            Heading(language.your_number(), Column::Text),
            Heading(language.change(), Column::Text),
            Heading(language.calls(), Column::Number),
            Heading(language.answered(), Column::Rate),
            Heading(language.answered(), Column::Bar),
            Heading(language.last_7_days(), Column::Rate),
            Heading(language.before(), Column::Rate),
            Heading(language.under_10_seconds(), Column::Rate),
        ],
        rows: rows
            .map(|(group, name)| number_row(&name_cell(name), group, language))
            .collect(),
        last_rows: others_row(&groups, list, language, number_row),
        is_sortable: true,
        repeats_title: true,
    };
    let content = html! {
        (findings(list, &groups, &names, language))
        (table)
        (notes(&groups, options))
    };
    section("numbers", language.caller_numbers(), &content)
}

fn notes(groups: &ShownGroups, options: ReportOptions) -> Markup {
    let language = options.language;
    let rates = groups.rows().flat_map(|it| {
        [
            &it.answered,
            &it.under_10_seconds,
            &it.answered_last_7_days,
            &it.answered_before,
        ]
    });
    let reasons = (groups.answer_reasons()).map(|reason| (language.answered(), reason));
    html! {
        (few_note(rates, language))
        (note(language.falling_note()))
        @if groups.has_hidden { (note(language.few_folded())) }
        @if !options.with_calls { (note(language.read_numbers())) }
        (reason_notes(reasons, language))
    }
}

/// The names of the shown numbers as text. Numbers with the same last digits are counted.
fn distinct_names(groups: &ShownGroups, list: &GroupList, options: ReportOptions) -> Vec<Markup> {
    let mut used: Vec<String> = Vec::new();
    let names = groups.shown.iter().map(|group| {
        let name = group_name(group, list, FieldValues::OwnNumbers, options);
        let same = used.iter().filter(|it| **it == name.0).count();
        used.push(name.0.clone());
        match same {
            0 => name,
            same => html! { (name) " (" (same + 1) ")" },
        }
    });
    names.collect()
}

/// The row of a number whose name is in the cell `name`.
fn number_row(name: &Markup, group: &GroupFigures, language: Language) -> Markup {
    html! {
        (name)
        (change(group, language))
        (count(group.calls, language))
        (rate(&group.answered, language))
        (rate_bar(&group.answered))
        (rate(&group.answered_last_7_days, language))
        (rate(&group.answered_before, language))
        (rate(&group.under_10_seconds, language))
    }
}

/// Whether the answer rate of the last 7 days differs from that before by more than chance: the
/// intervals do not overlap.
fn change(group: &GroupFigures, language: Language) -> Markup {
    let (recent, before) = (&group.answered_last_7_days, &group.answered_before);
    if recent.value.is_none() || before.value.is_none() {
        return html! { td {} };
    }
    if is_falling(group) {
        html! { td.change.falling { (language.falling()) } }
    } else if is_below(before, recent) {
        html! { td.change { (language.rising()) } }
    } else {
        html! { td.change.few { (language.no_certain_change()) } }
    }
}

/// True if `rate` is certainly lower than `other`.
fn is_below(rate: &Rate, other: &Rate) -> bool {
    rate.high
        .zip(other.low)
        .is_some_and(|(high, low)| high < low)
}

/// The numbers whose answer rate falls, then the one with the lowest.
fn findings(
    list: &GroupList,
    groups: &ShownGroups,
    names: &[Markup],
    language: Language,
) -> Markup {
    let all: Vec<&GroupFigures> = list.groups.iter().collect();
    let all = sum(&all).answered;
    let rated = groups.shown.iter().zip(names);
    let rated =
        rated.filter(|(group, _)| group.answered.value.is_some() && !group.answered.is_of_few());
    let rated: Vec<(&&GroupFigures, &Markup)> = rated.collect();
    let lowest = rated.iter().min_by(|(a, _), (b, _)| {
        let value = |group: &GroupFigures| group.answered.value.unwrap_or(1.0);
        value(a).total_cmp(&value(b))
    });
    let falling = rated.iter().filter(|(group, _)| is_falling(group));
    html! {
        @for (group, name) in falling {
            p.finding {
                (language.falling_number(
                    name,
                    &group.answered_last_7_days,
                    &group.answered_before,
                ))
            }
        }
        @if let Some((group, name)) = lowest.filter(|_| rated.len() > 1) {
            @let end = (is_below(&group.answered, &all), is_falling(group));
            p.finding { (language.lowest_number(name, &group.answered, end)) }
        }
    }
}

fn is_falling(group: &GroupFigures) -> bool {
    is_below(&group.answered_last_7_days, &group.answered_before)
}
