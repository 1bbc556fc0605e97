//! Splits a transcript that is one text into turns, by the labels at the starts of its lines.

use std::borrow::Cow;
use std::collections::HashMap;

use super::breaks::{LineStart, line_starts};
use super::label::{LabelKind, LineLabel, parse_label};
use super::speaker::{Speaker, may_be_name};
use super::turn::Turn;

/// A line that starts with a label.
struct LabelledLine<'a> {
    at: LineStart,
    label: LineLabel<'a>,
}

/// Splits labelled text into turns. A line without a label continues the previous turn, and so does
/// one that merely contains a colon. `assistant_name` is the name of the assistant, if it is known.
pub(super) fn split<'a>(text: &'a str, assistant_name: Option<&str>) -> Vec<Turn<'a>> {
    let starts = line_starts(text);
    let text_end = end_without_break(text, &starts);
    // Lists that are long enough from the start save a tenth of the instructions of a split.
    let mut lines = Vec::with_capacity(starts.len());
    lines.extend((starts.into_iter()).filter_map(|at| {
        let label = parse_label(&text[at.start..])?;
        Some(LabelledLine { at, label })
    }));
    let names = Names::find(&lines, text, assistant_name);
    let mut turns = Vec::with_capacity(lines.len());
    turns.extend(lines.iter().filter_map(|line| {
        let speaker = names.speaker_of(&line.label)?;
        Some((line, speaker))
    }));
    if turns.len() < 2
        && let Some(turns) = split_single_line(text)
    {
        return turns;
    }
    let first_end = turns
        .first()
        .map_or(text.len(), |(line, _)| line.at.break_start);
    let unlabelled = Some(text[..first_end].trim()).filter(|text| !text.is_empty());
    let unlabelled = unlabelled.map(|text| Turn::unlabelled(Cow::Borrowed(text)));
    let ends = turns.iter().skip(1).map(|(line, _)| line.at.break_start);
    let labelled = turns
        .iter()
        .zip(ends.chain([text_end]))
        .map(|((line, speaker), end)| {
            let start = line.at.start + line.label.text_start;
            Turn {
                speaker: *speaker,
                label: Some(Cow::Borrowed(line.label.label)),
                text: Cow::Borrowed(text.get(start..end).unwrap_or_default().trim()),
                elapsed_ms: line.label.time_ms,
            }
        });
    let mut split = Vec::with_capacity(turns.len() + 1);
    split.extend(unlabelled);
    split.extend(labelled);
    split
}

/// The end of `text` without the break at its end, if it has one.
fn end_without_break(text: &str, starts: &[LineStart]) -> usize {
    let last = starts.last();
    let last = last.filter(|last| text[last.start..].trim().is_empty());
    last.map_or(text.len(), |last| last.break_start)
}

/// The labels of a text that are the name of the assistant or of the customer.
#[derive(Default)]
struct Names<'a> {
    label: Option<(Cow<'a, str>, Speaker)>,
}

impl<'a> Names<'a> {
    /// Finds the label that is a name. Without `assistant_name`, it is one that alternates strictly
    /// with a known label: `Lena`, `Customer`, `Lena`, from the first line on.
    fn find(lines: &[LabelledLine<'a>], text: &str, assistant_name: Option<&str>) -> Self {
        if let Some(name) = assistant_name
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let is_name = |line: &LabelledLine| {
                line.label.kind == LabelKind::Unclear && line.label.label.eq_ignore_ascii_case(name)
            };
            if let Some(line) = lines.iter().find(|line| is_name(line)) {
                let label = Cow::Borrowed(line.label.label);
                return Self {
                    label: Some((label, Speaker::Assistant)),
                };
            }
        }
        Self::find_alternating(lines, text).unwrap_or_default()
    }

