//! Numbers in words, in German and English.

use std::borrow::Cow;

/// The German words for 0 to 9, as parts of longer words.
const UNITS: [&str; 10] = [
    "null", "ein", "zwei", "drei", "vier", "fuenf", "sechs", "sieben", "acht", "neun",
];
/// The German words for 10 to 19.
const TEENS: [&str; 10] = [
    "zehn",
    "elf",
    "zwoelf",
    "dreizehn",
    "vierzehn",
    "fuenfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
];
/// The German words for 20, 30 … 90.
const TENS: [&str; 8] = [
    "zwanzig", "dreissig", "vierzig", "fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig",
];
/// The English words for 0 to 9.
const ENGLISH_UNITS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];
/// The English words for 10 to 19.
const ENGLISH_TEENS: [&str; 10] = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// The English words for 20, 30 … 90.
const ENGLISH_TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
/// Other words for digits, also of dialects. `oh` is one only between digits.
const OTHER_WORDS: [(&str, u32); 20] = [
    ("eins", 1),
    ("fuenfe", 5),
    ("oh", 0),
    ("nought", 0),
    ("naught", 0),
    ("nil", 0),
    ("fourty", 40),
    ("niner", 9),
    ("eis", 1),
    ("oans", 1),
    ("zwoa", 2),
    ("zwee", 2),
    ("drue", 3),
    ("feif", 5),
    ("foif", 5),
    ("sechse", 6),
    ("sibe", 7),
    ("siebe", 7),
    ("nuen", 9),
    ("noin", 9),
];

/// The number that a folded word says, below a million: `dreiundzwanzig`, `fuenfzehnhundert`,
/// `twenty`.
pub(super) fn parse_number_word(word: &str) -> Option<u32> {
    const LONGEST_WORD: usize = 60;
    if word.len() > LONGEST_WORD {
        return None;
    }
    let word = &*without_dialect(word);
    english_number(word)
        .or_else(|| {
            OTHER_WORDS
                .iter()
                .find(|(other, _)| *other == word)
                .map(|(_, n)| *n)
        })
        .or_else(|| german_number(word))
}

/// The tens (20 to 90) that a folded English word says.
pub(super) fn english_tens(word: &str) -> Option<u32> {
    index(&ENGLISH_TENS, word).map(|tens| (tens + 2) * 10)
}

/// The number from 1 to 9 that a folded English word says.
pub(super) fn english_unit(word: &str) -> Option<u32> {
    index(&ENGLISH_UNITS, word).filter(|unit| *unit > 0)
}

/// The day or month that a folded ordinal says: `dritter`, `einundzwanzigsten`, `third`,
/// `twentieth`.
pub(super) fn parse_ordinal(word: &str) -> Option<u32> {
    const IRREGULAR: [(&str, u32); 12] = [
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fifth", 5),
        ("eighth", 8),
        ("ninth", 9),
        ("twelfth", 12),
        ("twentieth", 20),
        ("thirtieth", 30),
        ("ersten", 1),
        ("dritten", 3),
        ("siebten", 7),
    ];
    const LONGEST_WORD: usize = 30;
    if word.len() > LONGEST_WORD {
        return None;
    }
    let word = &*without_dialect(word);
    let german = word.strip_suffix(['r', 's', 'n', 'm']).unwrap_or(word);
    let german = german.strip_suffix('e').unwrap_or(german);
    let listed = |word: &str| IRREGULAR.iter().find(|(ordinal, _)| *ordinal == word);
    if let Some((_, number)) = listed(word).or_else(|| listed(&format!("{german}en"))) {
        return Some(*number);
    }
    let cardinal = if let Some(english) = word.strip_suffix("th") {
        english_number(english)
    } else if german.len() < word.len() {
        let stems = [german.strip_suffix("st"), german.strip_suffix('t')];
        stems.into_iter().flatten().find_map(german_number)
    } else {
        None
    };
    cardinal.filter(|number| (1..=31).contains(number))
}

