//! The places in a transcript where a line, and with it a turn, may start.

use memchr::memchr2;

/// A possible start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineStart {
    /// Offset of the break before the line. Breaks that follow each other count as one.
    pub(super) break_start: usize,
    /// Offset of the line.
    pub(super) start: usize,
    /// True for a line break; false for text that only stands for one, such as `<br>`. Such a break
    /// counts only if a label follows it.
    pub(super) is_real: bool,
}

/// Texts in place of a line break: HTML, and a line break that was escaped twice.
const REPLACEMENTS: &[&str] = &["<br>", "<br/>", "<br />", "\\n", "\\r", "</p>", "<p>"];

/// The possible starts of lines in `text`, the start of the text included.
pub(super) fn line_starts(text: &str) -> Vec<LineStart> {
    // More than most transcripts have, so that the list does not grow.
    const USUAL_COUNT: usize = 64;
    let mut starts = Vec::with_capacity(USUAL_COUNT);
    starts.push(LineStart {
        break_start: 0,
        start: 0,
        is_real: true,
    });
    let mut at = 0;
    // Few transcripts have replacements, and a search for two bytes takes half the instructions.
    let may_have_replacements = memchr2(b'\\', b'<', text.as_bytes()).is_some();
    let find_break = |text: &[u8]| {
        if may_have_replacements {
            text.iter().position(|byte| b"\n\r\\<".contains(byte))
        } else {
            memchr2(b'\n', b'\r', text)
        }
    };
    while let Some(found) = find_break(&text.as_bytes()[at..]) {
        let break_start = at + found;
        let rest = &text[break_start..];
        let (length, is_real) = match rest.as_bytes()[0] {
            b'\n' => (1, true),
            b'\r' => (if rest.starts_with("\r\n") { 2 } else { 1 }, true),
            _ => {
                let Some(length) = replacement_length(rest) else {
                    at = break_start + count_backslashes(rest).max(1);
                    continue;
                };
                (length, false)
            }
        };
        at = break_start + length;
        let last = starts.last_mut().expect("it starts with one");
        let line = &text[last.start..break_start];
        if last.start > 0 && line.chars().all(char::is_whitespace) {
            last.start = at;
            last.is_real |= is_real;
        } else {
            starts.push(LineStart {
                break_start,
                start: at,
                is_real,
            });
        }
    }
    starts
}

/// Length of the replacement at the start of `text`, if there is one. A backslash before it belongs
/// to it: `\\n` was escaped three times.
fn replacement_length(text: &str) -> Option<usize> {
    let extra = count_backslashes(text).saturating_sub(1);
    let rest = text.as_bytes().get(extra..)?;
    let is_prefix = |replacement: &&&str| {
        let start = rest.get(..replacement.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(replacement.as_bytes()))
    };
    Some(extra + REPLACEMENTS.iter().find(is_prefix)?.len())
}

/// Number of backslashes at the start of `text`.
fn count_backslashes(text: &str) -> usize {
    text.len() - text.trim_start_matches('\\').len()
}
