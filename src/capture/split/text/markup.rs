//! Reads text in HTML (WHATWG HTML §13): character references and tags.

use std::ops::Range;

use quick_xml::escape::resolve_html5_entity;

use super::reading::ValueExtent;
use super::refusal::Refusal;
use crate::json::syntax::skip_value;
use crate::text::windows_1252;

/// One unit of HTML, and its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    /// Text without markup.
    Plain(usize),
    /// A character reference, which may stand for two characters.
    Characters(&'static str, usize),
    Character(char, usize),
    /// A tag that starts a new line.
    LineBreak(usize),
    /// The start of a comment, or a tag within a line, such as `<span class="key">`.
    Tag(usize),
    /// A reference that is not known.
    Unknown(usize),
}

/// Names of tags that show that a text is HTML.
const TAGS: &[&str] = &[
    "!doctype",
    "a",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "html",
    "i",
    "li",
    "main",
    "meta",
    "ol",
    "p",
    "pre",
    "samp",
    "section",
    "span",
    "strong",
    "style",
    "table",
    "tbody",
    "td",
    "textarea",
    "th",
    "title",
    "tr",
    "tt",
    "ul",
];

/// Names of tags after or before which a new line starts.
const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "li",
    "p",
    "pre",
    "table",
    "td",
    "th",
    "tr",
    "ul",
    "ol",
    "body",
    "head",
    "title",
    "textarea",
];

/// Names of elements whose content is not HTML.
pub(crate) const RAW_ELEMENTS: &[&str] = &["script", "style"];

/// Limit on the length of a tag, a comment and a reference.
const MAX_TAG_BYTES: usize = 64 * 1024;
const MAX_REFERENCE_BYTES: usize = 40;

/// True if `text` starts as a page or a fragment of HTML does. `None` if more text decides.
pub(crate) fn is_html(text: &[u8], is_whole: bool) -> Option<bool> {
    const MAX_NAME_BYTES: usize = 16;
    let text = text.trim_ascii_start();
    let Some(rest) = text.strip_prefix(b"<") else {
        return (!text.is_empty() || is_whole).then_some(false);
    };
    if rest.starts_with(b"!--") {
        return Some(true);
    }
    let name = tag_name(rest);
    if name.len() == rest.len() && name.len() < MAX_NAME_BYTES && !is_whole {
        return None;
    }
    Some(
        TAGS.iter()
            .any(|tag| name.eq_ignore_ascii_case(tag.as_bytes())),
    )
}

/// The name at the start of `tag`, which is the text behind `<` or `</`.
pub(crate) fn tag_name(tag: &[u8]) -> &[u8] {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'!' | b':');
    &tag[..tag.iter().take_while(is_part).count()]
}

/// True if a quote of JSON that is a character reference starts `text`: `&quot;`.
pub(super) fn starts_with_quote(text: &[u8]) -> bool {
    matches!(
        lexeme(text, 0),
        Markup::Characters("\"", _) | Markup::Character('"', _)
    )
}

/// The unit at `at`, which is before the end of `bytes`.
pub(crate) fn lexeme(bytes: &[u8], at: usize) -> Markup {
    let text = &bytes[at..];
    match text[0] {
        b'&' => reference(text, at),
        b'<' => tag(text).map_or(Markup::Plain(at + 1), |length| {
            let name = tag_name(text[1..].strip_prefix(b"/").unwrap_or(&text[1..]));
            let mut blocks = BLOCKS.iter();
            if blocks.any(|block| name.eq_ignore_ascii_case(block.as_bytes())) {
                Markup::LineBreak(at + length)
            } else {
                Markup::Tag(at + length)
            }
        }),
        _ => {
            let length = memchr::memchr2(b'&', b'<', text).unwrap_or(text.len());
            Markup::Plain(at + length)
        }
    }
}

/// Length of the tag or comment at the start of `text`.
fn tag(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(MAX_TAG_BYTES)];
    if text.starts_with(b"<!--") {
        return Some(b"<!--".len());
    }
    let first = *text.get(1)?;
    if !first.is_ascii_alphabetic() && !matches!(first, b'/' | b'!') {
        return None;
    }
    let mut at = 1;
    loop {
        at += text[at..].iter().position(|byte| b"<>\"'".contains(byte))?;
        match text[at] {
            b'>' => return Some(at + 1),
            b'<' => return None,
            _ => {}
        }
        at += 1 + memchr::memchr(text[at], &text[at + 1..])? + 1;
    }
}

