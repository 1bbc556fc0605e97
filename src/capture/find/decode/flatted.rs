//! Arrays of npm's `flatted`, see [`flatted`](crate::capture::split::flatted): the value is written
//! as plain JSON.
//!
//! References may repeat an element any number of times, or form cycles. Only in bodies are all of
//! them resolved. Outside of bodies, each object and array is written where it occurs first, so
//! that the text stays small.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use super::rewriter::JsonRewriter;
use crate::call::contract_object::ContractObject;
use crate::capture::find::envelope::is_body;
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::flatted::{flatted_elements, reference};
use crate::contract::{FIELDS, FieldType};
use crate::json::{Json, Kind, Member, Object};

pub(super) const DECODER: Decoder = Decoder {
    name: "flatted",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

/// Values nested deeper are not read.
const MAX_DEPTH: usize = 64;

/// Limit on the size of the text, as a multiple of the array's, and beyond that.
const MAX_GROWTH: usize = 32;
const MAX_SMALL_TEXT: usize = 1024 * 1024;

/// Strings up to this length are written wherever they occur.
const MAX_REPEATED_TEXT: usize = 64;

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    match context.kind {
        PieceKind::Array if bytes.starts_with(b"[") => {
            let array = std::str::from_utf8(bytes)
                .ok()
                .map(Json::from_well_formed)?;
            Some(Detection::Text(resolve(array, flatted_elements(array)?)))
        }
        PieceKind::Body(body) => is_fragment(body).then(|| {
            Detection::Text(NestedText {
                damage: Some(
                    "references to other text instead of values, as in `flatted` data".to_owned(),
                ),
                ..NestedTextBuilder::with_capacity(0).finish(bytes.len())
            })
        }),
        _ => None,
    }
}

/// True if the values of a body are indices: the array around it is damaged, or in another format
/// with references, such as `devalue`.
fn is_fragment(body: &ContractObject) -> bool {
    /// Number of documented texts and objects that are numbers in a body of indices. A plain body
    /// may have one or two wrong values.
    const MIN_INDICES: usize = 3;
    let is_index = |value: Json| match value.kind() {
        Kind::String => reference(value).is_some(),
        Kind::Number => value.as_u64().is_some(),
        _ => false,
    };
    let (mut has_object_reference, mut has_object_index, mut wrong_numbers) = (false, false, 0);
    for (index, value) in body.by_field() {
        let field = FIELDS[index].kind;
        if field == FieldType::Object {
            has_object_reference |= reference(*value).is_some();
            has_object_index |= is_index(*value);
        }
        let is_wrong = field != FieldType::Integer && is_index(*value);
        wrong_numbers += usize::from(is_wrong && value.kind() == Kind::Number);
    }
    let has_numbers = has_object_index && wrong_numbers >= MIN_INDICES;
    let values = || body.members.iter().map(Member::value);
    let strings = || values().filter(|value| value.kind() == Kind::String);
    let indices = strings().filter(|value| is_index(*value)).count();
    // One of the values may be damaged.
    let has_references = has_object_reference || indices + 1 >= strings().count();
    let is_index_or_plain =
        |value: Json| is_index(value) || matches!(value.kind(), Kind::Null | Kind::Boolean);
    indices > 1 && has_references || has_numbers && values().all(is_index_or_plain)
}

/// Writes the value of a flatted array with these elements.
fn resolve(array: Json, elements: Vec<Json>) -> NestedText {
    let length = array.text().len();
    let mut resolver = Resolver {
        json: JsonRewriter::new(array.text()),
        is_written: vec![false; elements.len()],
        is_open: vec![false; elements.len()],
        elements,
        remaining: MAX_SMALL_TEXT + MAX_GROWTH * length,
    };
    let result = resolver.write_element(0, 0, false);
    NestedText {
        damage: result
            .err()
            .map(|reason| format!("`flatted` data {reason}")),
        ..resolver.json.finish()
    }
}

struct Resolver<'a> {
    json: JsonRewriter<'a>,
    elements: Vec<Json<'a>>,
    /// True for each object and array that was written, and each long string.
    is_written: Vec<bool>,
    /// True for each element that contains the current one.
    is_open: Vec<bool>,
    /// Number of bytes that may still be written.
    remaining: usize,
}

