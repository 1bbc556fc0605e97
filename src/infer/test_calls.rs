//! Calls for the tests of this folder.

use super::observed::ObservedVariables;
use crate::call::contract_object::ContractObject;
use crate::capture::find::deferred::CallNesting;
use crate::capture::find::item::Body;
use crate::capture::location::position::{Locator, Position};
use crate::capture::source::source_name::SourceName;
use crate::json::Json;

/// The variables of the file `a.jsonl`, which has one call per line with these
/// `extracted_variables`. A batch ends after each call whose index is in `batch_ends`.
pub(super) fn observe(variables: &[&str], batch_ends: &[usize]) -> ObservedVariables {
    let source = SourceName::from("a.jsonl");
    let lines = variables.iter();
    let lines: Vec<String> = lines
        .map(|variables| format!("{{\"extracted_variables\":{variables}}}\n"))
        .collect();
    let text = lines.concat();
    let locator = Locator::new(text.as_bytes(), Position::START, None);
    let mut observed = ObservedVariables::default();
    let mut batch = ObservedVariables::default();
    for (index, line) in text.lines().enumerate() {
        let value = Json::from_well_formed(line);
        let members = value.members().expect("an object");
        batch.add(&Body {
            source: &source,
            object: &ContractObject::read("", value, members),
            pointer: String::new(),
            locator: &locator,
            calls: CallNesting::Bare,
            is_row: false,
        });
        if batch_ends.contains(&index) {
            observed.append(std::mem::take(&mut batch));
        }
    }
    observed.append(batch);
    observed
}

/// Calls whose only variable `v` has these values.
pub(super) fn observe_values(values: &[&str]) -> ObservedVariables {
    let variables: Vec<String> = values
        .iter()
        .map(|value| format!("{{\"v\":{value}}}"))
        .collect();
    let variables: Vec<&str> = variables.iter().map(String::as_str).collect();
    observe(&variables, &[])
}
