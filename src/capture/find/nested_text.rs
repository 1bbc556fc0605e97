//! Decodes text inside other text: JSON strings, CSV cells, chunked HTTP bodies, marked lines,
//! base64, and compressed data. Offsets map back to the outer text where that is possible.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::capture::location::coding::Coding;
use crate::capture::location::position::Locator;
use crate::capture::location::source_map::{OffsetMap, SourceMap};
use crate::capture::source::unpack::{UnpackLimit, limit_error, unpack};

/// Text decoded from a part of another text.
#[derive(Debug)]
pub struct NestedText {
    /// The decoded text, not necessarily valid UTF-8.
    pub bytes: Vec<u8>,
    /// Maps offsets in the decoded text to the outer text.
    pub source_map: SourceMap,
    /// Description of the error that ended decoding early, if any.
    pub damage: Option<String>,
}

impl NestedText {
    /// Creates a completely decoded text.
    #[must_use]
    pub fn new(bytes: Vec<u8>, source_map: SourceMap) -> Self {
        Self {
            bytes,
            source_map,
            damage: None,
        }
    }

    /// Creates a locator for this text, which was decoded from a part of the text of `outer`.
    #[must_use]
    pub fn locator<'a>(&'a self, outer: &'a Locator) -> Locator<'a> {
        outer.nested(&self.bytes, &self.source_map)
    }
}

/// Builds a [`NestedText`] from copied pieces.
struct NestedTextBuilder {
    bytes: Vec<u8>,
    map: OffsetMap,
}

impl NestedTextBuilder {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            map: OffsetMap::default(),
        }
    }

    /// Appends `bytes`, which start at `outer_offset` in the outer text.
    fn add(&mut self, outer_offset: usize, bytes: &[u8]) {
        self.map.continue_run(self.bytes.len(), outer_offset);
        self.bytes.extend_from_slice(bytes);
    }

    /// Finishes the text. The encoded text ends at `outer_end`.
    fn finish(mut self, outer_end: usize) -> NestedText {
        self.map.start_run(self.bytes.len(), outer_end);
        NestedText::new(self.bytes, SourceMap::Mapped(self.map))
    }
}

/// Decodes the JSON string with this `text` between its quotes, which starts at `start`. Invalid
/// escapes are kept verbatim.
#[must_use]
pub fn decode_json_string(text: &str, start: usize) -> NestedText {
    let end = text.len();
    let mut inner = NestedTextBuilder::with_capacity(text.len());
    let mut at = 0;
    while at < end {
        let rest = &text[at..];
        match memchr::memchr(b'\\', rest.as_bytes()) {
            None => {
                inner.add(start + at, rest.as_bytes());
                break;
            }
            Some(0) => {
                let (character, length) = decode_escape(rest);
                match character {
                    Some(character) => {
                        // Each escape is a run of its own, because offsets inside an escape make no
                        // sense.
                        let mut utf8 = [0; 4];
                        inner.map.start_run(inner.bytes.len(), start + at);
                        let utf8 = character.encode_utf8(&mut utf8).as_bytes();
                        inner.bytes.extend_from_slice(utf8);
                    }
                    None => inner.add(start + at, &rest.as_bytes()[..length]),
                }
                at += length;
            }
            Some(length) => {
                inner.add(start + at, &rest.as_bytes()[..length]);
                at += length;
            }
        }
    }
    inner.finish(start + end)
}

/// Decodes the escape at the start of `text`. Returns the character, or `None` for an invalid
/// escape, and the length in bytes to consume.
fn decode_escape(text: &str) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        are_digits.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let simple = match text.as_bytes().get(1) {
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
        Some(plain) if plain.is_ascii() => char::from(*plain),
        _ => return (None, 1),
    };
    (Some(simple), 2)
}

/// Decodes a quoted CSV cell (RFC 4180) given without its outer quotes, which starts at `start`.
/// Two quotes become one.
#[must_use]
pub fn decode_csv_cell(cell: &[u8], start: usize) -> NestedText {
    let mut inner = NestedTextBuilder::with_capacity(cell.len());
    let mut at = 0;
    while at < cell.len() {
        let quote = memchr::memchr(b'"', &cell[at..]).map_or(cell.len(), |quote| at + quote + 1);
        inner.add(start + at, &cell[at..quote]);
        // Skip the second of the two quotes.
        at = quote + 1;
    }
    inner.finish(start + cell.len())
}

/// Joins the given ranges of `bytes`.
#[must_use]
pub fn join_parts(bytes: &[u8], parts: &[std::ops::Range<usize>]) -> NestedText {
    let mut inner =
        NestedTextBuilder::with_capacity(parts.iter().map(ExactSizeIterator::len).sum());
    for part in parts {
        inner.add(part.start, &bytes[part.clone()]);
    }
    inner.finish(parts.last().map_or(0, |part| part.end))
}

