//! Finds out from a command which shell it was typed in.

use std::ops::Range;

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
pub(super) fn command_before(bytes: &[u8], line: usize, end: usize) -> &[u8] {
    let start = command_start(bytes, line, line.saturating_sub(MAX_COMMAND_BYTES));
    &bytes[start..end.max(start)]
}

/// The shell of the command before the quote at `open` in `line`, if the text shows it.
pub(super) fn find_shell(bytes: &[u8], line: &Range<usize>, open: usize) -> Option<ShellFamily> {
    let before = command_before(bytes, line.start, open);
    let continued = || {
        let mut ends = memchr::memchr_iter(b'\n', before);
        ends.find_map(|newline| continued_shell(&before[..newline]))
    };
    prompt(before)
        .or_else(continued)
        .or_else(|| continued_shell(&bytes[line.start..line.end.max(line.start)]))
        .or_else(|| windows_words(before))
        .or_else(|| posix_words(before))
}

/// The shell of the prompt at the start of a command: `$ `, `C:\>` or `PS C:\>`.
fn prompt(command: &[u8]) -> Option<ShellFamily> {
    /// Limit on the length of a prompt.
    const MAX_BYTES: usize = 128;
    let head = &command[..command.len().min(MAX_BYTES)];
    let head = head.trim_ascii_start();
    if head.starts_with(b"$ ") || contains(head, b"$ curl ") || contains(head, b"$ http ") {
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
    let words = || command.split(|byte| b" \t\r\n|;&(".contains(byte));
    if words().any(|word| is_command_of_powershell(word) || is_option_of_powershell(word)) {
        return Some(ShellFamily::PowerShell);
    }
    let is_program = |word: &[u8]| {
        let extension = word.len().checked_sub(4).map(|at| &word[at..]);
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case(b".exe"))
    };
    let is_windows = words().any(|word| is_program(word) || word.starts_with(b"^\""));
    (is_windows || has_cmd_variable(command)).then_some(ShellFamily::Windows)
}

fn is_command_of_powershell(word: &[u8]) -> bool {
    const COMMANDS: &[&[u8]] = &[b"invoke-restmethod", b"invoke-webrequest", b"irm", b"iwr"];
    let mut commands = COMMANDS.iter();
    commands.any(|command| word.eq_ignore_ascii_case(command))
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

/// A POSIX shell, if a word in single quotes shows it.
fn posix_words(command: &[u8]) -> Option<ShellFamily> {
    let is_posix = contains(command, b" '") || contains(command, b"$'") || contains(command, b"='");
    is_posix.then_some(ShellFamily::Posix)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}
