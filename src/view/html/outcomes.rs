//! How the calls ended, and how long they took.

use maud::{Markup, html};

use super::attempts::share;
use super::label::isolated;
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, bar, count, decimal, name, note, section};
use super::privacy::{MIN_CALLS, is_personal_value};
use crate::stats::Class;
use crate::stats::model::{CallFigures, Outcome, TalkTimes};

/// Number of statuses that are shown.
const MAX_STATUSES: usize = 20;

/// Calls by status, and talk times.
#[must_use]
pub(crate) fn outcomes(calls: &CallFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let talk = &calls.talk_time;
    let content = html! {
        div.pair {
            div { (statuses(calls, options)) }
            @if talk.calls > 0 { div { (talk_times(talk, language)) } }
        }
        @if talk.calls_without_duration > 0 {
            (note(language.calls_without_duration(talk.calls_without_duration)))
        }
    };
    section("outcomes", language.outcomes(), &content)
}

fn statuses(calls: &CallFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let is_shown = |outcome: &&Outcome| {
        let Some(status) = outcome.status.as_deref() else {
            return true;
        };
        let is_harmless = outcome.calls >= MIN_CALLS && !is_personal_value(status);
        options.with_calls || language.known_status(status).is_some() || is_harmless
    };
    let (shown, mut others): (Vec<&Outcome>, Vec<_>) = calls.outcomes.iter().partition(is_shown);
    let (shown, more) = shown.split_at(shown.len().min(MAX_STATUSES));
    others.extend(more);
    let row = |status: Markup, class: Option<Class>, number_of_calls: u64| {
        html! {
            (name(status))
            td { @if let Some(class) = class { (language.class_name(class)) } }
            (count(number_of_calls, language))
            (bar(share(number_of_calls, calls.calls)))
        }
    };
    let rows = shown.iter().map(|outcome| {
        let status = match outcome.status.as_deref() {
            None => html! { (language.status_missing()) },
            Some(status) => match language.known_status(status) {
                Some(known) => html! { (known) },
                None => isolated(status),
            },
        };
        row(status, Some(outcome.class), outcome.calls)
    });
    let others_row = (!others.is_empty()).then(|| {
        let label = language.other_statuses(others.len() as u64);
        let calls = others.iter().map(|outcome| outcome.calls).sum();
        row(html! { (label) }, None, calls)
    });
    let table = Table {
        id: "statuses",
        caption: language.calls_by_status(),
        headings: &[
            Heading(language.outcome(), Column::Text),
            Heading(language.result(), Column::Text),
            Heading(language.calls(), Column::Number),
            Heading(language.share(), Column::Bar),
        ],
        rows: rows.collect(),
        last_rows: others_row.into_iter().collect(),
        is_sortable: true,
        repeats_title: false,
    };
    html! { (table) }
}

impl Language {
    fn class_name(self, class: Class) -> &'static str {
        match class {
            Class::Connected => self.class_connected(),
            Class::NotConnected => self.class_not_connected(),
            Class::Open => self.class_open(),
            Class::Unclassed => self.class_unclassed(),
        }
    }
}

fn talk_times(talk: &TalkTimes, language: Language) -> Markup {
    let figures = [
        (language.mean_short(), talk.mean),
        (language.median(), talk.median),
        (language.p90(), talk.p90.map(f64::from)),
        (language.longest(), talk.max.map(f64::from)),
    ];
    let rows = figures.into_iter().filter_map(|(label, seconds)| {
        let seconds = seconds?;
        let text = language.rounded_duration(seconds);
        Some(html! { (name(label)) (decimal(&text, seconds)) })
    });
    let table = Table {
        id: "talk-times",
        caption: language.talk_time_per_call(),
        headings: &[
            Heading(language.figure(), Column::Text),
            Heading(language.value(), Column::Number),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: false,
    };
    html! { (table) }
}
