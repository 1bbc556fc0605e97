//! The members of an object, in the order of the text.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::Json;
use super::text::unescape;

/// One member of an object. Names may repeat: an object is a list here, in the order of the text.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The name, unescaped.
    pub name: Cow<'a, str>,
    /// The name as it stood, with its quotes: where it stands is where the member begins.
    pub name_text: &'a str,
    /// The value.
    pub value: Json<'a>,
}

/// The members of one object, in the order of the text, repeated names included.
#[derive(Clone, Debug, Default)]
pub struct Object<'a>(pub Vec<Member<'a>>);

impl<'a> Object<'a> {
    /// The value of the last member of that name: the one that most parsers keep.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        self.0
            .iter()
            .rev()
            .find(|member| member.name == name)
            .map(|member| member.value)
    }

    /// The members whose name does not come again later, in order: what most parsers keep.
    #[must_use]
    pub fn effective(&self) -> Vec<&Member<'a>> {
        let mut seen = Names::default();
        let mut kept: Vec<_> = self
            .0
            .iter()
            .rev()
            .filter(|member| seen.insert(&member.name))
            .collect();
        kept.reverse();
        kept
    }
}

/// A set of names. Objects mostly have few members: those are compared, only many are hashed.
#[derive(Debug, Default)]
pub struct Names<'n> {
    few: Vec<&'n str>,
    many: HashSet<&'n str>,
}

impl<'n> Names<'n> {
    /// Adds `name`; false when it was there already.
    pub fn insert(&mut self, name: &'n str) -> bool {
        const FEW: usize = 24;
        if self.few.len() < FEW {
            let is_new = !self.few.contains(&name);
            if is_new {
                self.few.push(name);
            }
            return is_new;
        }
        !self.few.contains(&name) && self.many.insert(name)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::with_capacity(16);
                while let Some((name, value)) = map.next_entry::<Json, Json>()? {
                    members.push(Member {
                        name: unescape(name.0),
                        name_text: name.0,
                        value,
                    });
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
