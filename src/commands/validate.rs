//! `validate`: checks bodies against the rules and writes the findings as reports.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use roaring::RoaringTreemap;

use crate::call::Call;
use crate::capture::find::deferred::{Deferred, DeferredItem};
use crate::capture::find::envelope::{Body, Item, NonCall, NonCallKind};
use crate::capture::location::position::Locator;
use crate::capture::split::batch::Batch;
use crate::cli::ValidateArgs;
use crate::exit::{Exit, UsageError};
use crate::json::{Json, Kind};
use crate::lint::call_ids::{CallId, IdLocation, call_id};
use crate::lint::checker::Checker;
use crate::lint::collector::{FindingLimits, Tally};
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule::Level;
use crate::lint::rules::{DUPLICATE_CALL, describe_non_call, repeated_call};
use crate::report::{self, Summary};
use crate::run::batch_result::BatchResult;
use crate::run::read_plan::ReadPlan;
use crate::run::reports::{Outputs, ReportRequest};
use crate::run::session::{Session, on_stdout};
use crate::select::counts::Counts;
use crate::text::plural::format_count;

pub(crate) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    if args.quiet {
        session.progress.hide();
    }
    let (levels, settings) = args.rules.read().map_err(UsageError)?;
    let request = ReportRequest {
        format: args.format,
        files: &args.reports,
        max_findings: args.max_findings,
        errors_only: args.quiet,
    };
    let read = args.input.read_options();
    let outputs = Outputs::create(&request, session.terminal, &levels, &read.inputs)?;
    if !args.format.is_for_people() {
        session.guard_terminal();
    }
    if outputs.has_files() {
        // Report files must be complete even if the reader of standard output closes it.
        session.ignore_closed_pipe();
    }
    let checker = BatchChecker {
        limits: outputs.limits(),
        needs_every_body: outputs.needs_every_body(),
        is_full: AtomicBool::new(false),
        plan: session.plan(&read)?,
        checker: Checker::new(levels, settings),
    };
    let mut validation = Validation {
        checker: &checker,
        outputs,
        summary: Summary::default(),
        deferred: Deferred::default(),
        ids: RoaringTreemap::new(),
    };
    let result = session.for_each_batch(
        &checker.plan,
        |batch| checker.check_batch(batch),
        &mut Deferred::default(),
        |out, batch| validation.add_batch(batch, out),
        |_| Ok(()),
    );
    let Validation {
        mut outputs,
        mut summary,
        mut deferred,
        ..
    } = validation;
    let result = result.and_then(|()| {
        let items = deferred.finish_source();
        write_items(items, &mut outputs, &mut summary, &mut session.out)
    });
    // Set before returning an error: the exit code must be right for a closed pipe too.
    if summary.tally.count(Level::Error) > 0 {
        session.fail(Exit::BadData);
    }
    result?;

    summary.unreadable = session.take_unreadable();
    let is_silent =
        args.quiet && args.format.is_for_people() && summary.tally.count(Level::Error) == 0;
    outputs.finish(&mut summary, is_silent, &mut session.out)?;
    if args.summary && !is_silent {
        print_summary_table(&summary, args.format, session)?;
    }
    session.flush()?;
    session.warn_skipped(&BTreeMap::new(), &deferred);
    if args.format == report::FindingsFormat::Concise && summary.not_shown > 0 && !is_silent {
        let more = format_count(summary.not_shown, "more finding");
        session.print_message(&format!("{more} not shown (--max-findings)"));
    }
    let is_explained = !summary.tally.is_empty() || !summary.unreadable.is_empty();
    session.conclude_input(is_explained);
    Ok(())
}

/// Prints the counts per rule: on standard output below a report for people, on standard error if
/// the report is for programs.
fn print_summary_table(
    summary: &Summary,
    format: report::FindingsFormat,
    session: &mut Session,
) -> anyhow::Result<()> {
    let terminal = session.terminal;
    if format.is_for_people() {
        return on_stdout(report::write_rule_counts(
            summary,
            terminal,
            &mut session.out,
        ));
    }
    session.flush()?;
    let mut stderr = anstream::AutoStream::auto(std::io::stderr());
    // An error on standard error has nowhere to be reported.
    let _ = report::write_rule_counts(summary, terminal, &mut stderr);
    Ok(())
}

