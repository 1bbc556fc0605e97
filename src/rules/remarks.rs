//! What the rules have to say of one body, gathered while it is checked, with levels but without places; those are worked out in the end, for
//! what is kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Rule;
use crate::finding::{Finding, Level, Remark};
use crate::input::place::Locator;
use crate::settings::levels::Levels;

/// How many findings there are, by level and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<(Level, &'static str), u64>);

impl Tally {
    /// Counts one more finding.
    pub fn add(&mut self, rule: &'static Rule, level: Level) {
        *self.0.entry((level, rule.id)).or_default() += 1;
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
    /// At most so many.
    pub most: usize,
    /// Those of this level and worse ones.
    pub from: Level,
}

impl Keep {
    /// All are counted only.
    pub const NOTHING: Self = Self {
        most: 0,
        from: Level::Error,
    };
}

/// Gathers what the rules have to say of one body.
#[derive(Debug)]
pub struct Remarks<'a> {
    placed: Vec<Placed<'a>>,
    tally: Tally,
    keep: Keep,
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
        self.add_with_first(mark, None, pointer, remark);
    }

    /// The same, with another part of the body that was there first.
    pub fn add_with_first(
        &mut self,
        mark: &'a str,
        first: Option<&'a str>,
        pointer: String,
        remark: Remark,
    ) {
        let Some(level) = self.levels.of(self.rule, &pointer) else {
            return;
        };
        self.all.tally.add(self.rule, level);
        let keep = self.all.keep;
        if level >= keep.from && self.all.placed.len() < keep.most {
            self.all.placed.push(Placed {
                rule: self.rule,
                level,
                mark,
                first,
                pointer,
                remark,
            });
        }
    }
}

impl<'a> Remarks<'a> {
    /// None yet.
    #[must_use]
    pub fn new(keep: Keep) -> Self {
        Self {
            placed: Vec::new(),
            tally: Tally::default(),
            keep,
        }
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
        // All of them are parts of one text.
        self.placed.sort_by_key(|placed| placed.mark.as_ptr());
        // They lie further up: looked for with the same locator, it would begin anew each time.
        let firsts = locator.clone();
        let first = |text: &str| firsts.span(firsts.offset_of(text), text.len());
        self.placed
            .into_iter()
            .map(|placed| {
                let Placed {
                    rule,
                    level,
                    mark,
                    remark,
                    ..
                } = placed;
                let offset = locator.offset_of(mark);
                Finding {
                    first: placed.first.map(first),
                    pointer: placed.pointer,
                    ..Finding::at(locator, offset, mark.len(), rule, level, remark)
                }
            })
            .collect()
    }
}
