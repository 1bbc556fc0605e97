//! What a run reads, and which calls of it are asked for.

use std::ops::ControlFlow;

use roaring::RoaringTreemap;

use crate::cli::{Dedupe, InputArgs};
use crate::exit::Misuse;
use crate::input::batch::Batch;
use crate::input::id_counts::IdCounts;
use crate::input::selection::Selection;
use crate::input::source::Inputs;
use crate::input::turnstile::{Distinct, Turnstile};
use crate::pipeline::{self, Step};
use crate::view::progress::Progress;

/// What is read, and which calls of it are asked for.
pub struct Chosen {
    /// What is read.
    pub inputs: Inputs,
    /// The calls.
    pub selection: Selection,
}

impl Chosen {
    /// Settles both. To know the last call of each id, all `inputs` are read once before. What no call can be is a [`Misuse`].
    pub(super) fn settle(
        mut inputs: Inputs,
        input: &InputArgs,
        threads: Option<u16>,
        progress: &mut Progress,
    ) -> anyhow::Result<Self> {
        let filter = input.calls.filter();
        if let Some(contradiction) = filter.contradiction() {
            return Err(Misuse(anyhow::Error::msg(contradiction)).into());
        }
        let selection = Selection::new(input.search(), filter);
        let distinct = match input.calls.dedupe {
            None => Distinct::All,
            Some(Dedupe::First) => Distinct::First(RoaringTreemap::new()),
            Some(Dedupe::Last) => {
                inputs.keep()?;
                Distinct::Last(count_ids(&inputs, &selection, threads, progress)?)
            }
        };
        let limit = input.calls.limit;
        let takes_all = limit.is_none() && matches!(distinct, Distinct::All);
        let selection = if takes_all {
            selection
        } else {
            selection.with_turnstile(Turnstile::new(distinct, limit))
        };
        Ok(Self { inputs, selection })
    }
}

/// How often each id comes among the calls that are admitted.
fn count_ids(
    inputs: &Inputs,
    selection: &Selection,
    threads: Option<u16>,
    progress: &mut Progress,
) -> anyhow::Result<IdCounts> {
    let mut counts = IdCounts::default();
    let mut calls = 0;
    progress.start(inputs);
    let ids = |batch: Batch| selection.ids(&batch);
    pipeline::run(inputs, threads, ids, |step| {
        // What can not be read is told when it is read again.
        if let Step::Made(Ok(ids)) = step {
            calls += ids.len() as u64;
            for id in ids {
                counts.add(id);
            }
        }
        progress.step(calls);
        Ok(ControlFlow::Continue(()))
    })?;
    progress.rest();
    Ok(counts)
}
