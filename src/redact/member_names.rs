//! The names of members that are kept: those that hardly name a person.

use std::ops::Range;

use memchr::memmem;

use crate::call::transcript::is_turn_member;
use crate::contract::{FIELDS, KNOWN_EXTRAS};
use crate::json::{Json, Kind, Token, scan};

/// Texts of a body that its member names must not repeat, as names of variables: each on a line.
pub(super) struct KnownTexts {
    texts: Vec<u8>,
    /// Has the bit of each text, so that nearly all names are known to be none of them without a
    /// search.
    filter: [u64; 4],
}

impl KnownTexts {
    /// The short texts in `body`, and the words of those of two or three words.
    pub(super) fn of(body: Json) -> Self {
        const CAPACITY: usize = 1024;
        let mut texts = Vec::with_capacity(CAPACITY);
        texts.push(b'\n');
        let mut known = Self {
            texts,
            filter: [0; 4],
        };
        known.add(body);
        known
    }

    /// Adds the texts in `value`.
    fn add(&mut self, value: Json) {
        if let Some(members) = value.recorded_members() {
            for member in &members {
                self.add(member.value());
            }
            return;
        }
        match value.kind() {
            Kind::Object | Kind::Array => scan(value, |_, token| {
                if let Token::Scalar(value) = token {
                    self.add_scalar(value);
                }
            }),
            _ => self.add_scalar(value),
        }
    }

    fn add_scalar(&mut self, value: Json) {
        let token = value.text();
        if token.len() > LONGEST_TEXT || value.kind() != Kind::String {
            return;
        }
        let inner = &token[1..token.len() - 1];
        if is_long_number(inner) {
            return;
        }
        let start = self.texts.len();
        let mut is_one_word = false;
        if let Some(folded) = FoldedText::read(inner) {
            self.texts.extend(folded.bytes());
            is_one_word = folded.gaps == 0;
        } else {
            push_folded(&value.as_str().unwrap_or_default(), &mut self.texts);
        }
        let end = self.texts.len();
        self.end_text(start);
        if is_one_word {
            return;
        }
        let (words, count) = long_words(&self.texts[start..end]);
        if !(2..=3).contains(&count) {
            return;
        }
        for word in &words[..count] {
            let from = self.texts.len();
            self.texts
                .extend_from_within(start + word.start..start + word.end);
            self.end_text(from);
        }
    }

    /// Ends the text from `start`, unless it is empty.
    fn end_text(&mut self, start: usize) {
        if let Some((index, bit)) = filter_bit(&self.texts[start..]) {
            self.filter[index] |= bit;
            self.texts.push(b'\n');
        }
    }

    /// True if the name is a text of the body.
    pub(super) fn contains(&self, name: &str) -> bool {
        let name = if name.starts_with('_') || name.ends_with('_') {
            name.trim_matches('_')
        } else {
            name
        };
        let may_contain =
            filter_bit(name.as_bytes()).is_some_and(|(index, bit)| self.filter[index] & bit != 0);
        may_contain && memmem::find(&self.texts, format!("\n{name}\n").as_bytes()).is_some()
    }
}

/// The bit of a text in the filter: the index of its integer, and the bit in it. `None` for an
/// empty text.
fn filter_bit(text: &[u8]) -> Option<(usize, u64)> {
    let (first, last) = (text.first()?, text.last()?);
    let number = usize::from(*first) * 5 + usize::from(*last) * 11 + text.len() * 37;
    Some((number / 64 % 4, 1 << (number % 64)))
}

/// The byte ranges of the first three words of more than two letters in a folded text, and the
/// number of all such words.
fn long_words(folded: &[u8]) -> ([Range<usize>; 3], usize) {
    const SHORTEST: usize = 3;
    let mut words = [const { 0..0 }; 3];
    let (mut count, mut start) = (0, 0);
    for end in 0..=folded.len() {
        if folded.get(end).is_some_and(|byte| *byte != b'_') {
            continue;
        }
        if end - start >= SHORTEST {
            if let Some(word) = words.get_mut(count) {
                *word = start..end;
            }
            count += 1;
        }
        start = end + 1;
    }
    (words, count)
}

/// True for a number that is too long for a plain name, such as a phone number (fast path).
fn is_long_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    digits.len() >= SHORTEST_NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits of the shortest number that is in no plain name.
const SHORTEST_NUMBER: usize = 6;

