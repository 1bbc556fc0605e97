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

/// What says whether doubts matter, as far as it has been met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// How the first call stands.
    pub first: Option<Calls>,
    /// How calls stand: wrapped if some do.
    pub calls: Option<Calls>,
    /// Whether there was something that is told in any case, and is no call: then it goes without saying that the source is no JSON.
    pub others: bool,
}

impl Met {
    /// One call.
    pub(super) fn of_call(calls: Calls) -> Self {
        Self {
            first: Some(calls),
            calls: Some(calls),
            others: false,
        }
    }

    /// What stands behind it, too.
    pub(super) fn add(&mut self, other: Self) {
        self.first = self.first.or(other.first);
        self.calls = self.calls.max(other.calls);
        self.others |= other.others;
    }
}

/// Holds back what is doubtful, source by source. Items count in their order: how the source comes in parts makes no difference.
#[derive(Debug)]
pub struct Doubts<T> {
    source: Option<Arc<str>>,
    is_maybe: bool,
    /// Of the source, so far.
    met: Met,
    held: Vec<Doubt<T>>,
    /// The bytes that are held.
    held_bytes: usize,
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
    /// What stands before it in the same part of the source.
    pub met: Met,
}

/// Not more is held back: then it is told that there is no call in all of it.
const MOST_HELD: usize = 10_000;
const MOST_HELD_BYTES: usize = 16 * 1024 * 1024;

impl<T> Default for Doubts<T> {
    fn default() -> Self {
        Self {
            source: None,
            is_maybe: false,
            met: Met::default(),
            held: Vec::new(),
            held_bytes: 0,
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

    /// Takes what is doubtful in the next part of the source, in order, and what was met in all of the part; what is to be told now.
    pub fn take(&mut self, met: Met, doubtful: Vec<Doubt<T>>) -> Vec<T> {
        let mut told = Vec::new();
        for doubt in doubtful {
            self.meet(doubt.met, &mut told);
            if !doubt.counts && self.met.others {
                continue;
            }
            match self.met.calls {
                Some(Calls::Wrapped) => self.forgiven += u64::from(doubt.counts),
                Some(Calls::Bare) => told.push(doubt.told),
                None => {
                    self.held_bytes += doubt.bytes;
                    self.held.push(doubt);
                    if self.held.len() > MOST_HELD || self.held_bytes > MOST_HELD_BYTES {
                        self.meet(Met::of_call(Calls::Bare), &mut told);
                    }
                }
            }
        }
        self.meet(met, &mut told);
        told
    }

    /// Meets more of the source, which tells what becomes of that which is held back.
    fn meet(&mut self, met: Met, told: &mut Vec<T>) {
        let before = self.met;
        self.met.add(met);
        if self.met == before {
            return;
        }
        if self.met.others {
            self.held.retain(|doubt| doubt.counts);
            self.held_bytes = self.held.iter().map(|doubt| doubt.bytes).sum();
        }
        // Nothing is held any more once there was a call, so it is the first one that decides.
        match self.met.first {
            Some(Calls::Wrapped) => {
                let counted = self.held.drain(..).filter(|doubt| doubt.counts);
                self.forgiven += counted.count() as u64;
            }
            Some(Calls::Bare) => told.extend(self.let_go()),
            None => {}
        }
    }

    /// Ends the source; what is to be told of it.
    pub fn end(&mut self) -> Vec<T> {
        let held = self.let_go();
        let has_none = std::mem::take(&mut self.met).calls.is_none();
        self.source = None;
        if self.is_maybe && has_none && !held.is_empty() {
            self.forgiven_sources += 1;
            return Vec::new();
        }
        held
    }

    fn let_go(&mut self) -> Vec<T> {
        self.held_bytes = 0;
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

    const NOTHING: Met = Met {
        first: None,
        calls: None,
        others: false,
    };
    const OTHER: Met = Met {
        others: true,
        ..NOTHING
    };

    /// One item of a source.
    #[derive(Clone, Copy, Debug)]
    enum Item {
        Met(Met),
        /// Something that is no call, by its number.
        NoCall(u8),
        /// It is no JSON.
        Text(u8),
    }
    use Item::{NoCall, Text};

    /// What is told of one source that has these items and comes in parts of so many, and how many are forgiven.
    fn told(is_maybe: bool, items: &[Item], part: usize) -> (Vec<u8>, u64) {
        let mut doubts = Doubts::default();
        let mut told = doubts.go_on_with(&"a".into(), is_maybe);
        for items in items.chunks(part) {
            let mut met = Met::default();
            let mut doubtful = Vec::new();
            for item in items {
                match *item {
                    Item::Met(more) => met.add(more),
                    NoCall(told) | Text(told) => doubtful.push(Doubt {
                        told,
                        counts: matches!(item, NoCall(_)),
                        bytes: 0,
                        met,
                    }),
                }
            }
            told.extend(doubts.take(met, doubtful));
        }
        told.extend(doubts.end());
        (told, doubts.forgiven())
    }

    #[test]
    fn what_stands_beside_calls_in_envelopes_is_forgiven_however_the_source_comes_in_parts() {
        let [bare, wrapped] =
            [Calls::Bare, Calls::Wrapped].map(|calls| Item::Met(Met::of_call(calls)));
        let other = Item::Met(OTHER);
        let cases: [(&[Item], &[u8], u64); 11] = [
            (&[NoCall(1), bare, wrapped, NoCall(2)], &[1], 1),
            (&[NoCall(1), bare, wrapped, other], &[1], 0),
            (&[NoCall(1), wrapped, NoCall(2), NoCall(3)], &[], 3),
            (&[NoCall(1), bare, NoCall(2), NoCall(3)], &[1, 2, 3], 0),
            (
                &[NoCall(1), bare, NoCall(2), wrapped, NoCall(3)],
                &[1, 2],
                1,
            ),
            (&[NoCall(1), wrapped, bare, NoCall(2)], &[], 2),
            (&[NoCall(1)], &[1], 0),
            (&[Text(1), NoCall(2)], &[1, 2], 0),
            (&[Text(1), wrapped, NoCall(2)], &[], 1),
            (&[Text(1), NoCall(2), other, Text(3)], &[2], 0),
            (&[bare, Text(1), other, NoCall(2), Text(3)], &[1, 2], 0),
        ];
        for (items, expected, forgiven) in cases {
            for part in 1..=items.len() {
                let told = told(false, items, part);
                assert_eq!(told, (expected.to_vec(), forgiven), "{items:?} by {part}");
            }
        }
    }

    #[test]
    fn sources_that_nobody_named_need_have_no_call() {
        assert!(told(true, &[NoCall(1)], 1).0.is_empty());
        assert_eq!(
            told(true, &[NoCall(1), Item::Met(Met::of_call(Calls::Bare))], 1).0,
            [1]
        );
    }

    #[test]
    fn not_everything_is_held() {
        let mut doubts = Doubts::default();
        let doubt = Doubt {
            told: 0,
            counts: true,
            bytes: 0,
            met: NOTHING,
        };
        let many = vec![doubt.clone(); MOST_HELD];
        assert!(doubts.take(NOTHING, many).is_empty());
        let told = doubts.take(NOTHING, vec![doubt.clone()]);
        assert_eq!(told.len(), MOST_HELD + 1);
        assert_eq!(doubts.take(NOTHING, vec![doubt]).len(), 1);
    }
}
