//! How calls are talked: the words of each side, and how long customers stay.

use std::collections::BTreeMap;

use super::facts::CallFacts;
use super::model::{ConversationFigures, Ratio, TurnFigures};
use super::rate::Rate;
use super::reason::Reason;
use super::sums::Sums;

/// Highest number of turns that has a figure.
const MAX_TURNS: u32 = 20;

/// Sums over the turns of connected calls.
#[derive(Clone, Debug, Default)]
pub(super) struct ConversationSums {
    customer_words: u64,
    assistant_words: u64,
    /// Number of two-way calls by turns of the customer.
    calls_by_turns: BTreeMap<u32, u64>,
}

impl ConversationSums {
    pub(super) fn add(&mut self, facts: &CallFacts) {
        self.customer_words += u64::from(facts.customer_words);
        self.assistant_words += u64::from(facts.assistant_words);
        if facts.is_two_way {
            *self.calls_by_turns.entry(facts.customer_turns).or_default() += 1;
        }
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.customer_words += later.customer_words;
        self.assistant_words += later.assistant_words;
        for (turns, calls) in later.calls_by_turns {
            *self.calls_by_turns.entry(turns).or_default() += calls;
        }
    }

    /// The figures. `totals` are those of all calls.
    pub(super) fn figures(&self, totals: &Sums) -> ConversationFigures {
        let no_transcript = if totals.calls.classes.connected == 0 {
            Reason::NoConnectedCalls
        } else {
            Reason::NoTranscript
        };
        let most = self.calls_by_turns.last_key_value();
        let most = most.map_or(0, |(turns, _)| *turns).min(MAX_TURNS);
        let turns = (1..=most).map(|turns| TurnFigures {
            turns,
            calls: Rate::new(
                self.calls_by_turns
                    .range(turns..)
                    .map(|(_, calls)| calls)
                    .sum(),
                totals.two_way,
                Reason::NoConnectedCalls,
            ),
        });
        ConversationFigures {
            silent: Rate::new(
                totals.readable - totals.two_way,
                totals.readable,
                no_transcript.clone(),
            ),
            words_of_customers: Ratio::new(
                self.customer_words,
                self.customer_words + self.assistant_words,
                no_transcript,
            ),
            customer_turns: turns.collect(),
        }
    }
}
