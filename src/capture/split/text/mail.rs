//! Finds the encoded parts of mail messages (RFC 5322, RFC 2045) in text: single messages and mbox
//! files, with attachments. Each part has a head with its encoding, so that a part can be read
//! without the message around it.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::capture::split::lines::{line_end, line_start};

/// A part of a message that is not plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailPart {
    /// The encoded content.
    pub(crate) range: Range<usize>,
    pub(crate) transfer: TransferEncoding,
    /// The declared charset in lower case, if there is one.
    pub(crate) charset: Option<String>,
    /// How long lines are wrapped, if they are.
    pub(crate) flow: Option<LineFlow>,
    pub(crate) is_html: bool,
    /// True for a zip archive.
    pub(crate) is_zip: bool,
}

/// The encoding of the bytes of a part (RFC 2045 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransferEncoding {
    None,
    QuotedPrintable,
    Base64,
}

/// Wrapped lines in `format=flowed` (RFC 3676).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineFlow {
    /// True if the space before a soft line break is not part of the text.
    pub(crate) deletes_space: bool,
}

/// Searches for parts of `Content-Type` and `MIME-Version`, in any case. Building a searcher costs
/// more than searching a log record.
static CONTENT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("ontent-"));
static VERSION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("ersion:"));

/// Limit on the length of the head of a part.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Finds the next encoded part whose content starts at `from` or later. Returns `Err` with the
/// start of its head if more text decides where it ends.
pub(super) fn next_part(
    bytes: &[u8],
    from: usize,
    is_whole: bool,
) -> Result<Option<MailPart>, usize> {
    let mut at = from;
    // `Content-Type` or `Content-Transfer-Encoding`, in any case.
    while let Some(found) = CONTENT.find(&bytes[at..]) {
        let name = at + found;
        at = name + b"ontent-".len();
        let Some(line) = name.checked_sub(1).filter(|line| starts_line(bytes, *line)) else {
            continue;
        };
        if !starts_with_name(&bytes[line..], "content-t") {
            continue;
        }
        let head = match Head::around(bytes, line) {
            Ok(head) => head,
            Err(_)
                if !is_whole
                    && bytes.len() - line < MAX_HEAD_BYTES
                    && is_head_so_far(&bytes[line..]) =>
            {
                return Err(head_start(bytes, line));
            }
            Err(end) => {
                at = end.max(at);
                continue;
            }
        };
        at = head.range.end;
        let Some(mut part) = head.part(bytes) else {
            continue;
        };
        match content_end(bytes, &head) {
            Some(end) => part.range.end = end,
            None if is_whole => part.range.end = bytes.len(),
            None => return Err(head.range.start),
        }
        return Ok(Some(part));
    }
    Ok(None)
}

/// Start of the last message in `bytes`, if it has a MIME header. Its parts belong together.
pub(super) fn last_message_start(bytes: &[u8]) -> Option<usize> {
    // Most text has no such header. This search is faster than the one for separators.
    next_mime_header(bytes, 0)?;
    let lines = memchr::memmem::rfind_iter(bytes, b"\nFrom ").map(|newline| newline + 1);
    let last_separator = lines.clone().find(|line| is_separator(bytes, *line));
    let from = last_separator.unwrap_or(0);
    let line = next_mime_header(bytes, from)?;
    Some(head_start(bytes, line).max(from))
}

/// Start of the next line `MIME-Version: …`, at or after `from`.
fn next_mime_header(bytes: &[u8], from: usize) -> Option<usize> {
    let mut versions = VERSION.find_iter(&bytes[from..]).map(|at| from + at);
    versions.find_map(|at| {
        let line = at.checked_sub("mime-v".len())?;
        let is_header = starts_line(bytes, line) && starts_with_name(&bytes[line..], "mime-v");
        is_header.then_some(line)
    })
}

fn starts_line(bytes: &[u8], at: usize) -> bool {
    at == 0 || bytes[at - 1] == b'\n'
}

