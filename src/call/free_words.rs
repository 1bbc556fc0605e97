//! Finds the words of a text that are not filler, and may be what a person said.

use std::ops::Range;

use super::transcript::{line_heads, tag_name};
use crate::text::email::find_emails;
use crate::text::filler::is_filler;
use crate::text::mojibake::{self, garbled_length};
use crate::text::visible_escape::escape_length;

/// The byte offsets of the words in `text` that are not filler, in order. Markup, links and tokens
/// that redaction writes are no words, and neither are the known labels of a transcript.
#[must_use]
pub(crate) fn find_free_words(text: &str, is_transcript: bool) -> Vec<usize> {
    let mut skipped = skipped_ranges(text, is_transcript).into_iter().peekable();
    // Redaction keeps garbled letters, so that the text is still reported as garbled.
    let is_garbled = !text.is_ascii() && mojibake::restore(text).is_some();
    let mut words = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(first) = text[at..].chars().next() {
        while skipped.next_if(|range| range.end <= at).is_some() {}
        let rest = &text[at..];
        let length = if let Some(range) = skipped.next_if(|range| range.start <= at) {
            range.end - at
        } else if let Some(length) = is_garbled.then(|| garbled_length(rest)).flatten() {
            length
        } else if let Some(length) = known_length(rest, before) {
            length
        } else if is_word_part(first) {
            let next = skipped.peek().map_or(text.len(), |range| range.start);
            let length = word_length(&text[at..next], is_garbled);
            if !is_filler_word(&rest[..length]) {
                words.push(at);
            }
            length
        } else {
            if let Some(letter) = escaped_letter(rest)
                && !FILLER_ESCAPES.contains(&letter)
            {
                words.push(at);
            }
            escape_length(rest).unwrap_or(first.len_utf8())
        };
        before = text[..at + length].chars().next_back();
        at += length;
    }
    words
}

/// The parts of a text that are not searched, in order: known labels and times at the starts of
/// lines, and e-mail addresses at domains that cannot exist.
fn skipped_ranges(text: &str, is_transcript: bool) -> Vec<Range<usize>> {
    let heads = if is_transcript {
        line_heads(text)
    } else {
        Vec::new()
    };
    let known = heads.into_iter().filter(|head| !head.may_be_name);
    let mut ranges: Vec<_> = known.map(|head| head.range).collect();
    if text.contains(['@', '＠', '%', '\\']) {
        let fake = find_emails(text).into_iter().filter(|email| email.is_fake);
        ranges.extend(fake.map(|email| email.range));
    }
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// Length of the markup, link or token at the start of `text`, which follows `before`.
fn known_length(text: &str, before: Option<char>) -> Option<usize> {
    match text.as_bytes().first()? {
        b'<' => tag_length(text),
        b'h' | b'H' | b's' | b'i' if !before.is_some_and(char::is_alphanumeric) => {
            link_length(text).or_else(|| pseudonym_length(text))
        }
        _ => None,
    }
}

/// The pseudonyms of unknown statuses and of ids that are no numbers: how they start, and how many
/// hexadecimal digits follow.
const PSEUDONYMS: &[(&str, usize)] = &[("status-", TOKEN_DIGITS), ("id-", 16)];

/// The hexadecimal digits of other pseudonyms.
const TOKEN_DIGITS: usize = 6;

/// Length of the pseudonym of a status or an id at the start of `text`.
fn pseudonym_length(text: &str) -> Option<usize> {
    PSEUDONYMS.iter().find_map(|(start, digits)| {
        let token = token_length(text.strip_prefix(start)?, *digits)?;
        Some(start.len() + token)
    })
}

/// Length of a token of this many hexadecimal digits at the start of `text`. `None` if there is
/// another word.
fn token_length(text: &str, digits: usize) -> Option<usize> {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_token = text.bytes().take_while(is_digit).count() == digits
        && !text[digits..].starts_with(char::is_alphanumeric);
    is_token.then_some(digits)
}

/// Length of a link as redaction writes it: `https://recordings.example.com/3f2a1b.mp3`.
fn link_length(text: &str) -> Option<usize> {
    const HOST: &str = "://recordings.example.com/";
    const MAX_EXTENSION: usize = 5;
    let scheme = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_web = ["http", "https"]
        .iter()
        .any(|web| text[..scheme].eq_ignore_ascii_case(web));
    let path = text[scheme..].strip_prefix(HOST).filter(|_| is_web)?;
    let token = token_length(path, TOKEN_DIGITS)?;
    let extension = path[token..].strip_prefix('.').map_or(0, |extension| {
        extension
            .bytes()
            .take_while(u8::is_ascii_alphanumeric)
            .count()
    });
    let extension = if (1..=MAX_EXTENSION).contains(&extension) {
        1 + extension
    } else {
        0
    };
    Some(scheme + HOST.len() + token + extension)
}

/// Length of the start of a tag of SSML or HTML: `<speak`, `</b`, `<break time="1s"`. The values of
/// attributes that may be any text are not part of it.
fn tag_length(text: &str) -> Option<usize> {
    let name = tag_name(text)?;
    let mut rest = &text[name.end..];
    while let Some(length) = attribute_length(rest) {
        rest = &rest[length..];
    }
    Some(text.len() - rest.len())
}

/// Length of an attribute that says how to speak, with the white space before it.
fn attribute_length(text: &str) -> Option<usize> {
    const NAMES: &[&str] = &[
        "contour",
        "detail",
        "duration",
        "format",
        "interpret-as",
        "lang",
        "level",
        "pitch",
        "range",
        "rate",
        "strength",
        "time",
        "version",
        "volume",
        "xml:lang",
    ];
    const LONGEST: usize = 20;
    let trimmed = text.trim_start();
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b':');
    let name = trimmed.bytes().take_while(is_name).count();
    let has_space = trimmed.len() < text.len();
    (has_space && NAMES.contains(&&trimmed[..name])).then_some(())?;
    let value = trimmed[name..].strip_prefix('=')?;
    let quote = value
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let value = &value[1..];
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.%".contains(byte);
    let length = value.bytes().take(LONGEST).take_while(is_plain).count();
    let rest = value[length..].strip_prefix(quote)?;
    Some(text.len() - rest.len())
}

