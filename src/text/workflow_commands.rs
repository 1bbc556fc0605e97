//! Breaks commands of CI services in untrusted text. A runner searches the output of a step for
//! commands, which set variables, hide text or fail the step.

use std::borrow::Cow;

use memchr::memchr2;

use super::invisible::is_invisible;

/// Character that breaks a command.
const BREAK: char = '|';

/// Puts `|` before a line of `text` that starts with `::` or `##[`, apart from blanks, and into
/// every `##[` and `##name[`. `text` must consist of whole lines.
///
/// GitHub's runner trims a line before it compares it with `::`, but accepts `##[` anywhere in it
/// (`ActionCommand.cs` in actions/runner). Azure Pipelines accepts `##vso[` anywhere. Both compare
/// text as people do, so invisible characters do not break a command.
#[must_use]
pub(crate) fn break_commands(text: &str) -> Cow<'_, str> {
    if memchr2(b':', b'#', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut safe = String::new();
    let mut rest = 0;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        for index in breaks(line) {
            safe.push_str(&text[rest..offset + index]);
            safe.push(BREAK);
            rest = offset + index;
        }
        offset += line.len();
    }
    if rest == 0 && safe.is_empty() {
        return Cow::Borrowed(text);
    }
    safe.push_str(&text[rest..]);
    Cow::Owned(safe)
}

/// Returns the offsets in a line at which a command has to be broken, in ascending order.
fn breaks(line: &str) -> Vec<usize> {
    let mut breaks = Vec::new();
    let start = content_start(line);
    let mut first = visible(&line[start..]).map(|(_, character)| character);
    if let (Some(':'), Some(':'), _) | (Some('#'), Some('#'), Some('[')) =
        (first.next(), first.next(), first.next())
    {
        breaks.push(start);
    }
    let (mut hashes, mut has_name) = (0, false);
    for (index, character) in visible(line) {
        match character {
            '#' if !has_name => hashes += 1,
            '#' => (hashes, has_name) = (1, false),
            _ if hashes >= 2 && character.is_ascii_alphabetic() => has_name = true,
            _ => {
                if hashes >= 2 && character == '[' {
                    breaks.push(index);
                }
                (hashes, has_name) = (0, false);
            }
        }
    }
    breaks
}

fn visible(text: &str) -> impl Iterator<Item = (usize, char)> {
    let characters = text.char_indices();
    characters.filter(|(_, character)| !is_invisible(*character))
}

/// Offset of the first character that is neither blank nor part of an ANSI escape sequence, such as
/// `ESC [ 1 m`.
fn content_start(line: &str) -> usize {
    let mut rest = line;
    loop {
        let is_blank = |character: char| {
            character.is_whitespace() || character.is_control() || is_invisible(character)
        };
        if let Some(sequence) = rest.strip_prefix("\u{1b}[") {
            rest = sequence.trim_start_matches(|character: char| !character.is_ascii_alphabetic());
            rest = rest.strip_prefix(|_| true).unwrap_or_default();
        } else if rest.starts_with(is_blank) {
            rest = rest.strip_prefix(is_blank).unwrap_or_default();
        } else {
            return line.len() - rest.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_broken() {
        for (text, safe) in [
            ("::error::x", "|::error::x"),
            ("a\n  ::error::x\r\n", "a\n  |::error::x\r\n"),
            ("\u{a0}\t::error::x", "\u{a0}\t|::error::x"),
            ("\u{200b}::error::x", "\u{200b}|::error::x"),
            (":\u{ad}:error::x", "|:\u{ad}:error::x"),
            (
                "\u{1b}[1m\u{1b}[0m ::error::x",
                "\u{1b}[1m\u{1b}[0m |::error::x",
            ),
            ("##[error]x", "|##|[error]x"),
            ("a ##[error]x", "a ##|[error]x"),
            ("###[error]x", "###|[error]x"),
            ("#\u{200b}#\u{ad}[error]x", "|#\u{200b}#\u{ad}|[error]x"),
            ("a ##vso[task.complete]x", "a ##vso|[task.complete]x"),
            ("##a##[b", "##a##|[b"),
        ] {
            assert_eq!(break_commands(text), safe);
            assert_eq!(break_commands(safe), safe);
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in [
            "",
            "a::b",
            "a\n:b",
            "# Titel",
            "## Titel [1]",
            "C#[1]",
            "10:30::x",
            "\u{1b}[",
            "\u{1b}[1",
        ] {
            assert_eq!(break_commands(text), text);
        }
    }
}
