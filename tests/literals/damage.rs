//! Random changes of a text.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One change of a text.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Replace(Index, char),
    Insert(Index, char),
    Remove(Index),
    Truncate(Index),
    Behead(Index),
}

/// A random change, with characters that have a meaning in some form.
pub(crate) fn change() -> impl Strategy<Value = Change> {
    let character = || select(r#"\'"nrtux0cq{}[],: ab8%+&=2"#.chars().collect::<Vec<_>>());
    prop_oneof![
        6 => (any::<Index>(), character()).prop_map(|(at, new)| Change::Replace(at, new)),
        2 => (any::<Index>(), character()).prop_map(|(at, new)| Change::Insert(at, new)),
        2 => any::<Index>().prop_map(Change::Remove),
        1 => any::<Index>().prop_map(Change::Truncate),
        1 => any::<Index>().prop_map(Change::Behead),
    ]
}

/// The changed text.
pub(crate) fn apply(change: &Change, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let length = characters.len();
    match change {
        Change::Replace(at, new) => characters[at.index(length)] = *new,
        Change::Insert(at, new) => characters.insert(at.index(length), *new),
        Change::Remove(at) => drop(characters.remove(at.index(length))),
        Change::Truncate(at) => characters.truncate(at.index(length)),
        Change::Behead(at) => drop(characters.drain(..at.index(length))),
    }
    characters.into_iter().collect()
}
