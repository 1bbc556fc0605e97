//! The options that select inputs and calls, and the read plan that is made of them, with the first
//! pass over the input that [`Dedupe::Last`] needs.

use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::capture::find::search::Search;
use crate::capture::source::files::inputs::Inputs;
use crate::capture::split::batch::Batch;
use crate::exit::UsageError;
use crate::run::batches;
use crate::run::observer::Observer;
use crate::run::pipeline_step::PipelineStep;
use crate::select::filter::Filter;
use crate::select::id_counts::IdCounts;
use crate::select::id_set::IdSet;
use crate::select::selection::Selection;
use crate::select::sequencer::{CallLimit, Dedupe, Distinct, Sequencer};

/// The inputs to read, and the conditions on their calls.
#[derive(Clone, Debug)]
pub(crate) struct ReadOptions {
    /// Files, folders and streams to read.
    pub(crate) inputs: Inputs,
    /// Where bodies are searched in each value.
    pub(crate) search: Search,
    /// Conditions on the content of a call.
    pub(crate) filter: Filter,
    /// Which calls with the same id to keep; `None` keeps all.
    pub(crate) dedupe: Option<Dedupe>,
    /// Maximum number of calls.
    pub(crate) limit: Option<CallLimit>,
    /// The settings files of the run. No output may replace them.
    pub(crate) settings_files: Vec<PathBuf>,
    pub(crate) empty_input: EmptyInput,
}

/// What input without a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EmptyInput {
    #[default]
    Failure,
    Accepted,
}

/// The inputs of a run and the selection of its calls.
pub(crate) struct ReadPlan {
    /// Files, folders and streams to read.
    pub(crate) inputs: Inputs,
    /// Which calls the command sees.
    pub(crate) selection: Selection,
}

impl ReadPlan {
    /// Builds the plan. With [`Dedupe::Last`] it reads all inputs once, to count the calls per id.
    /// Filters that no call can satisfy are a [`UsageError`].
    pub(crate) fn prepare(
        options: &ReadOptions,
        threads: Option<u16>,
        observer: &mut dyn Observer,
    ) -> anyhow::Result<Self> {
        let ReadOptions {
            mut inputs,
            search,
            filter,
            dedupe,
            limit,
            settings_files: _,
            empty_input: _,
        } = options.clone();
        if let Some(contradiction) = filter.contradiction() {
            return Err(UsageError(anyhow::Error::msg(contradiction)).into());
        }
        let selection = Selection::new(search, filter);
        let distinct = match dedupe {
            None => Distinct::All,
            Some(Dedupe::First) => Distinct::First(IdSet::default()),
            Some(Dedupe::Last) => {
                batches::make_rereadable(&mut inputs)?;
                Distinct::Last(count_ids(&inputs, &selection, threads, observer)?)
            }
        };
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
    observer: &mut dyn Observer,
) -> anyhow::Result<IdCounts> {
    let mut counts = IdCounts::default();
    let mut calls = 0;
    observer.start_reading(inputs);
    let ids = |batch: Batch, emit: &mut dyn FnMut(_)| emit(selection.matching_ids(&batch));
    batches::run(inputs, threads, ids, |step| {
        // Unreadable input is reported by the second pass.
        if let PipelineStep::Done(Ok(ids)) = step {
            calls += ids.len() as u64;
            for id in ids {
                counts.increment(id);
            }
        }
        observer.update(calls);
        Ok(ControlFlow::Continue(()))
    })?;
    observer.finish_reading();
    Ok(counts)
}
