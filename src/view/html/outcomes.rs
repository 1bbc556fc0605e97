//! How the calls ended, and how long they took.

use maud::{Markup, html};

use super::attempts::share;
use super::before;
use super::label::isolated;
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, bar, decimals, name, note, number_above, section};
use super::privacy::{MIN_CALLS, is_personal_value};
use crate::stats::Class;
use crate::stats::model::{CallFigures, Outcome, TalkTimes};

/// Number of statuses that are shown.
const MAX_STATUSES: usize = 20;

/// Calls by status, and talk times.
#[must_use]
pub(crate) fn outcomes(
    calls: &CallFigures,
    before: Option<&CallFigures>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let talk = &calls.talk_time;
    let content = html! {
        div.pair {
            div { (statuses(calls, before, options)) }
            @if talk.calls > 0 { div { (talk_times(talk, before.map(|before| &before.talk_time), language)) } }
        }
        @if talk.calls_without_duration > 0 {
            (note(language.calls_without_duration(talk.calls_without_duration)))
        }
    };
    section("outcomes", language.outcomes(), &content)
}

fn statuses(calls: &CallFigures, before: Option<&CallFigures>, options: ReportOptions) -> Markup {
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
    let row = |status: Markup, class: Option<Class>, number_of_calls: u64, line: Markup| {
        html! {
            (name(status))
            td { @if let Some(class) = class { (language.class_name(class)) } }
            (number_above(&language.count(number_of_calls), number_of_calls, &line))
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
        let line = before.map(|before| line_before(outcome, before, options));
        row(
            status,
            Some(outcome.class),
            outcome.calls,
            line.unwrap_or_default(),
        )
    });
    let others_row = (!others.is_empty()).then(|| {
        let label = language.other_statuses(others.len() as u64);
        let calls = others.iter().map(|outcome| outcome.calls).sum();
        row(html! { (label) }, None, calls, Markup::default())
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

/// The line on the calls of a status in the window before. A report for others has no number of
/// fewer than [`MIN_CALLS`] calls of a status that the vendor does not document.
fn line_before(outcome: &Outcome, before: &CallFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let mut same = before.outcomes.iter();
    let same = same.find(|same| same.status == outcome.status && same.class == outcome.class);
    let calls = same.map_or(0, |same| same.calls);
    let status = outcome.status.as_deref();
    let is_known = status.is_none_or(|status| language.known_status(status).is_some());
    if options.with_calls || is_known || calls == 0 || calls >= MIN_CALLS {
        before::count_line(outcome.calls, calls, language)
    } else {
        before::few_line(language)
    }
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

fn talk_times(talk: &TalkTimes, before: Option<&TalkTimes>, language: Language) -> Markup {
    let figures = |talk: &TalkTimes| {
        [
            (language.mean_short(), talk.mean),
            (language.median(), talk.median),
            (language.p90(), talk.p90.map(f64::from)),
            (language.longest(), talk.max.map(f64::from)),
        ]
    };
    let figures_before = before.map(figures);
    let rows = figures(talk)
        .into_iter()
        .enumerate()
        .filter_map(|(index, (label, seconds))| {
            let seconds = seconds?;
            let text = language.rounded_duration(seconds);
            let line = figures_before.map(|figures| {
                let before = figures[index].1;
                let text = before.map(|before| language.rounded_duration(before));
                before::amount_line(text, before.map(|before| (seconds, before)), language)
            });
            let line = line.unwrap_or_default();
            Some(html! { (name(label)) (number_above(&text, decimals(seconds), &line)) })
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
