//! Payloads that lie in the same folders as calls and are none: told by their structure, so that they can be called by their name.

use std::borrow::Cow;

use crate::json::{Json, Member, Object};

/// What a neighbour is called, and how its members tell it.
type Neighbour = (&'static str, fn(&Object) -> bool);

const NEIGHBOURS: &[Neighbour] = &[
    ("the webhook of a chat that ended", is_chat),
    ("a WhatsApp read receipt", is_receipt),
    ("the webhook before an inbound call", is_before_inbound_call),
    ("a call object of the REST API", is_rest_call),
    ("a list of the REST API", |members| {
        has_all(members, &["current_page", "data"])
    }),
    ("an event of Platform 2.0", |members| {
        let data = members.get("data").and_then(Json::members);
        members.get("event").is_some() && data.is_some_and(|data| data.get("call_id").is_some())
    }),
];

/// What the object with these members is, where it is a known neighbour of a post-call body.
#[must_use]
pub fn recognise(members: &Object) -> Option<&'static str> {
    let found = NEIGHBOURS.iter().find(|(_, is_it)| is_it(members));
    found.map(|(name, _)| *name)
}

/// The members that tell a call of the REST API.
pub const REST_CALL_MEMBERS: &[&str] = &["client_phone_number", "assistant_phone_number"];

/// The members that tell the webhook after a chat.
pub const CHAT_MEMBERS: &[&str] = &["conversation_id", "ended_at", "message_count"];

/// Whether this is a payload that shares many members with a call's: the webhook after a chat, a call of the REST API, a read receipt.
#[must_use]
pub fn is_like_a_call(members: &Object) -> bool {
    is_chat(members) || is_rest_call(members) || is_receipt(members)
}

fn is_chat(members: &Object) -> bool {
    has_all(members, CHAT_MEMBERS)
}

fn is_rest_call(members: &Object) -> bool {
    has_all(members, REST_CALL_MEMBERS)
}

fn is_receipt(members: &Object) -> bool {
    text(members, "event").as_deref() == Some("message_status")
}

/// Both phones and nothing else, except a status that says that the call comes in.
fn is_before_inbound_call(members: &Object) -> bool {
    const PHONES: &[&str] = &["customer_phone", "assistant_phone"];
    let only_phones = || {
        let mut names = members.iter().map(Member::name);
        names.all(|name| PHONES.contains(&&*name))
    };
    has_all(members, PHONES)
        && (text(members, "status").as_deref() == Some("incoming") || only_phones())
}

fn has_all(members: &Object, names: &[&str]) -> bool {
    names.iter().all(|name| members.get(name).is_some())
}

fn text<'a>(members: &Object<'a>, name: &str) -> Option<Cow<'a, str>> {
    members.get(name).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_called_by_their_names() {
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
                recognise(&members).is_some_and(|found| found.contains(name)),
                "{name}"
            );
        }
        let body: Object = serde_json::from_str(r#"{"id":1,"status":"completed","event":"x"}"#)
            .expect("well-formed");
        assert_eq!(recognise(&body), None);
    }
}
