//! The documented fields: one row per field, in the order of the vendor's page "Post-Call Webhook".

use super::value_format::ValueFormat;
use crate::json::{Json, Kind};

/// The JSON type of a field, with the names that JSON Schema uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A number without a fractional part. `180.0` is an integer too.
    Integer,
    /// A string.
    String,
    /// An object.
    Object,
    /// An array.
    Array,
}

impl FieldType {
    /// The type's name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::String => "string",
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    /// True if `value` is of this type.
    #[must_use]
    pub(crate) fn admits(self, value: Json) -> bool {
        match self {
            Self::Integer => value.is_integer(),
            Self::String => value.kind() == Kind::String,
            Self::Object => value.kind() == Kind::Object,
            Self::Array => value.kind() == Kind::Array,
        }
    }
}

/// The part of the vendor's page that specifies a field's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSource {
    /// The page states the format. A different value breaks the contract.
    Page,
    /// Only the page's example shows the format. A different value is suspicious.
    Example,
}

/// A documented field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// JSON Pointer (RFC 6901) to the field within a body.
    pub pointer: &'static str,
    /// JSON Pointer to the object that contains the field, empty for the body itself.
    pub(crate) parent: &'static str,
    /// The member's name.
    pub name: &'static str,
    /// The documented type of the value.
    pub kind: FieldType,
    /// True if the value may be null.
    pub nullable: bool,
    /// True if the containing object must have the field.
    pub required: bool,
    /// The format of the value, with the part of the page that specifies it.
    pub format: Option<(ValueFormat, FieldSource)>,
    /// The field's meaning, in one line.
    pub meaning: &'static str,
}

impl Field {
    /// The name of the field's column: the names in the pointer, joined with dots.
    #[must_use]
    pub fn column(&self) -> String {
        self.pointer[1..].replace('/', ".")
    }

    /// True if the field is a point in time.
    #[must_use]
    pub fn is_timestamp(&self) -> bool {
        matches!(self.format, Some((ValueFormat::Timestamp, _)))
    }

    /// True if the field is a phone number.
    #[must_use]
    pub(crate) fn is_phone(&self) -> bool {
        matches!(self.format, Some((ValueFormat::Phone, _)))
    }

    /// True if the field is an object whose members are named by the user and not documented.
    #[must_use]
    pub(crate) fn holds_variables(&self) -> bool {
        let has_fields = FIELDS.iter().any(|field| field.parent == self.pointer);
        self.kind == FieldType::Object && !has_fields
    }
}

const fn required(pointer: &'static str, kind: FieldType, meaning: &'static str) -> Field {
    let (parent, name) = split_pointer(pointer);
    Field {
        pointer,
        parent,
        name,
        kind,
        nullable: false,
        required: true,
        format: None,
        meaning,
    }
}

/// Splits a pointer into the pointer of the containing object and the member's name.
const fn split_pointer(pointer: &'static str) -> (&'static str, &'static str) {
    let mut slash = pointer.len() - 1;
    while pointer.as_bytes()[slash] != b'/' {
        slash -= 1;
    }
    (pointer.split_at(slash).0, pointer.split_at(slash + 1).1)
}

const fn optional(pointer: &'static str, kind: FieldType, meaning: &'static str) -> Field {
    Field {
        required: false,
        ..nullable(required(pointer, kind, meaning))
    }
}

const fn nullable(field: Field) -> Field {
    Field {
        nullable: true,
        ..field
    }
}

const fn phone(pointer: &'static str, source: FieldSource, meaning: &'static str) -> Field {
    Field {
        format: Some((ValueFormat::Phone, source)),
        ..required(pointer, FieldType::String, meaning)
    }
}

const fn time(pointer: &'static str, source: FieldSource, meaning: &'static str) -> Field {
    Field {
        format: Some((ValueFormat::Timestamp, source)),
        ..required(pointer, FieldType::String, meaning)
    }
}

const fn with_format(format: ValueFormat, source: FieldSource, field: Field) -> Field {
    Field {
        format: Some((format, source)),
        ..field
    }
}

