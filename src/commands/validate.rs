//! `validate`: the documented contract, as rules over bodies.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use roaring::RoaringTreemap;

use super::call_ids::{CallId, IdPlace, call_id};
use super::chosen::Chosen;
use super::made::Made;
use super::session::{Session, on_stdout};
use crate::call::Call;
use crate::cli::ValidateArgs;
use crate::exit::{Exit, Misuse};
use crate::finding::{Finding, Judged, Level};
use crate::input::batch::Batch;
use crate::input::doubts::{Doubt, Doubts};
use crate::input::envelope::{Body, Item, Other, OtherKind};
use crate::input::place::Locator;
use crate::input::seen::Seen;
use crate::json::{Json, Kind};
use crate::report::output::{Outputs, Wanted};
use crate::report::{self, Summary};
use crate::rules::checker::Checker;
use crate::rules::remarks::{Keep, Tally};
use crate::rules::{DUPLICATE_CALL, again, of_other};
use crate::view::words::counted;

pub(super) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    if args.quiet {
        session.progress.hide();
    }
    let (levels, settings) = args.rules.read().map_err(Misuse)?;
    let wanted = Wanted {
        format: args.format,
        files: &args.reports,
        most: args.max_findings,
        errors_only: args.quiet,
    };
    let outputs = Outputs::create(&wanted, session.layout, &levels, &args.input.inputs())?;
    if !args.format.is_for_people() {
        session.guard_terminal();
    }
    if outputs.has_files() {
        // The files are to be complete also where nobody reads the rest of the output.
        session.outlive_reader();
    }
    let judge = Judge {
        keep: outputs.keep(),
        every_body: outputs.need_every_body(),
        is_full: AtomicBool::new(false),
        chosen: session.choose(&args.input)?,
        checker: Checker::new(levels, settings),
    };
    let mut run = Run {
        judge: &judge,
        outputs,
        summary: Summary::default(),
        doubts: Doubts::default(),
        ids: RoaringTreemap::new(),
    };
    let result = session.for_each_batch(
        &judge.chosen,
        |batch| judge.batch(batch),
        &mut Doubts::default(),
        |out, batch| run.take(batch, out),
        |_| Ok(()),
    );
    let Run {
        mut outputs,
        mut summary,
        mut doubts,
        ..
    } = run;
    let result = result.and_then(|()| {
        let told = doubts.end();
        tell(told, &mut outputs, &mut summary, &mut session.out)
    });
    // Also where nobody reads on.
    if summary.tally.of(Level::Error) > 0 {
        session.fail(Exit::BadData);
    }
    result?;

    summary.unreadable = session.take_unreadable();
    let is_silent =
        args.quiet && args.format.is_for_people() && summary.tally.of(Level::Error) == 0;
    outputs.finish(&mut summary, is_silent, &mut session.out)?;
    if args.summary && !is_silent {
        table(&summary, args.format, session)?;
    }
    session.flush()?;
    session.tell_skipped(&BTreeMap::new(), &doubts);
    if args.format == report::Format::Concise && summary.not_shown > 0 && !is_silent {
        let more = counted(summary.not_shown, "more finding");
        session.tell(&format!("{more} not shown (--max-findings)"));
    }
    let is_explained = !summary.tally.is_empty() || !summary.unreadable.is_empty();
    session.end_of_input(is_explained);
    Ok(())
}

/// The table of counts: below a report for people, beside one for programs.
fn table(summary: &Summary, format: report::Format, session: &mut Session) -> anyhow::Result<()> {
    let layout = session.layout;
    if format.is_for_people() {
        return on_stdout(report::table(summary, layout, &mut session.out));
    }
    session.flush()?;
    let mut stderr = anstream::AutoStream::auto(std::io::stderr());
    // Nobody is left to tell when this fails.
    let _ = report::table(summary, layout, &mut stderr);
    Ok(())
}