/// The number in a visible escape sequence `\u00fc`.
fn unicode_escape(text: &str) -> Option<u32> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// Letters that are filler if they are escaped.
const FILLER_ESCAPES: &[char] = &['a', 'e', 'i', 'o'];

/// The letter that a visible escape sequence denotes.
fn escaped_letter(text: &str) -> Option<char> {
    char::from_u32(unicode_escape(text)?).filter(|letter| letter.is_alphabetic())
}

/// Length of the word at the start of `text`.
fn word_length(text: &str, is_garbled: bool) -> usize {
    let is_end = |&(at, letter): &(usize, char)| {
        !is_word_part(letter) || is_garbled && garbled_length(&text[at..]).is_some()
    };
    text.char_indices()
        .find(is_end)
        .map_or(text.len(), |(at, _)| at)
}

/// Letters that redaction writes for those of scripts whose letters are words or syllables.
const SCRIPT_FILLER: &[char] = &['文', 'あ', 'ア', '가'];

/// True for a letter, except for those of [`SCRIPT_FILLER`].
fn is_word_part(letter: char) -> bool {
    letter.is_alphabetic() && !SCRIPT_FILLER.contains(&letter)
}

fn is_filler_word(word: &str) -> bool {
    word.is_ascii() && is_filler(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_words(text: &str, is_transcript: bool, expected: &[&str]) {
        let words = find_free_words(text, is_transcript);
        let shown: Vec<_> = words
            .into_iter()
            .map(|at| {
                text[at..]
                    .split(|c: char| !c.is_alphabetic())
                    .next()
                    .unwrap_or("")
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn words_that_are_not_filler_are_found() {
        assert_words("Guten Tag, Lorem!", false, &["Guten", "Tag"]);
        assert_words("Lorem, DOLOR in massa 12 – amet.", false, &[]);
        assert_words("müller loremx ß", false, &["müller", "loremx", "ß"]);
        assert_words("文文文 ああ, 가 dolor", false, &[]);
        assert_words("田中", false, &["田中"]);
        assert_words("", true, &[]);
    }

    #[test]
    fn known_labels_and_times_are_not_words() {
        let text = "Assistant: Lorem!\n[00:01] Kunde: dolor\nLena: amet";
        assert_words(text, true, &["Lena"]);
        assert_words("Assistant: Lorem", false, &["Assistant"]);
        assert_words("Lorem: Dolor\nCustomer: in", true, &[]);
    }

    #[test]
    fn markup_and_tokens_are_not_words() {
        for text in [
            "<speak>lorem<break time=\"500ms\"/> <prosody rate='slow'>in</prosody></speak>",
            "a<br>e <b>in</b>",
            "status-3f2a1b",
            "https://recordings.example.com/3f2a1b.mp3",
            "HTTP://recordings.example.com/3f2a1b",
            "Lorem user-3f2a1b@example.com, in",
            r"lorem\nin \u0061 \ud83d \u2013",
        ] {
            assert_words(text, false, &[]);
        }
        assert_words("<sub alias='Max'>in</sub>", false, &["alias", "Max"]);
        assert_words("<max>in", false, &["max"]);
        assert_words("status-anna", false, &["status", "anna"]);
        assert_words("https://a.de/3f", false, &["https", "f"]);
        assert_words(
            "https://recordings.example.com/max.mp3",
            false,
            &["https", "recordings", "example", "com", "max", "mp"],
        );
        assert_words("max@web.de", false, &["max", "web"]);
        assert_eq!(find_free_words(r"\u00fc", false), [0]);
    }

    #[test]
    fn garbled_letters_are_not_words() {
        assert_eq!(find_free_words("a mÃ¶chte", false), [2, 7]);
        assert_words("a eÃ¶amet", false, &[]);
        assert_words("Est â€“ ðŸ˜O", false, &[]);
    }

    #[test]
    fn long_texts_take_linear_time() {
        for part in [
            "<",
            "a",
            "AI: x\n",
            "\\u",
            "<b time='",
            "Ã¶",
            "s",
            "status-",
            "@",
        ] {
            let text = part.repeat(200_000 / part.len());
            assert!(find_free_words(&text, true).len() <= text.len());
        }
    }
}
