//! Filler in place of words. Letters become other letters and digits other digits; all else stays:
//! punctuation, line breaks, the length and the case of words.

use std::ops::Range;

use super::number_stream::NumberStream;
use super::pseudonyms::Pseudonyms;
use crate::call::transcript::tag_name;
use crate::text::digit::digit_value;
use crate::text::filler::push_filler;
use crate::text::mojibake::{self, garbled_length};
use crate::text::visible_escape::escape_length;

/// Replaces the words of texts.
pub(super) struct Shaper<'p> {
    pub(super) pseudonyms: &'p Pseudonyms,
    /// Chooses the words and digits.
    pub(super) stream: NumberStream,
    /// True where a digit is the first one of a number, or follows only zeros.
    pub(super) starts_number: bool,
    /// True if leading zeros stay. In a text they would show a day or a month.
    pub(super) keeps_zeros: bool,
    /// True if the texts are parts of a garbled one: whether a part is garbled can depend on the
    /// letter before it.
    pub(super) is_in_garbled: bool,
}

impl<'p> Shaper<'p> {
    /// Replaces words by those that `stream` chooses: not by what the text says, so that equal
    /// words differ.
    pub(super) fn new(stream: NumberStream, pseudonyms: &'p Pseudonyms) -> Self {
        Self {
            pseudonyms,
            stream,
            starts_number: true,
            keeps_zeros: false,
            is_in_garbled: false,
        }
    }

    /// Replaces words by those that belong to some texts.
    pub(super) fn of(texts: &[&[u8]], pseudonyms: &'p Pseudonyms) -> Self {
        Self::new(pseudonyms.stream(texts), pseudonyms)
    }

    /// Keeps leading zeros: without them, a phone number would be one of another format.
    pub(super) fn keep_zeros(mut self) -> Self {
        self.keeps_zeros = true;
        self
    }

    /// Replaces words in parts of `text`.
    pub(super) fn in_parts_of(mut self, text: &str) -> Self {
        self.is_in_garbled = is_garbled(text);
        self
    }

    /// Appends the text with other words and digits. Phone numbers and addresses in it get no
    /// pseudonyms.
    pub(super) fn push_words(&mut self, text: &str, out: &mut String) {
        self.push_parts(text, is_garbled(text), out);
    }

    /// Appends a part of a text with other words and digits. If the text is garbled, the characters
    /// that show it stay.
    pub(super) fn push_parts(&mut self, text: &str, is_garbled: bool, out: &mut String) {
        let mut at = 0;
        while at < text.len() {
            at += self.push_part(&text[at..], is_garbled, out);
        }
    }

    /// Appends what stands for the word, markup or other character at the start of `rest`, and
    /// returns its length in bytes.
    fn push_part(&mut self, rest: &str, is_garbled: bool, out: &mut String) -> usize {
        let Some(first) = rest.chars().next() else {
            return 0;
        };
        if is_garbled && let Some(length) = garbled_length(rest) {
            out.push_str(&rest[..length]);
            return length;
        }
        if first == '<'
            && let Some(name) = tag_name(rest)
        {
            // Elements of makers of voices have a prefix, and any name after it.
            let prefix = rest[name.clone()].find(':').map(|at| name.start + at + 1);
            let end = prefix.unwrap_or(name.end);
            out.push_str(&rest[..end]);
            return end;
        }
        if first == '\\'
            && let Some(length) = escape_length(rest)
        {
            self.push_escape(&rest[..length], out);
            return length;
        }
        if is_word_letter(first) {
            self.starts_number = true;
            return self.push_word(rest, is_garbled, out);
        }
        let before = match out.as_bytes() {
            [.., b'%'] => BeforeDigit::Percent,
            [.., b'0'..=b'9', b':'] => BeforeDigit::Clock,
            _ => BeforeDigit::Other,
        };
        out.push(self.other_character(first, before));
        first.len_utf8()
    }

    /// Appends filler for the word at the start of `rest`, and returns its length in bytes.
    fn push_word(&mut self, rest: &str, is_garbled: bool, out: &mut String) -> usize {
        let mut length = 0;
        let mut letters = 0;
        let mut has_capital = false;
        for letter in rest.chars() {
            let is_end =
                !is_word_letter(letter) || is_garbled && garbled_length(&rest[length..]).is_some();
            if is_end {
                break;
            }
            length += letter.len_utf8();
            letters += 1;
            has_capital |= letter.is_uppercase();
        }
        let start = out.len();
        let follows_backslash = out.as_bytes().last() == Some(&b'\\');
        loop {
            push_filler(letters, out, |count| self.stream.index(count));
            // After a backslash, these letters would be an escape sequence.
            if !(follows_backslash && out[start..].starts_with(['n', 'r', 't', 'u'])) {
                break;
            }
            out.truncate(start);
        }
        if has_capital {
            for at in capitals(&rest[..length]) {
                out[start + at..=start + at].make_ascii_uppercase();
            }
        }
        length
    }

