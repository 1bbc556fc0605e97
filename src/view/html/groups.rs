//! The figures by the field of `--by`.

use maud::{Markup, html};

use super::before::{self, BeforeGroup};
use super::group_sum::{ShownGroups, shown_groups};
use super::label::isolated;
use super::language::Language;
use super::numbers::DASH;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, few_note, name, no_value, note, number_above, rate_above, rate_bar,
    reason_notes, section, time_name,
};
use super::privacy::{FieldValues, last_digits};
use crate::contract::WEEKDAYS;
use crate::stats::Rate;
use crate::stats::model::{GroupFigures, GroupList};
use chrono::NaiveDate;

/// The groups of one field. Those that are not shown are added up in the last row.
#[must_use]
pub(crate) fn by_field(
    list: &GroupList,
    before: Option<&GroupList>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    // A day or a week is in one of the windows only.
    let other_dates = before.filter(|_| list.is_of_dates());
    let before = before.filter(|_| !list.is_of_dates());
    let field = field_name(&list.by, language);
    let title = title(&list.by, &field, language);
    let content = html! {
        (groups_table("groups-table", &title, (list, before), &field, options))
        @if let Some(dates) = other_dates {
            @let title = format!("{title}: {}", language.window_before());
            (groups_table("groups-before-table", &title, (dates, None), &field, options))
        }
    };
    section("groups", &title, &content)
}

/// The table of the groups of a window, beside those of the window before, and its notes.
fn groups_table(
    id: &str,
    title: &str,
    (list, before): (&GroupList, Option<&GroupList>),
    field: &str,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let values = FieldValues::of_field(&list.by);
    let groups = shown_groups(list, before, values, options.with_calls);
    let rows = groups.shown.iter().zip(&groups.before);
    let rows = rows.map(|(group, before)| {
        let text = group_name(group, list, values, options);
        let cell = match time_value(group, list, values) {
            Some(value) => time_name(text, value),
            None => name(text),
        };
        group_row(&cell, group, *before, language)
    });
    let table = Table {
        id,
        caption: title,
        headings: &headings(field, language),
        rows: rows.collect(),
        last_rows: others_row(&groups, list, options, group_row),
        is_sortable: true,
        repeats_title: id == "groups-table",
    };
    html! {
        @match &list.reason {
            Some(reason) => { (reason_notes([(title, Some(reason))], language)) }
            None => {
                (table)
                (group_notes(&groups, values, language))
                (only_before(list, before, language))
            }
        }
    }
}

/// The note on the groups that only the window before has.
pub(super) fn only_before(
    list: &GroupList,
    before: Option<&GroupList>,
    language: Language,
) -> Markup {
    let missing = before.map(|before| before.missing_in(list));
    let missing = missing.filter(|groups| !groups.is_empty());
    html! { @if let Some(groups) = missing {
        @let calls = groups.iter().map(|group| group.calls).sum();
        (note(language.only_before(groups.len() as u64, calls)))
    } }
}

fn headings(field: &str, language: Language) -> [Heading<'_>; 7] {
    [
        Heading(field, Column::Text),
        Heading(language.calls(), Column::Number),
        Heading(language.answered(), Column::Rate),
        Heading(language.answered(), Column::Bar),
        Heading(language.conversations(), Column::Rate),
        Heading(language.goal(), Column::Rate),
        Heading(language.mean(), Column::Number),
    ]
}

/// The name of a field as a heading.
fn field_name(by: &str, language: Language) -> String {
    let known = match by {
        "campaign" => language.campaign(),
        "country" => language.country(),
        "day" => language.day_heading(),
        "week" => language.week(),
        "hour" => language.hour(),
        "weekday" => language.weekday_heading(),
        "status" => language.status(),
        "assistant_phone" => language.your_number(),
        _ => return super::label::label(by),
    };
    known.to_owned()
}

/// The title of the groups of a field: `By campaign`, `Nach Kampagne`.
fn title(by: &str, field: &str, language: Language) -> String {
    let is_known = field != super::label::label(by);
    match language {
        _ if by == "assistant_phone" => language.by_your_number().to_owned(),
        Language::En if is_known => language.by_field(&field.to_lowercase()),
        _ => language.by_field(field),
    }
}

/// The row of all groups that are not shown. `row` makes one from the cell of its name and figures.
pub(super) fn others_row(
    groups: &ShownGroups,
    list: &GroupList,
    options: ReportOptions,
    row: impl Fn(&Markup, &GroupFigures, BeforeGroup, Language) -> Markup,
) -> Vec<Markup> {
    let language = options.language;
    let others = groups.others.iter().map(|(figures, count)| {
        let is_earlier = list.is_chronological && !groups.has_hidden;
        let text = if is_earlier {
            language.earlier(*count)
        } else {
            language.others(*count, list.is_incomplete)
        };
        let before = groups.others_before(options.with_calls);
        row(&name(text), figures, before, language)
    });
    others.collect()
}

