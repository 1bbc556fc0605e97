//! The documented contract as data: one row per field, in the order of the vendor's page
//! "Post-Call Webhook". Rules, columns, the README's table and the typed view are derived from it
//! or tested against it.

pub mod other_payloads;
pub mod schema;

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
    pub fn admits(self, value: Json) -> bool {
        match self {
            Self::Integer => value.is_integer(),
            Self::String => value.kind() == Kind::String,
            Self::Object => value.kind() == Kind::Object,
            Self::Array => value.kind() == Kind::Array,
        }
    }
}

/// The format of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFormat {
    /// A phone number in E.164 form: `+`, then 2 to 15 digits, the first not 0 (ITU-T E.164 §6).
    Phone,
    /// An ISO 8601 date and time with an offset from UTC.
    Timestamp,
    /// A time of day to the minute or second: `09:00:00`, `09:00`.
    TimeOfDay,
    /// A list of English weekday names in lower case.
    Weekdays,
    /// An absolute link with the scheme `http` or `https` (RFC 3986 §3).
    Url,
}

impl ValueFormat {
    /// The format's name in messages and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "E.164",
            Self::Timestamp => "ISO 8601",
            Self::TimeOfDay => "hh:mm:ss",
            Self::Weekdays => "weekdays",
            Self::Url => "URL",
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
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// JSON Pointer (RFC 6901) to the field within a body.
    pub pointer: &'static str,
    /// JSON Pointer to the object that contains the field, empty for the body itself.
    pub parent: &'static str,
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

    /// True if the field is an object whose members are named by the user and not documented.
    #[must_use]
    pub fn holds_variables(&self) -> bool {
        self.kind == FieldType::Object && fields_of(self.pointer).next().is_none()
    }
}

/// The fields of the object at JSON Pointer `parent`, in documented order.
pub fn fields_of(parent: &str) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.parent == parent)
}

/// The index of the field `name` among the fields of the object at JSON Pointer `parent`, from 0.
///
/// Use it in a `const` block: the lookup then costs nothing at run time.
///
/// # Panics
///
/// Panics if the contract has no such field. In a `const` block this is a compile error.
#[must_use]
pub const fn field_index(parent: &str, name: &str) -> usize {
    let (mut row, mut field_index) = (0, 0);
    while row < FIELDS.len() {
        let field = &FIELDS[row];
        if str_eq(field.parent, parent) {
            if str_eq(field.name, name) {
                return field_index;
            }
            field_index += 1;
        }
        row += 1;
    }
    panic!("it is not documented")
}

/// String equality in `const` context, where `==` is not available.
const fn str_eq(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() && left[at] == right[at] {
        at += 1;
    }
    at == left.len() && at == right.len()
}

/// The field `name` of the object at JSON Pointer `parent`.
#[must_use]
pub fn field(parent: &str, name: &str) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|field| field.name == name && field.parent == parent)
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
    required("/extracted_variables", FieldType::Object, "Variables that the AI extracted, by the assistant's post-call schema"),
    required("/input_variables", FieldType::Object, "Variables passed to the assistant before the call"),
    required("/transcript", FieldType::String, "Full transcript of the conversation"),
    with_format(ValueFormat::Url, FieldSource::Page, optional("/recording_url", FieldType::String, "Link to the recording, if the assistant's settings include it")),
    time("/created_at", FieldSource::Page, "When the call was initiated"),
    time("/finished_at", FieldSource::Page, "When the call was completed (its record's last update)"),
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

/// The call statuses that the vendor's call API documents, in its spelling and with the underscores
/// that also arrive (`no_answer`).
pub const CALL_STATUSES: &[&str] = &[
    "initiated",
    "ringing",
    "busy",
    "in-progress",
    "in_progress",
    "ended",
    "completed",
    "ended_by_customer",
    "ended_by_assistant",
    "no-answer",
    "no_answer",
    "failed",
];

/// The statuses of finished calls in which both sides were connected.
pub const CONNECTED_STATUSES: &[&str] = &[
    "completed",
    "ended",
    "ended_by_customer",
    "ended_by_assistant",
];

/// The statuses of calls that were not answered. `failed` is missing because a connected line can
/// also fail in the middle of a conversation.
pub const UNCONNECTED_STATUSES: &[&str] = &["busy", "no-answer", "no_answer"];

/// The lead statuses of the vendor's API, and `contacted` from the documented example.
pub const LEAD_STATUSES: &[&str] = &[
    "created",
    "scheduled",
    "processing",
    "completed",
    "rescheduled",
    "reached-max-retries",
    "blacklisted",
    "contacted",
];

/// The campaign statuses that are known to arrive.
pub const CAMPAIGN_STATUSES: &[&str] = &[
    "in-progress",
    "active",
    "paused",
    "stopped",
    "draft",
    "completed",
];

/// The weekdays, as spelled in the documented example.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The largest integer that every JSON parser reads exactly: 2^53 − 1 (I-JSON, RFC 7493 §2.2).
pub const LARGEST_EXACT_INTEGER: u64 = 9_007_199_254_740_991;

/// The variables that every assistant extracts, independent of its post-call schema: whether the
/// goal was reached, and a summary.
pub const DEFAULT_VARIABLES: &[&str] = &["status", "summary"];

/// The prefix of the values in the dashboard's test delivery.
pub const TEST_PREFIX: &str = "sample ";

/// Members of a body that are not documented for the webhook but are known to arrive.
pub const KNOWN_EXTRAS: &[&str] = &["assistant_name", "transfers", "formatted_transcript"];

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
        let pointers: Vec<_> = FIELDS
            .iter()
            .filter(|f| f.holds_variables())
            .map(|f| f.pointer)
            .collect();
        assert_eq!(
            pointers,
            [
                "/extracted_variables",
                "/input_variables",
                "/lead/variables"
            ]
        );
    }
}
