//! Finds out from a command which shell it was typed in.

use std::ops::Range;
use std::sync::LazyLock;

use super::signs::{Signs, any_of};

/// The family of a shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShellFamily {
    Posix,
    PowerShell,
    /// cmd or `PowerShell`.
    Windows,
}

/// Limit on the bytes of a command before its line.
const MAX_COMMAND_BYTES: usize = 64 * 1024;

/// Limit on the bytes of a command before an argument.
const MAX_BYTES_BEFORE: usize = 16 * 1024;

/// Marks at the end of a line, of a command that goes on in the next one.
const CONTINUATIONS: &[(&[u8], ShellFamily)] = &[
    (b" \\", ShellFamily::Posix),
    (b" ^", ShellFamily::Windows),
    (b" `", ShellFamily::PowerShell),
];

/// The shell whose command goes on after `line`.
fn continued_shell(line: &[u8]) -> Option<ShellFamily> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut marks = CONTINUATIONS.iter();
    let (_, shell) = marks.find(|(mark, _)| line.ends_with(mark))?;
    Some(*shell)
}

/// Start of the command that goes on in the line that starts at `line`, not before `limit`.
pub(super) fn command_start(bytes: &[u8], line: usize, limit: usize) -> usize {
    let mut start = line;
    while start > limit && continued_shell(&bytes[limit..start]).is_some() {
        match memchr::memrchr(b'\n', &bytes[limit..start - 1]) {
            Some(newline) => start = limit + newline + 1,
            None if limit == 0 => start = 0,
            None => break,
        }
    }
    start
}

/// The command before the offset `end` in the line that starts at `line`.
fn command_before(bytes: &[u8], line: usize, end: usize) -> &[u8] {
    let start = command_start(bytes, line, line.saturating_sub(MAX_COMMAND_BYTES));
    &bytes[start..end.max(start)]
}

/// The shell of the command before the quote at `open` in `line`, if the text shows it.
pub(super) fn find_shell(bytes: &[u8], line: &Range<usize>, open: usize) -> Option<ShellFamily> {
    let before = command_before(bytes, line.start, open);
    if before.len() > MAX_BYTES_BEFORE {
        return None;
    }
    let continued = || {
        let mut ends = memchr::memchr_iter(b'\n', before);
        ends.find_map(|newline| continued_shell(&before[..newline]))
    };
    let is_here_string = before.trim_ascii_end().ends_with(b"<<<");
    is_here_string
        .then_some(ShellFamily::Posix)
        .or_else(|| prompt(before))
        .or_else(continued)
        .or_else(|| continued_shell(&bytes[line.start..line.end.max(line.start)]))
        .or_else(|| windows_words(before))
        .or_else(|| posix_words(bytes, line, open))
}

/// The names of programs that send requests. The name of curl in a header ends with a slash.
static CLIENTS: Signs = LazyLock::new(|| {
    any_of(&[
        "curl ",
        "curl.exe ",
        "http POST ",
        "http PUT ",
        "https POST ",
        "https PUT ",
        "xh POST ",
        "Invoke-RestMethod ",
        "Invoke-WebRequest ",
    ])
});

/// Offset in `command` of the first word that calls curl or another client, near its start.
fn find_client(command: &[u8]) -> Option<usize> {
    /// Limit on the bytes before the client, such as a prompt or a time.
    const MAX_BYTES: usize = 256;
    let head = &command[..command.len().min(MAX_BYTES)];
    let starts_word = |at: &usize| *at == 0 || b" \t\n\r>|;&(".contains(&head[at - 1]);
    let mut offsets = CLIENTS.find_iter(head).map(|client| client.start());
    offsets.find(starts_word)
}

/// Offset of the program in the command before the offset `end` in `line`, unless it is far away.
pub(super) fn client_before(bytes: &[u8], line: &Range<usize>, end: usize) -> Option<usize> {
    let before = command_before(bytes, line.start, end);
    let is_near = before.len() <= MAX_BYTES_BEFORE;
    let client = is_near.then(|| find_client(before))??;
    Some(end - before.len() + client)
}

/// Offset of the first quote of the argument around the offset `start`, in the command that starts
/// at `command`. Shells agree on where a text in quotes ends, except for rare escapes. An argument
/// with quotes in it has several such texts: `'it'\''s'`, and `'it''s'` in `PowerShell`.
pub(super) fn argument_at(bytes: &[u8], command: usize, start: usize) -> Option<usize> {
    let text = &bytes[command..start];
    let argument = quoted_texts(text).reduce(|before, next| {
        let joint = text.get(before.end + 1..next.start);
        let continues = matches!(joint, Some(b"" | b"\\'"));
        if continues {
            before.start..next.end
        } else {
            next
        }
    })?;
    (command + argument.end >= start).then_some(command + argument.start)
}

/// The ranges of texts in quotes in `command`, from the opening quote to the closing one.
fn quoted_texts(command: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let open = at + memchr::memchr3(b'\'', b'"', b'\\', command.get(at..)?)?;
            if command[open] == b'\\' {
                at = open + 2;
                continue;
            }
            let close = closing_quote(command, open);
            at = close + 1;
            return Some(open..close);
        }
    })
}

