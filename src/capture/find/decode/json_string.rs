//! Strings with the escapes of JSON: JSON inside of JSON strings, and JSON strings in other text.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::text::percent::outer_layers;

pub(super) const DECODER: Decoder = Decoder {
    name: "JSON string",
    detect,
    decode: |bytes, _, _| vec![DecodedPiece::new(unescape(bytes))],
};

/// All strings have this form, but those without a brace hold no body. It may be encoded.
fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    let is_certain = match context.kind {
        PieceKind::String => has_brace(bytes) || has_encoded_bracket(bytes) || has_mail(bytes),
        PieceKind::StringRest => true,
        _ => false,
    };
    is_certain.then_some(Detection::Whole)
}

/// True if the string has an opening brace, which may be escaped.
fn has_brace(string: &[u8]) -> bool {
    memchr::memchr(b'{', string).is_some()
        || memchr::memmem::find_iter(string, br"\u007")
            .any(|escape| matches!(string.get(escape + br"\u007".len()), Some(b'b' | b'B')))
}

/// True if the string has a percent-encoded opening bracket.
fn has_encoded_bracket(string: &[u8]) -> bool {
    memchr::memchr_iter(b'%', string).any(|at| outer_layers(&string[at..]).is_some())
}

/// True if the string has an encoded part of a mail message.
fn has_mail(string: &[u8]) -> bool {
    memchr::memmem::find(string, b"ontent-Transfer-Encoding: ").is_some()
}

/// Decodes the text between the quotes of a JSON string, in which `\'` may also be escaped. Invalid
/// escapes are kept verbatim: a decoded value with one is reported, because JSON has none.
pub(crate) fn unescape(string: &[u8]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(string.len());
    let mut at = 0;
    loop {
        at = text.add_until(b'\\', string, at);
        let rest = &string[at..];
        if rest.is_empty() {
            return text.finish(string.len());
        }
        let (character, length) = decode_escape(rest);
        match character {
            Some(character) => text.add_escaped(at, character),
            None => text.add(at, &rest[..length]),
        }
        at += length;
    }
}

/// Decodes the escape at the start of `text`. Returns the character, or `None` for an invalid
/// escape, and the length in bytes to consume.
fn decode_escape(text: &[u8]) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let are_digits = digits.iter().all(u8::is_ascii_hexdigit);
        let digits = std::str::from_utf8(digits).ok().filter(|_| are_digits)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let simple = match text.get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => {
            let Some(high) = unit(0) else {
                return (None, 1);
            };
            if let (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) = (high, unit(6)) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return (char::from_u32(code), 12);
            }
            return (char::from_u32(high), 6);
        }
        Some(plain @ (b'"' | b'\\' | b'/' | b'\'')) => char::from(*plain),
        _ => return (None, 1),
    };
    (Some(simple), 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn decoded_json_strings_map_to_outer_offsets() {
        let text = r#"x "{\"a\":\"\u00fc\ud83d\ude00\\ud800\",\n\"b\":1}" y"#;
        let string = &text[2..text.len() - 2];
        let inner = unescape(&string.as_bytes()[1..string.len() - 1]);
        let expected: String = serde_json::from_str(string).expect("a string");
        assert_eq!(inner.bytes, expected.as_bytes());
        for part in ["{", "a", "ü", "😀", "b", "1", "}"] {
            let at = 3 + outer_offset(&inner, part);
            match part {
                "ü" => assert!(text[at..].starts_with("\\u00fc")),
                "😀" => assert!(text[at..].starts_with("\\ud83d")),
                part => assert!(text[at..].starts_with(part), "{part} at {at}"),
            }
        }
    }

    /// Some writers escape all characters that are special in HTML or in their own language.
    #[test]
    fn braces_may_be_escaped() {
        for (string, expected) in [
            (r#"{\"a\":1}"#, true),
            (r#"\u007b\"a\":1\u007d"#, true),
            (r"\n\u007B\u0022a\u0022:1}", true),
            (r"\u007d\u007a \u007", false),
            ("", false),
        ] {
            assert_eq!(has_brace(string.as_bytes()), expected, "{string}");
        }
    }

    #[test]
    fn lone_surrogates_stay_escapes() {
        assert_eq!(unescape(br"a\ud800b").bytes, br"a\ud800b");
    }

    /// Strings in logs need not be valid JSON: lines are truncated, and people write backslashes.
    #[test]
    fn invalid_escapes_are_kept_verbatim() {
        for text in [
            r"a\",
            r"a\q",
            r"m\xc3\xb6chte",
            r"\0",
            r"a\u",
            r"a\u00",
            r"a\u00f",
            r"a\u00ü0",
            r"a\uüü",
            r"a\ü",
            r"a\u+123",
            r"a\ud83d\u",
            r"\ud83d\ude0",
            "\\😀b",
        ] {
            let inner = unescape(text.as_bytes());
            assert_eq!(inner.bytes, text.as_bytes(), "{text}");
            assert!(std::str::from_utf8(&inner.bytes).is_ok());
        }
        assert_eq!(unescape(br"it\'s \u00fc").bytes, "it's ü".as_bytes());
    }
}