/// Checks batches, in any thread.
struct BatchChecker {
    checker: Checker,
    plan: ReadPlan,
    limits: FindingLimits,
    /// True if a report lists bodies without findings too.
    needs_every_body: bool,
    /// True once every report has reached its limit of findings.
    is_full: AtomicBool,
}

/// One batch with its findings.
struct CheckedBatch {
    batch: Batch,
    counts: Counts,
    tally: Tally,
    /// Items to report, in order of the text.
    items: Vec<CheckedItem>,
    /// Items to report only if the calls of the source are not wrapped in envelopes.
    deferred: Vec<DeferredItem<CheckedItem>>,
    /// The ids of the calls, in order of the text.
    ids: Vec<CallId>,
}

/// A call, or an item that is not a call, with its findings.
struct CheckedItem {
    /// Index among the items of its batch, from 0.
    index: usize,
    body: CheckedBody,
}

impl BatchChecker {
    fn current_limits(&self) -> FindingLimits {
        if self.is_full.load(Ordering::Relaxed) {
            return FindingLimits {
                max_per_body: 0,
                ..self.limits
            };
        }
        self.limits
    }

    fn check_batch(&self, batch: Batch) -> BatchResult<CheckedBatch> {
        let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
        let with_ids = self.checker.levels().can_report(&DUPLICATE_CALL.rule);
        let mut counts = Counts::default();
        let mut tally = Tally::default();
        let (mut items, mut deferred, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let mut index = 0;
        let selection = &self.plan.selection;
        let flow = selection.for_each_item(&batch, &locator, &mut counts, &mut |item, counts| {
            match item {
                Item::Call(body) => {
                    let call = Call::read(body.object);
                    if with_ids {
                        ids.extend(call_id(index, &body, &call));
                    }
                    let body = self.check_call(&body, &call, &mut tally);
                    items.extend(body.map(|body| CheckedItem { index, body }));
                }
                Item::NonCall(other) => {
                    if let Some(body) = self.check_other(&other) {
                        let is_json = other.kind == NonCallKind::Json;
                        if is_json || other.kind == NonCallKind::Text {
                            deferred.push(DeferredItem {
                                value: CheckedItem { index, body },
                                is_non_call: is_json,
                                bytes: 0,
                                context: counts.source_context(),
                            });
                        } else {
                            count_findings(&body, &mut tally);
                            items.push(CheckedItem { index, body });
                        }
                    }
                }
            }
            index += 1;
        });
        BatchResult {
            counts: counts.clone(),
            flow,
            ..BatchResult::new(CheckedBatch {
                batch,
                counts,
                tally,
                items,
                deferred,
                ids,
            })
        }
    }

    /// Checks a call and adds its findings to `tally`. `None` if there is nothing to report.
    fn check_call(&self, body: &Body, call: &Call, tally: &mut Tally) -> Option<CheckedBody> {
        let collector = self.checker.check(body, call, self.current_limits());
        let errors = collector.tally().count(Level::Error);
        *tally += collector.tally();
        if !self.needs_every_body && collector.is_empty() {
            return None;
        }
        Some(CheckedBody {
            source: body.source.clone(),
            position: body.position(),
            pointer: body.pointer.clone(),
            id: call.id().and_then(number_text),
            errors,
            findings: collector.into_findings(body.locator),
        })
    }

    /// The finding on an item that is not a call; `None` if its rule is allowed.
    fn check_other(&self, other: &NonCall) -> Option<CheckedBody> {
        let (rule, message) = describe_non_call(other);
        let level = self.checker.levels().level_of(rule, "", &other.pointer)?;
        let length = other.locator.character_length(other.offset);
        let mark = other
            .locator
            .mark(other.offset, length, self.limits.with_excerpts);
        Some(CheckedBody {
            source: other.source.clone(),
            position: mark.span.start,
            pointer: other.pointer.clone(),
            id: None,
            errors: u64::from(level == Level::Error),
            findings: vec![Finding::at(mark, String::new(), rule, level, message)],
        })
    }
}

/// The state of a run, where the checked batches arrive in input order.
struct Validation<'j> {
    checker: &'j BatchChecker,
    outputs: Outputs,
    summary: Summary,
    deferred: Deferred<CheckedItem>,
    ids: RoaringTreemap,
}

