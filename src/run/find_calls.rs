//! Finds the calls that a report names, in a pass of its own over the input.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::ControlFlow;

use super::batch_result::{ResultParts, process_calls};
use super::batches;
use super::pipeline_step::PipelineStep;
use super::read_plan::ReadOptions;
use super::session::Session;
use crate::call::{Call, read_timestamp};
use crate::capture::find::item::Body;
use crate::capture::location::coding::Coding;
use crate::json::plain_text;
use crate::select::filter::Filter;
use crate::select::selection::Selection;
use crate::stats::model::FoundCall;
use crate::time::zone::Zone;

/// Identifies a body by its place: the source, the position in it and the pointer.
#[must_use]
pub(crate) fn body_key(body: &Body) -> u64 {
    let position = body.position();
    let mut hasher = DefaultHasher::new();
    let source: &str = body.source;
    source.hash(&mut hasher);
    (position.line, position.column, body.pointer.as_str()).hash(&mut hasher);
    hasher.finish()
}

impl Session {
    /// Copies the inputs that can be read only once, for [`Self::find_calls`].
    pub(crate) fn make_rereadable(&self, options: &mut ReadOptions) -> anyhow::Result<()> {
        // From a terminal, nothing is read without a path.
        if !(options.inputs.paths.is_empty() && self.stdin_is_terminal) {
            batches::make_rereadable(&mut options.inputs)?;
        }
        Ok(())
    }

    /// Reads the input again and returns the calls with these keys. Everything else was reported
    /// when the input was read before, and it must be rereadable.
    pub(crate) fn find_calls(
        &mut self,
        options: &ReadOptions,
        keys: &HashSet<u64>,
        zone: &Zone,
    ) -> anyhow::Result<HashMap<u64, FoundCall>> {
        let mut calls = HashMap::new();
        if keys.is_empty() {
            return Ok(calls);
        }
        let parts = ResultParts::MESSAGES;
        let selection = Selection::new(options.search.clone(), Filter::default());
        let add = |body: &Body, found: &mut Vec<(u64, FoundCall)>| {
            let key = body_key(body);
            if keys.contains(&key) {
                found.push((key, found_call(body, zone)));
            }
        };
        self.observer.start_reading(&options.inputs);
        batches::run(
            &options.inputs,
            self.threads,
            |batch, emit| process_calls(&batch, &selection, parts, add, emit),
            |step| {
                if let PipelineStep::Done(Ok(batch)) = step {
                    for (key, call) in batch.output {
                        calls.entry(key).or_insert(call);
                    }
                }
                self.observer.update(calls.len() as u64);
                Ok(ControlFlow::Continue(()))
            },
        )?;
        self.observer.finish_reading();
        Ok(calls)
    }
}

fn found_call(body: &Body, zone: &Zone) -> FoundCall {
    let call = Call::read(body.object);
    let position = body.position();
    let time = call.created_at().map(|text| match read_timestamp(text) {
        Some(time) => zone.format_minutes(time),
        None => plain_text(text).into_owned(),
    });
    FoundCall {
        source: body.source.to_string(),
        line: position.line,
        column: position.column,
        decoded: body.locator.coding().map(Coding::name),
        id: body.id().map(|id| plain_text(id).into_owned()),
        created_at: time,
        talk_time: call.talk_time(),
    }
}
