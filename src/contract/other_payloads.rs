//! Recognizes other payloads, of this vendor and of others, which are often saved in the same
//! folders as calls. Several members identify each, so that messages can name them.

use std::borrow::Cow;

use crate::json::{Json, Member, Object};

/// Name of a payload, and a function that recognizes its members.
type OtherPayload = (&'static str, fn(&Object) -> bool);

/// Each function first looks for a member that few other objects have.
const OTHER_PAYLOADS: &[OtherPayload] = &[
    ("chat webhook", is_chat),
    ("WhatsApp read receipt", is_receipt),
    ("webhook before an inbound call", is_before_inbound_call),
    ("call object of the REST API", is_rest_call),
    ("list of the REST API", is_rest_list),
    ("event of Platform 2.0", is_platform_2_event),
    ("webhook of Vapi", is_vapi),
    ("webhook of Retell", is_retell),
    ("webhook of ElevenLabs", is_elevenlabs),
    ("webhook of Synthflow", is_synthflow),
    ("webhook of Bland", is_bland),
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
    is_chat(members) || has_all_members(members, REST_CALL_MEMBERS) || is_receipt(members)
}

fn is_chat(members: &Object) -> bool {
    has_all_members(members, CHAT_MEMBERS)
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

fn is_rest_call(members: &Object) -> bool {
    const NAMES: &[&str] = &[
        "client_phone_number",
        "assistant_phone_number",
        "carrier_cost",
        "evaluation",
    ];
    has_all_members(members, REST_CALL_MEMBERS) || count_members(members, NAMES) >= 3
}

/// True for a page of a list: its members say which page it is, beside the list or in `meta`.
fn is_rest_list(members: &Object) -> bool {
    members.get("data").is_some()
        && (members.get("current_page").is_some()
            || object_member(members, "meta")
                .is_some_and(|meta| meta.get("current_page").is_some()))
}

/// True for an event of the vendor's newer platform. Its members are in the event or in `data`.
fn is_platform_2_event(members: &Object) -> bool {
    /// Events are named after what they happen to, as in `call.completed`.
    const SUBJECTS: &[&str] = &["call", "campaign", "conversation", "lead", "message"];
    const NAMES: &[&str] = &[
        "answered_at",
        "assistant_id",
        "campaign_id",
        "duration_sec",
        "ended_at",
        "from_number",
        "lead_id",
        "phone_number_id",
        "started_at",
        "to_number",
    ];
    let Some(event) = string_member(members, "event") else {
        return false;
    };
    let is_event = event
        .split_once('.')
        .is_some_and(|(subject, event)| SUBJECTS.contains(&subject) && !event.is_empty());
    let has_id = |data: &Object| {
        let ids = [
            "call_id",
            "campaign_id",
            "conversation_id",
            "lead_id",
            "message_id",
        ];
        count_members(data, &ids) > 0
    };
    is_event
        && (count_members(members, NAMES) >= 2
            || object_member(members, "data")
                .is_some_and(|data| has_id(&data) || count_members(&data, NAMES) >= 2))
}

/// True for a message of Vapi to a server (<https://docs.vapi.ai/server-url/events>), the message
/// without its envelope, or a call object of its API.
fn is_vapi(members: &Object) -> bool {
    const CALL_NAMES: &[&str] = &[
        "artifact",
        "assistantId",
        "costBreakdown",
        "endedReason",
        "phoneNumberId",
        "squadId",
    ];
    object_member(members, "message").is_some_and(|message| is_vapi_message(&message))
        || is_vapi_message(members)
        || members.get("orgId").is_some() && count_members(members, CALL_NAMES) >= 2
}

fn is_vapi_message(members: &Object) -> bool {
    const TYPES: &[&str] = &[
        "assistant-request",
        "assistant.started",
        "conversation-update",
        "end-of-call-report",
        "function-call",
        "hang",
        "handoff-destination-request",
        "knowledge-base-request",
        "language-change-detected",
        "model-output",
        "phone-call-control",
        "session.created",
        "session.updated",
        "speech-update",
        "status-update",
        "tool-calls",
        "transcript",
        "transfer-destination-request",
        "transfer-update",
        "user-interrupted",
        "voice-input",
        "voice-request",
    ];
    const NAMES: &[&str] = &[
        "analysis",
        "artifact",
        "assistant",
        "call",
        "customer",
        "endedReason",
        "phoneNumber",
        "toolCallList",
    ];
    let kind = string_member(members, "type");
    kind.is_some_and(|kind| TYPES.contains(&&*kind)) && count_members(members, NAMES) >= 1
}

/// True for a webhook of Retell (<https://docs.retellai.com/features/webhook>), or a call or chat
/// object of its API.
fn is_retell(members: &Object) -> bool {
    let event = string_member(members, "event").or_else(|| string_member(members, "event_type"));
    let is_event = event.is_some_and(|event| {
        let prefixes = ["call_", "chat_", "transcript_", "transfer_"];
        prefixes.iter().any(|prefix| event.starts_with(prefix))
    });
    let is_envelope = || {
        let parts = ["call", "chat", "call_inbound"];
        let mut parts = parts.iter().filter_map(|name| object_member(members, name));
        parts.any(|part| part.get("agent_id").is_some())
    };
    is_event && is_envelope() || is_retell_object(members)
}

fn is_retell_object(members: &Object) -> bool {
    const NAMES: &[&str] = &[
        "call_analysis",
        "call_cost",
        "call_status",
        "chat_analysis",
        "chat_status",
        "disconnection_reason",
        "retell_llm_dynamic_variables",
        "transcript_object",
    ];
    members.get("agent_id").is_some()
        && count_members(members, &["call_id", "chat_id"]) > 0
        && count_members(members, NAMES) >= 1
}

/// True for a webhook of `ElevenLabs`
/// (<https://elevenlabs.io/docs/eleven-agents/workflows/post-call-webhooks>), or a conversation of
/// its API.
fn is_elevenlabs(members: &Object) -> bool {
    const TYPES: &[&str] = &[
        "call_initiation_failure",
        "post_call_audio",
        "post_call_transcription",
    ];
    const IDS: &[&str] = &["agent_id", "conversation_id"];
    const NAMES: &[&str] = &[
        "analysis",
        "conversation_initiation_client_data",
        "failure_reason",
        "full_audio",
        "has_audio",
        "metadata",
        "transcript",
    ];
    let kind = string_member(members, "type").or_else(|| string_member(members, "event_type"));
    let is_event = kind.is_some_and(|kind| TYPES.contains(&&*kind));
    let data = object_member(members, "data");
    let has_ids = |members: &Object| has_all_members(members, IDS);
    is_event && (has_ids(members) || data.is_some_and(|data| has_ids(&data)))
        || has_ids(members) && count_members(members, NAMES) >= 2
        || is_elevenlabs_list(members)
        || is_elevenlabs_initiation(members)
}

/// True for a page of the list of conversations in the API of `ElevenLabs`.
fn is_elevenlabs_list(members: &Object) -> bool {
    const NAMES: &[&str] = &["conversations", "has_more", "next_cursor"];
    has_all_members(members, NAMES)
}

/// True for the request that `ElevenLabs` sends before an inbound call.
fn is_elevenlabs_initiation(members: &Object) -> bool {
    const NAMES: &[&str] = &["caller_id", "agent_id", "called_number", "call_sid"];
    has_all_members(members, NAMES)
}

/// True for a webhook of Synthflow (<https://docs.synthflow.ai/post-call-webhook>), after a call or
/// before an inbound one, and for the list of calls in its API.
fn is_synthflow(members: &Object) -> bool {
    const CALL_NAMES: &[&str] = &["call_id", "end_call_reason", "model_id", "start_time"];
    const NAMES: &[&str] = &["analysis", "error_message", "executed_actions", "lead"];
    let call = object_member(members, "call");
    let is_after_call = call.is_some_and(|call| {
        count_members(&call, CALL_NAMES) >= 2 && call.get("model_id").is_some()
    });
    let inbound = object_member(members, "call_inbound");
    let response = object_member(members, "response");
    let is_list = response.is_some_and(|list| has_all_members(&list, &["calls", "pagination"]));
    is_list
        || is_after_call && count_members(members, NAMES) >= 1
        || inbound.is_some_and(|inbound| has_all_members(&inbound, &["model_id", "from_number"]))
}

/// True for the webhook of Bland after a call, which is its call object, or for one of its live
/// events (<https://docs.bland.ai/tutorials/post-call-webhooks>).
fn is_bland(members: &Object) -> bool {
    const NAMES: &[&str] = &[
        "answered_by",
        "batch_id",
        "call_ended_by",
        "call_length",
        "concatenated_transcript",
        "corrected_duration",
        "local_dialing",
        "pathway_logs",
        "queue_status",
        "transcripts",
    ];
    count_members(members, &["c_id", "call_id"]) > 0
        && (count_members(members, NAMES) >= 3
            || has_all_members(members, &["category", "log_level", "message"]))
}

fn has_all_members(members: &Object, names: &[&str]) -> bool {
    names.iter().all(|name| members.get(name).is_some())
}

/// The number of `names` that are among the members.
fn count_members(members: &Object, names: &[&str]) -> usize {
    let is_present = |name: &&&str| members.get(name).is_some();
    names.iter().filter(is_present).count()
}

fn object_member<'a>(members: &Object<'a>, name: &str) -> Option<Object<'a>> {
    members.get(name).and_then(Json::members)
}

