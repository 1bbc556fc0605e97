//! What the program extracts from a text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::common::{json_lines, program, run, temporary_folder};

/// What is extracted from a text.
pub(crate) struct Extracted {
    /// The bodies by id.
    pub bodies: BTreeMap<u64, Vec<Value>>,
    /// The lines with an error.
    pub broken: BTreeSet<u64>,
    /// The number of errors.
    pub errors: usize,
}

/// The values that were extracted, as JSON, and how often each was. A test removes those that it
/// expects.
pub(crate) struct FoundValues(BTreeMap<String, usize>);

impl FoundValues {
    pub(crate) fn new(bodies: BTreeMap<u64, Vec<Value>>) -> Self {
        let mut counts = BTreeMap::new();
        for body in bodies.into_values().flatten() {
            *counts.entry(body.to_string()).or_default() += 1;
        }
        Self(counts)
    }

    /// Removes one of these values, the first that is there. `false` if none is.
    pub(crate) fn remove_any<'v>(&mut self, values: impl IntoIterator<Item = &'v Value>) -> bool {
        for value in values {
            if let Some(count) = self.0.get_mut(&value.to_string())
                && *count > 0
            {
                *count -= 1;
                return true;
            }
        }
        false
    }

    /// The values that are left.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &String> {
        let rest = self.0.iter().filter(|(_, count)| **count > 0);
        rest.map(|(value, _)| value)
    }
}

/// Reads a text with the program.
pub(crate) fn read(text: &[u8]) -> Extracted {
    let folder = temporary_folder();
    let file = folder.path().join("bodies.log");
    std::fs::write(&file, text).expect("a writable folder");
    let file = file.to_str().expect("a UTF-8 path");
    let output = |arguments: &[&str]| json_lines(&run(program(arguments), Vec::new()).stdout);
    let items = output(&["extract", "--list", "--format=jsonl", file]);
    let lines = |kinds: &[&str]| -> Vec<u64> {
        let items = items.iter().filter(|item| {
            let kind = item["kind"].as_str();
            kind.is_some_and(|kind| kinds.contains(&kind))
        });
        let line = |item: &Value| {
            let (line, _) = item["place"].as_str()?.split_once(':')?;
            line.parse().ok()
        };
        items.filter_map(line).collect()
    };
    // A body that was repaired is reported: its text was not what a program had written.
    let mut calls: Vec<_> = lines(&["call"])
        .into_iter()
        .map(|line| (line, true))
        .collect();
    for line in lines(&["repaired"]) {
        let start = calls
            .iter()
            .map(|(start, _)| *start)
            .filter(|start| *start <= line);
        let start = start.max();
        for call in calls.iter_mut().filter(|(line, _)| Some(*line) == start) {
            call.1 = false;
        }
    }
    let mut bodies = BTreeMap::<_, Vec<Value>>::new();
    for ((_, is_whole), body) in calls.into_iter().zip(output(&["extract", file])) {
        if is_whole {
            let id = body["id"].as_u64().unwrap_or(u64::MAX);
            bodies.entry(id).or_default().push(body);
        }
    }
    let broken = lines(&["broken", "repaired"]);
    Extracted {
        bodies,
        errors: broken.len(),
        broken: broken.into_iter().collect(),
    }
}
