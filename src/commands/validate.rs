//! `validate`: the documented contract, as rules over bodies.

use super::session::{Seen, Session, on_stdout};
use crate::call::Call;
use crate::cli::ValidateArgs;
use crate::exit::Exit;
use crate::finding::{Finding, Level, Remark};
use crate::input::batch::Batch;
use crate::input::document::{Broken, Documents};
use crate::input::envelope::{self, NoBody};
use crate::input::place::Locator;
use crate::report::human::{self, Counts};
use crate::rules::{self, BROKEN_JSON, NO_CALL, Rule};

/// What was found in one batch.
#[derive(Default)]
struct Judged {
    seen: Seen,
    findings: Vec<Finding>,
}

pub(super) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    let layout = session.layout;
    let mut counts = Counts::default();
    session.for_each_batch(&args.input, judge, |out, judged| {
        counts += count(&judged);
        for finding in &judged.findings {
            if !args.quiet || finding.level == Level::Error {
                on_stdout(out.write_all(human::finding(finding, layout).as_bytes()))?;
            }
        }
        Ok(judged.seen)
    })?;
    if counts.errors > 0 {
        session.fail(Exit::BadData);
    }
    if !args.quiet {
        on_stdout(
            session
                .out
                .write_all(human::summary(counts, layout.theme).as_bytes()),
        )?;
    }
    Ok(())
}

fn judge(batch: &Batch) -> Judged {
    let locator = Locator::new(&batch.bytes, batch.start);
    let mut judged = Judged::default();
    for document in Documents::new(batch) {
        match document.map(|document| envelope::body(batch, document)) {
            Ok(Ok(body)) => {
                judged.seen.calls += 1;
                let remarks = rules::check(&body, &Call::read(&body.members));
                judged
                    .findings
                    .extend(remarks.into_findings(&body, &locator));
            }
            Ok(Err(other)) => {
                judged.seen.others += 1;
                judged.findings.push(no_call(batch, &locator, other));
            }
            Err(broken) => {
                judged.seen.broken += 1;
                judged.findings.push(broken_json(batch, &locator, broken));
            }
        }
    }
    judged
}

fn no_call(batch: &Batch, locator: &Locator, other: NoBody) -> Finding {
    let expected = "the body of a post-call webhook".to_owned();
    let remark = Remark {
        expected,
        found: other.description,
        help: Some(
            "a call has at least three of the documented members, a phone or variables among them"
                .to_owned(),
        ),
    };
    reading(batch, locator, &NO_CALL, other.offset, remark)
}

fn broken_json(batch: &Batch, locator: &Locator, broken: Broken) -> Finding {
    let remark = Remark {
        expected: "well-formed JSON".to_owned(),
        found: broken.problem,
        help: None,
    };
    reading(batch, locator, &BROKEN_JSON, broken.offset, remark)
}

fn reading(
    batch: &Batch,
    locator: &Locator,
    rule: &'static Rule,
    offset: usize,
    remark: Remark,
) -> Finding {
    Finding {
        rule,
        level: rule.level,
        source: batch.source.clone(),
        position: locator.position(offset),
        body: String::new(),
        pointer: String::new(),
        remark,
    }
}

fn count(judged: &Judged) -> Counts {
    let of_level = |level| {
        judged
            .findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    };
    Counts {
        calls: usize::try_from(judged.seen.calls).unwrap_or(usize::MAX),
        errors: of_level(Level::Error),
        warnings: of_level(Level::Warning),
    }
}