/// The contract: every documented field, in documented order.
///
/// Source: the vendor's page, sections "Payload Structure", "Lead properties" and "Campaign
/// properties". Nullability and presence follow its "Important Notes" and examples.
#[rustfmt::skip] // One row per field.
pub const FIELDS: &[Field] = &[
    required("/id", FieldType::Integer, "Unique identifier of the call"),
    nullable(phone("/customer_phone", FieldSource::Page, "Customer's phone number, or null if not available")),
    nullable(phone("/assistant_phone", FieldSource::Page, "Phone number used by the assistant, or null if not available")),
    required("/duration", FieldType::Integer, "Call duration in seconds"),
    required("/status", FieldType::String, "Final status of the call (completed, busy, failed, …)"),
    required("/extracted_variables", FieldType::Object, "Variables that the AI extracted, as declared in the assistant's post-call schema"),
    required("/input_variables", FieldType::Object, "Variables passed to the assistant before the call"),
    required("/transcript", FieldType::String, "Full transcript of the conversation"),
    with_format(ValueFormat::Url, FieldSource::Page, optional("/recording_url", FieldType::String, "Link to the recording, if the assistant's settings include it")),
    time("/created_at", FieldSource::Page, "When the call was initiated"),
    time("/finished_at", FieldSource::Page, "When the call was completed (the last update of its record)"),
    optional("/lead", FieldType::Object, "Lead information, for campaign calls"),
    required("/lead/id", FieldType::Integer, "Unique identifier of the lead"),
    phone("/lead/phone_number", FieldSource::Example, "Lead's phone number"),
    required("/lead/variables", FieldType::Object, "Variables associated with the lead"),
    required("/lead/status", FieldType::String, "Current status of the lead"),
    time("/lead/created_at", FieldSource::Example, "When the lead was created"),
    time("/lead/updated_at", FieldSource::Example, "When the lead was last updated"),
    optional("/campaign", FieldType::Object, "Campaign information, if available"),
    required("/campaign/id", FieldType::Integer, "Campaign ID"),
    required("/campaign/name", FieldType::String, "Campaign name"),
    required("/campaign/status", FieldType::String, "Campaign status"),
    with_format(ValueFormat::TimeOfDay, FieldSource::Example, required("/campaign/allowed_hours_start_time", FieldType::String, "Time of day from which calls are allowed")),
    with_format(ValueFormat::TimeOfDay, FieldSource::Example, required("/campaign/allowed_hours_end_time", FieldType::String, "Time of day until which calls are allowed")),
    with_format(ValueFormat::Weekdays, FieldSource::Example, required("/campaign/allowed_days", FieldType::Array, "Weekdays on which calls are allowed")),
    required("/campaign/max_calls_in_parallel", FieldType::Integer, "Maximum concurrent calls for the campaign"),
    required("/campaign/max_retries", FieldType::Integer, "Maximum retry attempts for leads"),
    required("/campaign/retry_interval", FieldType::Integer, "Retry interval in minutes"),
    time("/campaign/created_at", FieldSource::Example, "When the campaign was created"),
    time("/campaign/updated_at", FieldSource::Example, "When the campaign was last updated"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_unique_and_parents_are_objects_listed_before() {
        for (index, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..index].iter().all(|f| f.pointer != field.pointer));
            if !field.parent.is_empty() {
                let parent = FIELDS[..index].iter().find(|f| f.pointer == field.parent);
                assert!(
                    parent.is_some_and(|f| f.kind == FieldType::Object),
                    "{}",
                    field.pointer
                );
            }
        }
    }

    #[test]
    fn variables_are_the_objects_without_documented_members() {
        let holds_variables = |pointer: &str| {
            let field = FIELDS.iter().find(|field| field.pointer == pointer);
            field.expect("it is documented").holds_variables()
        };
        assert!(holds_variables("/extracted_variables") && holds_variables("/lead/variables"));
        assert!(!holds_variables("/lead") && !holds_variables("/status"));
    }
}
