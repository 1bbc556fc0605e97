//! The members of an object, in the order of the text.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use std::num::NonZeroU8;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::Json;
use super::fast::bytes_equal::bytes_equal;
use super::fast::name_hints::NameHints;
use super::fast::outline::{Node, outline};
use super::fast::value_traits::ValueTraits;
use super::scalar::unescape;

/// One member of an object. Names may repeat: an object is a list of members in text order.
#[derive(Clone, Copy, Debug)]
pub struct Member<'o, 'a> {
    /// Text of the object that the member belongs to.
    object: &'a str,
    node: &'o Node,
    /// Index in `shared_nodes` of the node that follows `node`.
    next_node: usize,
    /// All nodes of the object if they are borrowed for as long as the text; otherwise empty.
    shared_nodes: &'a [Node],
}

impl<'a> Member<'_, 'a> {
    /// The name verbatim, with its quotes. Its address is the start of the member in the text.
    #[inline]
    #[must_use]
    pub(crate) fn name_text(self) -> &'a str {
        &self.object[self.node.name_start..self.node.name_end]
    }

    /// Byte ranges of the name, with its quotes, and of the value, in the text of the object.
    #[inline]
    #[must_use]
    pub(crate) fn ranges(self) -> [Range<usize>; 2] {
        let node = self.node;
        [
            node.name_start..node.name_end,
            node.value_start..node.value_end,
        ]
    }

    /// The name, unescaped.
    #[inline]
    #[must_use]
    pub fn name(self) -> Cow<'a, str> {
        if self.node.has_escaped_name {
            unescape(self.name_text())
        } else {
            Cow::Borrowed(&self.object[self.node.name_start + 1..self.node.name_end - 1])
        }
    }

    /// The number of the [`NameHint`](super::NameHint) that the name matched, if any.
    #[inline]
    #[must_use]
    pub(crate) fn number(self) -> Option<NonZeroU8> {
        self.node.number
    }

    /// The name verbatim, without its quotes.
    fn escaped_name(self) -> &'a [u8] {
        &self.object.as_bytes()[self.node.name_start + 1..self.node.name_end - 1]
    }

    /// True if this is the name, unescaped.
    fn has_name(self, name: &str) -> bool {
        if self.node.has_escaped_name {
            self.name() == name
        } else {
            bytes_equal(self.escaped_name(), name.as_bytes())
        }
    }

    /// Compares the names verbatim: different escapes of one name are not equal.
    fn has_equal_name_text(self, other: Self) -> bool {
        let (left, right) = (self.node, other.node);
        let text = self.object.as_bytes();
        left.name_end - left.name_start == right.name_end - right.name_start
            && bytes_equal(
                &text[left.name_start..left.name_end],
                &text[right.name_start..right.name_end],
            )
    }

    /// The value.
    #[inline]
    #[must_use]
    pub fn value(self) -> Json<'a> {
        let descendants = self.node.descendants;
        let nodes = match descendants {
            0 => None,
            _ => self
                .shared_nodes
                .get(self.next_node..self.next_node + descendants),
        };
        Json {
            text: &self.object[self.node.value_start..self.node.value_end],
            nodes: nodes.unwrap_or_default(),
        }
    }

    /// The traits that the scanner recorded for the value.
    #[inline]
    #[must_use]
    pub(crate) fn traits(self) -> ValueTraits {
        self.node.traits
    }
}

/// The members of one object, in the order of the text, repeated names included.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    text: &'a str,
    nodes: Cow<'a, [Node]>,
    /// A bit for each name, see [`name_bit`]; 0 until the first lookup.
    names: Cell<u64>,
}

/// The bit that stands for a name in the set of an object's names. Different names may have the
/// same bit. Envelopes are asked for many names that they do not have: without the set, `list` of
/// n8n's arrays takes a sixth longer.
fn name_bit(name: &[u8]) -> u64 {
    let first = name.first().copied().map_or(0, usize::from);
    1 << ((first + 4 * name.len()) % 63)
}

/// The bit that is always set, so that a set of names is not 0.
const ANY_NAME: u64 = 1 << 63;

impl<'a> Object<'a> {
    /// Parses `text` as one object. Returns `None` if it is another value or has trailing text.
    pub(crate) fn parse(text: &'a str, hints: &NameHints) -> Option<Self> {
        let mut nodes = Vec::new();
        match outline(text.as_bytes(), hints, &mut nodes) {
            Some(end) if end == text.len() => Some(Self::new(text, nodes)),
            Some(_) => None,
            None => serde_json::from_str(text)
                .ok()
                .map(|members: RawMembers| Self::new(text, members.into_nodes(text))),
        }
    }

    /// Scans the object at the start of `text` and returns its length too. Returns `None` if the
    /// scanner rejects it. Unlike [`Object::parse`], this has no help from `serde_json`, so that
    /// tests can compare the two.
    #[must_use]
    pub fn scan(text: &'a str) -> Option<(Self, usize)> {
        let mut nodes = Vec::new();
        let length = outline(text.as_bytes(), NameHints::EMPTY, &mut nodes)?;
        Some((Self::new(&text[..length], nodes), length))
    }

    pub(crate) fn new(text: &'a str, nodes: impl Into<Cow<'a, [Node]>>) -> Self {
        Self {
            text,
            nodes: nodes.into(),
            names: Cell::new(0),
        }
    }

