//! Searches the spoken and written texts of a call: the turns of its transcript and the values of
//! its variables, each by itself.

use std::ops::ControlFlow;

use crate::call::Call;
use crate::call::contract_object::ContractObject;
use crate::call::lead::Lead;
use crate::call::variables::for_each_scalar;
use crate::text::search::TextSearch;

/// Returns true if a variable's value or a turn of the transcript matches `search`.
pub(super) fn matches_call(search: &TextSearch, body: &ContractObject) -> bool {
    let call = Call::read(body);
    let lead_variables = call.lead.as_ref().map(Lead::variables);
    [call.extracted_variables(), call.input_variables()]
        .into_iter()
        .chain(lead_variables)
        .filter_map(|variables| variables.value())
        .any(|value| {
            for_each_scalar(value, &mut |text| {
                if search.is_match(text) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .is_break()
        })
        || call.transcript().with_turns(|turns| {
            let mut turns = turns.iter();
            turns.any(|turn| search.is_match(&turn.spoken_text()))
        })
}
