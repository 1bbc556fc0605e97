//! The members of an object, in the order of the text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::Hash;

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
            .filter(|member| seen.insert(&member.name, ()).is_none())
            .collect();
        kept.reverse();
        kept
    }
}

/// The names of one object, each with what was first seen with it. Objects mostly have few members: those are compared, only many are hashed.
#[derive(Debug)]
pub struct Names<N, T = ()> {
    few: Vec<(N, T)>,
    many: HashMap<N, T>,
}

impl<N, T> Default for Names<N, T> {
    fn default() -> Self {
        Self {
            few: Vec::new(),
            many: HashMap::new(),
        }
    }
}

impl<N: Eq + Hash, T: Copy> Names<N, T> {
    /// Adds `name`; what it was first added with when it is there already.
    pub fn insert(&mut self, name: N, with: T) -> Option<T> {
        const FEW: usize = 24;
        if let Some((_, first)) = self.few.iter().find(|(known, _)| *known == name) {
            return Some(*first);
        }
        if self.few.len() < FEW {
            self.few.push((name, with));
            return None;
        }
        match self.many.entry(name) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(place) => {
                place.insert(with);
                None
            }
        }
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
