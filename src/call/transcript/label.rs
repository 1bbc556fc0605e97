//! The start of a labelled line: `AI:`, `**AI:**`, `[00:01] AI:`, `AI (00:01):`, `Bot>`.

use super::speaker::{Speaker, is_other_label};
use crate::time::timestamp::Timestamp;

/// The labelled start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineLabel<'a> {
    /// The label, verbatim but without its markup and time.
    pub(super) label: &'a str,
    /// Whom the label names.
    pub(super) kind: LabelKind,
    /// Offset in the line of the text after the label.
    pub(super) text_start: usize,
    /// The time before or after the label, in milliseconds from any start.
    pub(super) time_ms: Option<i64>,
}

/// Whom a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LabelKind {
    /// The assistant or the customer.
    Known(Speaker),
    /// A known speaker other than these, such as the system.
    Other,
    /// Not known. It is only a label if the whole transcript shows that it is.
    Unclear,
}

/// Longest start of a line, in bytes, that is searched for a label.
const MAX_LENGTH: usize = 120;

/// Parses the start of `line`. The result is `Unclear` for any other words before a colon.
pub(super) fn parse_label(line: &str) -> Option<LineLabel<'_>> {
    let head = head_of(line);
    if let Some(label) = read_plain_label(head) {
        return Some(label);
    }
    let mut rest = skip_decoration(head);
    let before_bullet = rest.len();
    rest = skip_bullet(rest);
    let has_bullet = rest.len() < before_bullet;
    rest = rest.trim_start_matches(MARKUP);
    let (time, after_time) = match read_time_prefix(rest) {
        Some((time, rest)) => (Some(time), rest),
        None => (None, rest),
    };
    rest = skip_decoration(after_time.trim_start_matches(MARKUP));
    if let Some((label, speaker, after)) = read_enclosed_label(rest) {
        return Some(LineLabel {
            label,
            kind: LabelKind::Known(speaker),
            text_start: head.len() - after.len(),
            time_ms: time,
        });
    }
    let end = rest.find([':', '：', '>', '\n', '\r'])?;
    let delimiter = rest[end..].chars().next()?;
    // The colon of a time after the label is not that of the label.
    let (end, label, late_time) = match read_time_suffix(rest) {
        Some((end, label, time)) => (end, label, Some(time)),
        None if matches!(delimiter, ':' | '：' | '>') => (end, &rest[..end], None),
        None => return None,
    };
    let delimiter = rest[end..].chars().next()?;
    let after = &rest[end + delimiter.len_utf8()..];
    let after = after.trim_start_matches(MARKUP);
    if delimiter == '>' && label.ends_with(char::is_whitespace) {
        return None;
    }
    let label = label.trim_end_matches([' ', '*', '_']);
    let (label, kind) = classify(label.trim())?;
    if kind == LabelKind::Unclear && (has_bullet || delimiter == '>') {
        return None;
    }
    Some(LineLabel {
        label,
        kind,
        text_start: head.len() - after.len(),
        time_ms: time.or(late_time),
    })
}

/// Skips white space, invisible characters and emoji.
fn skip_decoration(text: &str) -> &str {
    let is_decoration = |character: char| {
        let is_emoji = matches!(character, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}');
        character.is_whitespace() && !matches!(character, '\n' | '\r')
            || is_emoji
            || matches!(character, '\u{fe0f}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
    };
    text.trim_start_matches(is_decoration)
}

/// Reads a known label in square brackets or in tags of HTML: `[AI] …`, `[AI]: …`, `<b>AI:</b> …`,
/// `<b>AI</b>: …`. Returns the label, its speaker and the text after it.
fn read_enclosed_label(text: &str) -> Option<(&str, Speaker, &str)> {
    if let Some((label, after)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        let after = after.trim_start_matches(MARKUP);
        let after = after.strip_prefix([':', '：']).unwrap_or(after);
        return Some((label, Speaker::from_label(label)?, after));
    }
    let inside = skip_tags(text);
    if inside.len() == text.len() {
        return None;
    }
    let end = inside.find([':', '：', '<', '\n', '\r'])?;
    let label = inside[..end].trim();
    let speaker = Speaker::from_label(label)?;
    let after = skip_tags(&inside[end..]);
    let after = skip_tags(after.strip_prefix([':', '：'])?);
    Some((label, speaker, after))
}

/// Skips tags of HTML for emphasis.
fn skip_tags(mut text: &str) -> &str {
    const NAMES: [&str; 7] = ["b", "strong", "i", "em", "u", "span", "font"];
    loop {
        let tag = text.strip_prefix('<').and_then(|tag| tag.split_once('>'));
        let Some((tag, rest)) = tag else {
            return text;
        };
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or(tag);
        if !NAMES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return text;
        }
        text = rest;
    }
}

