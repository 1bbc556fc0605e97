//! `validate`: the documented contract, as rules over bodies.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use roaring::RoaringTreemap;

use super::session::{Made, Seen, Session, on_stdout};
use crate::call::{Call, plain_text};
use crate::cli::ValidateArgs;
use crate::exit::{Exit, Misuse};
use crate::finding::{Finding, Judged, Level, Remark};
use crate::input::batch::Batch;
use crate::input::envelope::{self, Body, Item, Other};
use crate::input::place::Locator;
use crate::report::output::{FileOutput, Output};
use crate::report::{self, Summary};
use crate::rules::checker::Checker;
use crate::rules::remarks::{Keep, Tally};
use crate::rules::{BROKEN_JSON, DUPLICATE_CALL, NO_CALL, Rule};
use crate::settings::levels::Levels;

pub(super) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    let (levels, settings) = args.rules.read().map_err(Misuse)?;
    let mut outputs = Outputs::create(args, session, &levels)?;
    let judge = Judge {
        keep: Keep {
            most: outputs.left(),
            from: if args.quiet {
                Level::Error
            } else {
                Level::Note
            },
        },
        every_body: outputs.all().any(Output::needs_every_body),
        is_full: AtomicBool::new(false),
        checker: Checker::new(levels, settings),
    };
    let mut summary = Summary::default();
    let mut ids = RoaringTreemap::new();
    let result = session.for_each_batch(
        &args.input,
        |batch| judge.batch(batch),
        |out, mut batch| {
            judge.find_repeated(&mut batch, &mut ids);
            summary.calls += batch.calls;
            summary.tally += &batch.tally;
            for (_, judged) in &batch.judged {
                outputs.judged(judged, out)?;
            }
            judge.is_full.store(outputs.left() == 0, Ordering::Relaxed);
            Ok(())
        },
    );
    // Also where nobody reads on.
    if summary.tally.of(Level::Error) > 0 {
        session.fail(Exit::BadData);
    }
    result?;

    summary.unreadable = session.take_unreadable();
    let levels = Level::ALL
        .into_iter()
        .filter(|level| *level >= judge.keep.from);
    let findings = levels.map(|level| summary.tally.of(level)).sum();
    outputs.finish(&mut summary, findings, session)?;
    if args.summary {
        table(&summary, args.format, session)?;
    }
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

/// All reports of a run.
struct Outputs {
    stdout: Output,
    files: Vec<FileOutput>,
    is_quiet: bool,
}

impl Outputs {
    fn create(args: &ValidateArgs, session: &mut Session, levels: &Levels) -> anyhow::Result<Self> {
        if !args.format.is_for_people() {
            session.guard_terminal();
        }
        let files = args
            .reports
            .iter()
            .map(|to| FileOutput::create(to, args.max_findings, levels, &args.input.paths));
        Ok(Self {
            files: files.collect::<anyhow::Result<_>>()?,
            stdout: Output::new(args.format, args.max_findings, session.layout, levels),
            is_quiet: args.quiet && args.format.is_for_people(),
        })
    }

    fn all(&self) -> impl Iterator<Item = &Output> {
        let files = self.files.iter().map(|file| &file.output);
        files.chain([&self.stdout])
    }

    /// How many findings any of them can show yet.
    fn left(&self) -> usize {
        let most = self.all().map(Output::left).max().unwrap_or(0);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    fn judged(&mut self, judged: &Judged, out: &mut dyn Write) -> anyhow::Result<()> {
        on_stdout(self.stdout.judged(judged, out))?;
        self.files
            .iter_mut()
            .try_for_each(|file| file.judged(judged))
    }

    fn finish(
        &mut self,
        summary: &mut Summary,
        findings: u64,
        session: &mut Session,
    ) -> anyhow::Result<()> {
        for file in self.files.drain(..) {
            file.finish(summary, findings)?;
        }
        if self.is_quiet {
            return Ok(());
        }
        on_stdout(self.stdout.finish(summary, findings, &mut session.out))
    }
}

/// Judges batches, in any thread.
struct Judge {
    checker: Checker,
    keep: Keep,
    /// Whether bodies without findings are told too.
    every_body: bool,
    /// Whether no report shows any more findings.
    is_full: AtomicBool,
}

/// What was found in one batch.
struct JudgedBatch {
    batch: Batch,
    calls: u64,
    tally: Tally,
    /// What is to be told, each with the byte of the batch at which it begins.
    judged: Vec<(usize, Judged)>,
    /// The ids of the calls, in their order.
    ids: Vec<CallId>,
}

/// A call with an id.
struct CallId {
    id: u64,
    /// Where the id stands in the batch, and its length.
    offset: usize,
    length: usize,
    /// Where the body begins in the batch, and its pointer.
    body: usize,
    pointer: String,
}

impl Judge {
    fn batch(&self, batch: Batch) -> Made<JudgedBatch> {
        let locator = Locator::new(&batch.bytes, batch.start);
        let mut seen = Seen::default();
        let mut tally = Tally::default();
        let mut judged = Vec::new();
        let mut ids = Vec::new();
        let with_ids = self.checker.levels().can_tell(&DUPLICATE_CALL);
        for item in envelope::items(&batch, &locator) {
            let of_item = match item {
                Item::Call(body) => {
                    seen.calls += 1;
                    let call = Call::read(&body.members);
                    if with_ids {
                        ids.extend(call_id(&body, &call));
                    }
                    self.call(&body, &call, &mut tally)
                }
                Item::NoCall(other) => {
                    seen.others += 1;
                    let help = if other.is_neighbour {
                        "it lies beside calls, but is none: keep it elsewhere, or --allow no-call"
                    } else {
                        "a call has at least three of the documented members, a phone or variables among them"
                    };
                    let remark = remark("the body of a post-call webhook", &other, Some(help));
                    self.no_call(&NO_CALL, other, remark, &locator, &mut tally)
                }
                Item::Broken(other) => {
                    seen.broken += 1;
                    let remark = remark("well-formed JSON", &other, None);
                    self.no_call(&BROKEN_JSON, other, remark, &locator, &mut tally)
                }
            };
            judged.extend(of_item);
        }
        Made {
            result: JudgedBatch {
                calls: seen.calls,
                tally,
                judged,
                ids,
                batch,
            },
            seen,
            is_bad: false,
            messages: Vec::new(),
        }
    }

