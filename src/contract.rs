//! The documented contract as data: one row a field, in the order of the vendor's page "Post-Call Webhook". Checks,
//! columns, the README's table and the typed view follow it or are tested against it.

use crate::json::{Json, Kind};

/// The JSON type that a field must have (JSON Schema's names).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number without a fractional part; `180.0` is one.
    Integer,
    /// A string.
    String,
    /// An object.
    Object,
    /// An array.
    Array,
}

impl Type {
    /// The name, as JSON Schema spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::String => "string",
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    /// Whether `value` is of this type.
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

/// What a string must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
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

impl Format {
    /// The name that messages and tables use.
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

/// Who says that a field has its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The page states it: what differs breaks the contract.
    Page,
    /// Only the page's example shows it: what differs is suspicious.
    Example,
}

/// One documented field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Where it stands in a body, as a JSON Pointer (RFC 6901).
    pub pointer: &'static str,
    /// The pointer of the object that it belongs to: empty for the body itself.
    pub parent: &'static str,
    /// Its member name.
    pub name: &'static str,
    /// The type it must have.
    pub kind: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether the object that it belongs to must have it.
    pub required: bool,
    /// What its text must look like, and who says so.
    pub format: Option<(Format, Source)>,
    /// What it means, in one line.
    pub meaning: &'static str,
}

impl Field {
    /// Its column's name: the pointer's names joined with dots.
    #[must_use]
    pub fn column(&self) -> String {
        self.pointer[1..].replace('/', ".")
    }

    /// Whether its members are the user's own, not the contract's.
    #[must_use]
    pub fn holds_variables(&self) -> bool {
        self.kind == Type::Object && fields_of(self.pointer).next().is_none()
    }
}

/// The fields of the object at `parent`, in documented order.
pub fn fields_of(parent: &str) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.parent == parent)
}

/// The place of the field `name` among those of the object at `parent`, from 0; whoever asks while this is compiled need not look while it runs.
///
/// # Panics
///
/// There is no such field: what asks for it does not compile.
#[must_use]
pub const fn place_of(parent: &str, name: &str) -> usize {
    let (mut index, mut place) = (0, 0);
    while index < FIELDS.len() {
        let field = &FIELDS[index];
        if is_same(field.parent, parent) {
            if is_same(field.name, name) {
                return place;
            }
            place += 1;
        }
        index += 1;
    }
    panic!("it is not documented")
}

/// `==`, which is not to be had while this is compiled.
const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The field `name` of the object at `parent`.
#[must_use]
pub fn field(parent: &str, name: &str) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|field| field.name == name && field.parent == parent)
}

