//! Elements of sequences: digits, number words, letters, and words that spell letters.

use std::ops::Range;

use super::number_words::{english_tens, english_unit, parse_number_word};
use super::tokens::{Conversation, Kind, Token};
use super::word_kinds::is_unit;
use super::words::{List, is_in};

/// What an element of a sequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Digits.
    Written,
    /// Number words.
    Spoken,
    /// A letter, or a few as capitals.
    Letters,
    /// A letter with the word that spells it, or only that word: "G wie Gustav", "Golf".
    Spelled,
    /// Could as well be an ordinary word: "I", "a", "oh".
    Weak,
}

/// One part of a sequence.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Indices of its tokens.
    pub(super) tokens: Range<usize>,
    pub(super) form: Form,
    pub(super) digits: usize,
    pub(super) letters: usize,
    /// True if a pause or a filler comes before it.
    pub(super) follows_pause: bool,
}

impl Element {
    /// An element of `digits` digits.
    pub(super) fn of_digits(tokens: Range<usize>, form: Form, digits: usize) -> Self {
        Self {
            tokens,
            form,
            digits,
            letters: 0,
            follows_pause: false,
        }
    }

    /// An element of `letters` letters.
    pub(super) fn of_letters(tokens: Range<usize>, form: Form, letters: usize) -> Self {
        Self {
            tokens,
            form,
            digits: 0,
            letters,
            follows_pause: false,
        }
    }
}

/// The element that starts at `index`: "12", "doppelt drei", "doppelnull", "G wie Gustav".
pub(super) fn element_at(conversation: &Conversation, index: usize) -> Option<Element> {
    let word = conversation.word(index);
    if let Some(times) = multiplier(word) {
        return multiplied_element(conversation, index, times);
    }
    let doubled = word.strip_prefix("doppel").and_then(parse_number_word);
    if doubled.is_some_and(|digit| digit < 10) {
        return Some(Element::of_digits(index..index + 1, Form::Spoken, 2));
    }
    simple_element(conversation, index)
}

/// How often the word says that the next element counts: `doppel`, `triple`.
fn multiplier(word: &str) -> Option<usize> {
    match word {
        "doppel" | "doppelt" | "doppelte" | "doppelter" | "zweimal" | "double" => Some(2),
        "dreifach" | "dreimal" | "triple" | "treble" => Some(3),
        "viermal" | "quadruple" => Some(4),
        _ => None,
    }
}

/// "doppelt drei", "zweimal die drei", "double M": the multiplier is at `index`.
fn multiplied_element(conversation: &Conversation, index: usize, times: usize) -> Option<Element> {
    let has_article = conversation.word_after(index) == "die";
    let next = index + 1 + usize::from(has_article);
    conversation.in_turn(next, index)?;
    let repeated = simple_element(conversation, next)?;
    let tokens = index..repeated.tokens.end;
    Some(if repeated.digits > 0 {
        Element::of_digits(tokens, Form::Spoken, repeated.digits * times)
    } else {
        Element::of_letters(tokens, Form::Letters, repeated.letters * times)
    })
}

/// An element without a multiplier.
fn simple_element(conversation: &Conversation, index: usize) -> Option<Element> {
    let token = &conversation.tokens[index];
    match token.kind {
        Kind::Sign => None,
        Kind::Digits => {
            let digits = token.text.chars().count();
            Some(Element::of_digits(index..index + 1, Form::Written, digits))
        }
        Kind::Word => number_word(conversation, index)
            .or_else(|| spelled_letter(conversation, index))
            .or_else(|| single_letter(conversation, index))
            .or_else(|| alphabet_word(conversation, index))
            .or_else(|| capitals(conversation, index))
            .or_else(|| letter_name(conversation, index)),
    }
}

/// "oh", "sieben", "thirty-four".
fn number_word(conversation: &Conversation, index: usize) -> Option<Element> {
    let word = conversation.word(index);
    if word == "oh" {
        return Some(Element::of_digits(index..index + 1, Form::Weak, 1));
    }
    let (end, number) = with_unit(conversation, index, parse_number_word(word)?);
    let digits = match word {
        "hundred" => 2,
        "thousand" => 3,
        _ => number.to_string().len(),
    };
    Some(Element::of_digits(index..end, Form::Spoken, digits))
}

/// Adds the unit that follows English tens: `thirty-four`, `thirty four`. Returns the index behind
/// the number, and the number.
fn with_unit(conversation: &Conversation, index: usize, number: u32) -> (usize, u32) {
    if english_tens(conversation.word(index)).is_none() {
        return (index + 1, number);
    }
    let has_hyphen = conversation.hyphenated_end(index) > index + 1;
    let unit_at = index + 1 + usize::from(has_hyphen);
    match english_unit(conversation.word_in_turn(unit_at, index)) {
        Some(unit) => (unit_at + 1, number + unit),
        None => (index + 1, number),
    }
}

