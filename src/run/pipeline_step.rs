//! How the results of batches reach the sink of a run, and a run in the calling thread.

use std::ops::ControlFlow;

use crate::capture::source::reader::UnreadableInput;
use crate::capture::split::batch::Batch;

/// An event while the input is read.
pub(crate) enum PipelineStep<T> {
    /// The result of the next batch, or the reason why it could not be read.
    Done(Result<T, UnreadableInput>),
    /// The input pauses, and the results of all batches read so far have been passed on. This event
    /// is repeated every 200 ms while the pause lasts.
    Pause,
}

/// The next batch, or the reason why it could not be read.
pub(super) type ReadOutcome = Result<Batch, UnreadableInput>;

/// Processes a batch with `process`. The reason why there is none is a result, too.
pub(super) fn process_outcome<T>(
    process: impl Fn(Batch, &mut dyn FnMut(T)) + Sync,
) -> impl Fn(ReadOutcome, &mut dyn FnMut(Result<T, UnreadableInput>)) + Sync {
    move |outcome, emit| match outcome {
        Ok(batch) => process(batch, &mut |part| emit(Ok(part))),
        Err(unreadable) => emit(Err(unreadable)),
    }
}

/// Processes the `items` in this thread, and passes the parts of the results to `sink` until it
/// returns `Break` or an error, which is returned.
pub(super) fn run_here<I, T>(
    items: impl Iterator<Item = I>,
    process: impl Fn(I, &mut dyn FnMut(T)),
    mut sink: impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    for item in items {
        if process_here(item, &process, &mut sink)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Processes `item` in this thread, and passes the parts of its result to `sink` until it returns
/// `Break` or an error.
pub(super) fn process_here<I, T>(
    item: I,
    process: impl Fn(I, &mut dyn FnMut(T)),
    sink: &mut impl FnMut(Option<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<ControlFlow<()>> {
    let mut flow = Ok(ControlFlow::Continue(()));
    process(item, &mut |part| {
        if matches!(flow, Ok(ControlFlow::Continue(()))) {
            flow = sink(Some(part));
        }
    });
    flow
}
