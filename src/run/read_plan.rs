//! The read plan: the inputs of a run and the selection of its calls, with the first pass over
//! the input that `--dedupe last` needs.

use std::ops::ControlFlow;

use roaring::RoaringTreemap;

use crate::capture::source::inputs::Inputs;
use crate::capture::split::batch::Batch;
use crate::cli::{Dedupe, InputArgs};
use crate::exit::UsageError;
use crate::run::pipeline::{self, PipelineStep};
use crate::run::progress::Progress;
use crate::select::id_counts::IdCounts;
use crate::select::selection::Selection;
use crate::select::sequencer::{Distinct, Sequencer};

/// The inputs of a run and the selection of its calls.
pub struct ReadPlan {
    /// Files, folders and streams to read.
    pub inputs: Inputs,
    /// Which calls the command sees.
    pub selection: Selection,
}

impl ReadPlan {
    /// Builds the plan from the arguments. With `--dedupe last` it reads all `inputs` once, to
    /// count the calls per id. Filters that no call can satisfy are a [`UsageError`].
    pub(crate) fn prepare(
        mut inputs: Inputs,
        input: &InputArgs,
        threads: Option<u16>,
        progress: &mut Progress,
    ) -> anyhow::Result<Self> {
        let filter = input.calls.filter();
        if let Some(contradiction) = filter.contradiction() {
            return Err(UsageError(anyhow::Error::msg(contradiction)).into());
        }
        let selection = Selection::new(input.search(), filter);
        let distinct = match input.calls.dedupe {
            None => Distinct::All,
            Some(Dedupe::First) => Distinct::First(RoaringTreemap::new()),
            Some(Dedupe::Last) => {
                inputs.make_rereadable()?;
                Distinct::Last(count_ids(&inputs, &selection, threads, progress)?)
            }
        };
        let limit = input.calls.limit;
        let takes_all = limit.is_none() && matches!(distinct, Distinct::All);
        let selection = if takes_all {
            selection
        } else {
            selection.with_sequencer(Sequencer::new(distinct, limit))
        };
        Ok(Self { inputs, selection })
    }
}

/// Counts the calls per id among those that pass the filter.
fn count_ids(
    inputs: &Inputs,
    selection: &Selection,
    threads: Option<u16>,
    progress: &mut Progress,
) -> anyhow::Result<IdCounts> {
    let mut counts = IdCounts::default();
    let mut calls = 0;
    progress.start(inputs);
    let ids = |batch: Batch| selection.matching_ids(&batch);
    pipeline::run(inputs, threads, ids, |step| {
        // Unreadable input is reported by the second pass.
        if let PipelineStep::Done(Ok(ids)) = step {
            calls += ids.len() as u64;
            for id in ids {
                counts.increment(id);
            }
        }
        progress.update(calls);
        Ok(ControlFlow::Continue(()))
    })?;
    progress.finish_reading();
    Ok(counts)
}
