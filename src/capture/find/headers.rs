//! The headers of a request, as envelopes save them.

use crate::json::{Json, Kind};

/// Value of a header in one of these shapes: `{"name": "value"}`, `{"name": ["value"]}`, or
/// `[{"name": …, "value": …}]`.
pub(super) fn find_header(headers: Json, name: &str) -> Option<String> {
    let text = |value: Json| match value.kind() {
        Kind::Array => value.elements()?.first()?.as_str().map(String::from),
        Kind::Number => Some(value.text().to_owned()),
        _ => value.as_str().map(String::from),
    };
    if let Some(elements) = headers.elements() {
        return elements.into_iter().find_map(|element| {
            let members = element.members()?;
            let has_name = members.get("name")?.as_str()?.eq_ignore_ascii_case(name);
            has_name.then(|| text(members.get("value")?)).flatten()
        });
    }
    let members = headers.members()?;
    let mut all = members.iter();
    let header = all.find(|member| member.name().eq_ignore_ascii_case(name))?;
    text(header.value())
}
