//! Where batches pass one after another, in input order, whatever thread works on them: what is chosen depends on the calls before.

use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use roaring::RoaringTreemap;

use super::id_counts::IdCounts;

/// Which of the calls with the same id are wanted.
#[derive(Debug)]
pub enum Distinct {
    /// All of them.
    All,
    /// The first; these ids came before.
    First(RoaringTreemap),
    /// The last; so many of each id are still to come.
    Last(IdCounts),
}

/// How many calls are wanted at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(NonZeroU64);

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().parse().map(Self);
        number.map_err(|_| "give a number of calls, 1 or more".to_owned())
    }
}

/// A call as far as the choice depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Whether it is one of those asked for.
    pub is_admitted: bool,
    /// Its id, if that can be compared with others.
    pub id: Option<u64>,
}

/// What was chosen of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// Of each call, whether it is wanted. Calls that are missing at the end, and whatever stands among them, are not even to be looked at.
    pub calls: Vec<bool>,
    /// Whether no more is wanted.
    pub is_enough: bool,
}

/// Lets batches pass in order, and chooses.
#[derive(Debug)]
pub struct Turnstile {
    state: Mutex<State>,
    turn: Condvar,
}

#[derive(Debug)]
struct State {
    /// The number of the batch whose turn it is.
    next: u64,
    distinct: Distinct,
    /// How many more calls are wanted, if not all.
    left: Option<u64>,
    /// Whether nobody needs to wait any more.
    is_over: bool,
}

impl Turnstile {
    /// Chooses the calls that are `distinct`, at most `limit` of them.
    #[must_use]
    pub fn new(distinct: Distinct, limit: Option<Limit>) -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                distinct,
                left: limit.map(|Limit(calls)| calls.get()),
                is_over: false,
            }),
            turn: Condvar::new(),
        }
    }

    /// The ticket of batch `number`. Each batch needs one, and must have passed before the next one can.
    pub(super) fn ticket(&self, number: u64) -> Ticket<'_> {
        Ticket {
            turnstile: self,
            number,
            has_passed: false,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn choose(&mut self, candidates: &[Candidate]) -> Choice {
        let mut choice = Choice::default();
        for candidate in candidates {
            let is_wanted = candidate.is_admitted
                && candidate.id.is_none_or(|id| match &mut self.distinct {
                    Distinct::All => true,
                    Distinct::First(before) => before.insert(id),
                    Distinct::Last(counts) => counts.take_last(id),
                });
            choice.calls.push(is_wanted);
            if let Some(left) = self.left.as_mut().filter(|_| is_wanted) {
                *left -= 1;
                if *left == 0 {
                    self.is_over = true;
                    choice.is_enough = true;
                    break;
                }
            }
        }
        choice
    }
}

/// The right of one batch to pass.
pub(super) struct Ticket<'t> {
    turnstile: &'t Turnstile,
    number: u64,
    has_passed: bool,
}

impl Ticket<'_> {
    /// Whether no more is wanted, as far as is known: then there is nothing to choose from.
    pub(super) fn is_over(&self) -> bool {
        self.turnstile.state().is_over
    }

    /// Waits until all batches before have passed, and chooses from `candidates`; nothing where no more is wanted.
    pub(super) fn pass(mut self, candidates: &[Candidate]) -> Option<Choice> {
        let turnstile = self.turnstile;
        let state = turnstile.turn.wait_while(turnstile.state(), |state| {
            state.next < self.number && !state.is_over
        });
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        self.has_passed = true;
        let choice = (!state.is_over).then(|| state.choose(candidates));
        state.next += 1;
        drop(state);
        turnstile.turn.notify_all();
        choice
    }
}

impl Drop for Ticket<'_> {
    /// A thread that panics on its way ends the run: nobody may wait for it for ever.
    fn drop(&mut self) {
        if !self.has_passed {
            self.turnstile.state().is_over = true;
            self.turnstile.turn.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn candidates(ids: &[u64]) -> Vec<Candidate> {
        let candidate = |id: &u64| Candidate {
            is_admitted: true,
            id: Some(*id),
        };
        ids.iter().map(candidate).collect()
    }

    #[test]
    fn batches_pass_in_order_whoever_comes_first() {
        let turnstile = Turnstile::new(Distinct::First(RoaringTreemap::new()), "3".parse().ok());
        let batches: [&[u64]; 4] = [&[1, 2], &[2, 1], &[2, 3, 4], &[5]];
        let choices: Vec<Option<Choice>> = thread::scope(|scope| {
            let turnstile = &turnstile;
            let threads: Vec<_> = (0..4)
                .rev()
                .map(|number: usize| {
                    scope.spawn(move || {
                        let ticket = turnstile.ticket(number as u64);
                        ticket.pass(&candidates(batches[number]))
                    })
                })
                .collect();
            let choices = threads.into_iter().rev();
            choices
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let choice = |calls: &[bool], is_enough| {
            Some(Choice {
                calls: calls.to_vec(),
                is_enough,
            })
        };
        assert_eq!(choices[0], choice(&[true, true], false));
        assert_eq!(choices[1], choice(&[false, false], false));
        assert_eq!(choices[2], choice(&[false, true], true));
        assert_eq!(choices[3], None);
    }

    #[test]
    fn nobody_waits_for_a_thread_that_is_gone() {
        let turnstile = Turnstile::new(Distinct::All, None);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| turnstile.ticket(1).pass(&[]));
            drop(turnstile.ticket(0));
            assert_eq!(waiting.join().expect("no panic"), None);
        });
    }
}