impl<'a> Resolver<'a> {
    /// Writes a part of the array.
    fn copy(&mut self, part: &str) -> Result<(), &'static str> {
        self.remaining = self
            .remaining
            .checked_sub(part.len())
            .ok_or("that repeats its parts too often")?;
        self.json.copy(part);
        Ok(())
    }

    /// True if the value is a reference that is not resolved.
    fn is_repeated(&self, value: Json, is_in_body: bool) -> bool {
        let index = reference(value).filter(|_| !is_in_body);
        index.is_some_and(|index| self.is_written[index])
    }

    fn write_element(
        &mut self,
        index: usize,
        depth: usize,
        is_in_body: bool,
    ) -> Result<(), &'static str> {
        let element = self.elements[index];
        if element.kind() == Kind::String {
            self.is_written[index] |= element.text().len() > MAX_REPEATED_TEXT;
            return self.copy(element.text());
        }
        if depth > MAX_DEPTH {
            return Err("that is nested too deeply");
        }
        if std::mem::replace(&mut self.is_open[index], true) {
            return Err("with a body that contains itself");
        }
        self.is_written[index] = true;
        self.copy(&element.text()[..1])?;
        match element.members() {
            Some(members) => self.write_members(element, &members, depth, is_in_body)?,
            None => {
                for (at, value) in element
                    .elements()
                    .unwrap_or_default()
                    .into_iter()
                    .enumerate()
                {
                    if at > 0 {
                        self.json.add_mark(",");
                    }
                    if self.is_repeated(value, is_in_body) {
                        self.json.add_mark("null");
                    } else {
                        self.write_value(value, depth, is_in_body)?;
                    }
                }
            }
        }
        self.is_open[index] = false;
        self.json.close(element);
        Ok(())
    }

    fn write_members(
        &mut self,
        element: Json<'a>,
        members: &Object<'a>,
        depth: usize,
        is_in_body: bool,
    ) -> Result<(), &'static str> {
        let is_in_body =
            is_in_body || is_body(&ContractObject::read("", element, members.borrowed()));
        let mut is_first = true;
        for member in members {
            let value = member.value();
            if self.is_repeated(value, is_in_body) {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                self.json.add_mark(",");
            }
            self.copy(member.name_text())?;
            self.json.add_mark(":");
            self.write_value(value, depth, is_in_body)?;
        }
        Ok(())
    }

    fn write_value(
        &mut self,
        value: Json<'a>,
        depth: usize,
        is_in_body: bool,
    ) -> Result<(), &'static str> {
        match reference(value) {
            Some(index) => self.write_element(index, depth + 1, is_in_body),
            None => self.copy(value.text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the plain text of a flatted array, and its damage.
    fn decode(array: &str) -> Option<(String, Option<String>)> {
        let context = PieceContext {
            kind: PieceKind::Array,
            pointer: "",
        };
        match detect(array.as_bytes(), &context)? {
            Detection::Text(text) => {
                Some((String::from_utf8(text.bytes).expect("UTF-8"), text.damage))
            }
            _ => None,
        }
    }

    #[test]
    fn references_are_resolved() {
        let (text, damage) =
            decode(r#"[{"a":"1","b":2,"c":"2"},"x\"y",["1",null,"3"],{}]"#).expect("flatted");
        assert_eq!(text, r#"{"a":"x\"y","b":2,"c":["x\"y",null,{}]}"#);
        assert_eq!(damage, None);
        assert_eq!(decode(r#"[{"a":"1"},{"b":"x"}]"#), None);
    }

    #[test]
    fn cycles_and_repetitions_are_bounded() {
        // Outside of bodies, an object is written once.
        let (text, damage) = decode(r#"[{"a":"1","b":"1","c":["0"]}]"#).unwrap_or_default();
        assert_eq!((text.as_str(), damage), ("", None));
        let (text, _) =
            decode(r#"[{"a":"1","b":"1"},{"c":"0","d":"2"},["1",3]]"#).expect("flatted");
        assert_eq!(text, r#"{"a":{"d":[null,3]}}"#);
        let body = r#"{"customer_phone":"1","lead":"2","campaign":"3","duration":1}"#;
        let (_, damage) = decode(&format!(r#"[{body},"+49",{{"a":"2"}},"x"]"#)).expect("flatted");
        assert!(damage.expect("a cycle").contains("contains itself"));
        // Each object has the next one ten times.
        let mut array = format!("[{},\"+49\"", body.replace("\"3\"", "\"1\""));
        for index in 3..40 {
            let references = vec![format!("\"{index}\""); 10].join(",");
            array = array + ",[" + &references + "]";
        }
        let (_, damage) = decode(&(array + ",[]]")).expect("flatted");
        assert!(damage.expect("it is too large").contains("too often"));
    }

    #[test]
    fn an_element_with_references_is_not_a_body() {
        let is_fragment = |body: &str| {
            let value = Json::from_well_formed(body);
            let members = value.members().expect("an object");
            is_fragment(&ContractObject::read("", value, members))
        };
        let names = r#""customer_phone":"1","transcript":"3","duration":1.5"#;
        assert!(is_fragment(&format!(
            r#"{{{names},"extracted_variables":"2"}}"#
        )));
        assert!(is_fragment(&format!(
            r#"{{{names},"extracted_variables":"]"}}"#
        )));
        assert!(is_fragment(&format!(
            r#"{{{names},"extractedvariables":"2"}}"#
        )));
        assert!(!is_fragment(
            r#"{"customer_phone":"101","status":"done","extracted_variables":"]"}"#
        ));
        assert!(!is_fragment(
            r#"{"customer_phone":"101","lead":5,"duration":1.5}"#
        ));
    }
}