    /// What is to be told of a call, if anything.
    fn call(&self, body: &Body, call: &Call, tally: &mut Tally) -> Option<(usize, Judged)> {
        let most = if self.is_full.load(Ordering::Relaxed) {
            0
        } else {
            self.keep.most
        };
        let remarks = self.checker.check(body, call, Keep { most, ..self.keep });
        let errors = remarks.tally().of(Level::Error);
        *tally += remarks.tally();
        if !self.every_body && remarks.is_empty() {
            return None;
        }
        let locator = body.locator();
        let offset = locator.offset_of(body.value.text());
        let judged = Judged {
            source: body.source.clone(),
            position: locator.position(offset),
            pointer: body.pointer.clone(),
            id: call.id.map(|id| id.text().to_owned()),
            errors,
            findings: remarks.into_findings(locator),
        };
        Some((offset, judged))
    }

    /// What is to be told of something that is no call, if anything.
    fn no_call(
        &self,
        rule: &'static Rule,
        other: Other,
        remark: Remark,
        locator: &Locator,
        tally: &mut Tally,
    ) -> Option<(usize, Judged)> {
        let level = self.checker.levels().of(rule, "")?;
        tally.add(rule, level);
        let length = locator.character_at(other.offset);
        let finding = Finding::at(locator, other.offset, length, rule, level, remark);
        let judged = Judged {
            source: other.source,
            position: finding.span.start,
            pointer: other.pointer,
            id: None,
            errors: u64::from(level == Level::Error),
            findings: if level >= self.keep.from {
                vec![finding]
            } else {
                Vec::new()
            },
        };
        Some((other.offset, judged))
    }

    /// Adds findings on calls whose id was there before, in this batch or an earlier one.
    fn find_repeated(&self, batch: &mut JudgedBatch, ids: &mut RoaringTreemap) {
        let locator = Locator::new(&batch.batch.bytes, batch.batch.start);
        for call in std::mem::take(&mut batch.ids) {
            if ids.insert(call.id) {
                continue;
            }
            let pointer = "/id";
            let Some(level) = self.checker.levels().of(&DUPLICATE_CALL, pointer) else {
                continue;
            };
            batch.tally.add(&DUPLICATE_CALL, level);
            let remark = Remark {
                expected: "each call once".to_owned(),
                found: format!("the id {} again", call.id),
                help: Some("deliveries repeat: keep one body of each id".to_owned()),
            };
            let finding = Finding {
                pointer: pointer.to_owned(),
                ..Finding::at(
                    &locator,
                    call.offset,
                    call.length,
                    &DUPLICATE_CALL,
                    level,
                    remark,
                )
            };
            let place = batch
                .judged
                .binary_search_by_key(&call.body, |(offset, _)| *offset);
            let place = place.unwrap_or_else(|place| {
                let judged = Judged {
                    source: batch.batch.source.clone(),
                    position: locator.position(call.body),
                    pointer: call.pointer,
                    id: Some(call.id.to_string()),
                    errors: 0,
                    findings: Vec::new(),
                };
                batch.judged.insert(place, (call.body, judged));
                place
            });
            let judged = &mut batch.judged[place].1;
            judged.errors += u64::from(level == Level::Error);
            if level >= self.keep.from && judged.findings.len() < self.keep.most {
                let after = |other: &Finding| other.span.start <= finding.span.start;
                let at = judged.findings.partition_point(after);
                judged.findings.insert(at, finding);
            }
        }
    }
}

fn call_id(body: &Body, call: &Call) -> Option<CallId> {
    let id = call.id?;
    Some(CallId {
        id: plain_text(id).parse().ok()?,
        offset: body.locator().offset_of(id.text()),
        length: id.text().len(),
        body: body.locator().offset_of(body.value.text()),
        pointer: body.pointer.clone(),
    })
}

fn remark(expected: &str, other: &Other, help: Option<&str>) -> Remark {
    Remark {
        expected: expected.to_owned(),
        found: other.description.clone(),
        help: help.map(str::to_owned),
    }
}
