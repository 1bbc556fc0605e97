//! Texts of `--text scrub`: they stay readable, and what was found to be personal is replaced.

use std::ops::Range;

use super::body::BodyWriter;
use super::phones::hide_real_phones;
use super::residuals::TextResidual;
use super::scrub::{Class, Findings, Found, Residual, find_residuals};
use super::scrub_state::Scrub;
use crate::call::phone_search::find_phones;
use crate::call::transcript::{LineHead, line_heads};
use crate::text::double_escape::find_escape;
use crate::text::email::is_email;
use crate::text::invisible::is_invisible;
use crate::text::mojibake;

impl BodyWriter<'_, '_> {
    /// The transcript or turn without what is personal. `None` if that cannot be found in it.
    pub(super) fn readable_transcript(&mut self, text: &str) -> Option<String> {
        let found = match self.scrub.as_mut()? {
            Scrub::Collecting(texts) => {
                texts.add_transcript(text);
                return Some(String::new());
            }
            Scrub::Replacing(texts, _) => texts.next_transcript(),
        };
        self.replace(text, found, true)
    }

    /// The value of a variable without what is personal. `None` if that cannot be found in it.
    pub(super) fn readable_value(&mut self, text: &str) -> Option<String> {
        let found = match self.scrub.as_ref()? {
            Scrub::Replacing(texts, _) => texts.in_value(&self.member_name, text),
            Scrub::Collecting(_) => return Some(String::new()),
        };
        if is_email(text) {
            return None;
        }
        self.replace(text, found, false)
    }

    /// Replaces the personal parts, and shifts the times of turns. `None` if the search can miss
    /// what is hidden in the text, or if rules would find something else in the result.
    fn replace(&mut self, text: &str, found: Vec<Found>, is_transcript: bool) -> Option<String> {
        if is_hidden(text) {
            return None;
        }
        let mut heads = Vec::new();
        if is_transcript {
            heads = line_heads(text);
            heads.retain(|head| !head.may_be_name);
        }
        let fakes = self.shaper_here().fakes_in(text);
        let found = with_fakes(found, &fakes);
        let mut pieces = Vec::with_capacity(heads.len() + found.len());
        for head in &heads {
            let mut shifted = String::new();
            self.push_head(&text[head.range.clone()], &mut shifted);
            pieces.push((head.range.clone(), shifted));
        }
        for part in &found {
            for range in outside(part.range.clone(), &heads) {
                let fake = fakes.iter().find(|(fake, _)| *fake == range);
                let replacement = match fake {
                    Some((_, fake)) => fake.clone(),
                    None => self.replacement(&text[range.clone()], part.class),
                };
                pieces.push((range, replacement));
            }
        }
        pieces.sort_by_key(|(range, _)| range.start);
        let mut replaced = with_pieces(text, &pieces);
        hide_real_phones(&mut replaced, 0, find_phones);
        if is_hidden(&replaced) {
            return None;
        }
        for part in &found {
            self.counts.add_found(part.class);
        }
        let residuals = residuals(text, &find_residuals(text, &found), &pieces);
        self.residuals.extend(residuals);
        Some(replaced)
    }

    /// What stands for a personal part of a text.
    fn replacement(&mut self, text: &str, class: Class) -> String {
        match &mut self.scrub {
            Some(Scrub::Replacing(_, placeholders)) if class != Class::Label => {
                placeholders.of(text, class)
            }
            _ => self.text_by_value(text),
        }
    }
}

/// True for a text in which personal data can be hidden from the search, or that a rule of
/// `validate` finds for its encoding.
fn is_hidden(text: &str) -> bool {
    text.contains(is_invisible)
        || find_escape(text).is_some()
        || !text.is_ascii() && mojibake::restore(text).is_some()
}

/// The findings together with the e-mail addresses and phone numbers that have pseudonyms.
fn with_fakes(found: Vec<Found>, fakes: &[(Range<usize>, String)]) -> Vec<Found> {
    let mut findings = Findings::from(found);
    for (range, fake) in fakes {
        let is_email = fake.contains('@');
        let class = if is_email { Class::Email } else { Class::Phone };
        findings.add(range.clone(), class);
    }
    findings.into_sorted()
}

/// The parts of `range` that are in none of the heads, which are sorted.
fn outside(range: Range<usize>, heads: &[LineHead]) -> Vec<Range<usize>> {
    let first = heads.partition_point(|head| head.range.end <= range.start);
    let mut parts = Vec::new();
    let mut start = range.start;
    for head in heads[first..]
        .iter()
        .take_while(|head| head.range.start < range.end)
    {
        parts.push(start..head.range.start.max(start));
        start = head.range.end;
    }
    parts.push(start..range.end.max(start));
    parts.retain(|part| !part.is_empty());
    parts
}

/// The text with other texts in place of some pieces, which are sorted.
fn with_pieces(text: &str, pieces: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, replacement) in pieces {
        out.push_str(&text[at..range.start]);
        out.push_str(replacement);
        at = range.end;
    }
    out + &text[at..]
}

/// The residuals with their places in the text in which these pieces were replaced.
fn residuals(
    text: &str,
    residuals: &[Residual],
    pieces: &[(Range<usize>, String)],
) -> Vec<TextResidual> {
    let mut pieces = pieces.iter().peekable();
    let (mut at, mut character) = (0, 1);
    let mut placed = Vec::with_capacity(residuals.len());
    for residual in residuals {
        let start = residual.range.start;
        while let Some((range, replacement)) = pieces.next_if(|(range, _)| range.end <= start) {
            character += text[at..range.start].chars().count() + replacement.chars().count();
            at = range.end;
        }
        character += text[at..start].chars().count();
        at = start;
        placed.push(TextResidual {
            text: text[residual.range.clone()].to_owned(),
            kind: residual.kind,
            character,
            text_start: 0,
        });
    }
    placed
}
