//! The members of an object, in the order of the text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU8;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::Json;
use super::expected::Expected;
use super::outline::{Node, Traits, outline};
use super::same::are_same;
use super::text::unescape;

/// One member of an object. Names may repeat: an object is a list here, in the order of the text.
#[derive(Clone, Copy, Debug)]
pub struct Member<'o, 'a> {
    /// The object.
    object: &'a str,
    node: &'o Node,
    /// Which of the nodes `all` follows the member's own.
    next: usize,
    /// The nodes, where they live as long as the text.
    all: &'a [Node],
}

impl<'a> Member<'_, 'a> {
    /// The name as it stood, with its quotes: where it stands is where the member begins.
    #[inline]
    #[must_use]
    pub fn name_text(self) -> &'a str {
        &self.object[self.node.name..self.node.name_end]
    }

    /// The name, unescaped.
    #[inline]
    #[must_use]
    pub fn name(self) -> Cow<'a, str> {
        if self.node.has_escaped_name {
            unescape(self.name_text())
        } else {
            Cow::Borrowed(&self.object[self.node.name + 1..self.node.name_end - 1])
        }
    }

    /// What its name is told by, if it was expected where it stands.
    #[inline]
    #[must_use]
    pub fn number(self) -> Option<NonZeroU8> {
        self.node.number
    }

    /// Whether both have the same name, as it stood.
    fn has_name_of(self, other: Self) -> bool {
        let (own, other) = (self.node, other.node);
        let text = self.object.as_bytes();
        own.name_end - own.name == other.name_end - other.name
            && are_same(
                &text[own.name..own.name_end],
                &text[other.name..other.name_end],
            )
    }

    /// The value.
    #[inline]
    #[must_use]
    pub fn value(self) -> Json<'a> {
        let below = self.node.below;
        let nodes = match below {
            0 => None,
            _ => self.all.get(self.next..self.next + below),
        };
        Json {
            text: &self.object[self.node.value..self.node.value_end],
            nodes: nodes.unwrap_or_default(),
        }
    }

    /// What is known of the value.
    #[inline]
    #[must_use]
    pub fn traits(self) -> Traits {
        self.node.traits
    }
}

/// The members of one object, in the order of the text, repeated names included.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    text: &'a str,
    nodes: Cow<'a, [Node]>,
}

impl<'a> Object<'a> {
    /// The object that `text` is; none if it is something else, or something follows.
    pub(super) fn read(text: &'a str, expected: &Expected) -> Option<Self> {
        let mut nodes = Vec::new();
        match outline(text, expected, &mut nodes) {
            Some(end) if end == text.len() => Some(Self::new(text, nodes)),
            Some(_) => None,
            None => serde_json::from_str(text)
                .ok()
                .map(|members: Members| Self::new(text, members.nodes(text))),
        }
    }

    pub(crate) fn new(text: &'a str, nodes: impl Into<Cow<'a, [Node]>>) -> Self {
        Self {
            text,
            nodes: nodes.into(),
        }
    }

    /// The same members, without a copy of where they are.
    #[must_use]
    pub fn borrowed(&self) -> Object<'_> {
        Object::new(self.text, &*self.nodes)
    }

    /// The members but those of such names.
    #[must_use]
    pub fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut nodes = Vec::new();
        let mut members = self.iter();
        let mut from = 0;
        while let Some(member) = members.next() {
            if !is_left_out(&member.name()) {
                nodes.extend_from_slice(&self.nodes[from..members.at]);
            }
            from = members.at;
        }
        Self::new(self.text, nodes)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The members.
    #[must_use]
    pub fn iter(&self) -> MemberIter<'_, 'a> {
        MemberIter {
            text: self.text,
            nodes: &self.nodes,
            all: match &self.nodes {
                Cow::Borrowed(nodes) => nodes,
                Cow::Owned(_) => &[],
            },
            at: 0,
        }
    }

    /// Those members of which the value may be, or have in it, a number of 10^15 or more.
    pub fn with_large_numbers(&self) -> impl Iterator<Item = Member<'_, 'a>> {
        self.having(|traits| traits.large_numbers)
    }

    /// Those members of which the value may be, or have in it, an object with members.
    pub fn with_objects(&self) -> impl Iterator<Item = Member<'_, 'a>> {
        self.having(|traits| traits.objects)
    }

    #[inline]
    fn having(&self, is_it: impl Fn(Traits) -> bool) -> impl Iterator<Item = Member<'_, 'a>> {
        let mut members = self.iter();
        std::iter::from_fn(move || {
            while let Some(node) = members.nodes.get(members.at) {
                if is_it(node.traits) {
                    return members.next();
                }
                members.at += 1 + node.below;
            }
            None
        })
    }

    /// The value of the last member of that name: the one that most parsers keep.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        let named = self.iter().filter(|member| member.name() == name);
        named.last().map(Member::value)
    }

    /// The members whose name does not come again later, in order: what most parsers keep.
    #[must_use]
    pub fn effective(&self) -> Vec<Member<'_, 'a>> {
        let mut kept: Vec<Member> = self.iter().collect();
        if self.repeats_names() {
            let mut seen = Names::default();
            kept.reverse();
            kept.retain(|member| seen.insert(member.name(), ()).is_none());
            kept.reverse();
        }
        kept
    }

    /// Whether a name stands twice in it.
    #[must_use]
    pub fn repeats_names(&self) -> bool {
        /// So many are sooner compared with each other than remembered.
        const FEW: usize = 24;
        if self.nodes.len() > FEW {
            return self.repeats_some_of_many();
        }
        let mut members = self.iter();
        while let Some(member) = members.next() {
            if member.node.has_escaped_name {
                return self.repeats_some_of_many();
            }
            if members.clone().any(|later| later.has_name_of(member)) {
                return true;
            }
        }
        false
    }

    /// The same of many names, or of such with escapes.
    fn repeats_some_of_many(&self) -> bool {
        let mut seen = Names::default();
        let mut all = self.iter().map(Member::name);
        all.any(|name| seen.insert(name, ()).is_some())
    }
}

impl<'o, 'a> IntoIterator for &'o Object<'a> {
    type Item = Member<'o, 'a>;
    type IntoIter = MemberIter<'o, 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The members of an object, one after another.
#[derive(Clone, Debug)]
pub struct MemberIter<'o, 'a> {
    text: &'a str,
    nodes: &'o [Node],
    /// The same nodes, where they live as long as the text: then values have their members with them.
    all: &'a [Node],
    at: usize,
}

impl<'o, 'a> Iterator for MemberIter<'o, 'a> {
    type Item = Member<'o, 'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let node = self.nodes.get(self.at)?;
        let next = self.at + 1;
        self.at = next + node.below;
        Some(Member {
            object: self.text,
            node,
            next,
            all: self.all,
        })
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

/// The members of one object as `serde_json` finds them, name and value, each as it stood.
pub(crate) struct Members<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Members<'a> {
    /// Where they stand in their object, which `text` is.
    pub(crate) fn nodes(self, text: &'a str) -> Vec<Node> {
        let offset = |part: &str| (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        let nodes = self.0.into_iter().map(|(name, value)| Node {
            name: offset(name),
            name_end: offset(name) + name.len(),
            value: offset(value),
            value_end: offset(value) + value.len(),
            below: 0,
            has_escaped_name: name.contains('\\'),
            number: None,
            traits: Traits::UNKNOWN,
        });
        nodes.collect()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Json, Json>()? {
                    members.push((name.text, value.text));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(List)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Json::deserialize(deserializer)?;
        value
            .members()
            .ok_or_else(|| serde::de::Error::custom("no object"))
    }
}
