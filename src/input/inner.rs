//! Text inside other text: what a JSON string, a CSV cell, a chunked HTTP body or a stream of marked lines holds, decoded, with the places at
//! which it stands outside as far as there are any.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::unpack::{Coding, UnpackLimit, too_much, unpack};

/// Text that was made from a part of other text.
#[derive(Debug)]
pub struct Inner {
    /// The text; hopefully UTF-8.
    pub bytes: Vec<u8>,
    /// Where it stands outside.
    pub places: Places,
    /// What is wrong behind it, if not all could be decoded.
    pub damage: Option<String>,
}

impl Inner {
    /// All that there is.
    #[must_use]
    pub fn new(bytes: Vec<u8>, places: Places) -> Self {
        Self {
            bytes,
            places,
            damage: None,
        }
    }
}

/// Where text stands in the text that it was made from.
#[derive(Debug)]
pub enum Places {
    /// Each byte has its place there.
    Kept(Map),
    /// Nothing to see of it from outside, but for where all of it begins.
    Lost(usize, Coding),
}

/// From offsets in a text to those in the text that it was made from: runs of bytes that were copied, by where they begin in both, ascending.
#[derive(Debug, Default)]
pub struct Map(Vec<(usize, usize)>);

impl Map {
    /// Of a text that is the part `part` of another.
    #[must_use]
    pub fn of_part(part: std::ops::Range<usize>) -> Self {
        Self(vec![(0, part.start), (part.len(), part.end)])
    }

    /// The offset outside.
    #[must_use]
    pub fn outside(&self, inside: usize) -> usize {
        let run = self.0.partition_point(|(start, _)| *start <= inside);
        let (start, outside) = self.0[..run].last().copied().unwrap_or_default();
        outside + (inside - start)
    }

    /// Where the `length` bytes from `inside` on begin and end outside: the end is right behind the last of them.
    #[must_use]
    pub fn outside_of(&self, inside: usize, length: usize) -> (usize, usize) {
        let (start, end) = (self.outside(inside), self.outside(inside + length));
        (start, end.max(start))
    }
}

/// Puts an [`Inner`] together from copied pieces.
struct Writer {
    bytes: Vec<u8>,
    runs: Vec<(usize, usize)>,
}

