//! Bodies whose objects are flat, as `export --format jsonl --flat` and programs for tables write
//! them: `{"lead.id":13}` in place of `{"lead":{"id":13}}`. The names are those of columns.

use std::collections::HashSet;

use super::nested_text::{NestedText, NestedTextBuilder};
use crate::call::contract_object::ContractObject;
use crate::capture::location::position::offset_in;
use crate::capture::split::table::members::{MembersBuilder, TableMember, paths};
use crate::contract::{FIELDS, FieldType};
use crate::json::{Json, Kind, Member};

/// The body with objects in place of the names with their path. `None` if it has no such names, or
/// an object beside members of it.
pub(super) fn nest(object: &ContractObject) -> Option<NestedText> {
    let mut is_flat = false;
    for member in &object.members {
        let name = member.name();
        let (start, _) = name.split_once('.').unwrap_or_default();
        if is_object_field(start) {
            if object.members.get(start).is_some() {
                return None;
            }
            is_flat = true;
        }
    }
    if !is_flat {
        return None;
    }
    let body = object.value.text();
    let names: Vec<String> = object
        .members
        .iter()
        .map(|member| member.name().into_owned())
        .collect();
    let unique: HashSet<&String> = names.iter().collect();
    if unique.len() < names.len() {
        return None;
    }
    let mut builder = MembersBuilder::default();
    for (index, path) in paths(&names).iter().enumerate() {
        builder.add(path, index);
    }
    let mut writer = Writer {
        body,
        values: object.members.iter().map(Member::value).collect(),
        text: NestedTextBuilder::with_capacity(body.len()),
    };
    writer.write_members(&builder.finish(), 0)?;
    Some(writer.text.finish(body.len()))
}

/// True if a body has an object with this name.
fn is_object_field(name: &str) -> bool {
    let mut fields = FIELDS.iter();
    !name.is_empty()
        && fields.any(|field| field.kind == FieldType::Object && field.pointer[1..] == *name)
}

struct Writer<'a> {
    body: &'a str,
    /// The values of the members of the flat body.
    values: Vec<Json<'a>>,
    text: NestedTextBuilder,
}

impl Writer<'_> {
    /// Writes an object. `None` if a member has a value and members.
    fn write_members(&mut self, members: &[TableMember], mut at: usize) -> Option<()> {
        let mut separator = "{";
        for member in members {
            at = self.offset_of(member).unwrap_or(at);
            let name = serde_json::to_string(&member.name).unwrap_or_default();
            self.text.add_generated(at, separator.as_bytes());
            self.text.add_generated(at, name.as_bytes());
            self.text.add_generated(at, b":");
            separator = ",";
            match member.column {
                Some(_) if !member.members.is_empty() => return None,
                Some(column) => {
                    let value = self.values[column.index].text();
                    self.text.add(at, value.as_bytes());
                    at += value.len();
                }
                // An absent object has null in place of all its values.
                None if member.members.iter().all(|inner| self.is_null(inner)) => {
                    self.text.add_generated(at, b"null");
                }
                None => self.write_members(&member.members, at)?,
            }
        }
        self.text.add_generated(at, b"}");
        Some(())
    }

    /// Offset in the flat body of the first value of `member`.
    fn offset_of(&self, member: &TableMember) -> Option<usize> {
        match member.column {
            Some(column) => {
                let value = self.values[column.index].text();
                Some(offset_in(self.body.as_bytes(), value.as_bytes()))
            }
            None => self.offset_of(member.members.first()?),
        }
    }

    fn is_null(&self, member: &TableMember) -> bool {
        match member.column {
            Some(column) => self.values[column.index].kind() == Kind::Null,
            None => member.members.iter().all(|inner| self.is_null(inner)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(body: &str) -> Option<String> {
        let body = Json::from_well_formed(body);
        let text = nest(&ContractObject::read("", body, body.members()?))?;
        Some(String::from_utf8(text.bytes).expect("UTF-8"))
    }

    #[test]
    fn names_are_paths() {
        let flat = r#"{"id": 1, "customer_phone": "+49", "lead.id": 13, "lead.variables.a.b": "x",
            "campaign.id": null, "campaign.name": null, "extracted_variables.x": null,
            "extracted_variables.y": [1, 2], "a.b": 1}"#;
        assert_eq!(
            nested(flat).as_deref(),
            Some(
                r#"{"id":1,"customer_phone":"+49","lead":{"id":13,"variables":{"a.b":"x"}},"campaign":null,"extracted_variables":{"x":null,"y":[1, 2]},"a.b":1}"#
            )
        );
    }

    #[test]
    fn other_bodies_are_left_alone() {
        for body in [
            r#"{"id":1,"lead":{"id":1},"lead.id":1}"#,
            r#"{"id":1,"a.b":1}"#,
            r#"{"id":1,"lead.id":1,"lead.id":2}"#,
        ] {
            assert_eq!(nested(body), None, "{body}");
        }
    }
}
