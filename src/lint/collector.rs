//! Collects the findings of one body while the rules run. Levels are assigned at once, locations
//! only at the end and only for the findings that are kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::capture::location::position::{Locator, Span};
use crate::lint::finding::{Finding, Message};
use crate::lint::levels::Levels;
use crate::lint::rule_data::{Level, Rule};

/// Number of findings by level and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally(BTreeMap<(Level, &'static str), u64>);

impl Tally {
    /// Counts one finding.
    pub(crate) fn add(&mut self, rule: &'static Rule, level: Level) {
        *self.0.entry((level, rule.id)).or_default() += 1;
    }

    /// Removes one finding that was counted.
    pub(crate) fn remove(&mut self, rule: &'static Rule, level: Level) {
        if let Entry::Occupied(mut count) = self.0.entry((level, rule.id)) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    /// True if nothing was counted.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of findings with this level.
    #[must_use]
    pub(crate) fn count(&self, level: Level) -> u64 {
        let counts = self.0.iter().filter(|((of, _), _)| *of == level);
        counts.map(|(_, count)| count).sum()
    }

    /// Level, rule id and count of each entry, by descending level, then by descending count.
    #[must_use]
    pub(crate) fn by_rule(&self) -> Vec<(Level, &'static str, u64)> {
        let counts = self.0.iter();
        let mut rows: Vec<_> = counts
            .map(|((level, id), count)| (*level, *id, *count))
            .collect();
        rows.sort_by_key(|(level, _, count)| Reverse((*level, *count)));
        rows
    }
}

impl std::ops::AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, addend: &Tally) {
        for (key, count) in &addend.0 {
            *self.0.entry(*key).or_default() += count;
        }
    }
}

/// Limits on the findings that are kept. The others are counted only.
#[derive(Clone, Copy, Debug)]
pub struct FindingLimits {
    /// Maximum number per body. The first ones in source order are kept.
    pub(crate) max_per_body: usize,
    /// Lowest level that is kept.
    pub(crate) min_level: Level,
    /// True to keep each finding with its source line.
    pub(crate) with_excerpts: bool,
}

impl FindingLimits {
    /// Maximum number of findings that are kept of any body, so that one body whose every value is
    /// wrong does not fill the memory.
    pub(crate) const MAX_PER_BODY: usize = 10_000;

    /// Keeps none: all findings are counted only.
    pub const COUNT_ONLY: Self = Self {
        max_per_body: 0,
        min_level: Level::Error,
        with_excerpts: false,
    };
}

/// Collector of the findings of one body.
#[derive(Debug)]
pub struct Collector<'a> {
    pending: Vec<PendingFinding<'a>>,
    tally: Tally,
    limits: FindingLimits,
    /// Pointer of the body within its document.
    body_pointer: &'a str,
}

#[derive(Debug)]
struct PendingFinding<'a> {
    rule: &'static Rule,
    level: Level,
    /// The marked text, a slice of the body.
    text: &'a str,
    first: Option<&'a str>,
    pointer: String,
    message: Message,
}

/// Reports the findings of one rule to a [`Collector`].
#[derive(Debug)]
pub(crate) struct RuleContext<'r, 'a> {
    rule: &'static Rule,
    levels: &'r Levels,
    collector: &'r mut Collector<'a>,
}

impl<'a> RuleContext<'_, 'a> {
    /// Reports a finding on `text`, a slice of the body, at `pointer` within the body.
    pub(crate) fn report(&mut self, text: &'a str, pointer: String, message: Message) {
        self.report_lazily(text, None, move || pointer.clone(), || message);
    }

    /// Counts a finding whose rule is not off, and builds its message only if it may be shown.
    /// Meant for findings that may occur any number of times in one body. `text` and `first` must
    /// be slices of the body; `first` is the first occurrence, if `text` repeats it.
    pub(crate) fn report_lazily(
        &mut self,
        text: &'a str,
        first: Option<&'a str>,
        pointer: impl Fn() -> String,
        message: impl FnOnce() -> Message,
    ) {
        let limits = self.collector.limits;
        let level_at_pointer = || {
            self.levels
                .level_of(self.rule, &pointer(), self.collector.body_pointer)
        };
        // The pointer is built only if the level depends on it, or the finding is kept: `validate`
        // of bodies with many findings executes 7 % fewer instructions.
        let level = self.levels.fixed_level(self.rule);
        let Some(level) = level.unwrap_or_else(level_at_pointer) else {
            return;
        };
        self.collector.tally.add(self.rule, level);
        if level < limits.min_level || limits.max_per_body == 0 {
            return;
        }
        self.collector.pending.push(PendingFinding {
            rule: self.rule,
            level,
            text,
            first,
            pointer: pointer(),
            message: message(),
        });
        if self.collector.pending.len() >= limits.max_per_body.saturating_mul(2) {
            self.collector.truncate_to_limit();
        }
    }
}

impl<'a> Collector<'a> {
    /// Creates an empty collector for the body at `body_pointer` of its document.
    #[must_use]
    pub(crate) fn new(limits: FindingLimits, body_pointer: &'a str) -> Self {
        Self {
            pending: Vec::new(),
            tally: Tally::default(),
            limits,
            body_pointer,
        }
    }

    /// Sorts the findings by source order and drops those beyond the limit.
    fn truncate_to_limit(&mut self) {
        // The marked texts are slices of one body, so their addresses have source order.
        self.pending.sort_by_key(|pending| pending.text.as_ptr());
        self.pending.truncate(self.limits.max_per_body);
    }

    /// Returns the context in which `rule` reports its findings, with the levels to apply to them.
    pub(crate) fn rule_context<'r>(
        &'r mut self,
        rule: &'static Rule,
        levels: &'r Levels,
    ) -> RuleContext<'r, 'a> {
        RuleContext {
            rule,
            levels,
            collector: self,
        }
    }

    /// True if no finding is kept. Findings that are counted only do not matter.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Counts of all findings, including those that are not kept.
    #[must_use]
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Returns the kept findings with their locations, in source order. `locator` must be the one
    /// of the text that contains the body.
    #[must_use]
    pub(crate) fn into_findings(mut self, locator: &Locator) -> Vec<Finding> {
        self.truncate_to_limit();
        let first_occurrences = self.first_occurrences(locator);
        let excerpts = self.limits.with_excerpts;
        let findings = self
            .pending
            .into_iter()
            .zip(first_occurrences)
            .map(|(pending, first)| {
                let offset = locator.offset_of(pending.text);
                let excerpts = excerpts && !pending.message.hides_source;
                let mark = locator.mark(offset, pending.text.len(), excerpts);
                Finding {
                    first_occurrence: first,
                    ..Finding::at(
                        mark,
                        pending.pointer,
                        pending.rule,
                        pending.level,
                        pending.message,
                    )
                }
            });
        findings.collect()
    }

    /// Locations of the first occurrences, index by index with `pending`. They are looked up in
    /// source order, so that the locator scans the text only once.
    fn first_occurrences(&self, locator: &Locator) -> Vec<Option<Span>> {
        let mut spans = vec![None; self.pending.len()];
        let pending = self.pending.iter().enumerate();
        let mut texts: Vec<_> = pending
            .filter_map(|(index, pending)| Some((pending.first?, index)))
            .collect();
        texts.sort_by_key(|(text, _)| text.as_ptr());
        let locator = locator.clone();
        for (text, index) in texts {
            spans[index] = Some(locator.span(locator.offset_of(text), text.len()));
        }
        spans
    }
}