/// Fast path: reads a label that is one known word, such as `Assistant: `, as nearly all are.
pub(super) fn read_plain_label(line: &str) -> Option<LineLabel<'_>> {
    let end = line.bytes().position(|byte| !byte.is_ascii_alphabetic())?;
    let label = &line[..end];
    line[end..].starts_with(": ").then_some(())?;
    Some(LineLabel {
        label,
        kind: LabelKind::Known(Speaker::from_label(label)?),
        text_start: end + 1,
        time_ms: None,
    })
}

/// Characters of Markdown emphasis.
const MARKUP: &[char] = &['*', '_'];

/// The part of the first line that may be its label.
fn head_of(line: &str) -> &str {
    let mut end = line.len().min(MAX_LENGTH);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

/// Skips the mark of a list item, quotation or heading.
fn skip_bullet(text: &str) -> &str {
    let marked = ["- ", "* ", "• ", "> ", "# ", "## ", "### ", "#### "];
    let mut marks = marked.iter();
    marks
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(text)
        .trim_start()
}

/// Finds out whom a label names: the label itself, the part before its parentheses, or the part
/// inside them, as in `Assistant (Lena)` and `Lena (AI)`.
fn classify(label: &str) -> Option<(&str, LabelKind)> {
    let kind_of = |label: &str| match Speaker::from_label(label) {
        Some(speaker) => Some(LabelKind::Known(speaker)),
        None => is_other_label(label).then_some(LabelKind::Other),
    };
    if let Some(kind) = kind_of(label) {
        return Some((label, kind));
    }
    if let Some((before, inside)) = label
        .strip_suffix(')')
        .and_then(|text| text.split_once('('))
    {
        let kind = kind_of(before).or_else(|| kind_of(inside))?;
        return Some((label, kind));
    }
    (!label.is_empty()).then_some((label, LabelKind::Unclear))
}

/// Reads a time before a label, in brackets or bare: the time, and the rest behind it.
fn read_time_prefix(text: &str) -> Option<(i64, &str)> {
    if let Some((inside, rest)) = split_brackets(text) {
        let rest = rest.trim_start_matches([':', '-', '–', ' ', '\u{a0}']);
        return Some((read_time(inside)?, rest));
    }
    let is_time_char = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ',');
    let end = text.find(|c| !is_time_char(c))?;
    let (time, rest) = text.split_at(end);
    let rest = rest.strip_prefix([' ', '\t'])?;
    let rest = rest.trim_start_matches(['-', '–', '|', ' ', '\t']);
    Some((read_clock(time)?, rest))
}

/// Reads a time between a label and its colon: `AI (00:01): …`, `AI [00:01]: …`. Returns the offset
/// of the colon, the label and the time.
fn read_time_suffix(text: &str) -> Option<(usize, &str, i64)> {
    let bracket = text.find(['[', '(', '\n', '\r', ':'])?;
    let (inside, rest) = split_brackets(&text[bracket..])?;
    let colon = rest.trim_start_matches([' ', '*', '_']);
    let time = read_time(inside)?;
    colon.starts_with([':', '：']).then_some(())?;
    Some((text.len() - colon.len(), &text[..bracket], time))
}

/// Splits `[inside] rest` and `(inside) rest`.
fn split_brackets(text: &str) -> Option<(&str, &str)> {
    let (open, close) = [('[', ']'), ('(', ')')]
        .into_iter()
        .find(|(open, _)| text.starts_with(*open))?;
    text[open.len_utf8()..].split_once(close)
}

/// Reads a time, or the start of a range of times: `00:01`, `1:02:03.5`, `00:01 - 00:04`, `12.5s`,
/// `2024-01-15T10:30:00Z`.
fn read_time(text: &str) -> Option<i64> {
    let text = text.trim();
    let start = [" - ", " – ", " --> ", "-->"]
        .into_iter()
        .find_map(|separator| text.split_once(separator))
        .map_or(text, |(start, _)| start.trim());
    read_clock(start)
        .or_else(|| Some(Timestamp::read(start)?.time.timestamp_millis()))
        .or_else(|| seconds_ms(start.strip_suffix('s')?.trim_end()))
}

