//! The numbers of the assistants, and whether their answer rates fall.

use maud::{Markup, html};

use super::before::BeforeGroup;
use super::group_sum::{ShownGroups, shown_groups};
use super::groups::{group_name, only_before, others_row};
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, few_note, name as name_cell, no_values, note, number_above, rate,
    rate_above, rate_bar, reason_notes, section,
};
use super::privacy::FieldValues;
use crate::stats::Rate;
use crate::stats::comparison::{Direction, RateChange};
use crate::stats::model::{GroupFigures, GroupList};

/// Answer rates by number, in the last 7 days and before or, if two windows are compared, in each
/// of them.
#[must_use]
pub(crate) fn caller_numbers(
    list: &GroupList,
    before: Option<&GroupList>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let groups = shown_groups(list, before, FieldValues::OwnNumbers, options.with_calls);
    let names = distinct_names(&groups, list, options);
    let rows = groups.shown.iter().zip(&groups.before).zip(&names);
    let rows = rows
        .map(|((group, before), name)| number_row(&name_cell(name), group, *before, language))
        .collect();
    let mut headings = vec![
        Heading(language.your_number(), Column::Text),
        Heading(language.change(), Column::Text),
        Heading(language.calls(), Column::Number),
        Heading(language.answered(), Column::Rate),
        Heading(language.answered(), Column::Bar),
        Heading(language.last_7_days(), Column::Rate),
        Heading(language.before(), Column::Rate),
        Heading(language.under_10_seconds(), Column::Rate),
    ];
    if before.is_some() {
        headings.retain(|Heading(name, _)| *name != language.last_7_days());
    }
    let table = Table {
        id: "numbers-table",
        caption: language.caller_numbers(),
        headings: &headings,
        rows,
        last_rows: others_row(&groups, list, options, number_row),
        is_sortable: true,
        repeats_title: true,
    };
    let content = html! {
        (findings(list, &groups, &names, language))
        (table)
        (notes(&groups, options))
        (only_before(list, before, language))
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
fn number_row(
    name: &Markup,
    group: &GroupFigures,
    before: BeforeGroup,
    language: Language,
) -> Markup {
    let [current, earlier] = compared_rates(group, before);
    let short: fn(&GroupFigures) -> &Rate = |it| &it.under_10_seconds;
    html! {
        (name)
        (change(current, earlier, language))
        (number_above(
            &language.count(group.calls),
            group.calls,
            &before.calls_line(group.calls, language),
        ))
        (rate(&group.answered, language))
        (rate_bar(&group.answered))
        @if !before.is_compared() { (rate(&group.answered_last_7_days, language)) }
        @match earlier {
            Some(earlier) => { (rate(earlier, language)) }
            None => { (no_values()) }
        }
        (rate_above(short(group), &before.rate_line(group, short, language), language))
    }
}

/// The answer rates whose difference shows a change: those of the window and of the window before
/// or, if nothing is compared, those of the last 7 days and before.
fn compared_rates<'g>(group: &'g GroupFigures, before: BeforeGroup<'g>) -> [Option<&'g Rate>; 2] {
    if before.is_compared() {
        let answered: fn(&GroupFigures) -> &Rate = |it| &it.answered;
        [Some(&group.answered), before.rate(answered)]
    } else {
        [&group.answered_last_7_days, &group.answered_before].map(Some)
    }
}

/// Whether the answer rate differs from that before by more than chance: the intervals do not
/// overlap.
fn change(recent: Option<&Rate>, before: Option<&Rate>, language: Language) -> Markup {
    match direction(recent, before) {
        None => html! { td {} },
        Some(Direction::Fall) => html! { td.change.falling { (language.falling()) } },
        Some(Direction::Rise) => html! { td.change { (language.rising()) } },
        Some(Direction::Uncertain) => html! { td.change.few { (language.no_certain_change()) } },
    }
}

fn direction(recent: Option<&Rate>, before: Option<&Rate>) -> Option<Direction> {
    Some(RateChange::new(recent?, before?)?.direction)
}

/// The numbers whose answer rate falls, then the one with the lowest.
fn findings(
    list: &GroupList,
    groups: &ShownGroups,
    names: &[Markup],
    language: Language,
) -> Markup {
    let all: Vec<&GroupFigures> = list.groups.iter().collect();
    let all = GroupFigures::sum(&all).answered;
    let rated = groups.shown.iter().zip(&groups.before).zip(names);
    let rated = rated
        .filter(|((group, _), _)| group.answered.value.is_some() && !group.answered.is_of_few());
    let rated: Vec<((&&GroupFigures, &BeforeGroup), &Markup)> = rated.collect();
    let lowest = rated.iter().min_by(|((a, _), _), ((b, _), _)| {
        let value = |group: &GroupFigures| group.answered.value.unwrap_or(1.0);
        value(a).total_cmp(&value(b))
    });
    let is_falling = |group: &GroupFigures, before: BeforeGroup| {
        let [recent, before] = compared_rates(group, before);
        direction(recent, before) == Some(Direction::Fall)
    };
    let falling = rated
        .iter()
        .filter(|((group, before), _)| is_falling(group, **before));
    html! {
        @for ((group, before), name) in falling {
            @if let [Some(recent), Some(earlier)] = compared_rates(group, **before) {
                p.finding {
                    @if before.is_compared() {
                        (language.fallen_number(name, recent, earlier))
                    } @else {
                        (language.falling_number(name, recent, earlier))
                    }
                }
            }
        }
        @if let Some(((group, before), name)) = lowest.filter(|_| rated.len() > 1) {
            @let end = (group.answered.is_certainly_below(&all), is_falling(group, **before));
            p.finding { (language.lowest_number(name, &group.answered, end)) }
        }
    }
}
