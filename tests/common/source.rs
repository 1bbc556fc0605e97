//! Reads the repository's own Rust files: where they are, their comments, and their code without
//! comments and literals.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::files::files_below;

/// One line of a comment.
pub(crate) struct Comment {
    /// Line number in the file, from 1.
    pub line: usize,
    /// Length of the whole line in characters.
    pub columns: usize,
    /// Text behind the comment mark.
    pub text: String,
}

/// All `*.rs` files below `folder`, sorted.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = files_below(folder);
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files
}

/// The line comments of Rust source text. The code base has no block comments.
pub(crate) fn comments(source: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    for (start, end) in split(source).comments {
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let text = &source[start..end];
        let mark = text
            .bytes()
            .take_while(|byte| matches!(byte, b'/' | b'!'))
            .count();
        found.push(Comment {
            line: source[..start].matches('\n').count() + 1,
            columns: source[line_start..end].chars().count(),
            text: text[mark..].to_owned(),
        });
    }
    found
}

/// The string literals of Rust source text that contain a space, as comments of no width: names and
/// codes contain none. Escapes stay, but a line break that `\` removes becomes a space.
pub(crate) fn sentences(source: &str) -> Vec<Comment> {
    let literals = split(source).literals.into_iter();
    let literals = literals.map(|(start, end)| Comment {
        line: source[..start].matches('\n').count() + 1,
        columns: 0,
        text: source[start..end].replace("\\n", " ").replace("\\\n", " "),
    });
    literals
        .filter(|literal| literal.text.trim().contains(' '))
        .collect()
}

/// The code of Rust source text: comments and the contents of string and character literals are
/// replaced by spaces, so that offsets and line numbers stay valid.
pub(crate) fn code(source: &str) -> String {
    let split = split(source);
    let mut bytes = source.as_bytes().to_vec();
    for (start, end) in split.comments.into_iter().chain(split.literals) {
        for byte in &mut bytes[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).expect("whole comments and literals were replaced")
}

/// The code of a file. Attributes keep their strings that are paths within the crate, such as
/// `#[serde(default = "crate::x::y")]`.
pub(crate) fn code_with_attribute_paths(source: &str) -> String {
    let blank = code(source);
    let mut bytes = blank.clone().into_bytes();
    let roots = ["\"crate::", "\"super::", "\"self::"];
    for (start, _) in blank.match_indices("#[") {
        let end = start + blank[start..].find("]\n").unwrap_or(0);
        let attribute = &source[start..end];
        if attribute.starts_with("#[doc") || !roots.iter().any(|root| attribute.contains(root)) {
            continue;
        }
        for (byte, original) in bytes[start..end].iter_mut().zip(attribute.bytes()) {
            if original.is_ascii_alphanumeric() || b"_:".contains(&original) {
                *byte = original;
            }
        }
    }
    String::from_utf8(bytes).expect("ASCII replaced spaces")
}

/// A word, `::`, or a single character of code.
pub(crate) struct Token {
    /// The word or character.
    pub text: String,
    /// Line number in the file, from 1.
    pub line: usize,
}

/// Splits code without comments and literals into words, `::` and single characters.
pub(crate) fn tokens(code: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = match first {
                _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            let (text, line) = (rest[..length].to_owned(), index + 1);
            found.push(Token { text, line });
            rest = rest[length..].trim_start();
        }
    }
    found
}

/// Byte ranges of comments, and of the contents of literals.
#[derive(Default)]
struct Split {
    comments: Vec<(usize, usize)>,
    literals: Vec<(usize, usize)>,
}

fn split(source: &str) -> Split {
    let bytes = source.as_bytes();
    let mut split = Split::default();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &source[at..];
        at += if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            split.comments.push((at, at + length));
            length
        } else if let Some((content, length)) =
            raw_string(rest).filter(|_| !follows_word(bytes, at))
        {
            split.literals.push((at + content.start, at + content.end));
            length
        } else if rest.starts_with('"') {
            let length = quoted_length(rest, b'"');
            split.literals.push((at + 1, at + length - 1));
            length
        } else if let Some(length) = character(rest) {
            split.literals.push((at + 1, at + length - 1));
            length
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
    }
    split
}

fn follows_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

/// Range of the content, and length of the whole, of the raw string that `text` starts with.
fn raw_string(text: &str) -> Option<(Range<usize>, usize)> {
    let prefixes = ["r", "br", "cr"];
    let hashes = prefixes
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))?;
    let count = hashes.bytes().take_while(|byte| *byte == b'#').count();
    let content = hashes[count..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(count));
    let start = text.len() - content.len();
    let end = start + content.find(&close)?;
    Some((start..end, end + close.len()))
}

/// Length of the literal that `text` starts with, quotes included.
fn quoted_length(text: &str, quote: u8) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// Length of the character literal that `text` starts with; `None` for a lifetime.
fn character(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('\'')?;
    if rest.starts_with('\\') {
        return Some(quoted_length(text, b'\''));
    }
    let length = rest.chars().next()?.len_utf8();
    rest[length..].starts_with('\'').then_some(length + 2)
}
