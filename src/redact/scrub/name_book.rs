//! Words that are known to be names, and which words of a text are forms of them.

use std::collections::HashSet;

use super::fold::{fold, fold_plain, is_one_edit_apart};
use super::words::{List, is_in, is_ordinary};

/// Letters from which a name may be misspelled.
const FUZZY_LETTERS: usize = 6;
/// Letters from which a name may be the start of a compound.
const COMPOUND_LETTERS: usize = 5;
/// Longer words are not compared letter by letter.
const LONGEST_WORD: usize = 40;

/// How a word matches the known names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// A name, or a form of one.
    Name,
    /// A name that is an ordinary word: it counts in the position of a name.
    Ambiguous,
}

/// Names that are known.
#[derive(Debug, Default)]
pub(super) struct NameBook {
    names: HashSet<String>,
    ambiguous: HashSet<String>,
    /// Names with one letter removed, and the names themselves: a word that is one edit apart
    /// shares one with them.
    shortened: HashSet<String>,
    /// Starts of names, which may be nicknames.
    prefixes: HashSet<String>,
}

impl NameBook {
    /// Adds a word of a name. Particles and single letters are no names.
    pub(super) fn add(&mut self, word: &str) {
        const SHORTEST_PREFIX: usize = 3;
        // Each name has many forms, which take memory, and a body has only a few people.
        const MOST_WITH_FORMS: usize = 1000;
        let folded = fold(word);
        if folded.chars().count() < 2 || is_particle(&folded) || folded.len() > LONGEST_WORD {
            return;
        }
        let plain = fold_plain(word);
        if is_in(List::AmbiguousNames, &folded) || is_ordinary(&folded) {
            self.ambiguous.insert(plain);
            self.ambiguous.insert(folded);
            return;
        }
        if self.names.len() < MOST_WITH_FORMS {
            if folded.chars().count() >= FUZZY_LETTERS {
                self.shortened.extend(shortened(&folded));
            }
            let ends = folded.char_indices().map(|(end, _)| end);
            let starts = ends
                .skip(SHORTEST_PREFIX)
                .map(|end| folded[..end].to_owned());
            self.prefixes.extend(starts);
        }
        self.names.insert(plain);
        self.names.insert(folded);
    }

    /// True if a known name starts with the folded word.
    pub(super) fn has_prefix(&self, folded: &str) -> bool {
        self.prefixes.contains(folded)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.ambiguous.is_empty()
    }

    /// Whether a word is a form of a known name. `may_be_misspelled` allows compounds and one edit.
    pub(super) fn find(&self, word: &str, may_be_misspelled: bool) -> Option<Match> {
        if self.is_empty() || word.len() > 2 * LONGEST_WORD {
            return None;
        }
        let folded = fold(word);
        let plain = fold_plain(word);
        for spelling in [&*folded, &*plain] {
            for form in forms(spelling) {
                if self.names.contains(form) {
                    return Some(Match::Name);
                }
                if self.ambiguous.contains(form) {
                    return Some(Match::Ambiguous);
                }
            }
        }
        let is_variant = may_be_misspelled
            && !is_ordinary(&folded)
            && (self.has_compound(&folded) || self.has_misspelling(&folded));
        is_variant.then_some(Match::Name)
    }

    /// True if the word starts with a name and goes on for some letters: "Jansentermin".
    fn has_compound(&self, folded: &str) -> bool {
        const SHORTEST_REST: usize = 3;
        let letters = folded.chars().count();
        folded
            .char_indices()
            .enumerate()
            .skip(COMPOUND_LETTERS)
            .take_while(|(count, _)| count + SHORTEST_REST <= letters)
            .any(|(_, (end, _))| self.names.contains(&folded[..end]))
    }

    /// True if the word is one edit apart from a name: "Jansson".
    fn has_misspelling(&self, folded: &str) -> bool {
        folded.chars().count() + 1 >= FUZZY_LETTERS
            && shortened(folded)
                .any(|short| self.shortened.contains(&short) && self.is_near(folded, &short))
    }

    /// True if a name that shortens to `short` is one edit apart from the word.
    fn is_near(&self, folded: &str, short: &str) -> bool {
        if self.names.contains(short) {
            return true;
        }
        // The letter that the name has more than `short`.
        let letters = ('a'..='z').chain('0'..='9');
        short
            .char_indices()
            .map(|(at, _)| at)
            .chain([short.len()])
            .any(|at| {
                letters.clone().any(|letter| {
                    let name = format!("{}{letter}{}", &short[..at], &short[at..]);
                    self.names.contains(&name) && is_one_edit_apart(&name, folded)
                })
            })
    }
}

/// The word and all words that lack one of its letters.
fn shortened(word: &str) -> impl Iterator<Item = String> {
    let removed = word.char_indices().map(|(at, letter)| {
        let mut short = String::with_capacity(word.len());
        short.push_str(&word[..at]);
        short.push_str(&word[at + letter.len_utf8()..]);
        short
    });
    removed.chain([word.to_owned()])
}

/// The word without endings of the genitive and the plural.
fn forms(word: &str) -> impl Iterator<Item = &str> {
    const ENDINGS: [&str; 7] = ["s", "es", "n", "en", "ens", "sche", "schen"];
    const SHORTEST_STEM: usize = 3;
    let stems = ENDINGS
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .filter(|stem| stem.len() >= SHORTEST_STEM);
    std::iter::once(word).chain(stems)
}

/// Words between the parts of names.
pub(super) fn is_particle(folded: &str) -> bool {
    is_in(List::NameParticles, folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_names_are_found() {
        let mut book = NameBook::default();
        for name in ["Jürgensen", "Koch", "Groß", "Nguyễn"] {
            book.add(name);
        }
        for (word, expected) in [
            ("Jürgensen", Some(Match::Name)),
            ("JUERGENSENS", Some(Match::Name)),
            ("Jurgensen", Some(Match::Name)),
            ("Jürgenssen", Some(Match::Name)),
            ("Jürgenson", Some(Match::Name)),
            ("Jürgensentermin", Some(Match::Name)),
            ("nguyen", Some(Match::Name)),
            ("Koch", Some(Match::Ambiguous)),
            ("Kochs", Some(Match::Ambiguous)),
            ("Kochbuch", None),
            ("Petersen", None),
            ("", None),
        ] {
            assert_eq!(book.find(word, true), expected, "{word}");
        }
        assert_eq!(book.find("Jürgenson", false), None);
    }
}
