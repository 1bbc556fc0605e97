//! Fast path for `stats`: sees in the raw JSON string of a transcript that the customer talked.

use memchr::{memchr, memchr2};

use super::label::{LabelKind, read_plain_label};
use super::speaker::Speaker;

/// True only if the transcript has two turns of the customer, and one with a letter in it; false
/// means "split it". Reads up to the second such turn, without a copy: an overview of `stats` takes
/// a third fewer instructions.
///
/// `string` is a JSON string with its quotes.
pub(super) fn shows_dialogue(string: &str) -> bool {
    let (mut turns, mut has_letter) = (0, false);
    let mut rest = string.strip_prefix('"');
    let mut is_first = true;
    while let Some(text) = rest {
        let label = read_plain_label(text);
        // JSON and subtitles do not start with a label.
        if std::mem::take(&mut is_first) && label.is_none() {
            return false;
        }
        let Some((line, next)) = split_line(text) else {
            return false;
        };
        if let Some(label) = label
            && label.kind == LabelKind::Known(Speaker::Customer)
        {
            turns += 1;
            has_letter |= has_spoken_letter(&line[label.text_start..]);
            if turns >= 2 && has_letter {
                return true;
            }
        }
        rest = next;
    }
    false
}

/// Splits the content of a JSON string after its first line, at an escaped line break or at the
/// closing quote. `None` at an escape that may be a line break or a tag in another spelling.
fn split_line(text: &str) -> Option<(&str, Option<&str>)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr2(b'\\', b'"', bytes.get(at..)?)?;
        match &bytes[at..] {
            [b'"', ..] => return Some((&text[..at], None)),
            [_, b'n' | b'r', ..] => return Some((&text[..at], Some(&text[at + 2..]))),
            // ASCII, which PHP escapes in part, and a backslash before an `n`.
            [_, b'u', b'0', b'0', b'0'..=b'7', ..] | [_, b'\\', ..] => return None,
            [_, b'u', ..] => at += r"\u00fc".len(),
            _ => at += r"\t".len(),
        }
    }
}

/// True if the raw `line` has an ASCII letter before its first escape, and no tag: tags are not
/// spoken, and `<br>` may end the turn.
fn has_spoken_letter(line: &str) -> bool {
    let text = line.split('\\').next().unwrap_or_default();
    text.bytes().any(|byte| byte.is_ascii_alphabetic()) && memchr(b'<', line.as_bytes()).is_none()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::Transcript;
    use super::*;
    use crate::json::Json;

    /// The result of the fast path, and what the turns show.
    fn both(string: &str) -> (bool, bool) {
        let value = Json::from_well_formed(string);
        let transcript = Transcript::read(Some(value), None);
        let turns = transcript.turns();
        let customer = turns
            .iter()
            .filter(|turn| turn.speaker == Speaker::Customer);
        let texts: Vec<_> = customer.map(|turn| turn.spoken_text()).collect();
        let has_letter = texts.iter().any(|text| text.contains(char::is_alphabetic));
        (transcript.shows_dialogue(), texts.len() >= 2 && has_letter)
    }

    #[test]
    fn usual_transcripts_need_no_split() {
        for string in [
            r#""Assistant: Guten Tag\nCustomer: Ja\nAssistant: Und?\nCustomer: \u00dcber\nAssistant: x""#,
            r#""Kunde: \"Hallo\" 5\nKunde: Ja \u00fc\r\nKI: Gut""#,
            r#""Assistant: Hi\nCustomer: Max\nand\tMoritz\nNote: x\nCustomer: 5""#,
        ] {
            assert_eq!(both(string), (true, true), "{string}");
        }
    }

    #[test]
    fn other_transcripts_are_split() {
        for string in [
            r#""AI: a\nCustomer: b""#,
            r#""AI: a\nCustomer: 1\nCustomer: \t2""#,
            r#""AI: a\nCustomer: <break/>\nCustomer: <p>""#,
            r#""[{\"role\":\"user\",\"text\":\"x\nCustomer: a\nCustomer: b\"}]""#,
            r#""AI: a\\nCustomer: b\nCustomer: c""#,
            r#""""#,
            "null",
        ] {
            assert!(!both(string).0, "{string}");
        }
    }

    proptest! {
        #[test]
        fn a_dialogue_is_one_when_it_is_split(parts in vec(select(vec![
            "Customer: ", "Kunde: ", "AI: ", "Max: ", "Note: ", "customer:", "[", "{", "]", "}", "1",
            "W", "x", "\u{fc}", " ", r"\n", r"\n", r"\n", r"\r", r"\\", r"\u000a", r"\u00fc", r"\u003c",
            r"\t", r#"\""#, "<br>", "<break/>", "<", ">", " --> ", "00:01", ",",
        ]), 0..24)) {
            let string = format!("\"{}\"", parts.concat());
            let (is_shown, is_dialogue) = both(&string);
            prop_assert!(is_dialogue || !is_shown, "{string}");
        }
    }
}
