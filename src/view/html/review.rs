//! The calls to look at, in a report for the user's own use.

use maud::{Markup, html};

use super::label::isolated;
use super::language::Language;
use super::language::Language::{De, En};
use super::numbers::DASH;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, name, note, reason_notes, section};
use crate::stats::model::{ReviewCall, ReviewFigures, ReviewReason};

/// The most bytes of the rows: a report has at most 300 kB.
const MAX_BYTES: usize = 80_000;

/// The most characters of a path that are shown, the last ones.
const MAX_PATH: usize = 50;

/// The queue of calls, with the number of those that are not in it.
#[must_use]
pub(crate) fn calls_to_look_at(review: &ReviewFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let mut bytes = 0;
    let rows = review.queue.iter().map(|call| row(call, language));
    let rows = rows.take_while(|row| {
        bytes += row.0.len();
        bytes <= MAX_BYTES
    });
    let rows: Vec<Markup> = rows.collect();
    let shown = rows.len() as u64;
    let table = Table {
        id: "review-table",
        caption: language.calls_to_look_at(),
        headings: &[
            Heading(language.call(), Column::Text),
            Heading(language.started(), Column::Text),
            Heading(language.talk_time(), Column::Text),
            Heading(language.reasons(), Column::Text),
            Heading(language.place(), Column::Text),
        ],
        rows,
        last_rows: Vec::new(),
        is_sortable: true,
        repeats_title: true,
    };
    let content = html! {
        @if review.calls == 0 {
            (note(language.no_calls_to_look_at()))
        } @else {
            (table)
            (note(language.shown_of_calls(shown, review.calls)))
        }
        @if let Some(reason) = &review.goal_unknown {
            (reason_notes([(language.goal_missing(), Some(reason))], language))
        }
    };
    section("review", language.calls_to_look_at(), &content)
}

fn row(call: &ReviewCall, language: Language) -> Markup {
    let found = &call.found;
    let text = |text: &Option<String>| text.as_deref().map_or(html! { (DASH) }, isolated);
    let location = found.location();
    let characters = location.chars().count();
    let hidden = characters.saturating_sub(MAX_PATH);
    let end: String = location.chars().skip(hidden).collect();
    html! {
        (name(text(&found.id)))
        td { (text(&found.created_at)) }
        td { (text(&found.talk_time.map(|time| time.to_string()))) }
        td {
            @for (index, reason) in call.reasons.iter().enumerate() {
                @if index > 0 { ", " }
                (language.review_reason(*reason))
            }
        }
        td {
            @if hidden > 0 { "…" }
            (isolated(&end))
            @if let Some(coding) = found.decoded { " (" (coding) ")" }
        }
    }
}

impl Language {
    fn review_reason(self, reason: ReviewReason) -> &'static str {
        match reason {
            ReviewReason::OutsideHours => self.review_outside_hours(),
            ReviewReason::AfterGoal => self.review_after_goal(),
            ReviewReason::TooManyAttempts => self.review_attempts(),
            ReviewReason::TooManyInParallel => self.review_parallel(),
            ReviewReason::EarlyRetry => self.review_early(),
            ReviewReason::Errors => self.review_errors(),
            ReviewReason::GoalMissing => self.goal_missing(),
            ReviewReason::Silent => self.review_silent(),
            ReviewReason::Short => self.review_short(),
        }
    }

    fn shown_of_calls(self, shown: u64, all: u64) -> String {
        match (self, shown == all) {
            (En, true) => format!("{} to look at.", self.calls_of(all)),
            (De, true) => format!("{} zum Ansehen.", self.calls_of(all)),
            (En, false) => format!(
                "{} of {} to look at, with an equal share for each reason.",
                self.count(shown),
                self.calls_of(all)
            ),
            (De, false) => format!(
                "{} von {} zum Ansehen, mit gleichem Anteil für jeden Grund.",
                self.count(shown),
                self.count(all)
            ),
        }
    }
}
