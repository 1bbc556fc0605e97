//! Recognizes bodies by their members, whatever envelope they are in.

use crate::call::contract_object::ContractObject;
use crate::contract::other_payloads;
use crate::contract::recognition::{TRANSPORT_PREFIX, has_fields_of_body};

/// True if `object` is a body: it has enough of the typical members and is not one of the other
/// payloads that resemble a call.
pub(crate) fn is_body(object: &ContractObject) -> bool {
    has_fields_of_body(object.present())
        // The payloads that resemble a call all have members that are not documented for one.
        && !(object.has_undocumented && other_payloads::resembles_call(&object.members))
}

/// A copy of `object` without the members that a transport added; `None` if it has none.
pub(crate) fn without_transport<'a>(object: &ContractObject<'a>) -> Option<ContractObject<'a>> {
    let is_transport = |name: &str| name.starts_with(TRANSPORT_PREFIX);
    let mut members = object.members.iter();
    let has_transport =
        object.has_undocumented && members.any(|member| is_transport(&member.name()));
    has_transport
        .then(|| ContractObject::read("", object.value, object.members.without(is_transport)))
}