/// The word with `zwei` for `zwo` and `fuenf` for `fuff`: `zwoundfuffzig`.
fn without_dialect(word: &str) -> Cow<'_, str> {
    if !word.contains("zwo") && !word.contains("fuff") {
        return Cow::Borrowed(word);
    }
    let word = word.replace("zwo", "zwei").replace("fuff", "fuenf");
    // But "zwölf" stays.
    Cow::Owned(word.replace("zweielf", "zwoelf"))
}

/// The number that one English word says.
fn english_number(word: &str) -> Option<u32> {
    index(&ENGLISH_UNITS, word)
        .or_else(|| index(&ENGLISH_TEENS, word).map(|teen| teen + 10))
        .or_else(|| english_tens(word))
        .or(match word {
            "hundred" => Some(100),
            "thousand" => Some(1000),
            _ => None,
        })
}

/// The number that a German word says, also `fuenfzehnhundert`, as years and prices are said.
fn german_number(word: &str) -> Option<u32> {
    let below_thousand = |part: &str| multiple(part, "hundert", 100, below_hundred);
    multiple(word, "tausend", 1000, below_thousand)
}

/// The number of a word that may have `unit` in it: `zweihundertdrei`. `parse_part` parses what is
/// before and behind it.
fn multiple(
    word: &str,
    unit: &str,
    factor: u32,
    parse_part: impl Fn(&str) -> Option<u32>,
) -> Option<u32> {
    let Some((before, after)) = word.split_once(unit) else {
        return parse_part(word);
    };
    let count = match before {
        "" | "ein" => 1,
        _ => parse_part(before)?,
    };
    let rest = match after.strip_prefix("und").unwrap_or(after) {
        "" => 0,
        rest => parse_part(rest)?,
    };
    Some(count * factor + rest)
}

/// The number below 100 that a German word says: `sieben`, `siebzehn`, `siebenundzwanzig`.
fn below_hundred(word: &str) -> Option<u32> {
    match word {
        // An article.
        "ein" => return None,
        "eins" => return Some(1),
        _ => {}
    }
    if let Some(unit) = index(&UNITS, word) {
        return Some(unit);
    }
    if let Some(teen) = index(&TEENS, word) {
        return Some(teen + 10);
    }
    let (tens, rest) = TENS
        .iter()
        .zip(2..)
        .find_map(|(tens, number)| Some((number * 10, word.strip_suffix(tens)?)))?;
    match rest.strip_suffix("und") {
        Some("zwo") => Some(tens + 2),
        Some(unit) => Some(tens + index(&UNITS, unit)?),
        None => rest.is_empty().then_some(tens),
    }
}

/// Position of the word in the list.
fn index(words: &[&str], word: &str) -> Option<u32> {
    let index = words.iter().position(|known| *known == word)?;
    u32::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_words() {
        for (word, expected) in [
            ("null", Some(0)),
            ("zwo", Some(2)),
            ("eins", Some(1)),
            ("ein", None),
            ("siebzehn", Some(17)),
            ("dreiundzwanzig", Some(23)),
            ("einundneunzig", Some(91)),
            ("zweihundertdreiundsiebzig", Some(273)),
            ("neunzehnhundertsechsundvierzig", Some(1946)),
            ("zweitausendelf", Some(2011)),
            ("achtzigtausend", Some(80_000)),
            ("forty", Some(40)),
            ("undzwanzig", None),
            ("achtung", None),
            ("", None),
        ] {
            assert_eq!(parse_number_word(word), expected, "{word}");
        }
    }

    #[test]
    fn ordinals_are_days() {
        for (word, expected) in [
            ("erster", Some(1)),
            ("dritten", Some(3)),
            ("siebzehnter", Some(17)),
            ("einundzwanzigsten", Some(21)),
            ("zehnte", Some(10)),
            ("sechster", Some(6)),
            ("sixteenth", Some(16)),
            ("third", Some(3)),
            ("acht", None),
            ("hundertste", None),
            ("besten", None),
        ] {
            assert_eq!(parse_ordinal(word), expected, "{word}");
        }
    }
}