fn starts_with_name(line: &[u8], name: &str) -> bool {
    line.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// True for the line before a message in an mbox file: `From a@example.org Mon Jan 15 2024`.
fn is_separator(bytes: &[u8], line: usize) -> bool {
    let text = bytes[line..line_end(bytes, line)].trim_ascii_end();
    let year = text.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    text.starts_with(b"From ") && year.len() == 4 && year.iter().all(u8::is_ascii_digit)
}

/// True for `Name: value`, or the continuation of the header before.
fn is_header_line(line: &[u8]) -> bool {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return !line.trim_ascii().is_empty();
    }
    let name = line
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-');
    let name = name.count();
    name > 0 && line.get(name) == Some(&b':')
}

/// True if all whole lines are headers, and none is empty.
fn is_head_so_far(text: &[u8]) -> bool {
    let whole = line_start(text, text.len());
    text[..whole]
        .split_inclusive(|byte| *byte == b'\n')
        .all(is_header_line)
}

/// Start of the headers that end with the one at `line`.
fn head_start(bytes: &[u8], line: usize) -> usize {
    let mut start = line;
    while start > 0 && line - start < MAX_HEAD_BYTES {
        let previous = line_start(bytes, start - 1);
        if !is_header_line(&bytes[previous..start]) {
            break;
        }
        start = previous;
    }
    start
}

/// The headers of a message or a part.
struct Head {
    range: Range<usize>,
    /// Offset after the empty line below the headers.
    content: usize,
}

impl Head {
    /// The headers around the one at `line`. If no empty line follows them, returns where they end.
    fn around(bytes: &[u8], line: usize) -> Result<Self, usize> {
        let mut end = line;
        while end - line < MAX_HEAD_BYTES {
            let next = line_end(bytes, end);
            let text = &bytes[end..next];
            if !text.ends_with(b"\n") {
                break;
            }
            if matches!(text, b"\n" | b"\r\n") {
                return Ok(Self {
                    range: head_start(bytes, line)..end,
                    content: next,
                });
            }
            if !is_header_line(text) {
                break;
            }
            end = next;
        }
        Err(end)
    }

    /// The value of a header, in lower case.
    fn value(&self, bytes: &[u8], name: &str) -> Option<String> {
        let head = &bytes[self.range.clone()];
        let mut lines = head.split_inclusive(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            if !starts_with_name(line, name) || line.get(name.len()) != Some(&b':') {
                continue;
            }
            let mut value = line[name.len() + 1..].to_vec();
            while let Some(line) = lines.next_if(|line| matches!(line[0], b' ' | b'\t')) {
                value.extend_from_slice(line);
            }
            return Some(String::from_utf8_lossy(&value).trim().to_ascii_lowercase());
        }
        None
    }

    /// The part, without the end of its content. `None` if it is plain text, or has parts.
    fn part(&self, bytes: &[u8]) -> Option<MailPart> {
        let transfer = self.value(bytes, "content-transfer-encoding");
        let is_mail = self.value(bytes, "mime-version").is_some() || self.boundary(bytes).is_some();
        if transfer.is_none() && !is_mail {
            // The head of an HTTP message, for example.
            return None;
        }
        let content_type = self.value(bytes, "content-type").unwrap_or_default();
        let transfer = match token(transfer.as_deref().unwrap_or_default()) {
            "quoted-printable" => TransferEncoding::QuotedPrintable,
            "base64" => TransferEncoding::Base64,
            _ => TransferEncoding::None,
        };
        let charset = parameter(&content_type, "charset");
        let is_other_charset = (charset.as_deref())
            .is_some_and(|charset| !matches!(charset, "utf-8" | "utf8" | "us-ascii" | "ascii"));
        let is_flowed = parameter(&content_type, "format").as_deref() == Some("flowed");
        let deletes_space = parameter(&content_type, "delsp").as_deref() == Some("yes");
        let is_html = content_type.starts_with("text/html");
        let is_encoded = transfer != TransferEncoding::None
            || is_mail && (is_flowed || is_html || is_other_charset);
        if !is_encoded || content_type.starts_with("multipart/") {
            return None;
        }
        let disposition = self.value(bytes, "content-disposition").unwrap_or_default();
        let name = parameter(&disposition, "filename").or(parameter(&content_type, "name"));
        Some(MailPart {
            range: self.content..self.content,
            transfer,
            charset,
            flow: is_flowed.then_some(LineFlow { deletes_space }),
            is_html,
            is_zip: content_type.contains("zip") && !content_type.contains("gzip")
                || name.is_some_and(|name| name.rsplit('.').next() == Some("zip")),
        })
    }