impl Validation<'_> {
    fn add_batch(&mut self, mut batch: CheckedBatch, out: &mut dyn Write) -> anyhow::Result<()> {
        self.find_duplicates(&mut batch);
        self.summary.calls += batch.counts.selected();
        self.summary.tally += &batch.tally;
        let source = &batch.batch.source;
        let before = self.deferred.set_source(source, batch.batch.may_lack_calls);
        write_items(before, &mut self.outputs, &mut self.summary, out)?;
        let mut released = self
            .deferred
            .add_part(batch.counts.source_context(), batch.deferred);
        // Items that were deferred in earlier batches come before the items of this batch.
        let here = released.partition_point(|item| item.body.position < batch.batch.start);
        let mut items = released.split_off(here);
        write_items(released, &mut self.outputs, &mut self.summary, out)?;
        for CheckedItem { body, .. } in &items {
            count_findings(body, &mut self.summary.tally);
        }
        items.extend(batch.items);
        items.sort_by_key(|item| item.index);
        for CheckedItem { body, .. } in &items {
            self.outputs.write_body(body, out)?;
        }
        let is_full = self.outputs.remaining() == 0;
        self.checker.is_full.store(is_full, Ordering::Relaxed);
        Ok(())
    }

    /// Adds a finding to each call whose id occurred before, in this batch or an earlier one.
    fn find_duplicates(&mut self, batch: &mut CheckedBatch) {
        const POINTER: &str = "/id";
        // A locator passes over the bytes once if offsets ascend, so ids and bodies have one each.
        let bodies = Locator::new(&batch.batch.bytes, batch.batch.start, batch.batch.coding);
        let values = bodies.clone();
        let limits = self.checker.current_limits();
        for call in std::mem::take(&mut batch.ids) {
            if self.ids.insert(call.id) {
                continue;
            }
            let levels = self.checker.checker.levels();
            let Some(level) = levels.level_of(&DUPLICATE_CALL.rule, POINTER, &call.pointer) else {
                continue;
            };
            batch.tally.add(&DUPLICATE_CALL.rule, level);
            let item_index = batch
                .items
                .binary_search_by_key(&call.index, |item| item.index);
            if level < limits.min_level || limits.max_per_body == 0 {
                if let Ok(item_index) = item_index {
                    batch.items[item_index].body.errors += u64::from(level == Level::Error);
                }
                continue;
            }
            let (mark, text, position) = match call.location {
                IdLocation::Decoded(decoded) => *decoded,
                IdLocation::InBatch((offset, length), body) => (
                    values.mark(offset, length, limits.with_excerpts),
                    String::from_utf8_lossy(&batch.batch.bytes[offset..offset + length])
                        .into_owned(),
                    bodies.position(body),
                ),
            };
            let finding = Finding::at(
                mark,
                POINTER.to_owned(),
                &DUPLICATE_CALL.rule,
                level,
                repeated_call(&text),
            );
            let item_index = item_index.unwrap_or_else(|item_index| {
                let body = CheckedBody {
                    source: batch.batch.source.clone(),
                    position,
                    pointer: call.pointer,
                    id: Some(text),
                    errors: 0,
                    findings: Vec::new(),
                };
                let index = call.index;
                batch.items.insert(item_index, CheckedItem { index, body });
                item_index
            });
            let body = &mut batch.items[item_index].body;
            body.errors += u64::from(level == Level::Error);
            let at = body
                .findings
                .partition_point(|other| other.span.start <= finding.span.start);
            body.findings.insert(at, finding);
        }
    }
}

/// Counts the findings of items that were deferred, and writes the items to all reports.
fn write_items(
    items: Vec<CheckedItem>,
    outputs: &mut Outputs,
    summary: &mut Summary,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for CheckedItem { body, .. } in items {
        count_findings(&body, &mut summary.tally);
        outputs.write_body(&body, out)?;
    }
    Ok(())
}

fn count_findings(body: &CheckedBody, tally: &mut Tally) {
    for finding in &body.findings {
        tally.add(finding.rule, finding.level);
    }
}

/// The id as written, if it is a number of reasonable length. Other values are not ids and could
/// have any length.
fn number_text(id: Json) -> Option<String> {
    const MAX_LENGTH: usize = 40;
    let is_shown = id.kind() == Kind::Number && id.text().len() <= MAX_LENGTH;
    is_shown.then(|| id.text().to_owned())
}
