//! `--at`: what stands at a place is a body, whatever it has; nothing is searched.

use super::super::document::Document;
use super::super::doubts::Calls;
use super::super::envelope::{Step, describe};
use super::super::inner::of_json_string;
use super::super::place::Locator;
use super::super::prose::{Piece, Pieces};
use super::Finder;
use super::trail::{Found, Trail};
use crate::call::documented::Documented;
use crate::json::{Json, Kind};
use crate::pointer;

impl Finder<'_> {
    /// Takes what stands at `steps` of a top-level value for bodies.
    pub(super) fn at(
        &mut self,
        steps: &[Step],
        document: &Document,
        pointer: String,
        locator: &Locator,
    ) {
        let steps = match (document.element, steps) {
            // The elements of a top-level array come one by one.
            (Some(index), [first, rest @ ..]) => {
                let is_it = match first {
                    Step::Every => true,
                    Step::Name(name) => *name == index.to_string(),
                };
                if !is_it {
                    return;
                }
                rest
            }
            (_, steps) => steps,
        };
        let found = self.step(steps, document.value, pointer.clone(), locator);
        if found.is_nothing() {
            let description = "nothing at the place that --at names".to_owned();
            self.no_call(document.value, pointer, description, locator);
        }
    }

    pub(super) fn step(
        &mut self,
        steps: &[Step],
        value: Json,
        pointer: String,
        locator: &Locator,
    ) -> Found {
        let Some((step, rest)) = steps.split_first() else {
            return self.taken(value, pointer, locator);
        };
        let mut found = Found::default();
        match value.kind() {
            Kind::Object => {
                let members = value.members().unwrap_or_default();
                for member in members.effective() {
                    if *step == Step::Every || *step == Step::Name(member.name().into_owned()) {
                        let pointer = pointer::child(&pointer, &member.name());
                        found.add(self.step(rest, member.value(), pointer, locator));
                    }
                }
            }
            Kind::Array => {
                for (index, element) in value.elements().unwrap_or_default().into_iter().enumerate()
                {
                    let index = index.to_string();
                    if *step == Step::Every || *step == Step::Name(index.clone()) {
                        let pointer = pointer::child(&pointer, &index);
                        found.add(self.step(rest, element, pointer, locator));
                    }
                }
            }
            Kind::String => {
                let text = &value.text()[1..value.text().len() - 1];
                let inner = of_json_string(text, locator.offset_of(text));
                let inside = locator.inside(&inner);
                for piece in Pieces::new(&inner.bytes, true, self.limit) {
                    if let Piece::Value(range) = piece
                        && let Ok(text) = std::str::from_utf8(&inner.bytes[range])
                    {
                        let value = Json::from_well_formed(text);
                        found.add(self.step(steps, value, pointer.clone(), &inside));
                    }
                }
            }
            _ => {}
        }
        found
    }

    /// Takes `value` for a body, whatever it has.
    fn taken(&mut self, value: Json, pointer: String, locator: &Locator) -> Found {
        match value.kind() {
            Kind::Object => {
                let members = value.members().unwrap_or_default();
                let object = Documented::read("", value, members);
                self.call(&object, pointer, locator, Calls::Wrapped);
                Found::other()
            }
            Kind::String => {
                let found = self.string(value, &pointer, locator, &Trail::TOP);
                if found.is_nothing() {
                    self.no_call(value, pointer, "a string".to_owned(), locator);
                }
                Found::other()
            }
            _ => {
                self.no_call(value, pointer, describe(value, None), locator);
                Found::other()
            }
        }
    }
}
