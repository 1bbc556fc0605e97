//! Text in which every word is filler, and every phone number and address a fake. So a reader sees
//! the shape of a conversation, and rules about texts find what they found.

use std::ops::Range;

use super::phones::{hide_real_phones, phone_in_text};
use super::words::{Shaper, is_garbled};
use crate::call::phone_search::{FoundPhone, find_phones};
use crate::text::email::{FoundEmail, find_emails};
use crate::text::mojibake::garbled_length;
use crate::text::visible_escape::escape_length;

impl Shaper<'_> {
    /// Appends the text with other words.
    pub(super) fn push(&mut self, text: &str, out: &mut String) {
        if self.push_plain(text, out) {
            return;
        }
        self.push_any(text, out);
    }

    /// The slow twin of [`Self::push_plain`], for any text.
    pub(super) fn push_any(&mut self, text: &str, out: &mut String) {
        let fakes = self.fakes_in(text);
        self.push_between(text, fakes, out);
    }

    /// Appends the text with these parts replaced, and other words between them.
    fn push_between(&mut self, text: &str, fakes: Vec<(Range<usize>, String)>, out: &mut String) {
        let start = out.len();
        let is_garbled = self.is_in_garbled || is_garbled(text);
        let mut at = 0;
        for (range, fake) in fakes {
            self.push_parts(&text[at..range.start], is_garbled, out);
            out.push_str(&fake);
            at = range.end;
        }
        self.push_parts(&text[at..], is_garbled, out);
        hide_real_phones(out, start, find_phones);
    }

    /// The pseudonyms of the e-mail addresses and phone numbers in a text, by their byte ranges, in
    /// order.
    pub(super) fn fakes_in(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let address = |email: FoundEmail| {
            let start = email.range.start + escape_rest(text, email.range.start);
            let range = start.min(email.range.end)..email.range.end;
            let fake = self.fake_email(&text[range.clone()], start > email.range.start);
            (range, fake)
        };
        let emails: Vec<_> = find_emails(text).into_iter().map(address).collect();
        let mut phones = Vec::new();
        for FoundPhone { range, .. } in find_phones(text) {
            let next = emails.partition_point(|(email, _)| email.end <= range.start);
            let is_in_address =
                (emails.get(next)).is_some_and(|(email, _)| email.start < range.end);
            if !is_in_address
                && let Some(fake) = phone_in_text(&text[range.clone()], self.pseudonyms)
            {
                phones.push((range, fake));
            }
        }
        let mut fakes = [emails, phones].concat();
        fakes.sort_by_key(|(range, _)| range.start);
        fakes
    }

    /// The pseudonym of an e-mail address. If it is garbled or escaped, `validate` finds that in
    /// the text, so the pseudonym is, too.
    fn fake_email(&self, address: &str, is_after_escape: bool) -> String {
        let lower = address.to_lowercase();
        let token = self.pseudonyms.token("e-mail", &lower);
        // A capital after a written `\n` shows that a line ends there.
        let is_capital = is_after_escape && address.starts_with(char::is_uppercase);
        let user = if is_capital { "User" } else { "user" };
        let mut parts = address.char_indices().map(|(at, _)| &address[at..]);
        if !parts.any(|rest| {
            garbled_length(rest)
                .or_else(|| escape_length(rest))
                .is_some()
        }) {
            return format!("{user}-{token}@example.com");
        }
        let words = address.replace(['@', '＠', '﹫'], ".");
        let mut flaws = String::with_capacity(words.len());
        let mut shaper = Shaper::of(&[b"e-mail", lower.as_bytes()], self.pseudonyms);
        shaper.push_parts(&words, true, &mut flaws);
        format!("{user}-{token}.{flaws}@example.com")
    }

    /// Appends text with known words between tags: only what is in the tags is replaced.
    pub(super) fn push_tags(&mut self, text: &str, out: &mut String) {
        for (index, piece) in text.split('<').enumerate() {
            if index == 0 {
                out.push_str(piece);
                continue;
            }
            let (tag, after) = piece.split_at(piece.find('>').unwrap_or(piece.len()));
            self.push(&format!("<{tag}"), out);
            out.push_str(after);
        }
    }
}

