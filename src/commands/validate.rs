//! `validate`: the documented contract, as rules over bodies.

use std::sync::Arc;

use super::session::{Made, Seen, Session, on_stdout};
use crate::call::Call;
use crate::cli::ValidateArgs;
use crate::finding::{Finding, Level, Remark};
use crate::input::batch::Batch;
use crate::input::envelope::{self, Item, Other};
use crate::input::place::{Locator, Position};
use crate::report::human::{self, Counts};
use crate::rules::{self, BROKEN_JSON, NO_CALL, Rule};

pub(super) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    let layout = session.layout;
    let mut counts = Counts::default();
    session.for_each_batch(&args.input, judge, |out, (findings, of_batch)| {
        counts += of_batch;
        for finding in &findings {
            if !args.quiet || finding.level == Level::Error {
                on_stdout(out.write_all(human::finding(finding, layout).as_bytes()))?;
            }
        }
        Ok(())
    })?;
    if !args.quiet {
        on_stdout(
            session
                .out
                .write_all(human::summary(counts, layout.theme).as_bytes()),
        )?;
    }
    Ok(())
}

/// The findings of one batch, and their numbers.
fn judge(batch: &Batch) -> Made<(Vec<Finding>, Counts)> {
    let locator = Locator::new(&batch.bytes, batch.start);
    let mut seen = Seen::default();
    let mut findings = Vec::new();
    for item in envelope::items(batch, &locator) {
        match item {
            Item::Call(body) => {
                seen.calls += 1;
                let remarks = rules::check(&body, &Call::read(&body.members));
                findings.extend(remarks.into_findings(&body));
            }
            Item::NoCall(other) => {
                seen.others += 1;
                findings.push(no_call(&batch.source, other));
            }
            Item::Broken(broken) => {
                seen.broken += 1;
                findings.push(broken_json(&batch.source, broken));
            }
        }
    }
    let counts = Counts::of(seen.calls, &findings);
    seen.errors = counts.errors;
    Made {
        result: (findings, counts),
        seen,
        messages: Vec::new(),
    }
}

fn no_call(source: &Arc<str>, other: Other) -> Finding {
    let remark = Remark {
        expected: "the body of a post-call webhook".to_owned(),
        found: other.description,
        help: Some(
            "a call has at least three of the documented members, a phone or variables among them"
                .to_owned(),
        ),
    };
    reading(source, NO_CALL, other.position, other.pointer, remark)
}

fn broken_json(source: &Arc<str>, broken: Other) -> Finding {
    let remark = Remark {
        expected: "well-formed JSON".to_owned(),
        found: broken.description,
        help: None,
    };
    reading(source, BROKEN_JSON, broken.position, broken.pointer, remark)
}

fn reading(
    source: &Arc<str>,
    rule: &'static Rule,
    position: Position,
    body_pointer: String,
    remark: Remark,
) -> Finding {
    Finding {
        rule,
        level: rule.level,
        source: source.clone(),
        position,
        body_pointer,
        pointer: String::new(),
        remark,
    }
}
