//! Envelopes whose body was lost on the way: what says so, and what to do about it.

use crate::json::{Json, Kind, Member, Object};

/// How a body was lost.
pub(super) struct Lost {
    /// What is there, in words.
    pub what: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// Where capturing tools keep the body of a request.
const BODIES: &[&str] = &[
    "body", "rawBody", "raw_body", "content", "payload", "text", "data",
];

/// How the body was lost of which an object with these members is the envelope; none if it seems to have had none.
pub(super) fn body(members: &Object) -> Option<Lost> {
    if members
        .iter()
        .map(Member::name)
        .any(|name| name.len() > 40 && name.starts_with('{') && name.contains("customer_phone"))
    {
        return Some(Lost {
            what: "a body that was read as a form, so that its text became a member's name",
            help: "let the receiver read it as JSON, or keep the request's raw text",
        });
    }
    if members.get("MESSAGE").is_some_and(Json::is_null)
        && (members.get("__CURSOR").is_some() || members.get("__REALTIME_TIMESTAMP").is_some())
    {
        return Some(Lost {
            what: "a journal entry whose message journalctl left out, for it is long",
            help: "export it again with `journalctl --all --output json`",
        });
    }
    let is_empty =
        |value: Json| value.is_null() || value.text() == "\"\"" || value.is_empty_container();
    let mut bodies = BODIES
        .iter()
        .filter_map(|name| members.get(name))
        .peekable();
    bodies.peek()?;
    if !bodies.all(is_empty) || !had_body(members) {
        return None;
    }
    Some(Lost {
        what: "a saved request whose body is empty",
        help: "the tool that saved it did not keep it: turn on its raw body, or send Content-Type: application/json",
    })
}

/// Whether the request had a body when it was sent.
fn had_body(members: &Object) -> bool {
    let Some(headers) = members.get("headers") else {
        return false;
    };
    let length = header(headers, "content-length");
    let method = members.get("method").and_then(Json::as_str);
    match (length.as_deref(), method.as_deref()) {
        (Some(length), _) => length != "0",
        (None, Some("GET" | "HEAD" | "OPTIONS" | "DELETE")) => false,
        (None, Some(_)) => true,
        (None, None) => header(headers, "content-type").is_some(),
    }
}

/// The value of a header: of `{"name": "value"}`, of `{"name": ["value"]}`, or of `[{"name": …, "value": …}]`.
fn header(headers: Json, name: &str) -> Option<String> {
    let text = |value: Json| match value.kind() {
        Kind::Array => value.elements()?.first()?.as_str().map(String::from),
        Kind::Number => Some(value.text().to_owned()),
        _ => value.as_str().map(String::from),
    };
    if let Some(elements) = headers.elements() {
        return elements.into_iter().find_map(|element| {
            let members = element.members()?;
            let is_it = members.get("name")?.as_str()?.eq_ignore_ascii_case(name);
            is_it.then(|| text(members.get("value")?)).flatten()
        });
    }
    let members = headers.members()?;
    let mut all = members.iter();
    let header = all.find(|member| member.name().eq_ignore_ascii_case(name))?;
    text(header.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_bodies_are_told_from_requests_without_one() {
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
            (r#"{"body":""}"#, false),
        ] {
            let members: Object = serde_json::from_str(envelope).expect("well-formed");
            assert_eq!(body(&members).is_some(), is_lost, "{envelope}");
        }
    }
}