/// Length of what belongs to an escape sequence at `at` of `text`, after its backslash: the `n` of
/// `\nanna@web.de` is no part of the address.
fn escape_rest(text: &str, at: usize) -> usize {
    let start = text[..at].ends_with('\\').then(|| at - 1);
    let length = start.and_then(|start| escape_length(&text[start..]));
    length.map_or(0, |length| length - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::RedactKey;
    use super::super::pseudonyms::Pseudonyms;
    use super::*;
    use crate::call::free_words::find_free_words;
    use crate::text::any_text::hard_texts;
    use crate::text::mojibake;

    fn shape(text: &str) -> String {
        let pseudonyms = Pseudonyms::new(&RedactKey::new([1; 32]));
        let mut out = String::new();
        Shaper::of(&[b"1", b"/transcript"], &pseudonyms).push(text, &mut out);
        out
    }

    /// Letters as `x` or `X`, digits as `0`.
    fn form(text: &str) -> String {
        let of = |c: char| match c {
            _ if c.is_uppercase() => 'X',
            _ if c.is_alphabetic() => 'x',
            _ if c.is_numeric() => '0',
            _ => c,
        };
        text.chars().map(of).collect()
    }

    #[test]
    fn the_shape_of_a_text_stays() {
        for text in [
            "",
            "Guten Tag, Frau Müller-Lüdenscheidt! 😀\r\n– „Ja“, um 14:30.",
            "ALLES GROSS camelCase ẞß ǅ",
            "Straße 12a, 10115 Berlin",
        ] {
            let shaped = shape(text);
            assert_eq!(form(&shaped), form(text), "{shaped}");
            assert!(!shaped.contains("Müller"), "{shaped}");
        }
    }

    #[test]
    fn times_stay_times() {
        let text = "[00:01] 1:02:59,5 14:30 ".repeat(50) + "12:61 <b> 0:99";
        let shaped = shape(&text);
        for (before, after) in text.split(' ').zip(shaped.split(' ')) {
            let seconds = |text: &str| {
                let (_, seconds) = text.rsplit_once(':')?;
                Some(seconds.as_bytes()[0] < b'6')
            };
            assert_eq!(seconds(before), seconds(after), "{before}: {after}");
        }
    }

    #[test]
    fn equal_words_become_different_ones() {
        let shaped = shape(&"Sabine ".repeat(50));
        let words: std::collections::HashSet<&str> = shaped.split_whitespace().collect();
        assert!(words.len() > 3, "{shaped}");
    }

    #[test]
    fn addresses_and_phones_are_valid_fakes() {
        let shaped = shape("Mail: Anna.Groß@example.org, Tel. +4915123456789.");
        let (before, after) = shaped.split_once("user-").expect("an address");
        assert!(after.contains("@example.com, "), "{shaped}");
        assert!(
            shaped.contains(". +999") && before.ends_with(": "),
            "{shaped}"
        );
        assert!(!shaped.contains("4915123456789"));
    }

    proptest! {
        /// The rules on personal data find nothing in what is left.
        #[test]
        fn shaped_texts_have_no_personal_data(text in hard_texts()) {
            let shaped = shape(&text);
            let real_phone = find_phones(&shaped).into_iter().find(|phone| !phone.is_fake);
            prop_assert_eq!(real_phone, None, "{}", shaped);
            let real_email = find_emails(&shaped).into_iter().find(|email| !email.is_fake);
            prop_assert_eq!(real_email, None, "{}", shaped);
            prop_assert!(find_free_words(&shaped, false).is_empty(), "{}", shaped);
        }
    }

    #[test]
    fn what_rules_find_stays() {
        assert!(mojibake::restore(&shape("Ich mÃ¶chte MÃ¼ller")).is_some());
        let escaped = shape(r"Hallo.\nKunde: Ja \u00fc");
        assert!(
            escaped.contains("\\n") && escaped.contains("\\u00"),
            "{escaped}"
        );
    }
}
