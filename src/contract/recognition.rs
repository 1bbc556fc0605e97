//! The names by which bodies are recognized, and the known places of their parts. `capture` and the
//! rules look for nothing else.

use super::lookup::{FieldSet, field_name, field_set};

/// Fields that occur only in bodies. A body has at least one of them.
const DISTINCTIVE_FIELDS: FieldSet = field_set(&[
    "/customer_phone",
    "/assistant_phone",
    "/extracted_variables",
    "/input_variables",
]);

/// Fields that support the classification as a body. `id`, `status` and `created_at` are missing
/// from the list because every envelope has them.
const SUPPORTING_FIELDS: FieldSet = field_set(&[
    "/duration",
    "/transcript",
    "/finished_at",
    "/recording_url",
    "/lead",
    "/campaign",
]);

/// The number of distinctive and supporting fields that a body has at least.
const MIN_FIELDS: u32 = 3;

/// True if an object with these documented fields has enough of the fields that are typical of a
/// body. Other payloads of the vendor may have them too, see
/// [`resembles_call`](super::other_payloads::resembles_call).
#[inline]
#[must_use]
pub(crate) fn has_fields_of_body(present: FieldSet) -> bool {
    present & DISTINCTIVE_FIELDS != 0
        && (present & (DISTINCTIVE_FIELDS | SUPPORTING_FIELDS)).count_ones() >= MIN_FIELDS
}

/// True if an object with these documented fields may be a body, whatever its other members are.
#[must_use]
pub(crate) fn may_be_body(present: FieldSet) -> bool {
    present & DISTINCTIVE_FIELDS != 0
}

/// Quoted member names that identify a call in broken JSON.
pub(crate) const QUOTED_NAMES: &[&[u8]] = &[
    b"\"customer_phone\"",
    b"\"assistant_phone\"",
    b"\"extracted_variables\"",
    b"\"input_variables\"",
    b"\"finished_at\"",
    b"\"recording_url\"",
];

/// The member names by which a part of a call is recognized in other text. The first four are the
/// distinctive ones; the last three occur in other text too.
pub(crate) const FRAGMENT_NAMES: &[&str] = &[
    field_name("/customer_phone"),
    field_name("/assistant_phone"),
    field_name("/extracted_variables"),
    field_name("/input_variables"),
    field_name("/transcript"),
    field_name("/recording_url"),
    field_name("/finished_at"),
    field_name("/duration"),
    field_name("/lead"),
    field_name("/campaign"),
];

/// The member name that identifies a call in any other text.
pub(crate) const TEXT_NAME: &str = field_name("/customer_phone");

/// Member names of which the debug print of a call shows at least one.
pub(crate) const PRINTED_NAMES: &[&str] = &[
    TEXT_NAME,
    field_name("/assistant_phone"),
    field_name("/extracted_variables"),
];

/// The name prefix of the members that Make (make.com) adds to every bundle. They describe the
/// transport and are not part of the body.
pub(crate) const TRANSPORT_PREFIX: &str = "__IMT";

/// JSON Pointer to the campaign in the documented bodies.
pub(crate) const CAMPAIGN_POINTER: &str = "/campaign";

/// JSON Pointer to the campaign in a known variant of the vendor.
pub(crate) const CAMPAIGN_IN_LEAD_POINTER: &str = "/lead/campaign";

/// The member name of the campaign, in the body and in the variant.
pub(crate) const CAMPAIGN_NAME: &str = field_name(CAMPAIGN_POINTER);

/// True if the member `name` of the documented object at JSON Pointer `parent` is the campaign
/// inside the lead.
#[must_use]
pub(crate) fn is_campaign_inside_lead(parent: &str, name: &str) -> bool {
    parent == "/lead" && name == CAMPAIGN_NAME
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::field;

    #[test]
    fn quoted_names_are_documented() {
        for quoted in QUOTED_NAMES {
            let quoted = str::from_utf8(quoted).expect("a name");
            assert!(field("", quoted.trim_matches('"')).is_some(), "{quoted}");
        }
    }
}
