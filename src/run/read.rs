//! Reads the input for a command, which passes a function for calls, items or batches. It runs in
//! worker threads, and its results are written in input order.

use std::io::{self, Write};
use std::ops::ControlFlow;

use super::batch_result::{BatchResult, ResultParts, process_calls, process_items};
use super::batches;
use super::input_messages::NoInput;
use super::pipeline_step::PipelineStep;
use super::read_plan::{ReadOptions, ReadPlan};
use super::session::{Quotes, Session};
use super::stdout::{STDOUT, is_reader_gone};
use crate::capture::find::item::{Body, Item};
use crate::capture::source::files::inputs::Inputs;
use crate::capture::split::batch::Batch;
use crate::exit::Exit;
use crate::text::io_error::NamedIoError;

impl Session {
    /// Runs `handle` on each selected call, in worker threads. `handle` adds to a value per batch;
    /// `sink` receives these values in input order. Input that is not a call is reported on
    /// standard error.
    pub(crate) fn for_each_call<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        handle: impl Fn(&Body, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.for_each_call_with_pause(options, handle, sink, |_| Ok(()))
    }

    /// Runs `handle` on each selected call, in worker threads. `handle` adds to a value per batch;
    /// `sink` receives these values in input order. While the input pauses, as that of `tail -f`
    /// does, `pause` is called to write buffered output. Input that is not a call is reported on
    /// standard error.
    pub(crate) fn for_each_call_with_pause<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        handle: impl Fn(&Body, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let plan = self.plan(options)?;
        let parts = ResultParts {
            // Repeated ids are only reported, which a quiet run does not do.
            ids: options.dedupe.is_none() && !self.is_quiet(),
            records: self.rejects.is_some(),
            quotes: self.quotes == Quotes::Shown,
        };
        self.for_each_batch(
            &plan.inputs,
            |batch, emit| process_calls(&batch, &plan.selection, parts, &handle, emit),
            sink,
            pause,
        )?;
        self.conclude_calls();
        Ok(())
    }

    /// Prints what was skipped, and sets the exit code for the input as a whole, after all calls
    /// were read.
    pub(super) fn conclude_calls(&mut self) {
        let other_payloads = self.counts.other_payloads.clone();
        let deferred = std::mem::take(&mut self.deferred);
        self.warn_skipped(&other_payloads, &deferred);
        self.warn_repaired();
        self.warn_repeated_ids();
        self.conclude_input(self.has_reported_problems());
    }

    /// Runs `handle` on each item of the input, selected calls and everything that is not a call,
    /// in worker threads. `handle` adds to a value per batch; `sink` receives these values in
    /// input order. While the input pauses, `pause` writes buffered output.
    pub(crate) fn for_each_item<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        handle: impl Fn(&Item, &mut T) + Sync,
        sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let plan = self.plan(options)?;
        let process = |batch: Batch, emit: &mut dyn FnMut(_)| {
            process_items(&batch, &plan.selection, &handle, emit);
        };
        self.for_each_batch(&plan.inputs, process, sink, pause)?;
        // Items that `handle` received explain a lack of calls too.
        let has_others = self.counts.non_calls > 0 || self.counts.has_reported_others();
        self.conclude_input(self.has_reported_problems() || has_others);
        Ok(())
    }

    /// The read plan for `options`: the inputs, and the selection of calls. Reads the input once if
    /// [`Dedupe::Last`](crate::select::sequencer::Dedupe::Last) needs it.
    ///
    /// Without a path, standard input is read, but not from a terminal: waiting for typed JSON
    /// would look like a hang.
    pub(crate) fn plan(&mut self, options: &ReadOptions) -> anyhow::Result<ReadPlan> {
        if options.inputs.paths.is_empty() && self.stdin_is_terminal {
            return Err(NoInput.into());
        }
        self.empty_input = options.empty_input;
        #[cfg(feature = "cli")]
        if !options.inputs.are_named() {
            self.check_streams(&options.inputs)?;
        }
        for note in options.filter.notes() {
            self.print_message(&note);
        }
        let plan = ReadPlan::prepare(options, self.threads, &mut *self.observer)?;
        self.filter_names = Some(plan.selection.names());
        Ok(plan)
    }

    /// Runs `process` on each batch of the input, in worker threads, and passes the parts of the
    /// results to `sink` in input order, until the selection is complete. Problems that depend on
    /// the rest of their source are deferred. While the input pauses, `pause` writes buffered
    /// output.
    ///
    /// A batch is counted before its result is written, so that the exit code is right even if the
    /// reader closes the pipe.
    pub(crate) fn for_each_batch<T: Send + 'static>(
        &mut self,
        inputs: &Inputs,
        process: impl Fn(Batch, &mut dyn FnMut(BatchResult<T>)) + Sync,
        mut sink: impl FnMut(&mut dyn Write, T) -> anyhow::Result<()>,
        mut pause: impl FnMut(&mut dyn Write) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.observer.start_reading(inputs);
        // Only streams can pause. For slow files, output must not depend on timing.
        let may_pause = batches::may_pause(inputs);
        batches::run(inputs, self.threads, process, |step| {
            let batch = match step {
                PipelineStep::Done(Ok(batch)) => batch,
                PipelineStep::Done(Err(unreadable)) => {
                    self.report_unreadable(unreadable)?;
                    return Ok(ControlFlow::Continue(()));
                }
                PipelineStep::Pause => {
                    if may_pause {
                        pause(&mut self.out)?;
                        self.flush()?;
                    }
                    self.observer.pause(self.counts.calls);
                    self.check_reader()?;
                    return Ok(ControlFlow::Continue(()));
                }
            };
            let context = batch.counts.part_context();
            self.counts += batch.counts;
            if let Some((source, is_maybe)) = &batch.source {
                let problems = self.deferred.set_source(source, *is_maybe);
                self.report_problems(problems)?;
            }
            if batch.has_bad_data {
                self.fail(Exit::BadData);
            }
            for id in batch.ids {
                self.repeated_ids.add(id);
            }
            sink(&mut self.out, batch.output)?;
            self.flush()?;
            let problems = self.deferred.add_part(context, batch.problems);
            self.report_problems(problems)?;
            self.observer.update(self.counts.calls);
            if batch.flow.is_break() {
                // The rest of the input may have the names that did not occur so far.
                self.filter_names = None;
            }
            Ok(batch.flow)
        })?;
        self.observer.finish_reading();
        let problems = self.deferred.finish_source();
        self.report_problems(problems)?;
        self.report_omitted_problems();
        self.warn_skipped_names(&inputs.skipped);
        Ok(())
    }

    /// Fails with a broken pipe if the reader of standard output has closed it. A write would fail
    /// too, but while the input pauses there may never be one.
    fn check_reader(&self) -> anyhow::Result<()> {
        if self.stdout_has_output.get() && !self.ignores_closed_pipe && is_reader_gone() {
            let closed = io::Error::from(io::ErrorKind::BrokenPipe);
            return Err(NamedIoError::wrap(STDOUT, None, closed).into());
        }
        Ok(())
    }
}