/// Judges batches, in any thread.
struct Judge {
    checker: Checker,
    chosen: Chosen,
    keep: Keep,
    /// Whether bodies without findings are told too.
    every_body: bool,
    /// Whether no report shows any more findings.
    is_full: AtomicBool,
}

/// What was found in one batch.
struct JudgedBatch {
    batch: Batch,
    seen: Seen,
    tally: Tally,
    /// What is to be told, in order.
    told: Vec<Told>,
    /// What is to be told only if the source has no calls in envelopes.
    doubtful: Vec<Doubt<Told>>,
    /// The ids of the calls, in order.
    ids: Vec<CallId>,
}

/// Something that is to be told.
struct Told {
    /// The how manieth item of its batch it is.
    item: usize,
    judged: Judged,
}

impl Judge {
    fn keep(&self) -> Keep {
        if self.is_full.load(Ordering::Relaxed) {
            return Keep {
                most: 0,
                ..self.keep
            };
        }
        self.keep
    }

    fn batch(&self, batch: Batch) -> Made<JudgedBatch> {
        let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
        let with_ids = self.checker.levels().can_tell(&DUPLICATE_CALL);
        let mut seen = Seen::default();
        let mut tally = Tally::default();
        let (mut told, mut doubtful, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let mut item = 0;
        let selection = &self.chosen.selection;
        let flow = selection.for_each_item(&batch, &locator, &mut seen, &mut |met, seen| {
            match met {
                Item::Call(body) => {
                    let call = Call::read(body.object);
                    if with_ids {
                        ids.extend(call_id(item, &body, &call));
                    }
                    let judged = self.call(&body, &call, &mut tally);
                    told.extend(judged.map(|judged| Told { item, judged }));
                }
                Item::Other(other) => {
                    if let Some(judged) = self.other(&other) {
                        let counts = other.kind == OtherKind::NoCall;
                        if counts || other.kind == OtherKind::Text {
                            let told = Told { item, judged };
                            doubtful.push(Doubt {
                                told,
                                counts,
                                bytes: 0,
                                met: seen.met(),
                            });
                        } else {
                            count(&judged, &mut tally);
                            told.push(Told { item, judged });
                        }
                    }
                }
            }
            item += 1;
        });
        Made {
            seen: seen.clone(),
            flow,
            ..Made::new(JudgedBatch {
                batch,
                seen,
                tally,
                told,
                doubtful,
                ids,
            })
        }
    }

    /// What is to be told of a call, if anything.
    fn call(&self, body: &Body, call: &Call, tally: &mut Tally) -> Option<Judged> {
        let remarks = self.checker.check(body, call, self.keep());
        let errors = remarks.tally().of(Level::Error);
        *tally += remarks.tally();
        if !self.every_body && remarks.is_empty() {
            return None;
        }
        Some(Judged {
            source: body.source.clone(),
            position: body.position(),
            pointer: body.pointer.clone(),
            id: call.id().and_then(number_text),
            errors,
            findings: remarks.into_findings(body.locator),
        })
    }

    /// What is to be told of something that is no call, if anything.
    fn other(&self, other: &Other) -> Option<Judged> {
        let (rule, remark) = of_other(other);
        let level = self.checker.levels().of(rule, "", &other.pointer)?;
        let length = other.locator.character_at(other.offset);
        let mark = other.locator.mark(other.offset, length, self.keep.excerpts);
        Some(Judged {
            source: other.source.clone(),
            position: mark.span.start,
            pointer: other.pointer.clone(),
            id: None,
            errors: u64::from(level == Level::Error),
            findings: vec![Finding::at(mark, String::new(), rule, level, remark)],
        })
    }
}

/// A run, where its batches come together in order.
struct Run<'j> {
    judge: &'j Judge,
    outputs: Outputs,
    summary: Summary,
    doubts: Doubts<Told>,
    ids: RoaringTreemap,
}

