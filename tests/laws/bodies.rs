//! Generated texts, values and bodies, and sources of bodies.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

/// Parts of text that some reader or writer of texts treats specially.
const PIECES: &[&str] = &[
    // Transcripts: labels, times, lists, breaks and tags.
    "AI: ",
    "Customer: ",
    "Kunde:",
    "Lena: ",
    "Speaker 1：",
    "Bot> ",
    "[00:01] ",
    " (00:02)",
    "**",
    "- ",
    "\n",
    "\r\n",
    "<br>",
    "</p>",
    "<break time=\"1s\"/>",
    "\\n",
    "\\\\\"",
    "\\u00fc",
    // White space and marks of several bytes.
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{3000}",
    "\u{feff}",
    "e\u{301}",
    "ẞ",
    "İ",
    "👍🏽",
    // Encodings, numbers, times, formulas, markup, commands, JSON.
    "Ã¶",
    "â€“",
    "+49 30 ",
    "12,5",
    "1e400",
    "2024-01-15T10:30:00Z",
    "15.01.2024",
    "=SUM(A1)",
    ";@A1|",
    "C:\\neu",
    "https://a.example/?b=%41",
    "&amp;",
    "`|",
    "::error::",
    "{\"a\":",
    "[1]",
    "No Answer",
    "yes",
    "x",
    " ",
];

/// Text of every kind: words, parts that are special to some reader or writer, characters that are
/// special in CSV or formulas, arbitrary characters, control characters and bidirectional marks,
/// emoji and wide characters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zäöü ]{0,12}",
        4 => vec(select(PIECES), 1..12).prop_map(|pieces| pieces.concat()),
        1 => "[\",;'\r\n\t|=+@-]{0,6}",
        1 => vec(any::<char>(), 0..8).prop_map(|characters| characters.into_iter().collect::<String>()),
        1 => "[\u{1b}\u{7f}\u{80}-\u{9f}\u{200e}\u{202a}-\u{202e}\u{2066}-\u{2069}]{1,4}",
        1 => Just("👩‍👧 田中".to_owned()),
    ]
}

/// Any JSON value, up to three levels deep.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A lead or a campaign with some of its members, sometimes with a campaign inside.
fn lead_or_campaign() -> impl Strategy<Value = Value> {
    const NAMES: &[&str] = &[
        "id",
        "name",
        "status",
        "phone_number",
        "variables",
        "allowed_days",
        "campaign",
        "updated_at",
    ];
    let flat = || btree_map(select(NAMES).prop_map(str::to_owned), value(), 0..4);
    (flat(), proptest::option::of(flat())).prop_map(|(mut members, campaign)| {
        if let Some(campaign) = campaign {
            members.insert(
                "campaign".to_owned(),
                Value::Object(campaign.into_iter().collect()),
            );
        }
        Value::Object(members.into_iter().collect())
    })
}

/// Members of a call, with values of any type. Some names are undocumented.
fn members() -> impl Strategy<Value = Map<String, Value>> {
    const NAMES: &[&str] = &[
        "id",
        "customer_phone",
        "duration",
        "status",
        "extracted_variables",
        "input_variables",
        "transcript",
        "recording_url",
        "created_at",
        "finished_at",
        "lead",
        "campaign",
        "extra",
    ];
    let name = prop_oneof![9 => select(NAMES).prop_map(str::to_owned), 1 => text()];
    let parts = (
        proptest::option::of(lead_or_campaign()),
        proptest::option::of(lead_or_campaign()),
    );
    (btree_map(name, value(), 0..10), parts).prop_map(|(members, (lead, campaign))| {
        let parts = [("lead", lead), ("campaign", campaign)].into_iter();
        let parts = parts.filter_map(|(name, part)| Some((name.to_owned(), part?)));
        members.into_iter().chain(parts).collect()
    })
}

/// A body that is recognized as a call, with any other members.
pub(crate) fn body() -> impl Strategy<Value = Value> {
    (members(), text()).prop_map(|(mut members, transcript)| {
        for name in ["customer_phone", "duration"] {
            members.entry(name).or_insert(Value::Null);
        }
        members.entry("transcript").or_insert(transcript.into());
        Value::Object(members)
    })
}

/// The bodies as one source in one of the `LAYOUTS`. Layouts 3 and above are arrays.
pub(crate) fn source(bodies: &[Value], layout: usize) -> Vec<u8> {
    let compact = |body: &Value| body.to_string();
    let pretty = |body: &Value| serde_json::to_string_pretty(body).expect("a value is always JSON");
    let text = match layout {
        0 => bodies.iter().map(|body| compact(body) + "\n").collect(),
        1 => bodies
            .iter()
            .map(|body| pretty(body) + "\r\n\r\n")
            .collect(),
        2 => bodies.iter().map(compact).collect::<String>(),
        3 => Value::from(bodies.to_vec()).to_string(),
        // As Python's `json.dumps` separates elements.
        4 => format!(
            "[{}]",
            bodies.iter().map(compact).collect::<Vec<_>>().join(", ")
        ),
        _ => pretty(&Value::from(bodies.to_vec())),
    };
    text.into_bytes()
}

/// The number of layouts of a source.
pub(crate) const LAYOUTS: usize = 6;