/// Reads `m:ss` or `h:mm:ss`, with or without a fraction, as milliseconds.
pub(super) fn read_clock(text: &str) -> Option<i64> {
    let (rest, seconds) = text.rsplit_once(':')?;
    let (hours, minutes) = rest.rsplit_once(':').unwrap_or(("0", rest));
    let number = |text: &str, longest: usize| {
        let is_number =
            (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten()
    };
    let is_two_digits = seconds.split(['.', ',']).next()?.len() == 2;
    let milliseconds = seconds_ms(seconds).filter(|time| is_two_digits && *time < 60_000)?;
    let minutes = number(minutes, 3)?;
    Some((number(hours, 2)? * 60 + minutes) * 60_000 + milliseconds)
}

/// Reads seconds with or without a fraction as milliseconds.
fn seconds_ms(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |text: &str| {
        (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("00".chars()).take(3).collect();
    Some(whole.parse::<i64>().ok()? * 1000 + thousandths.parse::<i64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<(String, String, Option<i64>)> {
        let parsed = parse_label(line)?;
        let text = line[parsed.text_start..].trim();
        (parsed.kind != LabelKind::Unclear)
            .then(|| (parsed.label.to_owned(), text.to_owned(), parsed.time_ms))
    }

    #[test]
    fn labels_are_read_with_markup_and_times() {
        for (line, label, time) in [
            ("AI: Hello", "AI", None),
            ("  AI : Hello", "AI", None),
            ("AI：Hello", "AI", None),
            ("Bot> Hello", "Bot", None),
            ("**AI:** Hello", "AI", None),
            ("**AI**: Hello", "AI", None),
            ("_AI_: Hello", "AI", None),
            ("- AI: Hello", "AI", None),
            ("- **AI:** Hello", "AI", None),
            ("### AI: Hello", "AI", None),
            ("[00:01] AI: Hello", "AI", Some(1_000)),
            ("[1:02:03.5] AI: Hello", "AI", Some(3_723_500)),
            ("(00:01) AI: Hello", "AI", Some(1_000)),
            ("00:01 AI: Hello", "AI", Some(1_000)),
            ("00:01 - AI: Hello", "AI", Some(1_000)),
            ("[00:01 - 00:04] AI: Hello", "AI", Some(1_000)),
            ("[12.5s] AI: Hello", "AI", Some(12_500)),
            ("**[00:01] AI:** Hello", "AI", Some(1_000)),
            ("AI [00:01]: Hello", "AI", Some(1_000)),
            ("**AI** (00:01): Hello", "AI", Some(1_000)),
            ("[1970-01-01T00:00:01Z] AI: Hello", "AI", Some(1_000)),
            ("[1970-01-01 00:00:01] AI: Hello", "AI", Some(1_000)),
            ("Assistant (Lena): Hello", "Assistant (Lena)", None),
            ("Lena (KI): Hello", "Lena (KI)", None),
            ("System: Hello", "System", None),
            ("SPEAKER_00: Hello", "SPEAKER_00", None),
            ("[AI] Hello", "AI", None),
            ("[AI]: Hello", "AI", None),
            ("[00:01] [AI] Hello", "AI", Some(1_000)),
            ("<b>AI:</b> Hello", "AI", None),
            ("<strong class=\"x\">AI</strong>: Hello", "AI", None),
            ("🤖 AI: Hello", "AI", None),
            ("\u{200f}AI: Hello", "AI", None),
            ("\u{feff}AI: Hello", "AI", None),
        ] {
            let expected = (label.to_owned(), "Hello".to_owned(), time);
            assert_eq!(parse(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn other_lines_have_no_label() {
        for line in [
            "",
            ":",
            "Hello",
            "9:30 Uhr: Kunde ruft an",
            "The AI: a new age",
            "AI, Hello",
            "AI > Customer",
            "AI -> Customer",
            "[inaudible] AI: Hello",
            "[inaudible] Hello",
            "<b>Hello</b>: AI",
            "<code>AI:</code> Hello",
            "[99] AI: Hello",
            "[00:99] AI: Hello",
            "Note (customer) to self: x",
            "a customer\nAI: Hello",
            "https://user:x@example.com",
            "Customers: Hello",
            "<user>: x",
            "\u{202e}:x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
