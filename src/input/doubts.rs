//! What has no call in a source, held back until it is known whether that matters: beside calls in envelopes other things are captured too, and text
//! is no mistake if a call is found in it.

use std::sync::Arc;

/// How the calls of a source stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Calls {
    /// As top-level values, or as the elements of a top-level array.
    Bare,
    /// Inside something that was wrapped round them.
    Wrapped,
}

/// Holds back what is doubtful, source by source.
#[derive(Debug)]
pub struct Doubts<T> {
    source: Option<Arc<str>>,
    is_maybe: bool,
    calls: Option<Calls>,
    held: Vec<Doubt<T>>,
    forgiven: u64,
    forgiven_sources: u64,
}

/// Something doubtful.
#[derive(Clone, Debug)]
pub struct Doubt<T> {
    /// What would be told.
    pub told: T,
    /// Whether it counts as something that is no call; that a source is no JSON does not.
    pub counts: bool,
    /// How many bytes of the input it holds.
    pub bytes: usize,
}

/// Not more is held back: then it is told that there is no call in all of it.
const MOST_HELD: usize = 10_000;
const MOST_HELD_BYTES: usize = 16 * 1024 * 1024;

impl<T> Default for Doubts<T> {
    fn default() -> Self {
        Self {
            source: None,
            is_maybe: false,
            calls: None,
            held: Vec::new(),
            forgiven: 0,
            forgiven_sources: 0,
        }
    }
}

impl<T> Doubts<T> {
    /// Goes on with `source`; what is to be told of the one before, if that was another.
    pub fn go_on_with(&mut self, source: &Arc<str>, is_maybe: bool) -> Vec<T> {
        if self
            .source
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, source))
        {
            return Vec::new();
        }
        let told = self.end();
        self.source = Some(Arc::clone(source));
        self.is_maybe = is_maybe;
        told
    }

    /// Takes what is doubtful in the next part of the source, which has calls that stand so; what is to be told now. `others` says that something
    /// else was told of it: then it goes without saying that the source is no JSON.
    pub fn take(&mut self, calls: Option<Calls>, others: bool, doubtful: Vec<Doubt<T>>) -> Vec<T> {
        self.calls = self.calls.max(calls);
        self.held.extend(doubtful);
        if others {
            self.held.retain(|doubt| doubt.counts);
        }
        match self.calls {
            Some(Calls::Wrapped) => {
                let counted = self.held.iter().filter(|doubt| doubt.counts);
                self.forgiven += counted.count() as u64;
                self.held.clear();
                Vec::new()
            }
            None if self.held.len() <= MOST_HELD && self.held_bytes() <= MOST_HELD_BYTES => {
                Vec::new()
            }
            _ => {
                self.calls = Some(Calls::Bare);
                self.let_go()
            }
        }
    }

    /// Ends the source; what is to be told of it.
    pub fn end(&mut self) -> Vec<T> {
        let held = self.let_go();
        let has_none = self.calls.take().is_none();
        self.source = None;
        if self.is_maybe && has_none && !held.is_empty() {
            self.forgiven_sources += 1;
            return Vec::new();
        }
        held
    }

    fn held_bytes(&self) -> usize {
        self.held.iter().map(|doubt| doubt.bytes).sum()
    }

    fn let_go(&mut self) -> Vec<T> {
        self.held.drain(..).map(|doubt| doubt.told).collect()
    }

    /// How many were left untold beside calls.
    #[must_use]
    pub fn forgiven(&self) -> u64 {
        self.forgiven
    }

    /// How many sources were left untold that nobody asked for by name.
    #[must_use]
    pub fn forgiven_sources(&self) -> u64 {
        self.forgiven_sources
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubt(told: u8) -> Doubt<u8> {
        Doubt {
            told,
            counts: true,
            bytes: 0,
        }
    }

    /// What is told of one source, part by part.
    fn told(is_maybe: bool, parts: &[(Option<Calls>, &[u8])]) -> Vec<u8> {
        let mut doubts = Doubts::default();
        let mut told = doubts.go_on_with(&"a".into(), is_maybe);
        for (calls, doubtful) in parts {
            told.extend(doubts.take(*calls, false, doubtful.iter().copied().map(doubt).collect()));
        }
        told.extend(doubts.end());
        told
    }

    #[test]
    fn what_stands_beside_calls_in_envelopes_is_forgiven() {
        let (bare, wrapped) = (Some(Calls::Bare), Some(Calls::Wrapped));
        assert_eq!(
            told(false, &[(None, &[1]), (wrapped, &[2]), (None, &[3])]),
            [0_u8; 0]
        );
        assert_eq!(
            told(false, &[(None, &[1]), (bare, &[2]), (None, &[3])]),
            [1, 2, 3]
        );
        assert_eq!(told(false, &[(None, &[1])]), [1]);
        assert_eq!(told(true, &[(None, &[1])]), [0_u8; 0]);
        assert_eq!(told(true, &[(bare, &[1])]), [1]);
    }

    #[test]
    fn not_everything_is_held() {
        let mut doubts = Doubts::default();
        assert_eq!(
            doubts
                .take(None, false, vec![doubt(0); MOST_HELD + 1])
                .len(),
            MOST_HELD + 1
        );
        assert_eq!(doubts.take(None, false, vec![doubt(1)]), [1]);
    }
}