    fn find_alternating(lines: &[LabelledLine<'a>], text: &str) -> Option<Self> {
        let known = |line: &LabelledLine| match line.label.kind {
            LabelKind::Known(speaker) => Some(speaker),
            _ => None,
        };
        let mut speakers = lines.iter().filter_map(known);
        let counterpart = speakers.next()?;
        if speakers.any(|speaker| speaker != counterpart) {
            return None;
        }
        let first = lines
            .first()
            .filter(|line| text[..line.at.start].trim().is_empty())?;
        let mut alternations: HashMap<&str, Alternation> = HashMap::new();
        let mut known_lines = 0;
        for line in lines {
            if known(line).is_some() {
                known_lines += 1;
            } else if line.label.kind == LabelKind::Unclear {
                let alternation = alternations.entry(line.label.label).or_default();
                alternation.add(known_lines);
            }
        }
        let mut candidates = alternations.into_iter().filter(|(label, alternation)| {
            let starts = known(first).is_some() || first.label.label == *label;
            starts && alternation.is_strict(known_lines) && may_be_name(label)
        });
        let (label, _) = candidates.next()?;
        if candidates.next().is_some() {
            return None;
        }
        let speaker = match counterpart {
            Speaker::Customer => Speaker::Assistant,
            _ => Speaker::Customer,
        };
        Some(Self {
            label: Some((Cow::Borrowed(label), speaker)),
        })
    }

    /// The speaker of a line with this label; `None` if it does not start a turn.
    fn speaker_of(&self, label: &LineLabel) -> Option<Speaker> {
        match (label.kind, &self.label) {
            (LabelKind::Known(speaker), _) => Some(speaker),
            (LabelKind::Other, _) => Some(Speaker::Unknown),
            (LabelKind::Unclear, Some((name, speaker))) => {
                label.label.eq_ignore_ascii_case(name).then_some(*speaker)
            }
            (LabelKind::Unclear, None) => None,
        }
    }
}

/// How the lines with one label lie between those with known labels.
#[derive(Default)]
struct Alternation {
    lines: usize,
    /// Number of known labels before the last of the lines.
    known_before: usize,
    is_broken: bool,
}

impl Alternation {
    /// Adds a line after `known_lines` lines with known labels.
    fn add(&mut self, known_lines: usize) {
        self.is_broken |= match self.lines {
            0 => known_lines > 1,
            _ => known_lines != self.known_before + 1,
        };
        self.lines += 1;
        self.known_before = known_lines;
    }

    /// True if the lines alternate strictly with all `known_lines` lines, and occur twice.
    fn is_strict(&self, known_lines: usize) -> bool {
        !self.is_broken && self.lines >= 2 && known_lines - self.known_before <= 1
    }
}

/// Splits a text whose line breaks were lost: `AI: Hello Customer: Hi AI: Bye`. The labels of the
/// assistant and the customer have to alternate, three at least, in one spelling each.
fn split_single_line(text: &str) -> Option<Vec<Turn<'_>>> {
    let text = text.trim();
    if text.contains(['\n', '\r']) {
        return None;
    }
    let mut labels: Vec<(usize, &str, Speaker)> = Vec::new();
    for (colon, _) in text.match_indices(": ") {
        let word = text[..colon].split(char::is_whitespace).next_back();
        let start = colon - word.map_or(0, str::len);
        let label = &text[start..colon];
        let is_capitalized = label.chars().next().is_some_and(char::is_uppercase);
        if let Some(speaker) = Speaker::from_label(label).filter(|_| is_capitalized) {
            labels.push((start, label, speaker));
        }
    }
    let is_alternating = labels.windows(2).all(|pair| pair[0].2 != pair[1].2)
        && labels.windows(3).all(|three| three[0].1 == three[2].1);
    let starts_text = labels.first().is_some_and(|(start, ..)| *start == 0);
    if labels.len() < 3 || !starts_text || !is_alternating {
        return None;
    }
    let ends = labels
        .iter()
        .skip(1)
        .map(|(start, ..)| *start)
        .chain([text.len()]);
    let turns = labels
        .iter()
        .zip(ends)
        .map(|((start, label, speaker), end)| Turn {
            speaker: *speaker,
            label: Some(Cow::Borrowed(*label)),
            text: Cow::Borrowed(text[start + label.len() + 1..end].trim()),
            elapsed_ms: None,
        });
    Some(turns.collect())
}
