//! Texts of `--text scrub`: they stay readable, and what was found to be personal is replaced.

use std::ops::Range;

use super::body::BodyWriter;
use super::phones::hide_real_phones;
use super::residuals::TextResidual;
use super::rule::ValueRule;
use super::scrub::{Class, Findings, Found, Residual, find_residuals};
use super::scrub_state::Scrub;
use super::texts::has_flaws;
use crate::call::phone_search::find_phones;
use crate::call::transcript::{is_text_member, line_heads, tag_name};
use crate::json::{Json, plain_text};
use crate::text::email::is_email;
use crate::text::invisible::is_invisible;

impl BodyWriter<'_, '_> {
    /// Collects a value with this rule, if nothing is written yet.
    pub(super) fn collect(&mut self, value: Json, rule: ValueRule) {
        let name = self.variable_name();
        let Some(Scrub::Collecting(texts)) = &mut self.scrub else {
            return;
        };
        let value = &plain_text(value);
        match rule {
            ValueRule::Phone => texts.add_value("phone", value),
            ValueRule::Variable | ValueRule::Other => texts.add_value(&name, value),
            ValueRule::SpeakerName => texts.add_speaker(value),
            ValueRule::Speaker => texts.set_speaker(value),
            _ => {}
        }
    }

    /// The transcript or turn without what is personal. `None` if that cannot be found in it.
    pub(super) fn readable_transcript(&mut self, text: &str) -> Option<String> {
        // In a turn, only the members with its text are searched.
        let is_text = self.names.len() <= 1 || self.names.last().is_some_and(|n| is_text_member(n));
        if !is_text {
            return None;
        }
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
            Scrub::Replacing(texts, _) => texts.in_value(&self.variable_name(), text),
            Scrub::Collecting(_) => return Some(String::new()),
        };
        if is_email(text) {
            return None;
        }
        self.replace(text, found, false)
    }

    /// The names of the members around a value, as one: `customer_last` in the variable `customer`.
    fn variable_name(&self) -> String {
        const AROUND: [&str; 4] = [
            "extracted_variables",
            "input_variables",
            "lead",
            "variables",
        ];
        let names = self.names.iter().map(String::as_str);
        let names: Vec<&str> = names.filter(|name| !AROUND.contains(name)).collect();
        names.join("_")
    }

    /// Replaces the personal parts, and shifts the times of turns. `None` if the search can miss
    /// what is hidden in the text, or if rules would find something else in the result.
    fn replace(&mut self, text: &str, found: Vec<Found>, is_transcript: bool) -> Option<String> {
        if is_hidden(text) {
            return None;
        }
        let kept = self.kept_pieces(text, is_transcript);
        let fakes = self.shaper_here().fakes_in(text);
        let found = with_fakes(found, &fakes);
        let mut pieces = kept.clone();
        let mut replaced_classes = Vec::with_capacity(found.len());
        for part in &found {
            for range in outside(part.range.clone(), &kept) {
                let fake = fakes.iter().find(|(fake, _)| *fake == range);
                let replacement = match fake {
                    Some((_, fake)) => fake.clone(),
                    None => self.replacement(&text[range.clone()], part.class),
                };
                replaced_classes.push(part.class);
                pieces.push((range, replacement));
            }
        }
        pieces.sort_by_key(|(range, _)| range.start);
        let mut replaced = with_pieces(text, &pieces);
        hide_real_phones(&mut replaced, 0, find_phones);
        if is_hidden(&replaced) {
            return None;
        }
        for class in replaced_classes {
            self.counts.add_found(class);
        }
        let residuals = residuals(text, &find_residuals(text, &found), &pieces);
        self.residuals.extend(residuals);
        Some(replaced)
    }

    /// The labels and times of turns, and the attributes of tags, with what stands for them.
    fn kept_pieces(&self, text: &str, is_transcript: bool) -> Vec<(Range<usize>, String)> {
        let mut pieces = Vec::new();
        if is_transcript {
            for head in line_heads(text)
                .into_iter()
                .filter(|head| !head.may_be_name)
            {
                let part = &text[head.range.clone()];
                let mut shifted = String::with_capacity(part.len());
                self.push_head(part, &mut self.shaper_here(), &mut shifted);
                pieces.push((head.range, shifted));
            }
        }
        let heads: Vec<_> = pieces.iter().map(|(range, _)| range.clone()).collect();
        let mut shaper = self.shaper_here();
        for range in tag_attributes(text) {
            let next = heads.partition_point(|head| head.end <= range.start);
            if heads.get(next).is_none_or(|head| range.end <= head.start) {
                // They may say anything.
                let mut filler = String::new();
                shaper.push(&text[range.clone()], &mut filler);
                pieces.push((range, filler));
            }
        }
        pieces.sort_by_key(|(range, _)| range.start);
        pieces
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
    text.contains(is_invisible) || has_flaws(text)
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

/// The attributes of tags of HTML and SSML.
fn tag_attributes(text: &str) -> Vec<Range<usize>> {
    // Without a limit, a text of tags without an end would take quadratic time.
    const LONGEST_TAG: usize = 1000;
    let starts = memchr::memchr_iter(b'<', text.as_bytes());
    let attributes = starts.filter_map(|start| {
        let rest = &text[start..];
        let name_end = tag_name(rest)?.end;
        let tag = &rest.as_bytes()[..rest.len().min(LONGEST_TAG)];
        let end = memchr::memchr(b'>', tag)?;
        (name_end < end).then_some(start + name_end..start + end)
    });
    let mut end = 0;
    let mut ranges: Vec<Range<usize>> = attributes.collect();
    ranges.retain(|range| {
        let is_outside = range.start >= end;
        end = end.max(range.end);
        is_outside
    });
    ranges
}

/// The parts of `range` that are in none of the pieces, which are sorted.
fn outside(range: Range<usize>, pieces: &[(Range<usize>, String)]) -> Vec<Range<usize>> {
    let first = pieces.partition_point(|(piece, _)| piece.end <= range.start);
    let pieces = pieces[first..].iter().map(|(piece, _)| piece);
    let mut parts = Vec::new();
    let mut start = range.start;
    for piece in pieces.take_while(|piece| piece.start < range.end) {
        parts.push(start..piece.start.max(start));
        start = piece.end;
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
        // In a time at the start of a line, which is shifted.
        let is_replaced =
            (pieces.peek()).is_some_and(|(range, _)| range.start < residual.range.end);
        if is_replaced {
            continue;
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
