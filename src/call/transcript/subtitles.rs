//! Reads a transcript that is a file of subtitles: SRT or `WebVTT`.

use super::label::{LabelKind, parse_label, read_clock};

/// The text of the subtitles in `text`: without the numbers and times of the blocks, and with each
/// time before the label of its block. `None` if the text has no such blocks.
pub(super) fn read(text: &str) -> Option<String> {
    let text = text.trim_start();
    let may_be_subtitles = text.starts_with(|first: char| first.is_ascii_digit() || first == 'W');
    if !may_be_subtitles || !text.contains(ARROW) {
        return None;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut cleaned = String::with_capacity(text.len());
    // The start of the last block until it is used.
    let mut time: Option<Option<&str>> = None;
    for (index, line) in lines.iter().enumerate() {
        let is_before_time = || {
            lines
                .get(index + 1)
                .is_some_and(|next| start_of(next).is_some())
        };
        let is_number = line.bytes().all(|byte| byte.is_ascii_digit()) && is_before_time();
        let is_header = index == 0 && line.starts_with("WEBVTT");
        if let Some(start) = start_of(line) {
            time = Some(Some(start));
        } else if !is_header && !is_number {
            // Subtitles have no text before their first block.
            let start = if line.is_empty() {
                None
            } else {
                time.as_mut()?.take()
            };
            let label = parse_label(line).filter(|label| label.kind != LabelKind::Unclear);
            if let (Some(start), Some(_)) = (start, label) {
                cleaned.extend(["[", start, "] "]);
            }
            cleaned.extend([line, "\n"]);
        }
    }
    time.map(|_| cleaned)
}

const ARROW: &str = " --> ";

/// The start in the line with the times of a block: `00:00:01,000 --> 00:00:04,000`.
fn start_of(line: &str) -> Option<&str> {
    let (start, end) = line.split_once(ARROW)?;
    let end = end.split_whitespace().next()?;
    read_clock(start.trim()).and(read_clock(end)).map(|_| start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_move_to_labels() {
        for (text, expected) in [
            (
                "1\n00:00:01,000 --> 00:00:04,000\nAI: Hi\n5\n\n2\n00:00:05,000 --> 00:00:06,000\nmore\n",
                "[00:00:01,000] AI: Hi\n5\n\nmore\n",
            ),
            (
                "WEBVTT\n\n00:01.000 --> 00:04.000 align:start\nAI: Hi",
                "[00:01.000] AI: Hi\n",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "AI: 1 --> 2",
            "1 --> 2",
            "Was\n00:01 --> 00:02\nx",
            "1\nAI: x --> y",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
