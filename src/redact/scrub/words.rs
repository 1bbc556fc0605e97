//! Lists of words, one file each in `words/`. All are folded (see `super::fold`) and compact: what
//! they lack is found by its position in a sentence, or not at all.

use std::collections::HashSet;
use std::sync::LazyLock;

type Words = HashSet<&'static str>;

/// Defines [`List`] from a table: `List: "file", …;`. A new list is a new line.
macro_rules! lists {
    ($($(#[doc = $doc:literal])* $list:ident: $($file:literal),+;)+) => {
        /// A list of words. The first line of its file says what it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum List {
            $($(#[doc = $doc])* $list,)+
        }

        impl List {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$list,)+];

            /// The words. They are parsed once.
            fn words(self) -> &'static Words {
                match self {
                    $(Self::$list => {
                        static WORDS: LazyLock<Words> = LazyLock::new(|| {
                            parse(&[$(include_str!(concat!("words/", $file, ".txt"))),+])
                        });
                        &WORDS
                    })+
                }
            }
        }
    };
}

lists! {
    // Ordinary words
    Common: "common_german", "common_english";
    Places: "places";
    Brands: "brands";
    /// German words that can be the last part of a compound.
    German: "common_german", "german_nouns", "german_verbs";
    /// Words that are no names, unless their position says so.
    Known: "german_nouns", "german_verbs", "english_words", "german_places", "english_places",
        "german_brands", "english_brands";
    NounEndings: "noun_endings";

    // Names
    /// First names that are hardly anything else.
    FirstNames: "first_names", "more_first_names", "english_first_names";
    /// First and last names that are ordinary words.
    AmbiguousNames: "ambiguous_names";
    LastNames: "last_names", "english_last_names";
    NameEndings: "name_endings";
    NameParticles: "name_particles";
    /// Pairs of words with a hyphen between them. See [`is_named_brand`].
    NamedBrands: "named_brands";
    BusinessWords: "business_words";

    // Words next to names
    Titles: "titles";
    Relations: "relations";
    Possessives: "possessives";
    Greetings: "greetings";
    PlainAnswers: "plain_answers";
    BeforeLetters: "before_letters";

    // Addresses
    GermanStreetTypes: "german_street_types";
    EnglishStreetTypes: "english_street_types";
    StreetEndings: "street_endings";
    NotStreets: "not_streets";
    StreetOpeners: "street_openers";
    FlatWords: "flat_words";

    // Numbers, spellings and dates
    SpokenSigns: "spoken_signs";
    Fillers: "fillers";
    AlphabetWords: "alphabet_words";
    Units: "units";
    BeforeTimes: "before_times";
    Months: "months";
    DateJoints: "date_joints";

    // E-mail addresses
    TopDomains: "top_domains";
    EmailProviders: "email_providers";
    EmailLeadIns: "email_lead_ins";

    // Words that say what comes next
    NameCues: "name_cues";
    AddressCues: "address_cues";
    NumberCues: "number_cues";
    AmountCues: "amount_cues";

    // Variables and their values
    PersonVariables: "person_variables";
    NumberVariables: "number_variables";
    HarmlessVariables: "harmless_variables";
    BesideNames: "beside_names";
}

fn parse(files: &[&'static str]) -> Words {
    files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
}

/// True if the list has the folded word. First names that are ordinary words are not in
/// [`List::FirstNames`].
pub(super) fn is_in(list: List, folded: &str) -> bool {
    let is_listed = list.words().contains(folded);
    match list {
        List::FirstNames => {
            is_listed && !is_in(List::Common, folded) && !is_in(List::AmbiguousNames, folded)
        }
        _ => is_listed,
    }
}

/// True if the folded word ends with a word of the list, behind at least `start` bytes.
pub(super) fn has_ending(list: List, folded: &str, start: usize) -> bool {
    list.words()
        .iter()
        .filter_map(|ending| folded.strip_suffix(ending))
        .any(|rest| rest.len() >= start)
}

/// True if the text has a word of the list in it.
pub(super) fn has_part(list: List, text: &str) -> bool {
    list.words().iter().any(|part| text.contains(part))
}

/// True if the two folded words are the name of a brand, a shop or a work, not of a person.
pub(super) fn is_named_brand(first: &str, second: &str) -> bool {
    const LONGEST_WORD: usize = 20;
    first.len() <= LONGEST_WORD
        && second.len() <= LONGEST_WORD
        && is_in(List::NamedBrands, &format!("{first}-{second}"))
}

/// True for a word that is no name unless its position says so.
pub(super) fn is_ordinary(folded: &str) -> bool {
    is_in(List::Common, folded) || is_in(List::Places, folded) || is_in(List::Brands, folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::scrub::fold::fold;

    #[test]
    fn lists_are_folded() {
        for list in List::ALL {
            for word in list.words() {
                assert_eq!(fold(word), **word, "{list:?}");
            }
        }
    }

    #[test]
    fn names_that_are_words_are_ambiguous() {
        assert!(is_in(List::FirstNames, "katharina"));
        assert!(!is_in(List::FirstNames, "hope") && is_in(List::AmbiguousNames, "koch"));
        assert!(is_ordinary("termin") && is_ordinary("siemens") && !is_ordinary("kowalski"));
        assert!(is_named_brand("hugo", "boss") && !is_named_brand("hugo", "koch"));
    }
}
