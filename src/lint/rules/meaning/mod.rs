//! Rules on plausibility: values that are well-formed and well-typed, but unlikely.

mod campaign;
pub(crate) mod connection;
mod delivery;
mod times;
mod values;

use crate::lint::check::RuleCheck;

pub use delivery::{DUPLICATE_CALL, repeated_call};

pub(crate) static RULES: &[&RuleCheck] = &[
    &times::FINISH_BEFORE_START,
    &times::LONGER_THAN_SPAN,
    &times::FUTURE_TIME,
    &values::NEGATIVE_NUMBER,
    &values::UNKNOWN_STATUS,
    &campaign::NO_CALLING_DAY,
    &campaign::EMPTY_CALLING_WINDOW,
    &campaign::LEAD_WITHOUT_CAMPAIGN,
    &campaign::CAMPAIGN_WITHOUT_LEAD,
    &campaign::LEAD_PHONE_MISMATCH,
    &connection::CONTENT_WITHOUT_CONNECTION,
    &connection::CONNECTION_WITHOUT_TRANSCRIPT,
    &delivery::TEST_DELIVERY,
    &DUPLICATE_CALL,
];
