//! Adds up calls, each once: of several bodies with one id, the last counts.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::batch_result::{ResultParts, process_calls};
use super::batches;
use super::pipeline_step::PipelineStep;
use super::read_plan::{ReadOptions, ReadPlan};
use super::session::Session;
use crate::capture::find::item::Body;
use crate::json::Json;
use crate::select::id_counts::IdCounts;
use crate::select::sequencer::{Dedupe, Distinct, Sequencer};
use crate::stats::model::InputFigures;

/// The sum over distinct calls.
pub(crate) struct DistinctSum<T> {
    pub(crate) sum: T,
    /// What was read. Test deliveries are the command's to count.
    pub(crate) input: InputFigures,
}

/// The sum over a batch, and the ids of its calls.
#[derive(Default)]
struct BatchSum<T> {
    sum: T,
    ids: Vec<u64>,
}

impl Session {
    /// Runs `handle` on each selected call, in worker threads, and merges the sums of all batches
    /// in input order. Of several bodies with one id, only the last counts, or the one that
    /// `options` say. Bodies whose id is not an integer all count. Input that is not a call is
    /// reported on standard error.
    ///
    /// Runs `observe` on each selected body, also on those that do not count, once or several
    /// times.
    ///
    /// The input is read once. Only if an id occurs again, it is read a second time, without the
    /// earlier bodies. `--limit` reads it twice too, because it applies to distinct calls.
    pub(crate) fn sum_distinct_calls<T: Default + Send + 'static>(
        &mut self,
        options: &ReadOptions,
        observe: impl Fn(&Body) + Sync,
        handle: impl Fn(&Body, &mut T) + Sync,
        merge: impl Fn(&mut T, T),
    ) -> anyhow::Result<DistinctSum<T>> {
        if options.dedupe.is_some() || options.limit.is_some() {
            let mut sum = T::default();
            let options = ReadOptions {
                dedupe: options.dedupe.or(Some(Dedupe::Last)),
                ..options.clone()
            };
            let add = |body: &Body, batch: &mut T| {
                observe(body);
                handle(body, batch);
            };
            self.for_each_call(&options, add, |_, batch| {
                merge(&mut sum, batch);
                Ok(())
            })?;
            let copies = self.counts.copies;
            let mut input = self.input_figures(copies);
            // This way of reading counts copies as excluded.
            input.filtered_out -= copies;
            return Ok(DistinctSum { sum, input });
        }
        let mut plan = self.plan(options)?;
        batches::make_rereadable(&mut plan.inputs)?;
        let mut sum = T::default();
        let mut ids = IdCounts::default();
        // The sum of this pass is needed only if no id occurs again. Bodies after a repeated id are
        // not added: with a tenth of repeats, that saves a fifth of the time.
        let has_repeated = AtomicBool::new(false);
        let add = |body: &Body, batch: &mut BatchSum<T>| {
            batch.ids.extend(body.id().and_then(Json::as_u64));
            observe(body);
            if !has_repeated.load(Ordering::Relaxed) {
                handle(body, &mut batch.sum);
            }
        };
        self.for_each_batch(
            &plan.inputs,
            |batch, emit| process_calls(&batch, &plan.selection, ResultParts::MESSAGES, add, emit),
            |_, batch: BatchSum<T>| {
                batch.ids.into_iter().for_each(|id| ids.increment(id));
                if ids.has_repeated() {
                    has_repeated.store(true, Ordering::Relaxed);
                } else {
                    merge(&mut sum, batch.sum);
                }
                Ok(())
            },
            |_| Ok(()),
        )?;
        self.conclude_calls();
        if ids.has_repeated() {
            return self.sum_last_bodies(plan, ids, handle, merge);
        }
        let input = self.input_figures(0);
        Ok(DistinctSum { sum, input })
    }

    fn input_figures(&self, copies: u64) -> InputFigures {
        let counts = self.counts();
        InputFigures {
            bodies: counts.calls,
            filtered_out: counts.excluded,
            copies,
            test_deliveries: 0,
            today_or_later: None,
            other_payloads: counts.other_payloads.clone(),
            broken: counts.broken,
            lost_bodies: counts.lost_bodies,
        }
    }

    /// Reads the input again, and adds up the last body of each id. `ids` are those of all selected
    /// calls. Everything else was reported when the input was read before.
    fn sum_last_bodies<T: Default + Send + 'static>(
        &mut self,
        plan: ReadPlan,
        ids: IdCounts,
        handle: impl Fn(&Body, &mut T) + Sync,
        merge: impl Fn(&mut T, T),
    ) -> anyhow::Result<DistinctSum<T>> {
        let sequencer = Sequencer::new(Distinct::Last(ids), None);
        let selection = plan.selection.with_sequencer(sequencer);
        let mut sum = T::default();
        let (mut calls, mut copies) = (0, 0);
        self.observer.start_reading(&plan.inputs);
        batches::run(
            &plan.inputs,
            self.threads,
            |batch, emit| process_calls(&batch, &selection, ResultParts::MESSAGES, &handle, emit),
            |step| {
                if let PipelineStep::Done(Ok(batch)) = step {
                    calls += batch.counts.calls;
                    copies += batch.counts.copies;
                    merge(&mut sum, batch.output);
                }
                self.observer.update(calls);
                Ok(ControlFlow::Continue(()))
            },
        )?;
        self.observer.finish_reading();
        let input = self.input_figures(copies);
        Ok(DistinctSum { sum, input })
    }
}
