//! HTML: pages, and fragments such as the text of a chat message.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::text::ansi::plain_parts;
use crate::capture::split::text::markup::{Markup, RAW_ELEMENTS, is_html, lexeme, tag_name};

pub(super) const DECODER: Decoder = Decoder {
    name: "HTML",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    match context.kind {
        // Colours are removed first.
        PieceKind::Text if has_tags(bytes) && plain_parts(bytes).is_none() => {
            Some(Detection::Text(to_text(bytes)))
        }
        PieceKind::Markup | PieceKind::Html => Some(Detection::Text(to_text(bytes))),
        _ => None,
    }
}

/// True if a tag starts the text, or comes before its first value.
fn has_tags(bytes: &[u8]) -> bool {
    let end = memchr::memchr2(b'{', b'[', bytes).unwrap_or(bytes.len());
    let mut starts = memchr::memchr_iter(b'<', &bytes[..end]);
    starts.any(|start| {
        let name = tag_name(&bytes[start + 1..]);
        let next = bytes.get(start + 1 + name.len());
        is_html(&bytes[start..], true) == Some(true)
            && next.is_some_and(|next| next.is_ascii_whitespace() || b"/>-".contains(next))
    })
}

/// The text of HTML as a browser shows it, but with all white space. A reference that is not known
/// is marked, so that a value with it is reported.
fn to_text(bytes: &[u8]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        at = match lexeme(bytes, at) {
            Markup::LineBreak(end) => {
                text.add_escaped_byte(at, b'\n');
                add_attributes(bytes, at, end, &mut text);
                end
            }
            Markup::Tag(end) => {
                if let Some(close) = raw_element_end(bytes, at, end) {
                    text.add(end, &bytes[end..close]);
                    close
                } else {
                    add_attributes(bytes, at, end, &mut text);
                    end
                }
            }
            other => add_characters(bytes, at, &other, &mut text),
        };
    }
    text.finish(bytes.len())
}

/// Adds text at `at` in which tags have no meaning. Returns the offset of its end.
fn add_characters(bytes: &[u8], at: usize, markup: &Markup, text: &mut NestedTextBuilder) -> usize {
    match markup {
        Markup::Plain(end) | Markup::LineBreak(end) | Markup::Tag(end) => {
            text.add(at, &bytes[at..*end]);
            *end
        }
        Markup::Characters(characters, end) => {
            for character in characters.chars() {
                text.add_escaped(at, character);
            }
            *end
        }
        Markup::Character(character, end) => {
            text.add_escaped(at, *character);
            *end
        }
        Markup::Unknown(end) => {
            text.add(at, &bytes[at..*end]);
            text.add_unknown(at);
            *end
        }
    }
}

/// Adds the attributes of the tag from `start` to `end` if there may be a call in them.
fn add_attributes(bytes: &[u8], start: usize, end: usize, text: &mut NestedTextBuilder) {
    if memchr::memchr(b'{', &bytes[start..end]).is_none() {
        return;
    }
    text.add_escaped_byte(start, b'\n');
    let mut at = start + 1;
    while at < end {
        at = add_characters(bytes, at, &lexeme(&bytes[..end], at), text);
    }
    text.add_escaped_byte(end, b'\n');
}

/// End of the content of the element with the tag from `start` to `end`, if that is not HTML.
fn raw_element_end(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    if bytes[start..].starts_with(b"<!--") {
        let comment = memchr::memmem::find(&bytes[end..], b"-->");
        return Some(comment.map_or(bytes.len(), |length| end + length));
    }
    let name = tag_name(&bytes[start + 1..]);
    let element = RAW_ELEMENTS
        .iter()
        .find(|raw| name.eq_ignore_ascii_case(raw.as_bytes()))?;
    let mut closings = memchr::memmem::find_iter(&bytes[end..], b"</");
    let is_closing = |at: &usize| {
        let closing = bytes.get(end + at + 2..end + at + 2 + element.len());
        closing.is_some_and(|closing| closing.eq_ignore_ascii_case(element.as_bytes()))
    };
    Some(closings.find(is_closing).map_or(bytes.len(), |at| end + at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn tags_and_references_are_removed_and_map_to_outer_offsets() {
        let bytes =
            b"<pre><span class=\"k\">{&quot;a&quot;</span>: &quot;&amp;amp;&uuml;&quot;}</pre>";
        let text = to_text(bytes);
        assert_eq!(text.bytes, "\n{\"a\": \"&amp;ü\"}\n".as_bytes());
        assert_eq!(bytes[outer_offset(&text, "a")], b'a');
        assert!(bytes[outer_offset(&text, "ü")..].starts_with(b"&uuml;"));
        assert_eq!(
            to_text(b"<script>{\"a\":\"&amp;\"}</script>x").bytes,
            b"{\"a\":\"&amp;\"}x"
        );
        let attribute = to_text(b"<i data-x=\"{&quot;a&quot;:1}\">").bytes;
        assert_eq!(attribute, b"\ni data-x=\"{\"a\":1}\">\n");
        assert_eq!(to_text(b"&nosuch;").bytes, b"&\x9d\xffnosuch;");
    }
}
