//! Selects calls by duplicate id and limit. This depends on the calls before, so batches pass the
//! sequencer in input order, whichever thread processes them.

use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use super::id_counts::IdCounts;
use super::id_set::IdSet;

/// Which of the calls with the same id, on the command line and in the settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dedupe {
    /// The first call with each id
    First,
    /// The last call with each id
    Last,
}

/// Which of several calls with the same id to keep.
#[derive(Debug)]
pub(crate) enum Distinct {
    /// Keep all of them.
    All,
    /// Keep the first. The set holds the ids of the calls so far.
    First(IdSet),
    /// Keep the last. The counts are those of the calls still to come, per id.
    Last(IdCounts),
}

/// Maximum number of calls to select; at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallLimit(NonZeroU64);

impl CallLimit {
    /// The number of calls.
    #[must_use]
    pub(crate) fn count(self) -> u64 {
        self.0.get()
    }
}

impl FromStr for CallLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().parse().map(Self);
        number.map_err(|_| "expected a number of calls, 1 or more".to_owned())
    }
}

/// The properties of a call that its selection depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// True if the call matches the filter.
    pub(crate) is_match: bool,
    /// Its id, or `None` if it has none that is a `u64`. Such a call has no duplicates.
    pub(crate) id: Option<u64>,
}

/// The selection among the calls of one batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BatchChoice {
    /// For each call of the batch in order, true if it is selected. The list may be
    /// shorter if the limit was reached: ignore all items after its last call.
    pub(crate) selected: Vec<bool>,
    /// True if the last selected call reaches the limit.
    pub(crate) is_limit_reached: bool,
}

/// Selects calls batch by batch, in input order. A thread waits until all batches before its own
/// have passed.
#[derive(Debug)]
pub(crate) struct Sequencer {
    state: Mutex<SequencerState>,
    /// Signalled when `state.next` or `state.is_finished` changes.
    advanced: Condvar,
}

#[derive(Debug)]
struct SequencerState {
    /// Number of the next batch to pass.
    next: u64,
    distinct: Distinct,
    /// Number of calls that may still be selected; `None` if there is no limit.
    remaining: Option<u64>,
    /// True if no more calls are selected: the limit was reached, or a thread has panicked.
    is_finished: bool,
}

impl Sequencer {
    /// Creates a sequencer that applies `distinct` and then `limit`.
    #[must_use]
    pub(crate) fn new(distinct: Distinct, limit: Option<CallLimit>) -> Self {
        Self {
            state: Mutex::new(SequencerState {
                next: 0,
                distinct,
                remaining: limit.map(|CallLimit(calls)| calls.get()),
                is_finished: false,
            }),
            advanced: Condvar::new(),
        }
    }

    /// Returns the ticket of batch `number`. Each batch needs a ticket, because the next batch can
    /// pass only after it.
    pub(crate) fn ticket(&self, number: u64) -> Ticket<'_> {
        Ticket {
            sequencer: self,
            number,
            has_passed: false,
        }
    }

    fn state(&self) -> MutexGuard<'_, SequencerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SequencerState {
    /// Selects from the calls of the next batch, in input order. The choice ends at the call that
    /// reaches the limit.
    fn select(&mut self, candidates: &[Candidate]) -> BatchChoice {
        let mut choice = BatchChoice::default();
        for candidate in candidates {
            let is_selected = candidate.is_match
                && candidate.id.is_none_or(|id| match &mut self.distinct {
                    Distinct::All => true,
                    Distinct::First(before) => before.insert(id),
                    Distinct::Last(counts) => counts.decrement(id),
                });
            choice.selected.push(is_selected);
            if let Some(remaining) = self.remaining.as_mut().filter(|_| is_selected) {
                *remaining -= 1;
                if *remaining == 0 {
                    self.is_finished = true;
                    choice.is_limit_reached = true;
                    break;
                }
            }
        }
        choice
    }
}

/// The right of one batch to pass the sequencer once.
pub(crate) struct Ticket<'t> {
    sequencer: &'t Sequencer,
    number: u64,
    has_passed: bool,
}

impl Ticket<'_> {
    /// Returns true if it is known already that no call of this batch will be selected.
    pub(crate) fn is_finished(&self) -> bool {
        self.sequencer.state().is_finished
    }

    /// Waits until all batches before this one have passed, and selects among `candidates`, the
    /// calls of the batch. Returns `None` if the limit was reached before.
    pub(crate) fn wait_and_select(mut self, candidates: &[Candidate]) -> Option<BatchChoice> {
        let sequencer = self.sequencer;
        let state = sequencer.advanced.wait_while(sequencer.state(), |state| {
            state.next < self.number && !state.is_finished
        });
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        self.has_passed = true;
        let choice = (!state.is_finished).then(|| state.select(candidates));
        state.next += 1;
        drop(state);
        sequencer.advanced.notify_all();
        choice
    }
}

impl Drop for Ticket<'_> {
    /// Finishes the sequencer if the thread panicked before it passed, so that other threads do not
    /// wait forever.
    fn drop(&mut self) {
        if !self.has_passed {
            self.sequencer.state().is_finished = true;
            self.sequencer.advanced.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn candidates(ids: &[u64]) -> Vec<Candidate> {
        let candidate = |id: &u64| Candidate {
            is_match: true,
            id: Some(*id),
        };
        ids.iter().map(candidate).collect()
    }

    #[test]
    fn batches_pass_in_order_whichever_thread_arrives_first() {
        let sequencer = Sequencer::new(Distinct::First(IdSet::default()), "3".parse().ok());
        let batches: [&[u64]; 4] = [&[1, 2], &[2, 1], &[2, 3, 4], &[5]];
        let choices: Vec<Option<BatchChoice>> = thread::scope(|scope| {
            let sequencer = &sequencer;
            let threads: Vec<_> = (0..4)
                .rev()
                .map(|number: usize| {
                    scope.spawn(move || {
                        let ticket = sequencer.ticket(number as u64);
                        ticket.wait_and_select(&candidates(batches[number]))
                    })
                })
                .collect();
            let choices = threads.into_iter().rev();
            choices
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let choice = |calls: &[bool], is_limit_reached| {
            Some(BatchChoice {
                selected: calls.to_vec(),
                is_limit_reached,
            })
        };
        assert_eq!(choices[0], choice(&[true, true], false));
        assert_eq!(choices[1], choice(&[false, false], false));
        assert_eq!(choices[2], choice(&[false, true], true));
        assert_eq!(choices[3], None);
    }

    #[test]
    fn no_thread_waits_for_a_dropped_ticket() {
        let sequencer = Sequencer::new(Distinct::All, None);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| sequencer.ticket(1).wait_and_select(&[]));
            drop(sequencer.ticket(0));
            assert_eq!(waiting.join().expect("no panic"), None);
        });
    }
}