/// True for a name in lower case that is not the number of something. It may name a person, but
/// hardly does.
#[must_use]
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut digits = 0;
    name.len() <= 32
        && name.bytes().all(|byte| {
            digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
            matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_') && digits < SHORTEST_NUMBER
        })
}

/// True for a name of the contract or of a turn in a transcript. It says nothing about a person at
/// any place, and readers look for it.
#[must_use]
pub(super) fn is_public_name(name: &str) -> bool {
    FIELDS.iter().any(|field| field.name == name)
        || KNOWN_EXTRAS.contains(&name)
        || is_turn_member(name)
}

/// The longest string whose text is known, in bytes with its quotes.
const LONGEST_TEXT: usize = 64;

/// The letters and digits of ASCII in lower case; `_` for other bytes, but 0 for those that are
/// part of another character or of an escape in JSON.
const FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        folded[byte as usize] = match byte {
            b'\\' => 0,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => byte.to_ascii_lowercase(),
            _ => b'_',
        };
        byte += 1;
    }
    folded
};

/// A folded text of at most [`LONGEST_TEXT`] bytes.
struct FoldedText {
    folded: [u8; LONGEST_TEXT],
    length: usize,
    /// The bit of each `_` between words, the lowest bit for the first byte.
    gaps: u64,
}

impl FoldedText {
    /// Fast path of [`push_folded`] for the text of a string as it is in the JSON: one pass without
    /// branches. `None` unless all is ASCII without escapes, and words are one sign apart.
    fn read(text: &str) -> Option<Self> {
        let mut folded = [0; LONGEST_TEXT];
        let (mut gaps, mut others): (u64, u64) = (0, 0);
        for (at, (byte, out)) in text.bytes().zip(&mut folded).enumerate() {
            *out = FOLDED[usize::from(byte)];
            gaps |= u64::from(*out == b'_') << at;
            others |= u64::from(*out == 0);
        }
        if others != 0 || gaps & 1 != 0 || gaps & (gaps >> 1) != 0 {
            return None;
        }
        let length = text.len() - usize::from(folded[..text.len()].ends_with(b"_"));
        gaps &= (1 << length) - 1;
        Some(Self {
            folded,
            length,
            gaps,
        })
    }

    fn bytes(&self) -> &[u8] {
        &self.folded[..self.length]
    }
}

/// Appends the text as the name of a variable: `juergen_gross` for `Jürgen Groß`.
fn push_folded(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    for character in text.chars() {
        match character {
            'a'..='z' | '0'..='9' | 'A'..='Z' => out.push(FOLDED[character as usize]),
            'ä' | 'Ä' => out.extend(b"ae"),
            'ö' | 'Ö' => out.extend(b"oe"),
            'ü' | 'Ü' => out.extend(b"ue"),
            'ß' | 'ẞ' => out.extend(b"ss"),
            _ if out.len() > start && !out.ends_with(b"_") => out.push(b'_'),
            _ => {}
        }
    }
    if out.len() > start && out.ends_with(b"_") {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_variables_are_plain_unless_they_are_numbers() {
        for name in ["", "nps", "address_2", "iso_8601"] {
            assert!(is_plain_name(name), "{name}");
        }
        for name in ["Name", "größe", "a b", "kunde_4915123", &"a".repeat(33)] {
            assert!(!is_plain_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_folded_as_their_characters(text in "[a-zA-Z0-9 _.äÜß-]{0,31}") {
            let mut expected = Vec::new();
            push_folded(&text, &mut expected);
            if let Some(folded) = FoldedText::read(&text) {
                prop_assert_eq!(folded.bytes(), &expected);
                prop_assert_eq!(folded.gaps == 0, !expected.contains(&b'_'));
            } else {
                let is_simple = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
                prop_assert!(!is_simple, "{}", text);
            }
        }
    }

    #[test]
    fn texts_of_the_body_are_known() {
        let body = r#"{"extracted_variables":{"name":"Jürgen Groß","city":"Ulm","n":7,
            "summary":"The customer wants to know more about it"}}"#;
        let known = KnownTexts::of(Json::from_well_formed(body));
        for name in ["juergen_gross", "juergen", "gross", "ulm", "_ulm"] {
            assert!(known.contains(name), "{name}");
        }
        for name in ["customer", "name", "n", ""] {
            assert!(!known.contains(name), "{name}");
        }
    }
}
