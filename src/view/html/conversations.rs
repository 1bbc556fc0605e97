//! How the connected calls are talked.

use maud::{Markup, html};

use super::before;
use super::funnels::rates_table;
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, few_note, name, rate_above, rate_bar, section};
use crate::stats::model::{ConversationFigures, Ratio, TurnFigures};
use crate::stats::{Rate, Reason};

/// Number of turns that are shown.
const MAX_TURNS: usize = 10;

/// Silent calls, the words of the customers, and after how many turns they drop off.
#[must_use]
pub(crate) fn conversations(
    figures: &ConversationFigures,
    before: Option<&ConversationFigures>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let words = words_rate(&figures.words_of_customers);
    let words_before = before.map(|before| words_rate(&before.words_of_customers));
    let list = [
        (language.silent(), &figures.silent),
        (language.words_of_customers(), &words),
    ];
    let list_before = before.zip(words_before.as_ref()).map(|(before, words)| {
        [
            (language.silent(), &before.silent),
            (language.words_of_customers(), words),
        ]
    });
    let list_before = list_before.as_ref().map(|list| &list[..]);
    let content = html! {
        (rates_table("silent", language.talk(), true, &list, list_before, language))
        @if !figures.customer_turns.is_empty() { (turns(&figures.customer_turns, before, language)) }
    };
    section("conversations", language.talk(), &content)
}

/// The words of the customers as a rate. It has no interval, because words are not independent.
fn words_rate(words: &Ratio) -> Rate {
    let reason = words.reason.clone().unwrap_or(Reason::NoTranscript);
    let known = words.numerator.zip(words.denominator);
    match known.filter(|_| words.value.is_some()) {
        Some((said, all)) => Rate {
            low: None,
            high: None,
            ..Rate::new(said, all, reason)
        },
        None => Rate::unknown(reason),
    }
}

/// The share of two-way calls in which the customer had at least this many turns.
fn turns(
    turns: &[TurnFigures],
    before: Option<&ConversationFigures>,
    language: Language,
) -> Markup {
    let shown = &turns[..turns.len().min(MAX_TURNS)];
    let rows = shown.iter().map(|turns| {
        let line = before.map(|before| {
            let mut same = before.customer_turns.iter();
            let same = same.find(|same| same.turns == turns.turns);
            before::rate_line(&turns.calls, same.map(|same| &same.calls), language)
        });
        html! {
            (name(language.count(turns.turns.into())))
            (rate_above(&turns.calls, &line.unwrap_or_default(), language))
            (rate_bar(&turns.calls))
        }
    });
    let table = Table {
        id: "turns",
        caption: language.drop_off(),
        headings: &[
            Heading(language.turns_of_customer(), Column::Text),
            Heading(language.calls_with_turns(), Column::Rate),
            Heading(language.calls_with_turns(), Column::Bar),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: false,
    };
    html! { (table) (few_note(shown.iter().map(|turns| &turns.calls), language)) }
}
