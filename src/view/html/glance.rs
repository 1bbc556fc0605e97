//! The figures at the head of the report.

use maud::{Markup, html};

use super::audit::most_serious_finding;
use super::before;
use super::language::Language;
use super::numbers::{DASH, percent};
use super::options::ReportOptions;
use super::parts::{few_note, mark, section};
use crate::stats::Rate;
use crate::stats::model::{RateFigures, Stats, TalkTimes};
use crate::stats::rate::to_f64;

/// Calls, answer rate, conversations, goals and talk time, each with its fraction in words.
#[must_use]
pub(crate) fn at_a_glance(stats: &Stats, options: ReportOptions) -> Markup {
    let language = options.language;
    let before = stats.compare.as_ref().map(|compare| &compare.before);
    let calls_before = before.and_then(|before| before.calls.as_ref());
    let rates_before = before.and_then(|before| before.rates.as_ref());
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
            &calls_before
                .map(|before| before::count_line(calls.calls, before.calls, language))
                .unwrap_or_default(),
        ));
    }
    if let Some(rates) = &stats.sections.rates {
        figures.extend(rate_figures(rates, rates_before, language));
    }
    if let Some(calls) = &stats.sections.calls {
        let before = calls_before.map(|before| &before.talk_time);
        figures.push(talk_time(&calls.talk_time, before, language));
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
    let audit = stats.sections.audit.as_ref();
    let finding = audit.and_then(|audit| most_serious_finding(audit, language));
    let content = html! {
        dl.figures { @for figure in figures { (figure) } }
        (few_note(shown, language))
        @if let Some(finding) = finding { (finding) }
    };
    section("glance", language.at_a_glance(), &content)
}

/// A figure with its explanation and, if it is not empty, a line on the window before.
fn figure(name: &str, value: &str, explanation: &str, before: &Markup) -> Markup {
    html! {
        div {
            dt { (name) } dd.value { (value) } dd { (explanation) }
            @if !before.0.is_empty() { dd { (before) } }
        }
    }
}

fn rate_figures(
    rates: &RateFigures,
    before: Option<&RateFigures>,
    language: Language,
) -> [Markup; 3] {
    let line = |rate: &Rate, before: Option<&Rate>| {
        let line = before.map(|before| before::rate_line(rate, Some(before), language));
        line.unwrap_or_default()
    };
    let answered = &rates.answered;
    let explanation = match &answered.reason {
        Some(reason) => language.reason(reason),
        None => language.answered_calls(answered),
    };
    let share = format!("{}{}", percent(answered), mark(answered));
    [
        figure(
            language.answer_rate(),
            &share,
            &explanation,
            &line(answered, before.map(|before| &before.answered)),
        ),
        part_of_connected(
            language.conversations(),
            &rates.conversations,
            before.map(|before| &before.conversations),
            true,
            0,
            language,
        ),
        part_of_connected(
            language.goals(),
            &rates.goals_of_connected,
            before.map(|before| &before.goals_of_connected),
            false,
            rates.goals_not_said,
            language,
        ),
    ]
}

/// A number of connected calls, and its share of them, or of those that have a transcript. For the
/// calls `not_said`, it is not known whether they belong to it.
fn part_of_connected(
    name: &str,
    rate: &Rate,
    before: Option<&Rate>,
    has_transcript: bool,
    not_said: u64,
    language: Language,
) -> Markup {
    let line = before.map(|before| {
        let text = before::rate_text(rate, Some(before), language);
        match before.numerator.filter(|_| before.value.is_some()) {
            Some(numerator) => {
                before::line(&format!("{} ({text})", language.count(numerator)), language)
            }
            None => before::line(&text, language),
        }
    });
    let line = line.unwrap_or_default();
    match (&rate.reason, rate.numerator) {
        (None, Some(numerator)) => {
            let share = format!(
                "{}{}{}",
                language.of_connected(rate, has_transcript),
                mark(rate),
                language.not_said_in(not_said)
            );
            figure(name, &language.count(numerator), &share, &line)
        }
        (reason, _) => {
            let reason = reason.as_ref().map(|reason| language.reason(reason));
            figure(name, DASH, &reason.unwrap_or_default(), &line)
        }
    }
}

fn talk_time(talk: &TalkTimes, before: Option<&TalkTimes>, language: Language) -> Markup {
    let line = before.map(|before| {
        let text = before.mean.map(|_| language.duration(before.seconds));
        let amounts = (to_f64(talk.seconds), to_f64(before.seconds));
        before::amount_line(text, Some(amounts), language)
    });
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
    figure(
        language.talk_time(),
        &value,
        &explanation,
        &line.unwrap_or_default(),
    )
}