/// Joins several decoded texts of one outer text. A line break follows each text that has `true`.
#[must_use]
pub fn join_texts(texts: impl IntoIterator<Item = (NestedText, bool)>) -> NestedText {
    let mut all = NestedTextBuilder::with_capacity(0);
    for (text, ends_line) in texts {
        if let SourceMap::Mapped(map) = &text.source_map {
            all.map.append(all.bytes.len(), map);
        }
        all.bytes.extend_from_slice(&text.bytes);
        if ends_line {
            all.bytes.push(b'\n');
        }
    }
    NestedText::new(all.bytes, SourceMap::Mapped(all.map))
}

/// Both alphabets, with or without padding.
const BASE64: [GeneralPurpose; 2] = [
    base64_engine(&alphabet::STANDARD),
    base64_engine(&alphabet::URL_SAFE),
];

const fn base64_engine(alphabet: &alphabet::Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

/// Decodes base64 (RFC 4648) that starts at `start`. Line breaks are allowed. Returns `None` if
/// `text` is not base64.
#[must_use]
pub fn decode_base64(text: &[u8], start: usize) -> Option<NestedText> {
    let joined_lines: Vec<u8>;
    let text = if text.iter().any(u8::is_ascii_whitespace) {
        joined_lines = text
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        &joined_lines
    } else {
        text
    };
    let bytes = BASE64.iter().find_map(|engine| engine.decode(text).ok())?;
    Some(NestedText::new(
        bytes,
        SourceMap::Opaque(start, Coding::Base64),
    ))
}

/// Decompresses `bytes` that start at `start`, or converts them from UTF-16. Data before an error
/// is kept. Returns `None` if they are neither compressed nor UTF-16.
#[must_use]
pub fn decompress(bytes: &[u8], start: usize, limit: UnpackLimit) -> Option<NestedText> {
    let unpacked = unpack(Box::new(bytes), limit).ok()?;
    let coding = unpacked.coding?;
    let mut reader = unpacked.reader;
    let mut text = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    // Keep the data before an error.
    let damage = loop {
        match std::io::Read::read(&mut reader, &mut buffer) {
            Ok(0) => break None,
            Ok(read) => text.extend_from_slice(&buffer[..read]),
            Err(error) => break Some(error.to_string()),
        }
        if text.len() as u64 > limit.single_value {
            break Some(limit_error(coding, limit.single_value).to_string());
        }
    };
    let is_decoded = coding != Coding::Utf16 || !text.is_empty();
    is_decoded.then_some(NestedText {
        damage,
        ..NestedText::new(text, SourceMap::Opaque(start, coding))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(inner: &NestedText, part: &str) -> usize {
        let text = std::str::from_utf8(&inner.bytes).expect("UTF-8");
        let SourceMap::Mapped(map) = &inner.source_map else {
            panic!("places are kept");
        };
        map.outer_offset(text.find(part).expect("it is there"))
    }

    #[test]
    fn decoded_json_strings_map_to_outer_offsets() {
        let text = r#"x "{\"a\":\"\u00fc\ud83d\ude00\\ud800\",\n\"b\":1}" y"#;
        let string = &text[2..text.len() - 2];
        let inner = decode_json_string(&string[1..string.len() - 1], 3);
        let expected: String = serde_json::from_str(string).expect("a string");
        assert_eq!(inner.bytes, expected.as_bytes());
        for part in ["{", "a", "ü", "😀", "b", "1", "}"] {
            let at = outside(&inner, part);
            match part {
                "ü" => assert!(text[at..].starts_with("\\u00fc")),
                "😀" => assert!(text[at..].starts_with("\\ud83d")),
                part => assert!(text[at..].starts_with(part), "{part} at {at}"),
            }
        }
    }

    #[test]
    fn lone_surrogates_stay_escapes() {
        assert_eq!(decode_json_string(r"a\ud800b", 0).bytes, br"a\ud800b");
    }

    /// Strings in logs need not be valid JSON: lines are truncated, and people write backslashes.
    #[test]
    fn invalid_escapes_are_kept_verbatim() {
        for text in [
            r"a\",
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
            let inner = decode_json_string(text, 0);
            assert_eq!(inner.bytes, text.as_bytes(), "{text}");
            assert!(std::str::from_utf8(&inner.bytes).is_ok());
        }
        assert_eq!(
            decode_json_string(r"it\'s \u00fc", 0).bytes,
            "it's ü".as_bytes()
        );
    }

    #[test]
    fn cells_and_parts_map_to_outer_offsets() {
        let cell = br#"{""a"":""b""}"#;
        let inner = decode_csv_cell(cell, 10);
        assert_eq!(inner.bytes, br#"{"a":"b"}"#);
        assert_eq!(outside(&inner, "b"), 10 + 9);
        let text = b"> {\n> \"a\": 1}";
        let inner = join_parts(text, &[2..4, 6..13]);
        assert_eq!(inner.bytes, b"{\n\"a\": 1}");
        assert_eq!(outside(&inner, "1"), 11);
    }

    #[test]
    fn base64_is_decoded_in_both_alphabets() {
        for text in ["eyJhIjoiPz8_In0", "eyJhIjoiPz8/In0=", "eyJhIjoi\nPz8/In0="] {
            let inner = decode_base64(text.as_bytes(), 0).expect("base64");
            assert_eq!(inner.bytes, br#"{"a":"???"}"#);
        }
        assert!(decode_base64(b"not base64!", 0).is_none());
    }
}
