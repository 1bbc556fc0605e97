//! HTTP messages in text (RFC 9112): where a head ends, and what hides the body behind it from a reader of text: chunks and compression.

use std::ops::Range;

use super::inner::{Inner, of_compressed, of_parts};
use super::unpack::{UnpackLimit, is_compressed};

/// A head found in text.
#[derive(Debug)]
pub(super) struct Head {
    /// Where its first line begins.
    pub start: usize,
    /// Where the body begins.
    pub end: usize,
    /// Whether it is a response's.
    pub is_response: bool,
    is_chunked: bool,
    length: Option<usize>,
}

/// What is behind a head.
pub(super) enum Content {
    /// Text, as it stands.
    Plain,
    /// Text that has to be decoded first, and where it ends.
    Coded(Inner, usize),
    /// The text ends before the content does.
    Unfinished,
}

/// The first head that begins in `bytes` at `from` or later; `Err` with its start if the text ends in the midst of it.
pub(super) fn next_head(bytes: &[u8], from: usize) -> Result<Option<Head>, usize> {
    let mut at = from;
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"HTTP/") {
        let version = at + found;
        let line = memchr::memrchr(b'\n', &bytes[..version]).map_or(0, |newline| newline + 1);
        at = version + 1;
        if let Some(head) = head(bytes, line.max(from), version)? {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// The head whose first line begins at `line` and names its version at `version`.
fn head(bytes: &[u8], line: usize, version: usize) -> Result<Option<Head>, usize> {
    const HEADERS: usize = 128;
    let before = &bytes[line..version];
    // What curl -v prints; there the bodies stand as they are.
    if let Some(is_response) = match before {
        [b'<', b' '] => Some(true),
        [b'>', b' ', rest @ ..] if request_line(rest) == Some(0) => Some(false),
        _ => None,
    } {
        return Ok(Some(Head {
            start: line,
            end: version,
            is_response,
            is_chunked: false,
            length: None,
        }));
    }
    let is_response = before.is_empty();
    let start = if is_response {
        line
    } else {
        let Some(request) = request_line(before) else {
            return Ok(None);
        };
        line + request
    };
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let text = &bytes[start..];
    let (status, headers) = if is_response {
        let mut response = httparse::Response::new(&mut headers);
        (response.parse(text), &*response.headers)
    } else {
        let mut request = httparse::Request::new(&mut headers);
        (request.parse(text), &*request.headers)
    };
    let length = match status {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Err(start),
        Err(_) => return Ok(None),
    };
    let value = |name: &str| {
        let mut all = headers.iter();
        let header = all.find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    Ok(Some(Head {
        start,
        end: start + length,
        is_response,
        is_chunked: value("transfer-encoding")
            .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked")),
        length: value("content-length").and_then(|length| length.trim().parse().ok()),
    }))
}

/// The methods of RFC 9110 §9 and RFC 5789 that have a target.
const METHODS: &[&[u8]] = &[
    b"POST", b"PUT", b"PATCH", b"GET", b"HEAD", b"DELETE", b"OPTIONS",
];

/// Where the request line begins that names its version right behind `before`: `POST /hook `.
fn request_line(before: &[u8]) -> Option<usize> {
    let target = before.strip_suffix(b" ")?;
    let method = &target[..memchr::memrchr(b' ', target)?];
    // A body without a line break may come right before it.
    let known = METHODS.iter().find(|known| method.ends_with(known))?;
    Some(method.len() - known.len())
}

impl Head {
    /// What is behind the head. Neither a length nor an encoding is believed that does not fit: proxies decode bodies and leave the headers.
    pub(super) fn content(&self, bytes: &[u8], is_whole: bool, limit: UnpackLimit) -> Content {
        let body = bytes.get(self.end..).unwrap_or_default();
        if !self.is_chunked {
            let length = self.length.unwrap_or(body.len());
            let body = &body[..length.min(body.len())];
            if !is_compressed(body) {
                return Content::Plain;
            }
            if body.len() < length && !is_whole {
                return Content::Unfinished;
            }
            let inner = of_compressed(body, self.end, limit);
            return inner.map_or(Content::Plain, |inner| {
                Content::Coded(inner, self.end + body.len())
            });
        }
        let (parts, length) = match chunks(body) {
            Chunks::Whole(parts, length) => (parts, length),
            Chunks::Unfinished if !is_whole => return Content::Unfinished,
            Chunks::Unfinished | Chunks::None => return Content::Plain,
        };
        let at = |part: Range<usize>| self.end + part.start..self.end + part.end;
        let parts: Vec<_> = parts.into_iter().map(at).collect();
        let text = of_parts(bytes, &parts);
        let text = of_compressed(&text.bytes, self.end, limit).unwrap_or(text);
        Content::Coded(text, self.end + length)
    }
}

enum Chunks {
    /// The data of the chunks, and the length of all of it.
    Whole(Vec<Range<usize>>, usize),
    Unfinished,
    /// There are no chunks.
    None,
}

/// No chunk begins with a longer line.
const LONGEST_SIZE_LINE: usize = 256;

/// The size that a chunk's first line tells; what is behind a semicolon are extensions.
fn chunk_size(line: &[u8]) -> Option<usize> {
    let line = line.get(..LONGEST_SIZE_LINE.min(line.len()))?;
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Reads a chunked body (RFC 9112 §7.1), also with bare line feeds.
fn chunks(body: &[u8]) -> Chunks {
    let mut parts = Vec::new();
    let mut at = 0;
    loop {
        let Some(length) = memchr::memchr(b'\n', &body[at..]) else {
            return if body.len() - at > LONGEST_SIZE_LINE {
                Chunks::None
            } else {
                Chunks::Unfinished
            };
        };
        let line = length + 1;
        let Some(size) = chunk_size(&body[at..at + length]) else {
            return Chunks::None;
        };
        at += line;
        if size == 0 {
            return Chunks::Whole(parts, at);
        }
        if size > body.len() - at {
            return Chunks::Unfinished;
        }
        parts.push(at..at + size);
        at += size;
        let rest = &body[at..];
        at += match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            [] | [b'\r'] => return Chunks::Unfinished,
            _ => return Chunks::None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::inner::Places;
    use super::*;

    #[test]
    fn heads_are_found_in_text() {
        let text = b"log of HTTP/1.1 calls\nPOST /a HTTP/1.1\r\nHost: x\r\n\r\n{}\nHTTP/1.1 200 OK\nA: b\n\nok\n> GET /b HTTP/2\n> Host: y\n";
        let mut heads = Vec::new();
        let mut at = 0;
        while let Ok(Some(head)) = next_head(text, at) {
            heads.push((head.is_response, text[head.end]));
            at = head.end;
        }
        assert_eq!(heads, [(false, b'{'), (true, b'o'), (false, b'H')]);
        assert!(matches!(next_head(b"POST /a HTTP/1.1\nHo", 0), Err(0)));
    }

    #[test]
    fn chunks_are_joined_and_keep_their_places() {
        let text = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n";
        let head = next_head(text, 0).expect("whole").expect("there");
        let Content::Coded(inner, end) = head.content(text, true, UnpackLimit::default()) else {
            panic!("chunked");
        };
        assert_eq!(inner.bytes, b"{\"a\":1}");
        assert_eq!(&text[end..], b"\r\n");
        let Places::Kept(map) = &inner.places else {
            panic!("places are kept");
        };
        assert_eq!(text[map.outside(5)], b'1');
    }

    #[test]
    fn headers_that_do_not_fit_the_body_are_not_believed() {
        let text =
            b"POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Encoding: gzip\n\n{\"a\":1}";
        let head = next_head(text, 0).expect("whole").expect("there");
        assert!(matches!(
            head.content(text, true, UnpackLimit::default()),
            Content::Plain
        ));
    }
}