    /// A view of this object that borrows its nodes instead of copying them.
    #[must_use]
    pub fn borrowed(&self) -> Object<'_> {
        Object::new(self.text, &*self.nodes)
    }

    /// A copy without the members for whose names `is_excluded` returns true.
    #[must_use]
    pub(crate) fn without(&self, is_excluded: impl Fn(&str) -> bool) -> Self {
        let mut nodes = Vec::new();
        let mut members = self.iter();
        let mut from = 0;
        while let Some(member) = members.next() {
            if !is_excluded(&member.name()) {
                nodes.extend_from_slice(&self.nodes[from..members.at]);
            }
            from = members.at;
        }
        Self::new(self.text, nodes)
    }

    /// Number of members, repeated names included. Counts them on every call.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.iter().count()
    }

    /// True if the object has no members.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Iterates over the members in text order.
    #[must_use]
    pub fn iter(&self) -> MemberIter<'_, 'a> {
        MemberIter {
            text: self.text,
            nodes: &self.nodes,
            shared_nodes: match &self.nodes {
                Cow::Borrowed(nodes) => nodes,
                Cow::Owned(_) => &[],
            },
            at: 0,
        }
    }

    /// The members whose value may be or contain a number of 10^15 or more.
    pub(crate) fn with_large_numbers(&self) -> impl Iterator<Item = Member<'_, 'a>> {
        self.filter_by_traits(ValueTraits::may_have_large_numbers)
    }

    /// The members whose value may be or contain a non-empty object.
    pub(crate) fn with_objects(&self) -> impl Iterator<Item = Member<'_, 'a>> {
        self.filter_by_traits(ValueTraits::may_have_objects)
    }

    #[inline]
    fn filter_by_traits(
        &self,
        predicate: impl Fn(ValueTraits) -> bool,
    ) -> impl Iterator<Item = Member<'_, 'a>> {
        let mut members = self.iter();
        std::iter::from_fn(move || {
            while let Some(node) = members.nodes.get(members.at) {
                if predicate(node.traits) {
                    return members.next();
                }
                members.at += 1 + node.descendants;
            }
            None
        })
    }

    /// The value of the last member named `name`: most parsers keep the last of several members
    /// with one name.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<Json<'a>> {
        if self.names() & name_bit(name.as_bytes()) == 0 {
            return None;
        }
        let named = self.iter().filter(|member| member.has_name(name));
        named.last().map(Member::value)
    }

    /// The bits of all names.
    fn names(&self) -> u64 {
        if self.names.get() == 0 {
            let bits = self.iter().map(|member| {
                if member.node.has_escaped_name {
                    u64::MAX
                } else {
                    name_bit(member.escaped_name())
                }
            });
            self.names
                .set(bits.fold(ANY_NAME, |names, bit| names | bit));
        }
        self.names.get()
    }

    /// The last member of each name, in text order: of repeated names most parsers keep the last.
    #[must_use]
    pub(crate) fn effective(&self) -> Vec<Member<'_, 'a>> {
        let mut kept: Vec<Member> = self.iter().collect();
        if self.has_duplicate_names() {
            let mut seen = HashSet::new();
            kept.reverse();
            kept.retain(|member| seen.insert(member.name()));
            kept.reverse();
        }
        kept
    }

    /// True if a name occurs more than once.
    #[must_use]
    pub(crate) fn has_duplicate_names(&self) -> bool {
        if self.nodes.len() > FEW_NAMES {
            return self.has_duplicate_names_by_hash();
        }
        let mut members = self.iter();
        while let Some(member) = members.next() {
            if member.node.has_escaped_name {
                return self.has_duplicate_names_by_hash();
            }
            if members
                .clone()
                .any(|later| later.has_equal_name_text(member))
            {
                return true;
            }
        }
        false
    }

    /// Implements [`Self::has_duplicate_names`] for many names and for names with escapes.
    fn has_duplicate_names_by_hash(&self) -> bool {
        let mut seen = HashSet::new();
        let mut names = self.iter().map(Member::name);
        names.any(|name| !seen.insert(name))
    }
}

impl<'o, 'a> IntoIterator for &'o Object<'a> {
    type Item = Member<'o, 'a>;
    type IntoIter = MemberIter<'o, 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Iterator over the members of an object, in text order.
#[derive(Clone, Debug)]
pub struct MemberIter<'o, 'a> {
    text: &'a str,
    nodes: &'o [Node],
    /// All nodes of the object, if they live as long as the text; else empty. Only these can be
    /// handed on to the values, which then need no second scan.
    shared_nodes: &'a [Node],
    at: usize,
}

impl<'o, 'a> Iterator for MemberIter<'o, 'a> {
    type Item = Member<'o, 'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let node = self.nodes.get(self.at)?;
        let next = self.at + 1;
        self.at = next + node.descendants;
        Some(Member {
            object: self.text,
            node,
            next_node: next,
            shared_nodes: self.shared_nodes,
        })
    }
}

/// Up to this number of names, comparing each with each is faster than hashing: `validate` executes
/// 7 % fewer instructions.
const FEW_NAMES: usize = 24;

/// The members of one object as `serde_json` splits them: pairs of name and value, both verbatim.
pub(crate) struct RawMembers<'a>(Vec<(&'a str, &'a str)>);

impl<'a> RawMembers<'a> {
    /// Converts the pairs to nodes. `text` must be the object that they were read from, because
    /// offsets are computed from addresses.
    pub(crate) fn into_nodes(self, text: &'a str) -> Vec<Node> {
        let offset = |part: &str| (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        let nodes = self.0.into_iter().map(|(name, value)| Node {
            name_start: offset(name),
            name_end: offset(name) + name.len(),
            value_start: offset(value),
            value_end: offset(value) + value.len(),
            descendants: 0,
            has_escaped_name: name.contains('\\'),
            number: None,
            traits: ValueTraits::UNKNOWN,
        });
        nodes.collect()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawMembers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = RawMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Json, Json>()? {
                    members.push((name.text, value.text));
                }
                Ok(RawMembers(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
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
