//! Dates of birth, in digits or words.

use super::found::{Class, Findings};
use super::number_words::{parse_number_word, parse_ordinal};
use super::quantities::follows_currency;
use super::tokens::{Conversation, Kind};
use super::topics::{Topic, Topics};
use super::word_kinds::{is_month, is_unit};
use super::words::{List, is_in};

/// Years that dates of birth have. Later years are also those of appointments.
const BIRTH_YEARS: std::ops::RangeInclusive<u32> = 1900..=2020;

/// What a token means in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Number(u32),
    Ordinal,
    Month,
    /// A day with a name: "Heiligabend".
    Holiday,
    /// "of", "the", a sign.
    Joint,
}

/// Adds dates of birth: where one is expected, any date; elsewhere, full dates of those years.
pub(super) fn find_birthdays(
    conversation: &Conversation,
    topics: &Topics,
    findings: &mut Findings,
) {
    let mut index = 0;
    while index < conversation.tokens.len() {
        let end = date_end(conversation, index);
        let is_birthday = end > index
            && (is_full_birthday(conversation, index, end)
                || topics.at(index) == Topic::Birthday
                    && is_expected_birthday(conversation, index, end));
        if is_birthday {
            let start = with_article(conversation, index);
            let end = with_ordinal_ending(conversation, end);
            findings.add(conversation.range(start, end), Class::Birthday);
        }
        index = end.max(index + 1);
    }
}

/// True for a date with a day, a month and a year of birth.
fn is_full_birthday(conversation: &Conversation, start: usize, end: usize) -> bool {
    let parts = parts(conversation, start, end);
    let numbers = count(&parts, |part| matches!(part, Part::Number(_)));
    let ordinals = count(&parts, |part| part == Part::Ordinal);
    let has_month = count(&parts, |part| matches!(part, Part::Month | Part::Holiday)) > 0;
    year_of(conversation, start, end).is_some_and(|year| BIRTH_YEARS.contains(&year))
        && (numbers + ordinals >= 3 || has_month && (numbers >= 2 || ordinals > 0))
}

/// True for what can be a date of birth where one is expected: "9. November", "the ninth", "79".
fn is_expected_birthday(conversation: &Conversation, start: usize, end: usize) -> bool {
    let parts = parts(conversation, start, end);
    let has_ordinal = parts.contains(&Part::Ordinal);
    let is_date = count(&parts, |part| part != Part::Joint) >= 2
        || has_ordinal && !conversation.has_word(end, start)
        || is_bare_year(conversation, start, end);
    is_date && !follows_currency(conversation, start) && !is_appointment(conversation, start, end)
}

/// The parts of the date from `start` to `end`.
fn parts(conversation: &Conversation, start: usize, end: usize) -> Vec<Part> {
    (start..end)
        .filter_map(|index| part_at(conversation, index))
        .collect()
}

/// Number of parts for which `is_counted` holds.
fn count(parts: &[Part], is_counted: impl Fn(Part) -> bool) -> usize {
    parts.iter().filter(|part| is_counted(**part)).count()
}

/// Includes the article before a date: "the ninth of March".
fn with_article(conversation: &Conversation, start: usize) -> usize {
    match conversation.word_before(start) {
        "the" | "der" | "den" | "dem" | "am" => start - 1,
        _ => start,
    }
}

/// Includes the ending behind a date: "March 9 th".
fn with_ordinal_ending(conversation: &Conversation, end: usize) -> usize {
    let has_ending = matches!(conversation.word(end), "th" | "st" | "nd" | "rd");
    end + usize::from(has_ending)
}

/// Index behind the date that starts at `start`; `start` if there is none.
fn date_end(conversation: &Conversation, start: usize) -> usize {
    const MOST_TOKENS: usize = 14;
    let mut end = start;
    for index in start..start + MOST_TOKENS {
        if conversation.in_turn(index, start).is_none() {
            break;
        }
        match part_at(conversation, index) {
            Some(Part::Joint) if end > start => {}
            Some(Part::Joint) | None => break,
            Some(_) => end = index + 1,
        }
    }
    end
}