/// The character reference at the start of `text`, which starts at `at`.
fn reference(text: &[u8], at: usize) -> Markup {
    match terminated_reference(text, at) {
        Markup::Plain(end) => open_reference(text, at).unwrap_or(Markup::Plain(end)),
        reference => reference,
    }
}

/// The reference to a character of markup without its semicolon, which browsers accept. In
/// `?a=1&lt=2` and `&amplitude` they do so only outside of attributes: such text is left verbatim.
fn open_reference(text: &[u8], at: usize) -> Option<Markup> {
    const NAMES: [(&[u8], &str); 4] = [
        (b"&amp", "&"),
        (b"&lt", "<"),
        (b"&gt", ">"),
        (b"&quot", "\""),
    ];
    let mut names = NAMES.iter();
    let (name, characters) = names.find(|(name, _)| text.starts_with(name))?;
    let next = text.get(name.len())?;
    let is_end = !next.is_ascii_alphanumeric() && !b"=;".contains(next);
    is_end.then_some(Markup::Characters(characters, at + name.len()))
}

/// The character reference at the start of `text`, if it ends with a semicolon.
fn terminated_reference(text: &[u8], at: usize) -> Markup {
    let window = &text[1..text.len().min(MAX_REFERENCE_BYTES)];
    let Some(end) = memchr::memchr(b';', window) else {
        return Markup::Plain(at + 1);
    };
    let name = str::from_utf8(&window[..end]).unwrap_or_default();
    let next = at + 1 + end + 1;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let character = code.ok().and_then(|code| match u8::try_from(code) {
            // These numbers are those of Windows-1252, as pages wrote them before Unicode.
            Ok(byte @ 0x80..=0x9f) => Some(windows_1252::character(byte)),
            _ => char::from_u32(code),
        });
        return match character.filter(|character| *character != '\0') {
            Some(character) => Markup::Character(character, next),
            None => Markup::Unknown(at + 1),
        };
    }
    match resolve_html5_entity(name) {
        Some(characters) => Markup::Characters(characters, next),
        None if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Markup::Unknown(at + 1)
        }
        None => Markup::Plain(at + 1),
    }
}

/// True if the value is the content of an element of HTML or XML, as in `<pre>{…}</pre>`, and has
/// references. `None` if more text decides.
pub(super) fn is_in_element(bytes: &[u8], value: Range<usize>) -> Option<bool> {
    const MAX_BYTES_BEFORE: usize = 512;
    let text = &bytes[value.clone()];
    let has_markup = memchr::memchr(b'&', text).is_some() && memchr::memchr(b'<', text).is_none();
    let before = bytes[..value.start].trim_ascii_end();
    let before = &before[before.len().saturating_sub(MAX_BYTES_BEFORE)..];
    let open = memchr::memrchr(b'<', before).filter(|_| has_markup && before.ends_with(b">"));
    let Some(open) = open else {
        return Some(false);
    };
    let name = tag_name(&before[open + 1..]);
    let is_raw = RAW_ELEMENTS
        .iter()
        .any(|raw| name.eq_ignore_ascii_case(raw.as_bytes()));
    if !name.first().is_some_and(u8::is_ascii_alphabetic) || is_raw {
        return Some(false);
    }
    let after = bytes[value.end..].trim_ascii_start();
    (after.len() > 1).then(|| after.starts_with(b"</"))
}

