//! Kinds of words, whatever is around them.

use super::words::{List, has_ending, is_in, is_ordinary};

/// True for the name of a month.
pub(super) fn is_month(word: &str) -> bool {
    is_in(List::Months, word)
}

/// True for words for signs: "Bindestrich", "slash".
pub(super) fn is_spoken_sign(word: &str) -> bool {
    is_in(List::SpokenSigns, word)
}

/// True for words between the parts of a number: "ähm", "then".
pub(super) fn is_filler(word: &str) -> bool {
    is_in(List::Fillers, word)
}

/// True for words before a name: "Frau", "Mr", "Nachname".
pub(super) fn is_title(word: &str) -> bool {
    is_in(List::Titles, word)
}

/// True for words of the names of businesses and streets.
pub(super) fn is_business_word(word: &str) -> bool {
    is_street_type(word) || is_in(List::BusinessWords, word)
}

/// True for words that name a kind of street or building.
pub(super) fn is_street_type(folded: &str) -> bool {
    is_in(List::GermanStreetTypes, folded) || is_in(List::EnglishStreetTypes, folded)
}

/// True for a unit and other words behind an amount or a time.
pub(super) fn is_unit(word: &str) -> bool {
    is_in(List::Units, word)
}

/// True for words with the ending of a German noun that is no name.
pub(super) fn is_german_noun(folded: &str) -> bool {
    has_ending(List::NounEndings, folded, 0)
}

/// True for a word that hardly names someone: one of a list, a form of one, a compound that ends
/// with one, and words with the ending of a German noun.
pub(super) fn is_known_word(folded: &str) -> bool {
    // Longer than any word of a list, and slow to take apart.
    const LONGEST_WORD: usize = 60;
    if folded.len() > LONGEST_WORD {
        return false;
    }
    is_listed(folded)
        || is_unit(folded)
        || has_ending(List::NounEndings, folded, 0)
        || has_listed_stem(folded, is_listed)
        || is_compound(folded)
}

fn is_listed(folded: &str) -> bool {
    let lists = [List::Known, List::Titles, List::Relations];
    is_ordinary(folded) || lists.iter().any(|list| is_in(*list, folded))
}

/// True for a form of a listed word, by its ending.
fn has_listed_stem(folded: &str, is_listed: fn(&str) -> bool) -> bool {
    const ENDINGS: &[&str] = &["s", "n", "en", "es", "e", "er", "ern", "em", "nen"];
    const SHORTEST_STEM: usize = 4;
    let stems = ENDINGS
        .iter()
        .filter_map(|ending| folded.strip_suffix(ending));
    let mut stems = stems.filter(|stem| stem.len() >= SHORTEST_STEM);
    stems.any(is_listed)
}

/// True for a German compound whose last part is a listed word that ends no family names:
/// "Röstkaffee", but not "Hoffmann".
fn is_compound(folded: &str) -> bool {
    const SHORTEST_START: usize = 3;
    const SHORTEST_END: usize = 4;
    let is_german = |word: &str| is_in(List::German, word);
    let ends = folded.char_indices().map(|(at, _)| (at, &folded[at..]));
    let mut ends = ends.filter(|(at, end)| *at >= SHORTEST_START && end.len() >= SHORTEST_END);
    ends.any(|(_, end)| {
        (is_german(end) || has_listed_stem(end, is_german))
            && !has_ending(List::NameEndings, end, 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_compounds_are_known() {
        for word in [
            "termins",
            "arzttermin",
            "kundentelefon",
            "muenchner",
            "thursdays",
        ] {
            assert!(is_known_word(word), "{word}");
        }
        for word in [
            "wuttke",
            "hoffmann",
            "holzbauer",
            "notburga",
            "pennyfeathers",
        ] {
            assert!(!is_known_word(word), "{word}");
        }
    }
}
