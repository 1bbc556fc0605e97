//! Reads the inputs batch by batch: files in the threads of the module `pipeline`, other inputs in
//! the calling thread.

use std::io;
use std::ops::ControlFlow;

use super::pipeline_step::{PipelineStep, process_outcome, run_here};
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::files::open_sources::open_sources;
use crate::capture::split::batch::{Batch, batches_of};

/// Returns true if an input may come slowly, from another program or from a person.
#[cfg_attr(
    not(feature = "cli"),
    expect(unused_variables, reason = "only streams come slowly")
)]
pub(crate) fn may_pause(inputs: &Inputs) -> bool {
    #[cfg(feature = "cli")]
    return !inputs.are_named() && crate::capture::source::files::input_facts::may_pause(inputs);
    #[cfg(not(feature = "cli"))]
    false
}

/// Lets the inputs be read twice: those that can be read only once are copied while they are read.
#[cfg_attr(
    not(feature = "cli"),
    expect(
        unused_variables,
        clippy::unnecessary_wraps,
        reason = "only files are copied"
    )
)]
pub(crate) fn make_rereadable(inputs: &mut Inputs) -> io::Result<()> {
    #[cfg(feature = "cli")]
    if !inputs.are_named() {
        inputs.make_rereadable(super::unfinished_files::create_unnamed)?;
    }
    Ok(())
}

/// Reads the `inputs`, processes each batch with `process`, and passes the parts of the results to
/// `sink` in input order. The run ends, without reading the rest, when `sink` returns `Break` or an
/// error; the error is returned. `threads` is the number of threads for files; `None` means one per
/// core.
#[cfg_attr(
    not(feature = "cli"),
    expect(unused_variables, reason = "only files are read in threads")
)]
pub(crate) fn run<T: Send>(
    inputs: &Inputs,
    threads: Option<u16>,
    process: impl Fn(Batch, &mut dyn FnMut(T)) + Sync,
    mut sink: impl FnMut(PipelineStep<T>) -> anyhow::Result<ControlFlow<()>>,
) -> anyhow::Result<()> {
    #[cfg(feature = "cli")]
    if !inputs.are_named() {
        return super::pipeline::run(inputs, threads, process, sink);
    }
    let sink = |result: Option<_>| sink(result.map_or(PipelineStep::Pause, PipelineStep::Done));
    let batches = batches_of(open_sources(inputs));
    run_here(batches, process_outcome(process), sink)
}