/// What the token at `index` means in a date.
fn part_at(conversation: &Conversation, index: usize) -> Option<Part> {
    let token = &conversation.tokens[index];
    match token.kind {
        Kind::Digits => token.text.parse().ok().map(Part::Number),
        Kind::Word => word_part(&token.folded),
        Kind::Sign => {
            // "9. November", but not the end of a sentence.
            let is_ordinal_dot =
                conversation.has_glued_dot(index, index) && conversation.follows_digits(index);
            let is_joint = matches!(token.text, "," | "/" | "-" | "'" | "’");
            (is_joint || is_ordinal_dot).then_some(Part::Joint)
        }
    }
}

/// What a folded word means in a date.
fn word_part(word: &str) -> Option<Part> {
    let part = match word {
        _ if is_month(word) => Part::Month,
        "heiligabend" | "silvester" | "neujahr" | "halloween" | "nikolaus" | "christmas"
        | "weihnachten" | "weihnachtstag" | "valentinstag" | "maifeiertag" => Part::Holiday,
        _ if is_in(List::DateJoints, word) => Part::Joint,
        "oh" => Part::Number(0),
        _ => match parse_number_word(word) {
            Some(number) => Part::Number(number),
            None => parse_ordinal(word).map(|_| Part::Ordinal)?,
        },
    };
    Some(part)
}

/// The year at the end of a date: "1962", "neunzehnhundertzweiundsechzig", "nineteen sixty-two".
fn year_of(conversation: &Conversation, start: usize, end: usize) -> Option<u32> {
    let numbers: Vec<u32> = parts(conversation, start, end)
        .into_iter()
        .filter_map(|part| match part {
            Part::Number(number) => Some(number),
            _ => None,
        })
        .collect();
    short_year(conversation, start, end, &numbers)
        .or_else(|| {
            let is_year = |number: &u32| (1900..2100).contains(number);
            numbers.iter().copied().find(is_year)
        })
        .or_else(|| year_in_two_parts(&numbers))
}

/// The year of "'83" at the end of a date.
fn short_year(
    conversation: &Conversation,
    start: usize,
    end: usize,
    numbers: &[u32],
) -> Option<u32> {
    let last = end - 1;
    let has_apostrophe = last > start
        && conversation.tokens[last].is_glued
        && (conversation.follows_sign(last, '\'') || conversation.follows_sign(last, '’'));
    let year = numbers.last().filter(|year| **year < 100)?;
    has_apostrophe.then_some(1900 + year)
}

/// The year of "nineteen sixty-two": a century, and one or two numbers behind it.
fn year_in_two_parts(numbers: &[u32]) -> Option<u32> {
    let century = numbers
        .iter()
        .position(|number| matches!(number, 19 | 20))?;
    let [century, rest @ ..] = numbers.get(century..)? else {
        return None;
    };
    let years = rest.iter().copied().fold(0, u32::saturating_add);
    let is_year = (1..=2).contains(&rest.len()) && (10..100).contains(&years);
    is_year.then(|| century * 100 + years)
}

/// True for a year alone: "Nineteen fifty-one", "79".
fn is_bare_year(conversation: &Conversation, start: usize, end: usize) -> bool {
    let Some(Part::Number(number)) = part_at(conversation, start) else {
        return false;
    };
    let is_year = (20..100).contains(&number) || BIRTH_YEARS.contains(&number);
    // Not the minutes of "9:30".
    let follows_sign = conversation.tokens[start].is_glued
        && conversation
            .before(start)
            .is_some_and(|before| before.kind == Kind::Sign);
    let is_last = conversation
        .in_turn(end, start)
        .is_none_or(|next| next.kind == Kind::Sign);
    is_year && is_last && !follows_sign
}

/// True for dates with a weekday before or a time behind.
fn is_appointment(conversation: &Conversation, start: usize, end: usize) -> bool {
    let before = match conversation.word_before_comma(start) {
        "der" | "den" | "the" => conversation.word_before(start - 1),
        word => word,
    };
    let is_weekday = before.ends_with("tag") || before.ends_with("day") || before == "mittwoch";
    let after = conversation.word_in_turn(with_ordinal_ending(conversation, end), start);
    let has_time = matches!(after, "um" | "at") || is_unit(after);
    is_weekday || has_time
}
