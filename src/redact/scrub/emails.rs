//! E-mail addresses and links, written and spoken: "max punkt muster ät gmx punkt de".

use std::ops::Range;

use super::found::{Class, Findings};
use super::number_words::parse_number_word;
use super::tokens::{Conversation, FARTHEST, Kind, Token};
use super::topics::{Topic, Topics};
use super::word_kinds::{is_filler, is_spoken_sign};
use super::words::{List, is_in, is_ordinary};
use crate::text::email::{find_emails, is_email_part};

/// Adds written addresses and links.
pub(super) fn find_written(text: &str, findings: &mut Findings) {
    find_written_addresses(text, findings);
    find_hosts(text, findings);
    for scheme in ["http://", "https://"] {
        for (start, _) in text.match_indices(scheme) {
            findings.add(start..start + link_length(&text[start..]), Class::Url);
        }
    }
}

/// Adds written addresses, and what is before an `@` without a domain that can exist.
fn find_written_addresses(text: &str, findings: &mut Findings) {
    let emails = find_emails(text);
    for email in &emails {
        findings.add(email.range.clone(), Class::Email);
    }
    for (at, _) in text.match_indices('@') {
        let next = emails.partition_point(|email| email.range.end <= at);
        let is_found = (emails.get(next)).is_some_and(|email| email.range.contains(&at));
        let start = text[..at].trim_end_matches(is_email_part).len();
        if !is_found && start < at {
            findings.add(start..at, Class::Email);
        }
    }
}

/// Adds links without a scheme: `shop.example/anna`.
fn find_hosts(text: &str, findings: &mut Findings) {
    const SHORTEST_NAME: usize = 3;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    let mut at = 0;
    while let Some(start) = text[at..].find(is_part) {
        let start = at + start;
        let host = &text[start..];
        let host = &host[..host.find(|c| !is_part(c)).unwrap_or(host.len())];
        at = start + host.len();
        let host = host.trim_end_matches(['.', '-']);
        let has_domain = host.rsplit_once('.').is_some_and(|(name, top)| {
            let is_name = name.len() >= SHORTEST_NAME && name.contains(char::is_alphabetic);
            is_name && is_in(List::TopDomains, &top.to_lowercase())
        });
        if has_domain && !text[..start].ends_with('@') {
            findings.add(start..start + link_length(&text[start..]), Class::Url);
        }
    }
}

/// Length of the link at the start of `text`, without the signs of the sentence behind it.
fn link_length(text: &str) -> usize {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ')' | ']');
    let link = &text[..text.find(is_end).unwrap_or(text.len())];
    link.trim_end_matches(['.', ',', '!', '?', ';', ':']).len()
}

/// Adds spoken addresses.
pub(super) fn find_spoken(conversation: &Conversation, topics: &Topics, findings: &mut Findings) {
    let mut index = 0;
    while index < conversation.tokens.len() {
        let is_asked = topics.at(index) == Topic::Email;
        let mut next = index + 1;
        if let Some(address) = whole_address(conversation, index, is_asked) {
            next = address.end;
            findings.add(
                conversation.range(address.start, address.end),
                Class::SpokenEmail,
            );
        } else if let Some(part) = address_part(conversation, index, is_asked) {
            findings.add(conversation.range(part.start, part.end), Class::SpokenEmail);
        }
        index = next;
    }
}

/// The address whose "at" is at `index`: "max punkt muster ät gmx punkt de".
fn whole_address(
    conversation: &Conversation,
    index: usize,
    is_asked: bool,
) -> Option<Range<usize>> {
    let word = conversation.word(index);
    let is_at = matches!(
        word,
        "aet" | "at" | "affenschwanz" | "klammeraffe" | "klammeraffen" | "aett"
    );
    if !is_at && !conversation.is_sign(index, '@') {
        return None;
    }
    let local = local_part(conversation, index);
    // In India, "at" is "at the rate".
    let is_at_rate =
        conversation.word(index + 1) == "the" && conversation.word(index + 2) == "rate";
    let domain = index + if is_at_rate { 3 } else { 1 };
    if let Some(end) = domain_end(conversation, domain) {
        return Some(local.start..end);
    }
    // "at" is an ordinary English word.
    let is_sure = word != "at";
    let has_sign = local.len() > 1
        && local
            .clone()
            .any(|part| is_joint(conversation, part) || is_digits(conversation, part));
    let is_address = (is_sure && is_asked) || (has_sign && (is_sure || is_asked));
    is_address.then_some(local.start..index + 1)
}

/// The part of an address around the dot at `index`, before or behind an interruption: "kraemer
/// punkt j p, also …".
fn address_part(conversation: &Conversation, index: usize, is_asked: bool) -> Option<Range<usize>> {
    let ends_with_top_domain = matches!(conversation.word(index), "punkt" | "dot")
        && is_in(List::TopDomains, conversation.word_after(index));
    let is_spoken_joint = is_joint(conversation, index) && conversation.tokens[index].is_word();
    let is_rare = matches!(
        conversation.word(index),
        "underscore" | "underline" | "unterstrich"
    );
    if !is_spoken_joint || !(is_asked || ends_with_top_domain || is_rare) {
        return None;
    }
    let before = local_part(conversation, index);
    let end = joined_end(conversation, index + 1);
    (!before.is_empty() && end > index + 1).then_some(before.start..end)
}

