//! E-mail addresses in texts (RFC 5322 §3.4.1, as people write them: without quotes or comments).

use std::ops::Range;

use super::visible_escape::first_character;

/// An e-mail address in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundEmail {
    /// Byte range in the text.
    pub(crate) range: Range<usize>,
    /// True if its domain cannot exist.
    pub(crate) is_fake: bool,
}

/// The e-mail addresses in `text`, in order. An `@` may be full-width or escaped, as in the link
/// `?to=a%40b.de`.
#[must_use]
pub(crate) fn find_emails(text: &str) -> Vec<FoundEmail> {
    let mut found = Vec::new();
    // Fast path: nearly no text has an `@`, however it is written. In UTF-8, a wide one starts with
    // the byte EF.
    let bytes = text.as_bytes();
    let has_mark = memchr::memchr3(b'@', b'%', b'\\', bytes).is_some();
    if !has_mark && memchr::memchr(0xef, bytes).is_none() {
        return found;
    }
    let (mut searched, mut at) = (0, 0);
    while let Some((character, length)) = first_character(&text[at..]) {
        if !matches!(character, '@' | '＠' | '﹫') {
            at += length;
            continue;
        }
        // A part belongs to one address only, so that the search takes linear time.
        let before = &text[searched..at];
        let start = at - trailing_length(before, |c| is_email_part(c) || is_mark(c));
        at += length;
        searched = at;
        let (domain, end) = read_domain(text, at);
        if start < at - length && may_be_domain(&domain) {
            found.push(FoundEmail {
                range: start..end,
                is_fake: is_fake_domain(&domain),
            });
            (searched, at) = (end, end);
        }
    }
    found
}

/// Reads the domain at `start` of `text`. Returns it in lower case, with ASCII dots and without one
/// at its end, and the offset of its end.
fn read_domain(text: &str, start: usize) -> (String, usize) {
    let mut domain = String::new();
    let (mut at, mut end) = (start, start);
    let mut length = 0;
    while let Some((character, step)) = first_character(&text[at..]) {
        at += step;
        match character {
            // IDNA (UTS #46) reads these as dots.
            '.' | '。' | '．' | '｡' => domain.push('.'),
            '-' => domain.push('-'),
            part if part.is_alphanumeric() || is_mark(part) => {
                domain.extend(part.to_lowercase());
                (length, end) = (domain.len(), at);
            }
            _ => break,
        }
    }
    domain.truncate(length);
    (domain, end)
}

/// True if `domain` has a top-level domain, which has letters.
fn may_be_domain(domain: &str) -> bool {
    domain.rsplit_once('.').is_some_and(|(before, top)| {
        !before.is_empty() && top.chars().count() >= 2 && top.contains(char::is_alphabetic)
    })
}

/// True for a domain that is reserved for examples and tests (RFC 2606, RFC 6761 §6.2 to §6.5).
fn is_fake_domain(domain: &str) -> bool {
    const TOP: &[&str] = &["example", "test", "invalid", "localhost"];
    const SECOND: &[&str] = &["example.com", "example.net", "example.org"];
    let is_in = |reserved: &&str| {
        let before = domain.strip_suffix(*reserved);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    TOP.iter().chain(SECOND).any(is_in)
}

/// True if `text` is an e-mail address.
#[must_use]
pub(crate) fn is_email(text: &str) -> bool {
    matches!(&find_emails(text)[..], [email] if email.range == (0..text.len()))
}

/// True for a combining mark. In decomposed text, as macOS writes it, `ü` is `u` and a mark.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Length in bytes of the characters at the end of `text` for which `is_part` is true.
fn trailing_length(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.len() - text.trim_end_matches(is_part).len()
}

/// True for a character of the part before the `@`. An address starts where the character before is
/// not such a character.
pub(crate) fn is_email_part(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | '%' | '+' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_texts() {
        for (text, expected) in [
            ("Mail an Anna.Groß+x@web.de, danke", "Anna.Groß+x@web.de"),
            ("mailto:max@müller.de?subject=x", "max@müller.de"),
            ("max@mu\u{308}ller.de", "max@mu\u{308}ller.de"),
            ("max＠web．de", "max＠web．de"),
            ("https://a.de/?to=max%40web.de&x=1", "max%40web.de"),
            (
                r#"{"a":"max\u0040m\u00fcller.de"}"#,
                r"max\u0040m\u00fcller.de",
            ),
            ("<max@web.de>", "max@web.de"),
            ("max@example.com.de", "max@example.com.de"),
            ("max@notexample.com", "max@notexample.com"),
            ("a@b@c.de", "b@c.de"),
            ("max@web.de.", "max@web.de"),
        ] {
            let found = find_emails(text);
            let shown: Vec<_> = found
                .iter()
                .map(|email| &text[email.range.clone()])
                .collect();
            assert_eq!(shown, [expected], "{text}");
            assert!(!found[0].is_fake, "{text}");
        }
        let found = find_emails("a@web.de;b@example.com c@d.org");
        let fake: Vec<_> = found.iter().map(|email| email.is_fake).collect();
        assert_eq!(fake, [false, true, false]);
    }

    #[test]
    fn other_texts_are_not_addresses() {
        for text in [
            "",
            "@",
            "@web.de",
            "max@",
            "max@web",
            "max@1.25",
            "max@10.0.0.1",
            "a @ b.de",
            "max@.de",
            "max@@web.de",
            "max at web.de",
            "%40",
            "max%40",
        ] {
            assert_eq!(find_emails(text), [], "{text}");
        }
    }

    #[test]
    fn addresses_at_reserved_domains_are_fake() {
        for text in [
            "user-3f2a1b@example.com",
            "a@mail.EXAMPLE.org",
            "a@example.net",
            "a@b.test",
            "a@b.example",
            "a@b.c.invalid",
            "a@b.localhost",
        ] {
            assert!(is_email(text) && find_emails(text)[0].is_fake, "{text}");
        }
        for text in [
            "a@web.de",
            "a@example.de",
            "a@test.com",
            "a@b.tests",
            "a@xexample.com",
            "a",
        ] {
            assert!(
                find_emails(text).iter().all(|email| !email.is_fake),
                "{text}"
            );
        }
    }

    #[test]
    fn long_texts_take_linear_time() {
        for part in ["@", "a@", "a.", "@a.", "%40", "ü@b.de"] {
            let text = part.repeat(300_000 / part.len());
            assert!(find_emails(&text).len() <= 100_000);
        }
    }
}