/// "G wie Gustav", "M for Mike", "A as in Apple".
fn spelled_letter(conversation: &Conversation, index: usize) -> Option<Element> {
    let letter = &conversation.tokens[index];
    if letter.text.chars().count() > 2 {
        return None;
    }
    let word_at = match conversation.word_after(index) {
        "wie" | "for" | "like" => index + 2,
        "as" if conversation.word_after(index + 1) == "in" => index + 3,
        _ => return None,
    };
    let word = &conversation.in_turn(word_at, index)?.folded;
    let is_spelling = word.starts_with(letter.folded.chars().next()?)
        && (word.len() > 1 || conversation.is_hyphenated(word_at))
        && (letter.is_letter() || letter.is_upper());
    let end = conversation.hyphenated_end(word_at);
    is_spelling.then(|| Element::of_letters(index..end, Form::Spelled, 1))
}

/// One letter. Those that are words, too, are weak: "A" starts sentences and is an article, but
/// within a sentence it is a letter.
fn single_letter(conversation: &Conversation, index: usize) -> Option<Element> {
    let token = &conversation.tokens[index];
    // "10 a.m."
    let is_half_of_day = matches!(&*token.folded, "a" | "p")
        && conversation.is_sign(index + 1, '.')
        && conversation.word(index + 2) == "m"
        && conversation.tokens[index + 2].is_glued;
    if is_half_of_day {
        return None;
    }
    let is_capital_a = token.text == "A" && !token.starts_sentence && index > 0;
    let is_weak = is_weak_letter(token) && !is_capital_a && !conversation.is_hyphenated(index);
    let form = if is_weak { Form::Weak } else { Form::Letters };
    token
        .is_letter()
        .then(|| Element::of_letters(index..index + 1, form, 1))
}

/// True for letters that are words, too.
fn is_weak_letter(token: &Token) -> bool {
    matches!(token.text, "I" | "a" | "A" | "i" | "o")
}

/// A word of a spelling alphabet next to another one, a letter or a digit: "Sierra, Tango". One
/// alone may be a name.
fn alphabet_word(conversation: &Conversation, index: usize) -> Option<Element> {
    let word = conversation.word(index);
    // "sieben Kilo" is a weight.
    let is_weight = word == "kilo" && parse_number_word(conversation.word_before(index)).is_some();
    if is_weight || !is_in(List::AlphabetWords, word) {
        return None;
    }
    let is_spelling = |at: usize| {
        conversation.in_turn(at, index).is_some_and(|token| {
            is_in(List::AlphabetWords, &token.folded)
                || (token.is_letter() && !is_weak_letter(token))
                || parse_number_word(&token.folded).is_some()
        })
    };
    let after = index + 1 + usize::from(conversation.is_sign(index + 1, ','));
    let before = index.checked_sub(1 + usize::from(conversation.follows_sign(index, ',')));
    (is_spelling(after) || before.is_some_and(is_spelling))
        .then(|| Element::of_letters(index..index + 1, Form::Spelled, 1))
}

/// Capitals next to a number: "HB 204". "5 KG" is an amount.
fn capitals(conversation: &Conversation, index: usize) -> Option<Element> {
    let token = &conversation.tokens[index];
    let is_amount = conversation.follows_digits(index) && is_unit(&token.folded);
    let length = token.text.chars().count();
    (token.is_upper() && !is_amount && touches_number(conversation, index))
        .then(|| Element::of_letters(index..index + 1, Form::Letters, length))
}

/// The German name of a letter next to a number, or before another one: "Ka sieben", "De Ka vier".
fn letter_name(conversation: &Conversation, index: usize) -> Option<Element> {
    let is_letter_name = |at: usize| {
        matches!(
            conversation.word(at),
            "eh" | "de" | "ka" | "zett" | "jot" | "vau" | "ypsilon"
        )
    };
    let is_letter = is_letter_name(index)
        && (touches_number(conversation, index)
            || (is_letter_name(index + 1) && touches_number(conversation, index + 1)));
    is_letter.then(|| Element::of_letters(index..index + 1, Form::Weak, 1))
}

/// True if digits or a number word are next to the word, with at most a hyphen or slash between, or
/// a short word in capitals and then a number: "HB-KL 204".
fn touches_number(conversation: &Conversation, index: usize) -> bool {
    const LONGEST_CAPITALS: usize = 3;
    let is_number = |at: usize| {
        conversation.in_turn(at, index).is_some_and(|token| {
            token.kind == Kind::Digits
                || multiplier(&token.folded).is_some()
                || parse_number_word(&token.folded).is_some()
        })
    };
    let is_joint =
        |at: usize| conversation.has_sign(at, index, '-') || conversation.has_sign(at, index, '/');
    let is_short_word = |at: usize| {
        conversation.in_turn(at, index).is_some_and(|token| {
            token.is_upper()
                && token.text.chars().count() <= LONGEST_CAPITALS
                && !is_in(List::Brands, &token.folded)
        })
    };
    let after = index + 1 + usize::from(is_joint(index + 1));
    let mut before = index.checked_sub(1);
    if before.is_some_and(is_joint) {
        before = index.checked_sub(2);
    }
    is_number(after)
        || before.is_some_and(is_number)
        || (is_short_word(after) && is_number(after + 1))
}