/// Offset of the quote that closes the text whose quote is at `open`, or of the end.
fn closing_quote(command: &[u8], open: usize) -> usize {
    let quote = command[open];
    if quote == b'\'' && !command[..open].ends_with(b"$") {
        let length = memchr::memchr(b'\'', &command[open + 1..]);
        return length.map_or(command.len(), |length| open + 1 + length);
    }
    let mut at = open + 1;
    while let Some(found) = memchr::memchr3(quote, b'\\', b'`', command.get(at..).unwrap_or(&[])) {
        at += found;
        match (command[at], command.get(at + 1)) {
            (byte, _) if byte == quote => return at,
            (b'`', next) if next != Some(&b'"') => at += 1,
            _ => at += 2,
        }
    }
    command.len()
}

/// The shell of the prompt at the start of a command: `$ `, `C:\>` or `PS C:\>`.
fn prompt(command: &[u8]) -> Option<ShellFamily> {
    /// Limit on the length of a prompt.
    const MAX_BYTES: usize = 128;
    let head = &command[..command.len().min(MAX_BYTES)];
    let head = head.trim_ascii_start();
    let prompt = find_client(head).map_or(head, |client| &head[..client]);
    let is_posix = prompt.starts_with(b"$ ")
        || prompt.ends_with(b"$ ")
        || memchr::memchr(b'@', prompt).is_some()
            && (prompt.ends_with(b"# ") || prompt.ends_with(b"% "));
    if is_posix {
        return Some(ShellFamily::Posix);
    }
    let (path, shell) = match head.strip_prefix(b"PS ") {
        Some(path) => (path, ShellFamily::PowerShell),
        None => (head, ShellFamily::Windows),
    };
    let is_path = matches!(path, [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic());
    (is_path && memchr::memchr(b'>', path).is_some()).then_some(shell)
}

/// A shell of Windows, if a word shows it: a program, a command or an option of `PowerShell`, or a
/// variable of cmd.
fn windows_words(command: &[u8]) -> Option<ShellFamily> {
    if calls_powershell(command) || words(command).any(is_option_of_powershell) {
        return Some(ShellFamily::PowerShell);
    }
    let is_program = |word: &[u8]| {
        let extension = word.len().checked_sub(4).map(|at| &word[at..]);
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case(b".exe"))
    };
    let is_windows = words(command).any(|word| is_program(word) || word.starts_with(b"^\""));
    (is_windows || has_cmd_variable(command)).then_some(ShellFamily::Windows)
}

fn words(command: &[u8]) -> impl Iterator<Item = &[u8]> {
    command.split(|byte| b" \t\r\n|;&({=".contains(byte))
}

/// True if a word of `command` is a cmdlet of `PowerShell` that sends requests.
pub(super) fn calls_powershell(command: &[u8]) -> bool {
    const CMDLETS: &[&[u8]] = &[b"invoke-restmethod", b"invoke-webrequest", b"irm", b"iwr"];
    words(command).any(|word| {
        let mut cmdlets = CMDLETS.iter();
        cmdlets.any(|cmdlet| word.eq_ignore_ascii_case(cmdlet))
    })
}

/// True for `-Body` and the like. Other shells have options of one letter in upper case.
fn is_option_of_powershell(word: &[u8]) -> bool {
    matches!(word, [b'-', first, second, ..]
        if first.is_ascii_uppercase() && second.is_ascii_lowercase())
        && word[1..].iter().all(u8::is_ascii_alphabetic)
}

/// True if the text has a variable such as `%TOKEN%`, not the escapes of a URL.
fn has_cmd_variable(text: &[u8]) -> bool {
    let mut signs = memchr::memchr_iter(b'%', text);
    signs.any(|sign| {
        let rest = &text[sign + 1..];
        let is_part = |byte: &&u8| byte.is_ascii_uppercase() || **byte == b'_';
        let length = rest.iter().take_while(is_part).count();
        length > 2 && rest.get(length) == Some(&b'%')
    })
}

/// A POSIX shell, if another argument of the command than the one at `open` is in single quotes.
fn posix_words(bytes: &[u8], line: &Range<usize>, open: usize) -> Option<ShellFamily> {
    let start = client_before(bytes, line, open)?;
    let end = line.end.clamp(open, open + MAX_COMMAND_BYTES);
    let mut is_posix = false;
    let mut is_argument = false;
    let mut last_end = start;
    for text in quoted_texts(&bytes[start..end]) {
        let text = start + text.start..start + text.end;
        let is_behind = text.start > open;
        if is_behind && (!is_argument || has_operator(&bytes[last_end..text.start])) {
            break;
        }
        last_end = text.end;
        if text.start == open {
            is_argument = true;
            continue;
        }
        let starts_word = matches!(bytes[..text.start], [.., b' ' | b'\t' | b'=' | b'$']);
        is_posix |= bytes[text.start] == b'\'' && starts_word && text.end < end;
    }
    (is_posix && is_argument).then_some(ShellFamily::Posix)
}

/// True if a command ends in `text`, which is not in quotes.
fn has_operator(text: &[u8]) -> bool {
    memchr::memchr3(b'|', b';', b'&', text).is_some()
}