impl Writer {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            runs: Vec::new(),
        }
    }

    /// Adds what stands at `outside`.
    fn add(&mut self, outside: usize, bytes: &[u8]) {
        let goes_on = self
            .runs
            .last()
            .is_some_and(|(start, at)| at + (self.bytes.len() - start) == outside);
        if !goes_on {
            self.runs.push((self.bytes.len(), outside));
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The text, which ends before `outside`.
    fn finish(mut self, outside: usize) -> Inner {
        self.runs.push((self.bytes.len(), outside));
        Inner::new(self.bytes, Places::Kept(Map(self.runs)))
    }
}

/// What the JSON string says whose `text` between the quotes stands at `start`. An escape that means no character stays as it is.
#[must_use]
pub fn of_json_string(text: &str, start: usize) -> Inner {
    let end = text.len();
    let mut inner = Writer::with_capacity(text.len());
    let mut at = 0;
    while at < end {
        let rest = &text[at..];
        match memchr::memchr(b'\\', rest.as_bytes()) {
            None => {
                inner.add(start + at, rest.as_bytes());
                break;
            }
            Some(0) => {
                let (character, length) = escape(rest);
                match character {
                    Some(character) => {
                        // Each escape is a run of its own: places inside it make no sense.
                        let mut utf8 = [0; 4];
                        inner.runs.push((inner.bytes.len(), start + at));
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

/// The character that the escape at the beginning of `text` means, if it means one, and the length of the escape. A backslash that begins none stands
/// for itself.
fn escape(text: &str) -> (Option<char>, usize) {
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

/// What the quoted CSV cell (RFC 4180) with the text `cell` says, which stands at `start`, without its quotes: two quotes in it are one.
#[must_use]
pub fn of_csv_cell(cell: &[u8], start: usize) -> Inner {
    let mut inner = Writer::with_capacity(cell.len());
    let mut at = 0;
    while at < cell.len() {
        let quote = memchr::memchr(b'"', &cell[at..]).map_or(cell.len(), |quote| at + quote + 1);
        inner.add(start + at, &cell[at..quote]);
        // The second of the two is left out.
        at = quote + 1;
    }
    inner.finish(start + cell.len())
}

/// The text of the parts of `bytes`, one behind the other.
#[must_use]
pub fn of_parts(bytes: &[u8], parts: &[std::ops::Range<usize>]) -> Inner {
    let mut inner = Writer::with_capacity(parts.iter().map(ExactSizeIterator::len).sum());
    for part in parts {
        inner.add(part.start, &bytes[part.clone()]);
    }
    inner.finish(parts.last().map_or(0, |part| part.end))
}

/// Several texts with places in the same outer text, one behind the other; behind those that say so a line ends.
#[must_use]
pub fn joined(texts: impl IntoIterator<Item = (Inner, bool)>) -> Inner {
    let mut all = Writer::with_capacity(0);
    for (text, ends_line) in texts {
        if let Places::Kept(Map(runs)) = &text.places {
            let before = all.bytes.len();
            all.runs
                .extend(runs.iter().map(|(start, at)| (before + start, *at)));
        }
        all.bytes.extend_from_slice(&text.bytes);
        if ends_line {
            all.bytes.push(b'\n');
        }
    }
    Inner::new(all.bytes, Places::Kept(Map(all.runs)))
}

/// Either alphabet, padded or not.
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

/// What the base64 `text` (RFC 4648), which stands at `start`, says; none if it is no base64. Lines may be broken.
#[must_use]
pub fn of_base64(text: &[u8], start: usize) -> Option<Inner> {
    let unbroken: Vec<u8>;
    let text = if text.iter().any(u8::is_ascii_whitespace) {
        unbroken = text
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        &unbroken
    } else {
        text
    };
    let bytes = BASE64.iter().find_map(|engine| engine.decode(text).ok())?;
    Some(Inner::new(bytes, Places::Lost(start, Coding::Base64)))
}

/// What the compressed `bytes`, which stand at `start`, unfold to, as far as they do; UTF-16 counts too. None if they are neither.
#[must_use]
pub fn of_compressed(bytes: &[u8], start: usize, limit: UnpackLimit) -> Option<Inner> {
    let unpacked = unpack(Box::new(bytes), limit).ok()?;
    let coding = unpacked.coding?;
    let mut reader = unpacked.reader;
    let mut text = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    // What came before damage is kept.
    let damage = loop {
        match std::io::Read::read(&mut reader, &mut buffer) {
            Ok(0) => break None,
            Ok(read) => text.extend_from_slice(&buffer[..read]),
            Err(error) => break Some(error.to_string()),
        }
        if text.len() as u64 > limit.one_value {
            break Some(too_much(coding, limit.one_value).to_string());
        }
    };
    let is_something = coding != Coding::Utf16 || !text.is_empty();
    is_something.then_some(Inner {
        damage,
        ..Inner::new(text, Places::Lost(start, coding))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(inner: &Inner, part: &str) -> usize {
        let text = std::str::from_utf8(&inner.bytes).expect("UTF-8");
        let Places::Kept(map) = &inner.places else {
            panic!("places are kept");
        };
        map.outside(text.find(part).expect("it is there"))
    }

    #[test]
    fn what_a_json_string_says_keeps_its_places() {
        let text = r#"x "{\"a\":\"\u00fc\ud83d\ude00\\ud800\",\n\"b\":1}" y"#;
        let string = &text[2..text.len() - 2];
        let inner = of_json_string(&string[1..string.len() - 1], 3);
        let said: String = serde_json::from_str(string).expect("a string");
        assert_eq!(inner.bytes, said.as_bytes());
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
        assert_eq!(of_json_string(r"a\ud800b", 0).bytes, br"a\ud800b");
    }

    /// Strings in logs need not be JSON: lines are cut, and people write backslashes.
    #[test]
    fn what_is_no_escape_stays_as_it_is() {
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
            let inner = of_json_string(text, 0);
            assert_eq!(inner.bytes, text.as_bytes(), "{text}");
            assert!(std::str::from_utf8(&inner.bytes).is_ok());
        }
        assert_eq!(
            of_json_string(r"it\'s \u00fc", 0).bytes,
            "it's ü".as_bytes()
        );
    }

    #[test]
    fn cells_and_parts_keep_their_places() {
        let cell = br#"{""a"":""b""}"#;
        let inner = of_csv_cell(cell, 10);
        assert_eq!(inner.bytes, br#"{"a":"b"}"#);
        assert_eq!(outside(&inner, "b"), 10 + 9);
        let text = b"> {\n> \"a\": 1}";
        let inner = of_parts(text, &[2..4, 6..13]);
        assert_eq!(inner.bytes, b"{\n\"a\": 1}");
        assert_eq!(outside(&inner, "1"), 11);
    }

    #[test]
    fn base64_is_read_in_either_alphabet() {
        for text in ["eyJhIjoiPz8_In0", "eyJhIjoiPz8/In0=", "eyJhIjoi\nPz8/In0="] {
            let inner = of_base64(text.as_bytes(), 0).expect("base64");
            assert_eq!(inner.bytes, br#"{"a":"???"}"#);
        }
        assert!(of_base64(b"not base64!", 0).is_none());
    }
}