/// The text of the element around a value in `line`, if there is other text between its tag and the
/// value.
pub(super) fn text_of_element(
    bytes: &[u8],
    line: Range<usize>,
    value: &Range<usize>,
) -> Option<Range<usize>> {
    const MAX_BYTES: usize = 4096;
    let from = line.start.max(value.start.saturating_sub(MAX_BYTES));
    let before = bytes.get(from..value.start)?;
    let close = memchr::memrchr(b'>', before)?;
    let open = memchr::memrchr(b'<', &before[..close])?;
    let name = tag_name(&before[open + 1..]);
    let mut raw = RAW_ELEMENTS.iter();
    let is_raw = raw.any(|raw| name.eq_ignore_ascii_case(raw.as_bytes()));
    let text = &before[close + 1..];
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic);
    if !is_name || is_raw || text.trim_ascii().is_empty() {
        return None;
    }
    let to = line.end.max(value.end).min(value.end + MAX_BYTES);
    let length = memchr::memchr(b'<', &bytes[value.end..to])?;
    bytes[value.end + length..]
        .starts_with(b"</")
        .then(|| from + close + 1..value.end + length)
}

/// Result of reading a value whose quotes are character references.
pub(super) enum MarkupText {
    Value(Range<usize>),
    /// The value may continue after the end of the text.
    Truncated,
    Refused(Refusal),
}

/// Reads the value whose first bracket is at `start`.
pub(super) fn read_markup(bytes: &[u8], start: usize, is_whole: bool) -> MarkupText {
    let mut text = Vec::new();
    let mut extent = ValueExtent::default();
    let mut at = start;
    let failure = loop {
        if extent.is_closed() {
            break skip_value(&text).err().map(|error| (at, error.problem));
        }
        if at >= bytes.len() {
            let problem = "the text ends in the middle of the value";
            break Some((at, problem.to_owned()));
        }
        let mut utf8 = [0; 4];
        let (decoded, next): (&[u8], usize) = match lexeme(bytes, at) {
            Markup::Plain(next) => (&bytes[at..next], next),
            Markup::Characters(characters, next) => (characters.as_bytes(), next),
            Markup::Character(character, next) => {
                (character.encode_utf8(&mut utf8).as_bytes(), next)
            }
            Markup::LineBreak(next) if is_line_break(&bytes[at..]) => (b"\n", next),
            Markup::LineBreak(_) => {
                let problem = "the element ends in the middle of the value";
                break Some((at, problem.to_owned()));
            }
            Markup::Tag(next) => (b"", next),
            Markup::Unknown(_) => break Some((at, unknown_reference(bytes, at))),
        };
        match extent.add_decoded(decoded, at..next, &mut text) {
            Ok(end) => at = end,
            Err((at, problem)) => break Some((at, problem.to_owned())),
        }
    };
    let Some((offset, problem)) = failure else {
        return MarkupText::Value(start..at);
    };
    let offset = offset.min(bytes.len());
    if offset == bytes.len() && !is_whole {
        return MarkupText::Truncated;
    }
    MarkupText::Refused(Refusal {
        offset,
        problem,
        help: None,
        range: start..offset.max(start + 1),
        may_be_plain: false,
    })
}

/// True if the tag at the start of `text` is `<br>`.
fn is_line_break(text: &[u8]) -> bool {
    tag_name(&text[1..]).eq_ignore_ascii_case(b"br")
}