    /// The line before the headers, if it is a boundary, as in `--=_part_1`.
    fn boundary<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let before = bytes[..self.range.start].strip_suffix(b"\n")?;
        let line = line_start(before, before.len());
        let text = before[line..].trim_ascii_end();
        (text.len() > 2 && text.starts_with(b"--")).then_some(text)
    }
}

/// The value of a header without quotes, parameters and comments.
fn token(value: &str) -> &str {
    let end = value.find([';', '(']).unwrap_or(value.len());
    value[..end].trim().trim_matches('"')
}

/// A parameter of a header: `utf-8` for the `charset` of `text/plain; charset="utf-8"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        (found.trim() == name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Offset of the end of the content below `head`: before its boundary, before the head of another
/// part, or before another message. `None` if it goes on to the end of the text.
fn content_end(bytes: &[u8], head: &Head) -> Option<usize> {
    /// Limit on the lines that are compared with boundaries before the message.
    const MAX_CLOSINGS: usize = 64;
    let boundary = head.boundary(bytes);
    let mut closings = 0;
    // No message starts before this offset.
    let mut headless = head.content;
    let mut at = head.content;
    while at < bytes.len() {
        let next = line_end(bytes, at);
        let line = bytes[at..next].trim_ascii_end();
        let is_end = match (boundary, line) {
            (Some(boundary), _) => line
                .strip_prefix(boundary)
                .is_some_and(|rest| matches!(rest, b"" | b"--")),
            (None, [b'-', b'-', ..]) => {
                closings += usize::from(line.ends_with(b"--"));
                starts_with_name(&bytes[next..], "content-")
                    || closings <= MAX_CLOSINGS && closes_message(bytes, head, line)
            }
            (None, _) => {
                let is_head = at >= headless
                    && read_message_head(bytes, at)
                        .inspect_err(|end| headless = *end)
                        .is_ok();
                is_head || at > 1 && is_separator(bytes, at)
            }
        };
        if is_end {
            return Some(at);
        }
        at = next;
    }
    None
}

/// Reads the head of a message that starts at `line`: headers, one of which is of MIME, and an
/// empty line. Returns `Err` with an offset before which no such head starts.
fn read_message_head(bytes: &[u8], line: usize) -> Result<(), usize> {
    let mut is_message = false;
    let mut at = line;
    while at - line < MAX_HEAD_BYTES {
        let next = line_end(bytes, at);
        let text = &bytes[at..next];
        if !is_header_line(text) {
            let is_head = is_message && matches!(text, b"\n" | b"\r\n");
            return if is_head { Ok(()) } else { Err(next) };
        }
        is_message |= starts_with_name(text, "mime-version:");
        at = next;
    }
    Err(at)
}

