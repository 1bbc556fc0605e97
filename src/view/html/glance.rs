//! The figures at the head of the report.

use maud::{Markup, html};

use super::language::Language;
use super::numbers::{DASH, percent};
use super::options::ReportOptions;
use super::parts::{few_note, mark, section};
use crate::stats::Rate;
use crate::stats::model::{RateFigures, Stats, TalkTimes};

/// Calls, answer rate, conversations, goals and talk time, each with its fraction in words.
#[must_use]
pub(crate) fn at_a_glance(stats: &Stats, options: ReportOptions) -> Markup {
    let language = options.language;
    let mut figures = Vec::new();
    if let Some(calls) = &stats.sections.calls {
        let leads = stats
            .sections
            .leads
            .as_ref()
            .map(|leads| leads.leads)
            .filter(|leads| *leads > 0);
        let kinds = language.kinds_of_calls(calls.campaign_calls, leads, calls.other_calls);
        figures.push(figure(
            language.calls(),
            &language.count(calls.calls),
            &kinds,
        ));
    }
    if let Some(rates) = &stats.sections.rates {
        figures.extend(rate_figures(rates, language));
    }
    if let Some(calls) = &stats.sections.calls {
        figures.push(talk_time(&calls.talk_time, language));
    }
    if figures.is_empty() {
        return html! {};
    }
    let rates = stats.sections.rates.iter();
    let shown = rates.flat_map(|rates| {
        [
            &rates.answered,
            &rates.conversations,
            &rates.goals_of_connected,
        ]
    });
    let content = html! {
        dl.figures { @for figure in figures { (figure) } }
        (few_note(shown, language))
    };
    section("glance", language.at_a_glance(), &content)
}

fn figure(name: &str, value: &str, explanation: &str) -> Markup {
    html! { div { dt { (name) } dd.value { (value) } dd { (explanation) } } }
}

fn rate_figures(rates: &RateFigures, language: Language) -> [Markup; 3] {
    let answered = &rates.answered;
    let explanation = match &answered.reason {
        Some(reason) => language.reason(reason),
        None => language.answered_calls(answered),
    };
    let share = format!("{}{}", percent(answered), mark(answered));
    [
        figure(language.answer_rate(), &share, &explanation),
        part_of_connected(
            language.conversations(),
            &rates.conversations,
            true,
            language,
        ),
        part_of_connected(language.goals(), &rates.goals_of_connected, false, language),
    ]
}

/// A number of connected calls, and its share of them, or of those that have a transcript.
fn part_of_connected(name: &str, rate: &Rate, has_transcript: bool, language: Language) -> Markup {
    match (&rate.reason, rate.numerator) {
        (None, Some(numerator)) => {
            let share = format!(
                "{}{}",
                language.of_connected(rate, has_transcript),
                mark(rate)
            );
            figure(name, &language.count(numerator), &share)
        }
        (reason, _) => {
            let reason = reason.as_ref().map(|reason| language.reason(reason));
            figure(name, DASH, &reason.unwrap_or_default())
        }
    }
}

fn talk_time(talk: &TalkTimes, language: Language) -> Markup {
    let (value, explanation) = match talk.mean {
        Some(mean) => (
            // A long time may be broken between hours and minutes.
            language.duration(talk.seconds).replace("h\u{a0}", "h "),
            language.mean_talk_time(mean, talk.calls),
        ),
        None => (
            DASH.to_owned(),
            language.reason(&crate::stats::Reason::NoConnectedCalls),
        ),
    };
    figure(language.talk_time(), &value, &explanation)
}
