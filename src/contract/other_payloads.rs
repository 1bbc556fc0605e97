//! Recognizes other payloads of the vendor, which are often saved in the same folders as calls.
//! Their members identify them, so that messages can name them.

use std::borrow::Cow;

use crate::json::{Json, Member, Object};

/// Name of a payload, and a function that recognizes its members.
type OtherPayload = (&'static str, fn(&Object) -> bool);

const OTHER_PAYLOADS: &[OtherPayload] = &[
    ("chat webhook", is_chat),
    ("WhatsApp read receipt", is_receipt),
    ("webhook before an inbound call", is_before_inbound_call),
    ("call object of the REST API", is_rest_call),
    ("list of the REST API", |members| {
        has_all_members(members, &["current_page", "data"])
    }),
    ("event of Platform 2.0", |members| {
        let data = members.get("data").and_then(Json::members);
        members.get("event").is_some() && data.is_some_and(|data| data.get("call_id").is_some())
    }),
];

/// Returns the name of the known payload with these members, if any.
#[must_use]
pub(crate) fn recognize(members: &Object) -> Option<&'static str> {
    let found = OTHER_PAYLOADS.iter().find(|(_, matches)| matches(members));
    found.map(|(name, _)| *name)
}

/// Members that identify a call object of the REST API.
pub(crate) const REST_CALL_MEMBERS: &[&str] = &["client_phone_number", "assistant_phone_number"];

/// Members that identify the webhook sent after a chat.
pub(crate) const CHAT_MEMBERS: &[&str] = &["conversation_id", "ended_at", "message_count"];

/// True for payloads that share many members with a call: the webhook after a chat, a call of the
/// REST API, or a read receipt.
#[must_use]
pub(crate) fn resembles_call(members: &Object) -> bool {
    is_chat(members) || is_rest_call(members) || is_receipt(members)
}

fn is_chat(members: &Object) -> bool {
    has_all_members(members, CHAT_MEMBERS)
}

fn is_rest_call(members: &Object) -> bool {
    has_all_members(members, REST_CALL_MEMBERS)
}

fn is_receipt(members: &Object) -> bool {
    string_member(members, "event").as_deref() == Some("message_status")
}

/// True for an object with both phone numbers that either has no other members or has the status
/// `incoming`.
fn is_before_inbound_call(members: &Object) -> bool {
    const PHONES: &[&str] = &["customer_phone", "assistant_phone"];
    let only_phones = || {
        let mut names = members.iter().map(Member::name);
        names.all(|name| PHONES.contains(&&*name))
    };
    has_all_members(members, PHONES)
        && (string_member(members, "status").as_deref() == Some("incoming") || only_phones())
}

fn has_all_members(members: &Object, names: &[&str]) -> bool {
    names.iter().all(|name| members.get(name).is_some())
}

fn string_member<'a>(members: &Object<'a>, name: &str) -> Option<Cow<'a, str>> {
    members.get(name).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_payloads_are_recognized() {
        for (name, payload) in [
            (
                "chat",
                r#"{"conversation_id":"c","ended_at":"x","message_count":2,"transcript":[]}"#,
            ),
            ("WhatsApp", r#"{"event":"message_status","id":1}"#),
            (
                "inbound",
                r#"{"customer_phone":"+491","assistant_phone":"+492"}"#,
            ),
            (
                "inbound",
                r#"{"customer_phone":"+491","assistant_phone":"+492","status":"incoming","id":1}"#,
            ),
            (
                "call object",
                r#"{"id":1,"client_phone_number":"+491","assistant_phone_number":"+492","carrier_cost":0}"#,
            ),
            ("list", r#"{"current_page":1,"data":[]}"#),
            (
                "Platform 2.0",
                r#"{"event":"call.completed","timestamp":"x","data":{"call_id":"u"}}"#,
            ),
        ] {
            let members: Object = serde_json::from_str(payload).expect("well-formed");
            assert!(
                recognize(&members).is_some_and(|found| found.contains(name)),
                "{name}"
            );
        }
        let body: Object = serde_json::from_str(r#"{"id":1,"status":"completed","event":"x"}"#)
            .expect("well-formed");
        assert_eq!(recognize(&body), None);
    }
}
