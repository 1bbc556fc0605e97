//! The starts of the lines of a transcript: labels and times, apart from what is said.

use std::ops::Range;

use super::breaks::{LineStart, line_starts};
use super::label::{LabelKind, parse_label, read_plain_label};
use super::speaker::{Speaker, is_other_label};

/// A part of a transcript that is not said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineHead {
    pub(crate) range: Range<usize>,
    /// True for what may be the name of a person, false for a known label, a time or markup.
    pub(crate) may_be_name: bool,
    /// True for the first part of a line.
    pub(crate) starts_line: bool,
}

/// The parts of `text` that are not said, in order; they do not overlap. A colon in a sentence can
/// look like the end of a label, so a part that may be a name may also be a sentence.
#[must_use]
pub(crate) fn line_heads(text: &str) -> Vec<LineHead> {
    let starts = line_starts(text);
    let mut heads = Vec::with_capacity(starts.len());
    let (mut labelled_lines, mut subtitle_lines) = (0, 0);
    // Nearly no text has a `>`, and a search for one byte is fast.
    let has_subtitles = memchr::memchr(b'>', text.as_bytes()).is_some() && text.contains("-->");
    let ends = starts.iter().skip(1).map(|next| next.break_start);
    for (line, end) in starts.iter().zip(ends.chain([text.len()])) {
        let rest = &text[line.start..end.max(line.start)];
        if has_subtitles {
            let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
            if is_subtitle_line(&rest[..end]) {
                subtitle_lines += 1;
                heads.push(LineHead {
                    range: line.start..line.start + end,
                    may_be_name: false,
                    starts_line: true,
                });
                continue;
            }
        }
        // Fast path: most labels are one known word, all of which is known.
        if let Some(label) = read_plain_label(rest) {
            labelled_lines += 1;
            heads.push(LineHead {
                range: head_start(line)..line.start + label.text_start,
                may_be_name: false,
                starts_line: true,
            });
            continue;
        }
        let Some(label) = parse_label(rest) else {
            continue;
        };
        labelled_lines += 1;
        let start = label.label.as_ptr() as usize - text.as_ptr() as usize;
        let names = name_range(label.label, label.kind);
        let names = start + names.start..start + names.end;
        let head_end = line.start + label.text_start;
        let parts = [
            (head_start(line)..names.start, false),
            (names.clone(), true),
            (names.end..head_end, false),
        ];
        let parts = parts.into_iter().filter(|(range, _)| !range.is_empty());
        heads.extend(
            parts
                .enumerate()
                .map(|(index, (range, may_be_name))| LineHead {
                    range,
                    may_be_name,
                    starts_line: index == 0,
                }),
        );
    }
    if 3 * labelled_lines + subtitle_lines <= 3 && !text.trim().contains(['\n', '\r']) {
        // A known label can also be the last word of what is before a colon: `der AI: …`.
        let labelled = heads.clone();
        let is_new = |label: &LineHead| {
            let mut labelled = labelled.iter().map(|head| &head.range);
            labelled.all(|head| label.range.end <= head.start || head.end <= label.range.start)
        };
        heads.extend(labels_in_line(text).into_iter().filter(is_new));
        heads.sort_by_key(|head| head.range.start);
    }
    heads
}

/// Offset of the head of a labelled line: with text in place of a line break, such as `<br>`, which
/// is one only before a label.
fn head_start(line: &LineStart) -> usize {
    if line.is_real {
        line.start
    } else {
        line.break_start
    }
}

/// True for a text that is a known label of a speaker, such as the role of a turn.
#[must_use]
pub(crate) fn is_speaker_label(text: &str) -> bool {
    Speaker::from_label(text).is_some() || is_other_label(text)
}

/// The part of a label that is not known: all of `Lena`, `(Lena)` of `Assistant (Lena)`, nothing of
/// `Assistant`.
fn name_range(label: &str, kind: LabelKind) -> Range<usize> {
    if kind == LabelKind::Unclear {
        return 0..label.len();
    }
    let Some((before, _)) = label.split_once('(').filter(|_| !is_speaker_label(label)) else {
        return 0..0;
    };
    if is_speaker_label(before) {
        before.len() + 1..label.len() - 1
    } else {
        0..before.len()
    }
}

/// True for a line that times or numbers a subtitle.
fn is_subtitle_line(line: &str) -> bool {
    let line = line.trim();
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time =
        |time: &str| (1..=12).contains(&time.len()) && time.split([':', '.', ',']).all(is_number);
    let times = line.split_once("-->");
    !line.is_empty() && is_number(line) && line.len() <= 4
        || line == "WEBVTT"
        || times.is_some_and(|(start, end)| is_time(start.trim()) && is_time(end.trim()))
}

/// The known labels of a text whose line breaks were lost, but for the first.
fn labels_in_line(text: &str) -> Vec<LineHead> {
    let colons = text.match_indices(": ").skip(1);
    let labels = colons.filter_map(|(colon, _)| {
        let word = text[..colon].split(char::is_whitespace).next_back()?;
        let is_capitalized = word.chars().next().is_some_and(char::is_uppercase);
        Speaker::from_label(word).filter(|_| is_capitalized)?;
        Some(LineHead {
            range: colon - word.len()..colon,
            may_be_name: false,
            starts_line: true,
        })
    });
    labels.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_times_are_not_said() {
        for (text, expected) in [
            (
                "Assistant: Hi\nCustomer: Ja",
                "{Assistant: }Hi\n{Customer: }Ja",
            ),
            ("[00:01] AI: Hi", "{[00:01] }{AI:} Hi"),
            ("Lena: Hi", "<Lena>{:} Hi"),
            ("Assistant (Lena): Hi", "{Assistant (}<Lena>{):} Hi"),
            ("Lena (AI): Hi", "<Lena >{(AI):} Hi"),
            (
                "AI: Hello Customer: Hi AI: Bye",
                "{AI:} Hello {Customer}: Hi {AI}: Bye",
            ),
            ("- \nKunde: c", "- \n{Kunde:} c"),
            (r"\n (00:02)Bot> a:: x", r"{\n (00:02)}{Bot>} a:: x"),
            (r"Hi\\nAI: Ja\nna ja", r"Hi{\\nAI:} Ja\nna ja"),
            (r"- x: und\nder AI: ja", r"- x: und{\n}<der AI>{:} ja"),
            ("Hallo", "Hallo"),
        ] {
            let mut marked = String::new();
            let mut at = 0;
            for head in line_heads(text) {
                marked.push_str(&text[at..head.range.start]);
                let [open, close] = if head.may_be_name {
                    ["<", ">"]
                } else {
                    ["{", "}"]
                };
                marked.push_str(open);
                marked.push_str(&text[head.range.clone()]);
                marked.push_str(close);
                at = head.range.end;
            }
            marked.push_str(&text[at..]);
            assert_eq!(
                marked.replace(": }", ":} "),
                expected.replace(": }", ":} "),
                "{text}"
            );
        }
    }
}
