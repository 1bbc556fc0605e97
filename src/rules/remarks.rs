//! What the rules have to say of one body, gathered while it is checked, with levels but without places; those are worked out in the end, for
//! what is kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Rule;
use crate::finding::{Finding, Level, Remark};
use crate::input::place::{Locator, Span};
use crate::settings::levels::Levels;

/// How many findings there are, by level and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<(Level, &'static str), u64>);

impl Tally {
    /// Counts one more finding.
    pub fn add(&mut self, rule: &'static Rule, level: Level) {
        *self.0.entry((level, rule.id)).or_default() += 1;
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are of this level.
    #[must_use]
    pub fn of(&self, level: Level) -> u64 {
        let counts = self.0.iter().filter(|((of, _), _)| *of == level);
        counts.map(|(_, count)| count).sum()
    }

    /// Each level and rule's id with its count, the worst and the most frequent first.
    #[must_use]
    pub fn by_rule(&self) -> Vec<(Level, &'static str, u64)> {
        let counts = self.0.iter();
        let mut rows: Vec<_> = counts
            .map(|((level, id), count)| (*level, *id, *count))
            .collect();
        rows.sort_by_key(|(level, _, count)| Reverse((*level, *count)));
        rows
    }
}

impl std::ops::AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        for (key, count) in &other.0 {
            *self.0.entry(*key).or_default() += count;
        }
    }
}

/// Which findings are kept; the others are counted only.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// The first so many of a body, in the order of its text.
    pub most: usize,
    /// Those of this level and worse ones.
    pub from: Level,
    /// Whether they are kept with the line round them.
    pub excerpts: bool,
}

impl Keep {
    /// All are counted only.
    pub const NOTHING: Self = Self {
        most: 0,
        from: Level::Error,
        excerpts: false,
    };
}

/// Gathers what the rules have to say of one body.
#[derive(Debug)]
pub struct Remarks<'a> {
    placed: Vec<Placed<'a>>,
    tally: Tally,
    keep: Keep,
    /// Where the body stands in its document.
    body: &'a str,
}

#[derive(Debug)]
struct Placed<'a> {
    rule: &'static Rule,
    level: Level,
    /// The text in question, as part of the body.
    mark: &'a str,
    first: Option<&'a str>,
    pointer: String,
    remark: Remark,
}

/// Where one rule puts what it has to say.
#[derive(Debug)]
pub struct RuleRemarks<'r, 'a> {
    rule: &'static Rule,
    levels: &'r Levels,
    all: &'r mut Remarks<'a>,
}

impl<'a> RuleRemarks<'_, 'a> {
    /// Adds a remark on `mark`, a part of the body; `pointer` says which part in the body's own terms.
    pub fn add(&mut self, mark: &'a str, pointer: String, remark: Remark) {
        self.add_if_kept(mark, None, move || pointer.clone(), || remark);
    }

    /// The same for what may come any number of times in one body: the words are found only if somebody reads them. `first` is another part of
    /// the body that was there first.
    pub fn add_if_kept(
        &mut self,
        mark: &'a str,
        first: Option<&'a str>,
        pointer: impl Fn() -> String,
        remark: impl FnOnce() -> Remark,
    ) {
        let keep = self.all.keep;
        let at_pointer = || self.levels.of(self.rule, &pointer(), self.all.body);
        let level = self.levels.everywhere(self.rule);
        let Some(level) = level.unwrap_or_else(at_pointer) else {
            return;
        };
        self.all.tally.add(self.rule, level);
        if level < keep.from || keep.most == 0 {
            return;
        }
        self.all.placed.push(Placed {
            rule: self.rule,
            level,
            mark,
            first,
            pointer: pointer(),
            remark: remark(),
        });
        if self.all.placed.len() >= keep.most.saturating_mul(2) {
            self.all.keep_first();
        }
    }
}

impl<'a> Remarks<'a> {
    /// None yet, of the body that stands at `body` in its document.
    #[must_use]
    pub fn new(keep: Keep, body: &'a str) -> Self {
        Self {
            placed: Vec::new(),
            tally: Tally::default(),
            keep,
            body,
        }
    }

    /// Leaves as many as are kept, in the order of the text.
    fn keep_first(&mut self) {
        // All of them are parts of one text.
        self.placed.sort_by_key(|placed| placed.mark.as_ptr());
        self.placed.truncate(self.keep.most);
    }

    /// Where `rule` puts what it has to say.
    pub fn of<'r>(&'r mut self, rule: &'static Rule, levels: &'r Levels) -> RuleRemarks<'r, 'a> {
        RuleRemarks {
            rule,
            levels,
            all: self,
        }
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// How many there are, kept or not.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The remarks that are kept as findings, in the order of the text; their parts are `locator`'s.
    #[must_use]
    pub fn into_findings(mut self, locator: &Locator) -> Vec<Finding> {
        self.keep_first();
        let firsts = self.firsts(locator);
        let excerpts = self.keep.excerpts;
        let found = self.placed.into_iter().zip(firsts).map(|(placed, first)| {
            let offset = locator.offset_of(placed.mark);
            let mark = locator.mark(offset, placed.mark.len(), excerpts);
            Finding {
                first,
                ..Finding::at(
                    mark,
                    placed.pointer,
                    placed.rule,
                    placed.level,
                    placed.remark,
                )
            }
        });
        found.collect()
    }

    /// The other places, found in one pass: they lie further up, in any order.
    fn firsts(&self, locator: &Locator) -> Vec<Option<Span>> {
        let mut firsts = vec![None; self.placed.len()];
        let placed = self.placed.iter().enumerate();
        let mut texts: Vec<_> = placed
            .filter_map(|(index, placed)| Some((placed.first?, index)))
            .collect();
        texts.sort_by_key(|(text, _)| text.as_ptr());
        let locator = locator.clone();
        for (text, index) in texts {
            firsts[index] = Some(locator.span(locator.offset_of(text), text.len()));
        }
        firsts
    }
}