/// Notes on hidden groups, few calls, and why there is no answer rate.
pub(super) fn group_notes(groups: &ShownGroups, values: FieldValues, language: Language) -> Markup {
    let rates = groups.rows().flat_map(rates);
    let reasons = (groups.answer_reasons()).map(|reason| (language.answered(), reason));
    html! {
        (few_note(rates, language))
        @if groups.has_hidden {
            @if values == FieldValues::Personal {
                (note(language.personal_field()))
            } @else {
                (note(language.few_folded()))
            }
        }
        (reason_notes(reasons, language))
    }
}

fn rates(group: &GroupFigures) -> [&Rate; 3] {
    [
        &group.answered,
        &group.conversations,
        &group.goals_of_connected,
    ]
}

/// The row of a group whose name is in the cell `name`.
fn group_row(
    name: &Markup,
    group: &GroupFigures,
    before: BeforeGroup,
    language: Language,
) -> Markup {
    let rate = |rate: fn(&GroupFigures) -> &Rate| {
        rate_above(
            rate(group),
            &before.rate_line(group, rate, language),
            language,
        )
    };
    let mean_line = before.is_compared().then(|| {
        let mean = before.figures().and_then(|before| before.mean_talk_time);
        let text = mean.map(|mean| language.rounded_duration(mean));
        before::amount_line(text, group.mean_talk_time.zip(mean), language)
    });
    html! {
        (name)
        (number_above(
            &language.count(group.calls),
            group.calls,
            &before.calls_line(group.calls, language),
        ))
        (rate(|it| &it.answered))
        (rate_bar(&group.answered))
        (rate(|it| &it.conversations))
        (rate(|it| &it.goals_of_connected))
        @match group.mean_talk_time {
            Some(mean) => {
                (number_above(
                    &language.rounded_duration(mean),
                    mean.round(),
                    &mean_line.unwrap_or_default(),
                ))
            }
            None => { (no_value()) }
        }
    }
}

/// The name of a group, in the language of the report.
pub(super) fn group_name(
    group: &GroupFigures,
    list: &GroupList,
    values: FieldValues,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let Some(value) = group.value.as_deref() else {
        let missing = match values {
            _ if group.is_rest => language.other_values(),
            FieldValues::Campaigns => language.no_campaign(),
            _ => language.no_value(),
        };
        return html! { (missing) };
    };
    match values {
        FieldValues::Campaigns => match (&group.name, options.with_calls) {
            (Some(name), true) => html! { (isolated(value)) " " (named(name, language)) },
            (Some(name), false) => named(name, language),
            (None, true) => isolated(value),
            (None, false) => html! { (language.unnamed_campaign()) },
        },
        FieldValues::OwnNumbers if !options.with_calls => {
            let digits = last_digits(value);
            html! { span.number { (digits.as_deref().unwrap_or(language.unreadable_number())) } }
        }
        FieldValues::Times => html! { (time_text(&list.by, value, language)) },
        FieldValues::Texts if list.by == "status" => match language.known_status(value) {
            Some(status) => html! { (status) },
            None => named(value, language),
        },
        _ => named(value, language),
    }
}

fn named(value: &str, language: Language) -> Markup {
    if value.trim().is_empty() {
        html! { (language.empty_value()) }
    } else {
        isolated(value)
    }
}

/// The value by which a group of times is sorted; `None` for other groups. Weekdays are counted
/// from 1 for Monday.
fn time_value(group: &GroupFigures, list: &GroupList, values: FieldValues) -> Option<String> {
    let value = group.value.as_deref()?;
    if values != FieldValues::Times {
        return None;
    }
    let weekday = WEEKDAYS.iter().position(|weekday| *weekday == value);
    match (list.by.as_str(), weekday) {
        ("day" | "week", _) => Some(value.to_owned()),
        ("hour", _) => value.parse().ok().map(|hour: u32| hour.to_string()),
        (_, weekday) => weekday.map(|index| (index + 1).to_string()),
    }
}

/// The name of a day, a week, an hour or a weekday, from the value that the figures have.
fn time_text(by: &str, value: &str, language: Language) -> String {
    let name = match by {
        "day" => value
            .parse::<NaiveDate>()
            .ok()
            .map(|date| language.day(date)),
        "week" => value
            .split_once("-W")
            .map(|(year, week)| language.week_of_year(year, week)),
        "hour" => value.parse().ok().map(|hour| language.hour_of_day(hour)),
        _ => {
            let index = WEEKDAYS.iter().position(|weekday| *weekday == value);
            index.map(|index| language.weekday(index).to_owned())
        }
    };
    name.unwrap_or_else(|| DASH.to_owned())
}

impl Language {
    /// A documented status in plain words.
    pub(super) fn known_status(self, status: &str) -> Option<&'static str> {
        Some(match status {
            "initiated" => self.status_initiated(),
            "ringing" => self.status_ringing(),
            "busy" => self.status_busy(),
            "in-progress" | "in_progress" => self.status_in_progress(),
            "ended" => self.status_ended(),
            "completed" => self.status_completed(),
            "ended_by_customer" => self.status_ended_by_customer(),
            "ended_by_assistant" => self.status_ended_by_assistant(),
            "no-answer" | "no_answer" => self.status_no_answer(),
            "failed" => self.status_failed(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::CALL_STATUSES;

    #[test]
    fn every_documented_status_has_a_name() {
        for status in CALL_STATUSES {
            assert!(Language::De.known_status(status).is_some(), "{status}");
        }
    }
}
