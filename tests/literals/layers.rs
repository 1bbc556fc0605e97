//! Bodies that are written by one program, and then by another one.

use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::bodies::{batches, bodies, next};
use super::damage::{apply, change};
use super::damaged::{DamagedLine, check_damaged};
use super::form::{Form, TEXT_FORMS, first_value, inner_forms};
use super::tally::Tally;
use super::whole::check_lines;
use crate::common::in_parallel;

/// A text in two layers is read as its body, or is reported.
#[test]
fn two_layers_are_both_undone_or_reported() {
    let tally = Tally::default();
    in_parallel((3001..).zip(TEXT_FORMS), |(number, outer): (u64, &Form)| {
        for batch in batches(number, 100) {
            let mut runner = batch.runner();
            let bodies = bodies(batch.count, &mut runner);
            let lines = bodies.iter().map(|body| {
                let inner = random_form(&mut runner);
                outer.line(&inner.line(&body.to_string()))
            });
            let lines: Vec<_> = lines.collect();
            let (counts, faults) = check_lines(&bodies, &lines, false);
            tally.add(outer.name, counts, &faults);
        }
    });
    let sum = tally.finish("bodies in two layers");
    let share = sum.read * 100 / (sum.read + sum.reported);
    assert!(share >= 75, "only {share} % of the bodies were read");
}

#[test]
fn damaged_layers_are_never_read_as_something_else() {
    let tally = Tally::default();
    in_parallel((4001..).zip(TEXT_FORMS), |(number, outer): (u64, &Form)| {
        for batch in batches(number, 100) {
            let mut runner = batch.runner();
            let mut lines = Vec::new();
            for body in bodies(batch.count, &mut runner) {
                let inner = random_form(&mut runner);
                lines.push(damaged_line(outer, inner, body, &mut runner));
            }
            let (counts, faults) = check_damaged(outer.around, &lines);
            tally.add(outer.name, counts, &faults);
        }
    });
    tally.finish("damaged bodies in two layers");
}

fn random_form(runner: &mut TestRunner) -> &'static Form {
    let index = next(0..inner_forms().count(), runner);
    inner_forms()
        .nth(index)
        .expect("the index is below the number")
}

fn damaged_line(outer: &Form, inner: &Form, body: Value, runner: &mut TestRunner) -> DamagedLine {
    let encoded = (outer.encode)(&(inner.encode)(&body.to_string()));
    let damaged = apply(&next(change(), runner), &encoded);
    let after = (outer.encode)(inner.around.1);
    let outer_text = (outer.decode)(&format!("{damaged}{after}{}", outer.around.1));
    let value = |text: Option<String>| text.and_then(|text| first_value(&text));
    let decoded = value(outer_text.as_deref().and_then(inner.decode));
    let mut allowed = vec![body];
    if !outer.is_certain || !inner.is_certain {
        // In quotes of an unknown program, a text may also be verbatim.
        allowed.extend(first_value(&damaged));
        allowed.extend(value(outer_text));
        allowed.extend(value((inner.decode)(&damaged)));
    }
    DamagedLine {
        text: format!("{}{damaged}{after}", (outer.encode)(inner.around.0)),
        decoded,
        allowed,
        is_open: false,
    }
}
