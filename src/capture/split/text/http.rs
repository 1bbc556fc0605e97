//! Parses HTTP messages in text (RFC 9112): finds the end of the head, and of a body that is
//! chunked or compressed.

use std::ops::Range;
use std::sync::LazyLock;

use encoding_rs::Encoding;
use memchr::memmem::Finder;

use super::charset::declared_charset;
use crate::capture::source::unpack::is_compressed;

/// An HTTP head found in text.
#[derive(Debug)]
pub(crate) struct MessageHead {
    /// Offset where the first line starts.
    pub(crate) start: usize,
    /// Offset where the body starts.
    pub(crate) end: usize,
    /// True for a response, false for a request.
    pub(crate) is_response: bool,
    /// True if the body is declared as a form.
    pub(crate) is_form: bool,
    /// The declared encoding of the body, unless it is UTF-8.
    pub(crate) charset: Option<&'static Encoding>,
    is_chunked: bool,
    length: Option<usize>,
}

/// Searches for the version in the first line of a head. Building a searcher costs more than
/// searching a log record.
static VERSION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("HTTP/"));

/// The body that follows a head.
pub(crate) enum MessageBody {
    /// The body is plain text.
    Plain,
    /// The range of a chunked or compressed body.
    Encoded {
        range: Range<usize>,
        is_chunked: bool,
    },
    /// The text ends before the body does.
    Unfinished,
}