/// True for a word or sign that joins parts of an address.
fn is_joint(conversation: &Conversation, index: usize) -> bool {
    let token = &conversation.tokens[index];
    match token.kind {
        Kind::Word => is_spoken_sign(&token.folded) && token.folded != "strich",
        Kind::Sign => matches!(token.text, "." | "-" | "_" | "+") && token.is_glued,
        Kind::Digits => false,
    }
}

/// True for digits, number words and words before them: "double".
fn is_digits(conversation: &Conversation, index: usize) -> bool {
    let word = conversation.word(index);
    conversation.tokens[index].kind == Kind::Digits
        || parse_number_word(word).is_some()
        || matches!(word, "double" | "triple" | "doppel" | "doppelt" | "oh")
}

/// True for "punkt", "dot", and a dot between words.
fn is_dot(conversation: &Conversation, index: usize) -> bool {
    let token = &conversation.tokens[index];
    let is_before_glued = || {
        conversation
            .tokens
            .get(index + 1)
            .is_some_and(|next| next.is_glued)
    };
    matches!(&*token.folded, "punkt" | "dot")
        || (token.is_sign('.') && token.is_glued && is_before_glued())
}

/// Index behind the domain that starts at `start`, if it ends with a top-level domain.
fn domain_end(conversation: &Conversation, start: usize) -> Option<usize> {
    const LONGEST_DOMAIN: usize = 14;
    const MOST_WORDS: usize = 3;
    let first = conversation.in_turn(start, start.checked_sub(1)?)?;
    if first.kind == Kind::Sign {
        return None;
    }
    let mut end = None;
    let mut words = 0;
    for index in start..start + LONGEST_DOMAIN {
        let Some(token) = conversation.in_turn(index, start) else {
            break;
        };
        if is_dot(conversation, index) {
            let next = conversation.after(index)?;
            if is_in(List::TopDomains, &next.folded) {
                return Some(index + 2);
            }
            words = 0;
        } else if end.is_some() {
            break;
        } else if is_top_domain_of_provider(conversation, start, index) {
            end = Some(index + 1);
        } else if !is_joint(conversation, index) {
            let is_word = !token.is_letter() && !is_digits(conversation, index);
            let ends_domain = token.kind == Kind::Sign && !token.is_sign(',');
            words += usize::from(is_word);
            if ends_domain || words > MOST_WORDS {
                break;
            }
        }
    }
    end
}

/// True for the "de" of "gmx de": the dot may be left out behind a provider.
fn is_top_domain_of_provider(conversation: &Conversation, start: usize, index: usize) -> bool {
    index > start
        && is_in(List::TopDomains, conversation.word(index))
        && is_in(List::EmailProviders, conversation.word(index - 1))
}

/// Indices of the part of an address before `end`: one word, with all that signs, digits and single
/// letters join to it, and unusual words before it: "ilka jansen at …".
fn local_part(conversation: &Conversation, end: usize) -> Range<usize> {
    const LONGEST_LOCAL: usize = 24;
    let mut start = joined_start(conversation, end, LONGEST_LOCAL);
    while start < end
        && end - start < LONGEST_LOCAL - 1
        && let Some(index) = start.checked_sub(1)
        && let Some(token) = conversation.in_turn(index, end)
        && may_be_local_word(token)
        && (!is_ordinary(&token.folded) || token.is_letter() && !matches!(token.text, "I" | "a"))
    {
        start = index;
    }
    start..end
}

/// Index of the first of the joined words, digits and letters before `end`.
fn joined_start(conversation: &Conversation, end: usize, longest: usize) -> usize {
    let mut start = end;
    let mut needs_word = true;
    while end - start < longest
        && let Some(index) = start.checked_sub(1)
        && let Some(token) = conversation.in_turn(index, end)
    {
        if is_joint(conversation, index) {
            needs_word = true;
        } else if token.kind == Kind::Sign {
            // Pauses: "max, punkt, muster".
            let joins = needs_word || (index > 0 && is_joint(conversation, index - 1));
            if !token.is_sign(',') || !joins {
                break;
            }
        } else if is_digits(conversation, index) || token.is_letter() {
            // "summers eighty-two": a word may come before digits, too.
            needs_word = !token.is_letter();
        } else if needs_word && may_be_local_word(token) {
            needs_word = false;
        } else {
            break;
        }
        start = index;
    }
    while start < end && conversation.tokens[start].kind == Kind::Sign {
        start += 1;
    }
    start
}

/// True for words that are not only talk around an address: "it's", "ähm".
fn may_be_local_word(token: &Token) -> bool {
    token.is_word() && !is_filler(&token.folded) && !is_in(List::EmailLeadIns, &token.folded)
}

/// Index behind the joined words, digits and letters that start at `start`.
fn joined_end(conversation: &Conversation, start: usize) -> usize {
    let mut end = start;
    let mut may_be_word = true;
    while end - start < FARTHEST
        && let Some(token) = conversation.in_turn(end, start.saturating_sub(1))
    {
        if is_joint(conversation, end) {
            may_be_word = true;
        } else if !is_digits(conversation, end) && !token.is_letter() {
            let follows_dot = end > 0 && is_dot(conversation, end - 1);
            let is_top_domain = follows_dot && is_in(List::TopDomains, &token.folded);
            let is_part = may_be_word
                && token.is_word()
                && !is_filler(&token.folded)
                && (is_top_domain || !is_in(List::Common, &token.folded));
            if !is_part {
                break;
            }
            may_be_word = false;
        }
        end += 1;
    }
    end
}
