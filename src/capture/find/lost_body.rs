//! Recognizes envelopes whose body was lost while capturing it, and suggests a fix.

use super::headers::find_header;
use crate::contract::recognition::TEXT_NAME;
use crate::json::{Json, Member, Object};

/// Explanation of a lost body.
pub(crate) struct LostBody {
    /// Description of the envelope: a phrase without a full stop.
    pub(crate) problem: &'static str,
    /// Advice on how to keep the body.
    pub(crate) help: &'static str,
}

/// Members in which capturing tools keep the body of a request.
const BODY_MEMBERS: &[&str] = &[
    "body", "rawBody", "raw_body", "content", "payload", "text", "data",
];

/// The text that JavaScript writes in place of an object.
pub(crate) const OBJECT_PLACEHOLDER: &str = "`[object Object]` in place of the body";

/// Advice on how to write an object.
pub(crate) const SAVE_JSON: &str = "the body is lost: make the program write JSON.stringify(body)";

/// True if `text` has the text that JavaScript writes in place of an object.
pub(crate) fn has_object_placeholder(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"[object Object]").is_some()
}

/// Explains why the envelope with these members has no body. Returns `None` if the request seems to
/// have had none.
pub(crate) fn find_lost_body(members: &Object) -> Option<LostBody> {
    if members
        .iter()
        .map(Member::name)
        .any(|name| name.len() > 40 && name.starts_with('{') && name.contains(TEXT_NAME))
    {
        return Some(LostBody {
            problem: "body parsed as a form, so its text became a member name",
            help: "make the receiver parse it as JSON, or keep the raw body",
        });
    }
    if members.get("MESSAGE").is_some_and(Json::is_null)
        && (members.get("__CURSOR").is_some() || members.get("__REALTIME_TIMESTAMP").is_some())
    {
        return Some(LostBody {
            problem: "journal entry without its long message",
            help: "export the journal again with `journalctl --all --output json`",
        });
    }
    let mut values = BODY_MEMBERS.iter().filter_map(|name| members.get(name));
    if values.any(|value| value.text() == "\"[object Object]\"") {
        return Some(LostBody {
            problem: OBJECT_PLACEHOLDER,
            help: SAVE_JSON,
        });
    }
    let is_empty =
        |value: Json| value.is_null() || value.text() == "\"\"" || value.is_empty_container();
    let mut bodies = BODY_MEMBERS
        .iter()
        .filter_map(|name| members.get(name))
        .peekable();
    bodies.peek()?;
    if !bodies.all(is_empty) || !was_sent_with_body(members) {
        return None;
    }
    Some(LostBody {
        problem: "saved request with an empty body",
        help: "make the tool keep the raw body, and check that requests have Content-Type: application/json",
    })
}

/// True if the request was sent with a body.
fn was_sent_with_body(members: &Object) -> bool {
    let Some(headers) = members.get("headers") else {
        return false;
    };
    let length = find_header(headers, "content-length");
    let method = members.get("method").and_then(Json::as_str);
    match (length.as_deref(), method.as_deref()) {
        (Some(length), _) => length != "0",
        (None, Some("GET" | "HEAD" | "OPTIONS" | "DELETE")) => false,
        (None, Some(_)) => true,
        (None, None) => find_header(headers, "content-type").is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_bodies_differ_from_requests_without_a_body() {
        for (envelope, is_lost) in [
            (
                r#"{"headers":{"content-length":"1523"},"params":{},"query":{},"body":{}}"#,
                true,
            ),
            (
                r#"{"headers":{"host":"x"},"params":{},"query":{},"body":{}}"#,
                false,
            ),
            (
                r#"{"method":"POST","headers":{"Host":["x"]},"content":""}"#,
                true,
            ),
            (
                r#"{"method":"GET","headers":{"Host":["x"]},"content":""}"#,
                false,
            ),
            (
                r#"{"method":"POST","headers":[{"name":"Content-Length","value":"0"}],"body":null}"#,
                false,
            ),
            (
                r#"{"method":"POST","headers":{},"body":{"event":"x"}}"#,
                false,
            ),
            (r#"{"__CURSOR":"x","MESSAGE":null}"#, true),
            (r#"{"body":"[object Object]"}"#, true),
            (r#"{"body":""}"#, false),
        ] {
            let members: Object = serde_json::from_str(envelope).expect("well-formed");
            assert_eq!(find_lost_body(&members).is_some(), is_lost, "{envelope}");
        }
    }
}