/// Finds the first head that starts at `from` or later. Returns `Err` with its start if the text
/// ends in the middle of the head.
pub(crate) fn next_head(bytes: &[u8], from: usize) -> Result<Option<MessageHead>, usize> {
    let (mut line, mut at) = (from, from);
    while let Some(found) = VERSION.find(&bytes[at..]) {
        let version = at + found;
        // Lines can be long: search each byte for a line break only once.
        let newline = memchr::memrchr(b'\n', &bytes[at..version]);
        line = newline.map_or(line, |newline| at + newline + 1);
        at = version + 1;
        if let Some(head) = parse_head(bytes, line, version)? {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// Parses the head whose first line starts at `line` and has its HTTP version at `version`.
fn parse_head(bytes: &[u8], line: usize, version: usize) -> Result<Option<MessageHead>, usize> {
    const MAX_HEADERS: usize = 128;
    let before = &bytes[line..version];
    // Output of `curl -v`, which prints bodies verbatim.
    if let Some(is_response) = match before {
        [b'<', b' '] => Some(true),
        [b'>', b' ', rest @ ..] if request_line_start(rest) == Some(0) => Some(false),
        _ => None,
    } {
        return Ok(Some(MessageHead {
            start: line,
            end: version,
            is_response,
            is_form: false,
            charset: marked_content_type(&bytes[version..], before).and_then(declared_charset),
            is_chunked: false,
            length: None,
        }));
    }
    let is_response = before.is_empty();
    let start = if is_response {
        line
    } else {
        let Some(request) = request_line_start(before) else {
            return Ok(None);
        };
        line + request
    };
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
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
    let header_value = |name: &str| {
        let mut header_iter = headers.iter();
        let header = header_iter.find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(header.value)
    };
    let header_text = |name: &str| std::str::from_utf8(header_value(name)?).ok();
    Ok(Some(MessageHead {
        start,
        end: start + length,
        is_response,
        charset: header_value("content-type").and_then(declared_charset),
        is_form: header_text("content-type")
            .is_some_and(|value| value.to_ascii_lowercase().contains("x-www-form-urlencoded")),
        is_chunked: header_text("transfer-encoding")
            .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked")),
        length: header_text("content-length").and_then(|length| length.trim().parse().ok()),
    }))
}

/// The content type in a head that `curl -v` has printed, with this mark before each line.
fn marked_content_type<'a>(head: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    const NAME: &[u8] = b"content-type:";
    let mark = mark.get(..2)?;
    let mut lines = head.split(|byte| *byte == b'\n').skip(1);
    lines
        .by_ref()
        .map_while(|line| line.strip_prefix(mark))
        .find(|line| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME))
        .map(|line| &line[NAME.len()..])
}

/// Request methods with a target (RFC 9110 §9 and RFC 5789).
const METHODS: &[&[u8]] = &[
    b"POST", b"PUT", b"PATCH", b"GET", b"HEAD", b"DELETE", b"OPTIONS",
];

/// Offset of the request line in `before`, the text before the HTTP version: `POST /hook `.
fn request_line_start(before: &[u8]) -> Option<usize> {
    let target = before.strip_suffix(b" ")?;
    let method = &target[..memchr::memrchr(b' ', target)?];
    // A body without a line break may precede the method.
    let known = METHODS.iter().find(|known| method.ends_with(known))?;
    Some(method.len() - known.len())
}

impl MessageHead {
    /// The declared encoding of the body, and the offset where the body ends at the latest, if it
    /// is known.
    pub(crate) fn body_charset(&self) -> Option<(&'static Encoding, usize)> {
        let length = self.length.filter(|_| !self.is_chunked);
        let end = length.map_or(usize::MAX, |length| self.end.saturating_add(length));
        Some((self.charset?, end))
    }

    /// Returns the body after this head. A length or encoding that does not match the bytes is
    /// ignored, because proxies decode bodies and leave the headers unchanged.
    pub(crate) fn body(&self, bytes: &[u8], is_whole: bool) -> MessageBody {
        let body = bytes.get(self.end..).unwrap_or_default();
        if !self.is_chunked {
            let length = self.length.unwrap_or(body.len());
            let body = &body[..length.min(body.len())];
            if !is_compressed(body) {
                return MessageBody::Plain;
            }
            if body.len() < length && !is_whole {
                return MessageBody::Unfinished;
            }
            return MessageBody::Encoded {
                range: self.end..self.end + body.len(),
                is_chunked: false,
            };
        }
        match parse_chunks(body) {
            ChunkedBody::Whole(_, length) => MessageBody::Encoded {
                range: self.end..self.end + length,
                is_chunked: true,
            },
            ChunkedBody::Unfinished if !is_whole => MessageBody::Unfinished,
            ChunkedBody::Unfinished | ChunkedBody::None => MessageBody::Plain,
        }
    }
}

/// The chunks of a body.
pub(crate) enum ChunkedBody {
    /// Ranges of the chunk data, and the length of the encoded body.
    Whole(Vec<Range<usize>>, usize),
    /// The body ends early.
    Unfinished,
    /// The body is not chunked.
    None,
}

/// Limit on the length of a chunk-size line.
const MAX_SIZE_LINE_BYTES: usize = 256;

/// Parses the size in the first line of a chunk. Chunk extensions after a semicolon are ignored.
fn parse_chunk_size(line: &[u8]) -> Option<usize> {
    let line = line.get(..MAX_SIZE_LINE_BYTES.min(line.len()))?;
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Parses a chunked body (RFC 9112 §7.1). Bare line feeds are accepted.
pub(crate) fn parse_chunks(body: &[u8]) -> ChunkedBody {
    let mut parts = Vec::new();
    let mut at = 0;
    loop {
        let Some(length) = memchr::memchr(b'\n', &body[at..]) else {
            return if body.len() - at > MAX_SIZE_LINE_BYTES {
                ChunkedBody::None
            } else {
                ChunkedBody::Unfinished
            };
        };
        let line = length + 1;
        let Some(size) = parse_chunk_size(&body[at..at + length]) else {
            return ChunkedBody::None;
        };
        at += line;
        if size == 0 {
            return ChunkedBody::Whole(parts, at);
        }
        if size > body.len() - at {
            return ChunkedBody::Unfinished;
        }
        parts.push(at..at + size);
        at += size;
        let rest = &body[at..];
        at += match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            [] | [b'\r'] => return ChunkedBody::Unfinished,
            _ => return ChunkedBody::None,
        };
    }
}

#[cfg(test)]
mod tests {
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
    fn a_long_line_is_searched_once_for_its_start() {
        for line in ["x HTTP/1.1 ", "POST HTTP/1.1 "] {
            let text = line.repeat(200_000);
            assert!(matches!(next_head(text.as_bytes(), 0), Ok(None)));
        }
    }

    #[test]
    fn the_chunks_of_a_body_are_found() {
        let text = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n";
        let head = next_head(text, 0).expect("whole").expect("there");
        let MessageBody::Encoded { range, is_chunked } = head.body(text, true) else {
            panic!("chunked");
        };
        assert!(is_chunked);
        assert_eq!(&text[range.end..], b"\r\n");
        let ChunkedBody::Whole(parts, _) = parse_chunks(&text[range.clone()]) else {
            panic!("whole");
        };
        let parts = parts.into_iter().map(|part| &text[range.clone()][part]);
        assert_eq!(parts.collect::<Vec<_>>().concat(), b"{\"a\":1}");
    }

    #[test]
    fn headers_that_contradict_the_body_are_ignored() {
        let text =
            b"POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Encoding: gzip\n\n{\"a\":1}";
        let head = next_head(text, 0).expect("whole").expect("there");
        assert!(matches!(head.body(text, true), MessageBody::Plain));
    }
}