const fn required(pointer: &'static str, kind: Type, meaning: &'static str) -> Field {
    let (parent, name) = split(pointer);
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

/// The pointer of the object, and the member's name.
const fn split(pointer: &'static str) -> (&'static str, &'static str) {
    let mut slash = pointer.len() - 1;
    while pointer.as_bytes()[slash] != b'/' {
        slash -= 1;
    }
    (pointer.split_at(slash).0, pointer.split_at(slash + 1).1)
}

const fn optional(pointer: &'static str, kind: Type, meaning: &'static str) -> Field {
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

const fn phone(pointer: &'static str, source: Source, meaning: &'static str) -> Field {
    Field {
        format: Some((Format::Phone, source)),
        ..required(pointer, Type::String, meaning)
    }
}

const fn time(pointer: &'static str, source: Source, meaning: &'static str) -> Field {
    Field {
        format: Some((Format::Timestamp, source)),
        ..required(pointer, Type::String, meaning)
    }
}

const fn looks_like(format: Format, source: Source, field: Field) -> Field {
    Field {
        format: Some((format, source)),
        ..field
    }
}

/// The contract: every documented field, in documented order (vendor page, "Payload Structure", "Lead properties",
/// "Campaign properties"; nullability and presence from its "Important Notes" and examples).
#[rustfmt::skip] // A row a field.
pub const FIELDS: &[Field] = &[
    required("/id", Type::Integer, "Unique identifier of the call"),
    nullable(phone("/customer_phone", Source::Page, "Customer's phone number, or null if not available")),
    nullable(phone("/assistant_phone", Source::Page, "Phone number used by the assistant, or null if not available")),
    required("/duration", Type::Integer, "Call duration in seconds"),
    required("/status", Type::String, "Final status of the call (completed, busy, failed, …)"),
    required("/extracted_variables", Type::Object, "Variables that the AI extracted, by the assistant's post-call schema"),
    required("/input_variables", Type::Object, "Variables passed to the assistant before the call"),
    required("/transcript", Type::String, "Full transcript of the conversation"),
    looks_like(Format::Url, Source::Page, optional("/recording_url", Type::String, "Link to the recording, if the assistant's settings include it")),
    time("/created_at", Source::Page, "When the call was initiated"),
    time("/finished_at", Source::Page, "When the call was completed (its record's last update)"),
    optional("/lead", Type::Object, "Lead information, for campaign calls"),
    required("/lead/id", Type::Integer, "Unique identifier of the lead"),
    phone("/lead/phone_number", Source::Example, "Lead's phone number"),
    required("/lead/variables", Type::Object, "Variables associated with the lead"),
    required("/lead/status", Type::String, "Current status of the lead"),
    time("/lead/created_at", Source::Example, "When the lead was created"),
    time("/lead/updated_at", Source::Example, "When the lead was last updated"),
    optional("/campaign", Type::Object, "Campaign information, if available"),
    required("/campaign/id", Type::Integer, "Campaign ID"),
    required("/campaign/name", Type::String, "Campaign name"),
    required("/campaign/status", Type::String, "Campaign status"),
    looks_like(Format::TimeOfDay, Source::Example, required("/campaign/allowed_hours_start_time", Type::String, "Time of day from which calls are allowed")),
    looks_like(Format::TimeOfDay, Source::Example, required("/campaign/allowed_hours_end_time", Type::String, "Time of day until which calls are allowed")),
    looks_like(Format::Weekdays, Source::Example, required("/campaign/allowed_days", Type::Array, "Weekdays on which calls are allowed")),
    required("/campaign/max_calls_in_parallel", Type::Integer, "Maximum concurrent calls for the campaign"),
    required("/campaign/max_retries", Type::Integer, "Maximum retry attempts for leads"),
    required("/campaign/retry_interval", Type::Integer, "Retry interval in minutes"),
    time("/campaign/created_at", Source::Example, "When the campaign was created"),
    time("/campaign/updated_at", Source::Example, "When the campaign was last updated"),
];

/// Call states that the vendor's call API names, in its spelling and in the other one seen (`no_answer`).
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

/// Call states of calls that the two sides were connected in, to their end.
pub const CONNECTED_STATUSES: &[&str] = &[
    "completed",
    "ended",
    "ended_by_customer",
    "ended_by_assistant",
];

/// Call states of calls in which nobody picked up. (`failed` says nothing of it: a line can also break in mid-sentence.)
pub const UNCONNECTED_STATUSES: &[&str] = &["busy", "no-answer", "no_answer"];

/// Lead states: the vendor's API's, and the documented example's `contacted`.
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

/// Campaign states seen.
pub const CAMPAIGN_STATUSES: &[&str] = &[
    "in-progress",
    "active",
    "paused",
    "stopped",
    "draft",
    "completed",
];

/// The weekdays, as the documented example writes them.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The largest integer up to which every receiver reads integers exactly: 2^53 − 1 (I-JSON, RFC 7493 §2.2).
pub const LARGEST_EXACT_INTEGER: u64 = 9_007_199_254_740_991;

/// The variables that every assistant extracts, whatever its post-call schema says: whether the goal was reached, and a summary.
pub const DEFAULT_VARIABLES: &[&str] = &["status", "summary"];

/// What the values of the dashboard's test delivery begin with.
pub const TEST_PREFIX: &str = "sample ";

/// Members of a body that are not documented for the webhook but known to arrive.
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
                    parent.is_some_and(|f| f.kind == Type::Object),
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