fn string_member<'a>(members: &Object<'a>, name: &str) -> Option<Cow<'a, str>> {
    members.get(name).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_recognized(payload: &str, expected: Option<&str>) {
        let members: Object = serde_json::from_str(payload).expect("well-formed");
        let found = recognize(&members);
        assert_eq!(found.is_some(), expected.is_some(), "{found:?}: {payload}");
        assert!(
            found
                .unwrap_or_default()
                .contains(expected.unwrap_or_default()),
            "{found:?}: {payload}"
        );
    }

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
                "list",
                r#"{"data":[],"links":{},"meta":{"current_page":1}}"#,
            ),
            (
                "Platform 2.0",
                r#"{"event":"call.completed","timestamp":"x","data":{"call_id":"u"}}"#,
            ),
            (
                "Platform 2.0",
                r#"{"event":"lead.created","timestamp":"x","data":{"lead_id":"u"}}"#,
            ),
            (
                "Platform 2.0",
                r#"{"event":"call.started","id":"u","assistant_id":"u","to_number":"+49"}"#,
            ),
        ] {
            assert_recognized(payload, Some(name));
        }
    }

    #[test]
    fn payloads_of_other_vendors_are_recognized() {
        for (vendor, payload) in [
            (
                "Vapi",
                r#"{"message":{"type":"end-of-call-report","endedReason":"hangup","call":{"id":"x"},"artifact":{}}}"#,
            ),
            (
                "Vapi",
                r#"{"type":"status-update","status":"ended","call":{"id":"x"}}"#,
            ),
            (
                "Vapi",
                r#"{"id":"u","orgId":"u","type":"webCall","assistantId":"u","endedReason":"x"}"#,
            ),
            (
                "Retell",
                r#"{"event":"call_ended","call":{"call_id":"c","agent_id":"a","transcript":""}}"#,
            ),
            (
                "Retell",
                r#"{"event":"chat_analyzed","chat":{"chat_id":"c","agent_id":"a"}}"#,
            ),
            (
                "Retell",
                r#"{"event":"call_inbound","call_inbound":{"agent_id":"a","from_number":"+1"}}"#,
            ),
            (
                "Retell",
                r#"{"call_id":"c","agent_id":"a","call_status":"ended","transcript":""}"#,
            ),
            (
                "ElevenLabs",
                r#"{"type":"post_call_transcription","event_timestamp":1,"data":{"agent_id":"a","conversation_id":"c"}}"#,
            ),
            (
                "ElevenLabs",
                r#"{"type":"post_call_audio","event_timestamp":1,"data":{"agent_id":"a","conversation_id":"c","full_audio":"x"}}"#,
            ),
            (
                "ElevenLabs",
                r#"{"agent_id":"a","conversation_id":"c","status":"done","transcript":[],"metadata":{}}"#,
            ),
            (
                "Synthflow",
                r#"{"status":"completed","lead":{"name":"x"},"call":{"call_id":"u","model_id":"m","transcript":""},"executed_actions":{}}"#,
            ),
            (
                "ElevenLabs",
                r#"{"conversations":[{"agent_id":"a"}],"has_more":false,"next_cursor":null}"#,
            ),
            (
                "ElevenLabs",
                r#"{"caller_id":"+49","agent_id":"a","called_number":"+49","call_sid":"c"}"#,
            ),
            (
                "Vapi",
                r#"{"message":{"type":"session.created","assistant":{},"session":{"id":"u"}}}"#,
            ),
            (
                "Synthflow",
                r#"{"status":"ok","response":{"pagination":{"total_records":1},"calls":[{"call_id":"c"}]}}"#,
            ),
            (
                "Synthflow",
                r#"{"event":"call_inbound","call_inbound":{"model_id":"m","from_number":"+1","to_number":"+2"}}"#,
            ),
            (
                "Bland",
                r#"{"call_id":"c","call_length":1.5,"answered_by":"human","concatenated_transcript":"x"}"#,
            ),
            (
                "Bland",
                r#"{"call_id":"c","category":"call","log_level":"info","message":"x"}"#,
            ),
        ] {
            assert_recognized(payload, Some(vendor));
        }
    }

    #[test]
    fn single_members_are_not_enough() {
        for payload in [
            r#"{"id":1,"status":"completed","event":"x"}"#,
            r#"{"event":"call.completed","id":1}"#,
            r#"{"event":"page.viewed","data":{"call_id":1}}"#,
            r#"{"event":"call_ended","call":{"id":1}}"#,
            r#"{"data":[1],"meta":{}}"#,
            r#"{"type":"transcript","text":"x"}"#,
            r#"{"message":{"type":"status-update"}}"#,
            r#"{"message":"end-of-call-report"}"#,
            r#"{"orgId":1,"assistantId":2}"#,
            r#"{"agent_id":1,"call_id":2}"#,
            r#"{"agent_id":1,"conversation_id":2,"metadata":{}}"#,
            r#"{"lead":{},"call":{"call_id":1}}"#,
            r#"{"call_id":1,"call_length":2}"#,
            r#"{"call_id":1,"message":"x"}"#,
            "{}",
        ] {
            assert_recognized(payload, None);
        }
    }
}
