//! Checks the whole input against the rules and writes the findings as reports.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::batch_result::BatchResult;
use super::read_plan::ReadOptions;
use super::reports::Reports;
use super::session::Session;
use crate::capture::source::reader::UnreadableInput;
use crate::capture::source::source_name::SourceName;
use crate::exit::Exit;
use crate::lint::checked_batch::{BatchChecker, CheckedBatch};
use crate::lint::checker::Checker;
use crate::lint::collector::Tally;
use crate::lint::finding::CheckedBody;
use crate::lint::levels::Levels;
use crate::lint::rule_data::Level;
use crate::lint::validation::Validation;
use crate::report::BaselineSummary;

/// Compares findings with known ones.
pub(crate) trait CompareFindings {
    /// Notes that `source` is read.
    fn add_source(&mut self, source: &SourceName);

    /// Marks the known findings of `body`, and removes them from `tally`.
    fn compare(&mut self, body: &mut CheckedBody, tally: &mut Tally);

    /// The totals after the last finding. With `is_selection`, not all calls were checked.
    fn summary(
        &mut self,
        levels: &Levels,
        is_selection: bool,
        unreadable: &[UnreadableInput],
    ) -> BaselineSummary;
}

/// Checks the input and writes all bodies to the reports. Findings at error level set the exit code
/// `on_errors`, except those that are `known`.
pub(crate) fn check_input(
    read: &ReadOptions,
    checker: Checker,
    reports: &mut Reports,
    mut known: Option<&mut (dyn CompareFindings + '_)>,
    on_errors: Exit,
    session: &mut Session,
) -> anyhow::Result<Validation> {
    let plan = session.plan(read)?;
    let checker = BatchChecker {
        limits: reports.limits(),
        needs_every_body: reports.needs_every_body(),
        is_full: AtomicBool::new(false),
        selection: plan.selection,
        checker,
    };
    let mut validation = Validation::new(reports.needs_first_sources());
    let result = session.for_each_batch(
        &plan.inputs,
        |batch, emit| {
            let mut emit = |part: CheckedBatch, flow| {
                emit(BatchResult {
                    counts: part.counts.clone(),
                    flow,
                    ..BatchResult::new(part)
                });
            };
            let go_on = ControlFlow::Continue(());
            let (last, flow) = checker.check_batch(batch, &mut |part| emit(part, go_on));
            emit(last, flow);
        },
        |out, batch| {
            if let Some(known) = &mut known {
                known.add_source(&batch.batch.source);
            }
            for mut body in validation.add_batch(&checker, batch) {
                if let Some(known) = &mut known {
                    known.compare(&mut body, &mut validation.tally);
                }
                reports.write_body(&body, out)?;
            }
            let is_full = reports.remaining_findings() == 0;
            checker.is_full.store(is_full, Ordering::Relaxed);
            Ok(())
        },
        |_| Ok(()),
    );
    let result = result.and_then(|()| {
        validation.finish().into_iter().try_for_each(|mut body| {
            if let Some(known) = &mut known {
                known.compare(&mut body, &mut validation.tally);
            }
            reports.write_body(&body, &mut session.out)
        })
    });
    // Set before returning an error: the exit code must be right for a closed pipe too.
    if validation.tally.count(Level::Error) > 0 {
        session.fail(on_errors);
    }
    result.map(|()| validation)
}
