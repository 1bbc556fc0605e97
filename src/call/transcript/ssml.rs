//! Removes the tags of SSML (W3C Speech Synthesis Markup Language 1.1), which control how a voice
//! speaks, from text for people.

use std::borrow::Cow;
use std::ops::Range;

/// Names of the elements of SSML, in lower case, and of those that makers of voices add. Elements
/// with a colon in their name are recognized by what is before it.
const ELEMENTS: &[&str] = &[
    "audio", "break", "desc", "emotion", "emphasis", "lang", "lexicon", "lookup", "mark", "media",
    "meta", "metadata", "p", "par", "phoneme", "prosody", "s", "say-as", "seq", "speak", "speed",
    "spell", "sub", "token", "voice", "volume", "w",
];

/// Prefixes of the elements that makers of voices add.
const PREFIXES: &[&str] = &["amazon", "google", "mstts", "ssml"];

/// True for the name of an element, which [`without_tags`] removes.
fn is_element(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    match lower.split_once(':') {
        Some((prefix, _)) => PREFIXES.contains(&prefix),
        None => ELEMENTS.contains(&&*lower),
    }
}

/// Names of the elements of HTML that texts have, in lower case.
const HTML: &[&str] = &["br", "b", "strong", "i", "em", "u", "span", "font", "p"];

/// The byte range of the name of the tag of SSML or HTML at the start of `text`: `speak` in
/// `<speak>`, `b` in `</b>`. `None` for any other text.
#[must_use]
pub(crate) fn tag_name(text: &str) -> Option<Range<usize>> {
    let inside = text.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    let start = text.len() - name.len();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':');
    let length = name.bytes().take_while(is_name).count();
    let (name, after) = name.split_at(length);
    if after.starts_with(char::is_alphanumeric) {
        return None;
    }
    let is_known = HTML.contains(&&*name.to_ascii_lowercase()) || is_element(name);
    is_known.then_some(start..start + length)
}

/// The text without the tags of SSML. Any other text in angle brackets stays.
#[must_use]
pub(super) fn without_tags(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &text.as_bytes()[at..]) {
        let start = at + found;
        let Some(length) = tag_length(&text[start..]) else {
            at = start + 1;
            continue;
        };
        kept.push_str(&text[copied..start]);
        at = start + length;
        copied = at;
        // A tag may be all that separates two words: it leaves one space.
        let before = kept.chars().next_back();
        let after = text[at..].trim_start_matches([' ', '\t']);
        if before.is_none_or(char::is_whitespace) {
            copied = text.len() - after.len();
        } else if is_pause(&text[start..at]) && after.starts_with(|c: char| !c.is_whitespace()) {
            kept.push(' ');
            copied = text.len() - after.len();
        }
        at = copied;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[copied..]);
    Cow::Owned(kept.trim().to_owned())
}

/// True for a tag that is a pause in speech.
fn is_pause(tag: &str) -> bool {
    let name = element_name(tag.trim_start_matches(['<', '/']));
    matches!(&*name.to_ascii_lowercase(), "break" | "p" | "s")
}

fn element_name(text: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_');
    &text[..text.find(|c| !is_name(c)).unwrap_or(text.len())]
}

/// Length of the tag of SSML at the start of `text`: `<break time="1s"/>`, `</speak>`. `None` for
/// any other text.
fn tag_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('<')?;
    let (rest, is_end) = match rest.strip_prefix('/') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let name = element_name(rest);
    let lower = name.to_ascii_lowercase();
    let is_known = match lower.split_once(':') {
        Some((prefix, _)) => PREFIXES.contains(&prefix),
        None => ELEMENTS.contains(&&*lower),
    };
    if !is_known {
        return None;
    }
    let mut rest = &rest[name.len()..];
    loop {
        let trimmed = rest.trim_start();
        let end = trimmed
            .strip_prefix('>')
            .or_else(|| trimmed.strip_prefix("/>"));
        if let Some(end) = end {
            return Some(text.len() - end.len());
        }
        let has_space = trimmed.len() < rest.len();
        rest = Some(trimmed)
            .filter(|_| has_space && !is_end)
            .and_then(skip_attribute)?;
    }
}

/// Skips `name="value"` or `name='value'`.
fn skip_attribute(text: &str) -> Option<&str> {
    let name = Some(element_name(text)).filter(|name| !name.is_empty())?;
    let value = text[name.len()..]
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (_, rest) = value[1..].split_once(quote)?;
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_removed_and_other_brackets_stay() {
        for (text, expected) in [
            ("<speak><break time='1s'/>Hello</speak>", "Hello"),
            ("Hello<break time=\"1s\"/>there", "Hello there"),
            ("Hello <break strength='weak' /> there", "Hello there"),
            ("<prosody rate=\"slow\">Max</prosody>, hello", "Max, hello"),
            ("<SPEAK>A<BREAK/>B</SPEAK>", "A B"),
            ("<amazon:effect name='whispered'>Hi</amazon:effect>", "Hi"),
            ("<mstts:express-as style=\"x\">Hi</mstts:express-as>", "Hi"),
            ("<speak>\n<p>A</p>\n<p>B</p>\n</speak>", "A\nB"),
            ("<say-as interpret-as='telephone'>110</say-as>!", "110!"),
            ("<break time='1s'/>", ""),
        ] {
            assert_eq!(without_tags(text), expected, "{text}");
        }
        for text in [
            "5 < 6 > 4",
            "<Max> says",
            "<b>bold</b>",
            "<break time=1s",
            "<break time=1s/>",
            "<break time='1s'",
            "a <p x> b",
            "<speaker>",
            "</speak x='1'>",
            "<",
            "</",
            "<a:b>",
            "",
        ] {
            assert_eq!(without_tags(text), text, "{text}");
        }
    }
}