/// True if `line` closes the message that contains the message with this `head`: `--x--`.
fn closes_message(bytes: &[u8], head: &Head, line: &[u8]) -> bool {
    // The boundary also comes directly before the head of the outer part.
    let from = head.range.start.saturating_sub(MAX_HEAD_BYTES);
    let before = &bytes[from..head.range.start];
    let boundary = line
        .strip_suffix(b"--")
        .filter(|boundary| boundary.len() > 2);
    boundary.is_some_and(|boundary| {
        let mut lines = memchr::memmem::find_iter(before, boundary);
        lines.any(|at| {
            let end = &before[at + boundary.len()..];
            starts_line(before, at) && matches!(end, [b'\r' | b'\n', ..])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(String, TransferEncoding)> {
        let mut parts = Vec::new();
        let mut at = 0;
        while let Ok(Some(part)) = next_part(text.as_bytes(), at, true) {
            parts.push((text[part.range.clone()].to_owned(), part.transfer));
            at = part.range.end;
        }
        parts
    }

    #[test]
    fn parts_end_at_their_boundary() {
        let text = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\n\
                    Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3D\r\n\
                    --y\r\n--x\r\ncontent-transfer-encoding: BASE64\r\n\r\nAA==\r\n--x--\r\n";
        assert_eq!(
            parts(text),
            [
                (
                    "a=3D\r\n--y\r\n".to_owned(),
                    TransferEncoding::QuotedPrintable
                ),
                ("AA==\r\n".to_owned(), TransferEncoding::Base64),
            ]
        );
    }

    #[test]
    fn messages_end_at_the_next_one() {
        let message = "From a@example.org Mon Jan 15 10:30:00 2024\nMIME-Version: 1.0\n\
                       Content-Type: text/plain;\n charset=\"iso-8859-1\"\n\
                       Content-Transfer-Encoding: quoted-printable\n\na=FC\n\n";
        let text = message.repeat(2);
        let found = parts(&text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].0, "a=FC\n\n");
        assert_eq!(
            last_message_start(text.as_bytes()),
            Some(message.len() + 44)
        );
        let head = next_part(&text.as_bytes()[..100], 0, false);
        assert_eq!(head, Err(44));
        let part = next_part(text.as_bytes(), 0, true)
            .expect("whole")
            .expect("a part");
        assert_eq!(part.charset.as_deref(), Some("iso-8859-1"));
    }

    #[test]
    fn messages_may_follow_each_other_without_a_separator() {
        let message = "Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\
                       Content-Transfer-Encoding: base64\n\nAA==\n";
        let found = parts(&message.repeat(3));
        let part = ("AA==\n".to_owned(), TransferEncoding::Base64);
        assert_eq!(found, [part.clone(), part.clone(), part]);
        // What is said may look like headers.
        let text = "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n\
                    Assistant: Hi\nCustomer: Ja\n\nAssistant: Bye\n";
        assert_eq!(parts(text).len(), 1);
        let hostile = format!("{text}{}", "a: b\n".repeat(100_000));
        assert_eq!(parts(&hostile).len(), 1);
    }

    #[test]
    fn encodings_have_comments_and_charsets_need_none() {
        let qp = TransferEncoding::QuotedPrintable;
        for (headers, transfer) in [
            ("Content-Transfer-Encoding: quoted-printable;", qp),
            ("Content-Transfer-Encoding: \"Quoted-Printable\"", qp),
            ("Content-Transfer-Encoding: quoted-printable (text)", qp),
            (
                "MIME-Version: 1.0\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit",
                TransferEncoding::None,
            ),
        ] {
            let text = format!("{headers}\n\na=3D\n");
            assert_eq!(parts(&text), [("a=3D\n".to_owned(), transfer)], "{headers}");
        }
    }

    #[test]
    fn a_message_may_be_a_part() {
        let text = "--x\nContent-Type: message/rfc822\n\nFrom: b\nMIME-Version: 1.0\n\
                    Content-Transfer-Encoding: quoted-printable\n\na=3D\n--x--\n";
        let qp = TransferEncoding::QuotedPrintable;
        assert_eq!(parts(text), [("a=3D\n".to_owned(), qp)]);
    }

    #[test]
    fn other_headers_are_no_parts() {
        for text in [
            "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>\n",
            "Content-Type: multipart/mixed\n\n",
            "a Content-Transfer-Encoding: base64\n\nAA==\n",
            "Content-Transfer-Encoding: base64\nno header\n",
            "Content-Transfer-Encoding: 7bit\n\nx\n",
        ] {
            assert_eq!(parts(text), [], "{text}");
        }
    }
}