    /// What stands for a character that is not part of a word.
    fn other_character(&mut self, character: char, before: BeforeDigit) -> char {
        if character.is_numeric() {
            let zero = if character.is_ascii() {
                '0'
            } else {
                FULL_WIDTH_ZERO
            };
            let is_kept_zero = self.keeps_zeros && digit_value(character) == Some(0);
            let digits = match (before, self.starts_number) {
                // After a `%`, digits below 5 could be an escaped `@`.
                (BeforeDigit::Percent, _) => 5..10,
                (_, true) if is_kept_zero => 0..1,
                (BeforeDigit::Clock, true) if character.is_ascii_digit() => {
                    first_digits_of_seconds(character)
                }
                // A number has as many digits afterwards.
                (_, true) => 1..10,
                (_, false) => 0..10,
            };
            self.starts_number &= is_kept_zero;
            let digit = digits.start + self.stream.below(digits.end - digits.start);
            return char::from_u32(zero as u32 + digit).unwrap_or(zero);
        }
        self.starts_number = true;
        script_filler(character).unwrap_or_else(|| same_kind_character(character))
    }

    /// Appends an escape sequence that is visible in the text. A letter becomes another one.
    fn push_escape(&mut self, escape: &str, out: &mut String) {
        const LETTERS: [&str; 3] = ["\\u0061", "\\u0065", "\\u0069"];
        if escape.len() == 2 {
            out.push_str(escape);
            return;
        }
        // What follows may be garbled only after a letter.
        out.push_str(if escape.ends_with(|c: char| c.is_ascii_alphabetic()) {
            "\\u006f"
        } else {
            LETTERS[self.stream.index(LETTERS.len())]
        });
    }
}

/// What precedes a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BeforeDigit {
    Percent,
    /// A digit and a colon, as in a time.
    Clock,
    Other,
}

/// The digits that can stand for the first one of minutes or seconds. `12:61` is no time: if times
/// stayed none, the start of a line such as `[00:01] ` could become a label, and its turn another.
pub(super) fn first_digits_of_seconds(digit: char) -> Range<u32> {
    if digit < '6' { 1..6 } else { 6..10 }
}

/// Digits that are not those of ASCII become such digits, so that no number appears that programs
/// read.
const FULL_WIDTH_ZERO: char = '０';

/// What stands for a character that is neither letter nor digit: itself, unless text can be hidden
/// in such characters.
fn same_kind_character(character: char) -> char {
    match character {
        // Variation selectors other than those of emoji; tags; braille; private use.
        '\u{fe00}'..='\u{fe0d}' | '\u{e0100}'..='\u{e01ef}' => '\u{fe00}',
        '\u{e0020}'..='\u{e007e}' => '\u{e0020}',
        '\u{2801}'..='\u{28ff}' => '\u{28ff}',
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => '\u{e000}',
        _ => character,
    }
}

/// True for a text whose letters were encoded wrongly. Such a letter is two characters, which stay,
/// so that the text is still garbled.
pub(super) fn is_garbled(text: &str) -> bool {
    // The search is a fast path: nearly no text with umlauts is garbled.
    mojibake::may_be_garbled(text) && mojibake::restore(text).is_some()
}

/// The capital letters of a word, by their index in characters.
fn capitals(word: &str) -> impl Iterator<Item = usize> {
    let letters = word.chars().enumerate();
    let capitals = letters.filter(|(_, letter)| letter.is_uppercase());
    capitals.map(|(at, _)| at)
}

/// True for a letter of a word that becomes filler.
pub(super) fn is_word_letter(letter: char) -> bool {
    letter.is_ascii_alphabetic()
        || !letter.is_ascii() && letter.is_alphabetic() && script_filler(letter).is_none()
}

/// The letter that stands for one of a script whose letters are words or syllables, or wider than
/// those of ASCII. `None` for all other letters.
fn script_filler(letter: char) -> Option<char> {
    match letter {
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Some('文'),
        '\u{3040}'..='\u{309f}' => Some('あ'),
        '\u{30a0}'..='\u{30ff}' => Some('ア'),
        '\u{ac00}'..='\u{d7af}' => Some('가'),
        _ => None,
    }
}