impl Run<'_> {
    fn take(&mut self, mut batch: JudgedBatch, out: &mut dyn Write) -> anyhow::Result<()> {
        self.find_repeated(&mut batch);
        self.summary.calls += batch.seen.chosen();
        self.summary.tally += &batch.tally;
        let source = &batch.batch.source;
        let before = self.doubts.go_on_with(source, batch.batch.is_maybe);
        tell(before, &mut self.outputs, &mut self.summary, out)?;
        let mut doubtful = self.doubts.take(batch.seen.met(), batch.doubtful);
        // What was held back before comes before this batch.
        let here = doubtful.partition_point(|told| told.judged.position < batch.batch.start);
        let mut told = doubtful.split_off(here);
        tell(doubtful, &mut self.outputs, &mut self.summary, out)?;
        for Told { judged, .. } in &told {
            count(judged, &mut self.summary.tally);
        }
        told.extend(batch.told);
        told.sort_by_key(|told| told.item);
        for Told { judged, .. } in &told {
            self.outputs.judged(judged, out)?;
        }
        let is_full = self.outputs.left() == 0;
        self.judge.is_full.store(is_full, Ordering::Relaxed);
        Ok(())
    }

    /// Adds findings on calls whose id was there before, in this batch or an earlier one.
    fn find_repeated(&mut self, batch: &mut JudgedBatch) {
        const POINTER: &str = "/id";
        // Both are asked for ascending places.
        let bodies = Locator::new(&batch.batch.bytes, batch.batch.start, batch.batch.coding);
        let values = bodies.clone();
        let keep = self.judge.keep();
        for call in std::mem::take(&mut batch.ids) {
            if self.ids.insert(call.id) {
                continue;
            }
            let levels = self.judge.checker.levels();
            let Some(level) = levels.of(&DUPLICATE_CALL, POINTER, &call.pointer) else {
                continue;
            };
            batch.tally.add(&DUPLICATE_CALL, level);
            let place = batch
                .told
                .binary_search_by_key(&call.item, |told| told.item);
            if level < keep.from || keep.most == 0 {
                if let Ok(place) = place {
                    batch.told[place].judged.errors += u64::from(level == Level::Error);
                }
                continue;
            }
            let (mark, text, position) = match call.place {
                IdPlace::Decoded(decoded) => *decoded,
                IdPlace::InBatch((offset, length), body) => (
                    values.mark(offset, length, keep.excerpts),
                    String::from_utf8_lossy(&batch.batch.bytes[offset..offset + length])
                        .into_owned(),
                    bodies.position(body),
                ),
            };
            let finding = Finding::at(
                mark,
                POINTER.to_owned(),
                &DUPLICATE_CALL,
                level,
                again(&text),
            );
            let place = place.unwrap_or_else(|place| {
                let judged = Judged {
                    source: batch.batch.source.clone(),
                    position,
                    pointer: call.pointer,
                    id: Some(text),
                    errors: 0,
                    findings: Vec::new(),
                };
                let item = call.item;
                batch.told.insert(place, Told { item, judged });
                place
            });
            let judged = &mut batch.told[place].judged;
            judged.errors += u64::from(level == Level::Error);
            let at = judged
                .findings
                .partition_point(|other| other.span.start <= finding.span.start);
            judged.findings.insert(at, finding);
        }
    }
}

/// Tells and counts what was held back.
fn tell(
    told: Vec<Told>,
    outputs: &mut Outputs,
    summary: &mut Summary,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for Told { judged, .. } in told {
        count(&judged, &mut summary.tally);
        outputs.judged(&judged, out)?;
    }
    Ok(())
}

fn count(judged: &Judged, tally: &mut Tally) {
    for finding in &judged.findings {
        tally.add(finding.rule, finding.level);
    }
}

/// A number as it stood; anything else is no id to tell, and may be of any length.
fn number_text(id: Json) -> Option<String> {
    const LONGEST: usize = 40;
    let is_told = id.kind() == Kind::Number && id.text().len() <= LONGEST;
    is_told.then(|| id.text().to_owned())
}