/// Describes the reference at `at`, which is not known.
pub(crate) fn unknown_reference(bytes: &[u8], at: usize) -> String {
    let text = &bytes[at..bytes.len().min(at + MAX_REFERENCE_BYTES)];
    let end = memchr::memchr(b';', text).map_or(text.len(), |end| end + 1);
    format!(
        "unknown reference `{}`",
        String::from_utf8_lossy(&text[..end])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_detected_by_its_first_tag() {
        for html in [
            "<!doctype html>",
            " <HTML>",
            "<pre>{",
            "<p class=x>",
            "<!-- x -->",
        ] {
            assert_eq!(is_html(html.as_bytes(), true), Some(true), "{html}");
        }
        for other in [
            "",
            "x<pre>",
            "<14>Jan",
            "<?xml",
            "<event>",
            "{\"a\":\"<p>\"}",
            "<",
        ] {
            assert_eq!(is_html(other.as_bytes(), true), Some(false), "{other}");
        }
        for unknown in ["", " ", "<", "<!doc", "<p", "<pr"] {
            assert_eq!(is_html(unknown.as_bytes(), false), None, "{unknown}");
        }
    }

    #[test]
    fn references_and_tags_are_read() {
        let read = |text: &str| lexeme(text.as_bytes(), 0);
        assert_eq!(read("&quot;x"), Markup::Characters("\"", 6));
        assert_eq!(read("&uuml;"), Markup::Characters("ü", 6));
        assert_eq!(read("&#x22;"), Markup::Character('"', 6));
        assert_eq!(read("&#34;"), Markup::Character('"', 5));
        assert_eq!(read("&nosuch;"), Markup::Unknown(1));
        assert_eq!(read("&#xd800;"), Markup::Unknown(1));
        assert_eq!(read("& x;"), Markup::Plain(1));
        assert_eq!(read("&exp=1"), Markup::Plain(1));
        assert_eq!(read("&#150;"), Markup::Character('–', 6));
        assert_eq!(read("&#x80;"), Markup::Character('€', 6));
        assert_eq!(read("&amp x"), Markup::Characters("&", 4));
        assert_eq!(read("&amp x; y"), Markup::Characters("&", 4));
        assert_eq!(read("&lt=1"), Markup::Plain(1));
        assert_eq!(read("&amplitude "), Markup::Plain(1));
        assert_eq!(read("<br/>x"), Markup::LineBreak(5));
        assert_eq!(read("</span>x"), Markup::Tag(7));
        assert_eq!(read("<a href='>'>x"), Markup::Tag(12));
        assert_eq!(read("< x>"), Markup::Plain(1));
        assert_eq!(read("ab&"), Markup::Plain(2));
    }

    #[test]
    fn a_value_may_be_the_content_of_an_element() {
        let text = "x <pre class=\"a\">{\"a\":\"&amp;\"}</pre>";
        let is_in = |text: &str| {
            let (start, end) = (text.find('{').expect("a"), text.find('}').expect("b"));
            is_in_element(text.as_bytes(), start..end + 1)
        };
        assert_eq!(is_in(text), Some(true));
        assert_eq!(is_in(&text[..text.len() - 6]), None);
        assert_eq!(is_in(&text.replace("pre", "script")), Some(false));
        assert_eq!(is_in(&text.replace("&amp;", "<b>")), Some(false));
        assert_eq!(is_in("<14>{\"a\":\"&amp;\"}</x"), Some(false));
        assert_eq!(is_in("x {\"a\":\"&amp;\"}</x"), Some(false));
    }

    #[test]
    fn a_value_ends_with_its_last_bracket() {
        let read = |text: &str| match read_markup(text.as_bytes(), 0, true) {
            MarkupText::Value(range) => text[range].to_owned(),
            MarkupText::Refused(refusal) => refusal.problem,
            MarkupText::Truncated => "truncated".to_owned(),
        };
        let cut = "{&quot;a&quot;:1</td>\n<td>}";
        assert_eq!(read(cut), "the element ends in the middle of the value");
        let value = "{&quot;a&quot;:<i>1</i>,&#34;b&#x22;:&quot;&amp;quot;}&quot;}";
        assert_eq!(read(&format!("{value}</pre>")), value);
        assert_eq!(
            read("{&quot;a&quot;:&nosuch;}"),
            "unknown reference `&nosuch;`"
        );
        assert_eq!(
            read("{&quot;a&quot;:1"),
            "the text ends in the middle of the value"
        );
    }

    #[test]
    fn the_text_of_an_element_is_read_as_a_whole() {
        for (text, expected) in [
            ("<td>a '{&amp;}' x</td>", Some("a '{&amp;}' x")),
            ("<td>a &#39;{&amp;}&#39;</td>", Some("a &#39;{&amp;}&#39;")),
            ("<td>1\t{&amp;}</td>", Some("1\t{&amp;}")),
            ("<td>a {&amp;}</td>", Some("a {&amp;}")),
            ("<td> {&amp;}</td>", None),
            ("<script>'{&amp;}'</script>", None),
            ("a '{&amp;}'</td>", None),
            ("1 < 2 > '{&amp;}'</td>", None),
        ] {
            let start = text.find('{').expect("a value");
            let value = start..text.find('}').expect("a value") + 1;
            let element = text_of_element(text.as_bytes(), 0..text.len(), &value);
            assert_eq!(element.map(|range| &text[range]), expected, "{text}");
        }
    }
}
