//! Text of messages in Slack, in which `&`, `<` and `>` are references, and links are in brackets:
//! `<https://example.org|example.org>`.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};

pub(super) const DECODER: Decoder = Decoder {
    name: "Slack message",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

const REFERENCES: &[(&str, char)] = &[("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')];

/// Starts of the targets of links.
const SCHEMES: &[&str] = &["http://", "https://", "mailto:", "tel:", "ftp://"];

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    match context.kind {
        PieceKind::SlackText => Some(Detection::Text(decode(bytes))),
        _ => None,
    }
}

/// The text as it was sent. The text of a mention, such as `<@U024BE7LH>`, is not known: it is
/// marked, so that a value with it is reported.
fn decode(bytes: &[u8]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let plain = memchr::memchr2(b'&', b'<', &bytes[at..]);
        let end = plain.map_or(bytes.len(), |length| at + length);
        text.add(at, &bytes[at..end]);
        at = end;
        let rest = &bytes[at..];
        if let Some((character, length)) = reference(rest) {
            text.add_escaped(at, character);
            at += length;
        } else if let Some((start, length)) = link(rest) {
            decode_references(bytes, at + start, at + length - 1, &mut text);
            at += length;
        } else if let [first, ..] = rest {
            text.add(at, &[*first]);
            if matches!(rest, [b'<', b'@' | b'#' | b'!', ..]) {
                text.add_unknown(at);
            }
            at += 1;
        }
    }
    text.finish(bytes.len())
}

/// The character of the reference that starts `text`, and the length of the reference.
fn reference(text: &[u8]) -> Option<(char, usize)> {
    let mut references = REFERENCES.iter();
    let (name, character) = references.find(|(name, _)| text.starts_with(name.as_bytes()))?;
    Some((*character, name.len()))
}

/// Start of the visible text of the link that starts `text`, and length of the link. A `<` in a
/// link is a reference, so that the search for its end stops there.
fn link(text: &[u8]) -> Option<(usize, usize)> {
    let target = text.strip_prefix(b"<")?;
    let mut schemes = SCHEMES.iter();
    schemes.find(|scheme| target.starts_with(scheme.as_bytes()))?;
    let end = 1 + memchr::memchr3(b'>', b'<', b'\n', target)?;
    let bar = memchr::memchr(b'|', &text[..end]);
    (text[end] == b'>').then_some((bar.map_or(1, |bar| bar + 1), end + 1))
}

/// Adds the text from `start` to `end`, which has references but no links.
fn decode_references(bytes: &[u8], start: usize, end: usize, text: &mut NestedTextBuilder) {
    let mut at = start;
    while at < end {
        let rest = &bytes[at..end];
        if let Some((character, length)) = reference(rest) {
            text.add_escaped(at, character);
            at += length;
        } else {
            text.add(at, &rest[..1]);
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn references_and_links_are_removed_once() {
        let bytes =
            b"a &amp;amp; &lt;b&gt; &quot; <https://x.org/?a&amp;b> <mailto:a@x.org|a@x.org> <x";
        let text = decode(bytes);
        assert_eq!(
            text.bytes,
            b"a &amp; <b> &quot; https://x.org/?a&b a@x.org <x"
        );
        assert_eq!(&bytes[outer_offset(&text, "https")..][..5], b"https");
        assert_eq!(decode(b"<http://a <http://b>").bytes, b"<http://a http://b");
        assert_eq!(decode(b"<@U1> <tel:+49|+49>").bytes, b"<\x9d\xff@U1> +49");
    }

    #[test]
    fn links_without_an_end_are_not_searched_again() {
        let text = "<http://a|b <mailto:".repeat(100_000);
        assert_eq!(decode(text.as_bytes()).bytes, text.as_bytes());
    }
}
