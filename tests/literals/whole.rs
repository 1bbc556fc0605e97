//! Bodies that are written by one program.

use serde_json::Value;

use super::bodies::{batches, bodies};
use super::extracted::{Extracted, read};
use super::form::{Form, forms};
use super::tally::{Counts, Tally};
use crate::common::in_parallel;

/// Checks that each body is read from its line, or is reported if that has more than one reading.
pub(crate) fn check_lines(
    bodies: &[Value],
    lines: &[String],
    is_certain: bool,
) -> (Counts, Vec<String>) {
    let text = format!("-- lines\n{}\n", lines.join("\n"));
    let Extracted {
        bodies: mut found,
        broken,
        ..
    } = read(text.as_bytes());
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    for ((id, body), line) in (0..).zip(bodies).zip(lines) {
        let is_reported = broken.contains(&(id + 2));
        match found.remove(&id) {
            Some(read) if read == [body.clone()] => counts.read += 1,
            Some(read) => faults.push(format!("wrong: {read:?}: {line}")),
            None if is_reported && !is_certain => counts.reported += 1,
            None if is_reported => faults.push(format!("refused: {line}")),
            None => faults.push(format!("lost: {line}")),
        }
    }
    faults.extend(found.values().map(|read| format!("wrong: {read:?}")));
    (counts, faults)
}

/// All bodies are read, except those that have two meanings in quotes of an unknown program.
#[test]
fn bodies_survive_every_form() {
    let tally = Tally::default();
    in_parallel((1..).zip(forms()), |(number, form): (u64, &Form)| {
        for batch in batches(number, 300) {
            let bodies = bodies(batch.count, &mut batch.runner());
            let lines = bodies.iter().map(|body| form.line(&body.to_string()));
            let lines: Vec<_> = lines.collect();
            let (counts, faults) = check_lines(&bodies, &lines, form.is_certain);
            tally.add(form.name, counts, &faults);
            let limit = batch.count / 3 + 20;
            let refused = counts.reported;
            assert!(refused <= limit, "{}: {refused} refused", form.name);
        }
    });
    tally.finish("whole bodies");
}
