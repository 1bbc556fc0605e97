//! One pass over the text of an object: whether it is JSON (RFC 8259), and where its members stand, and those of the objects in it. What it says
//! no to may still be JSON that is nested very deep; `serde_json` has the last word there, and says what is wrong and where.

use std::num::NonZeroU8;
use std::ops::BitOrAssign;

use super::Json;
use super::expected::Expected;
use super::string_end::string_end;

/// Where one member stands, in offsets from the begin of the object that it belongs to.
///
/// The members of an object and of all that is in it are one list: a member, what is in its value, the next member.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The opening quote of its name.
    pub(super) name: usize,
    /// Behind the closing quote.
    pub(super) name_end: usize,
    /// The first byte of its value.
    pub(super) value: usize,
    /// Behind the last one.
    pub(super) value_end: usize,
    /// How many nodes follow that belong to its value; none also where an object was not gone into.
    pub(super) below: usize,
    /// Whether the name has escapes.
    pub(super) has_escaped_name: bool,
    /// What the name is told by, if it was expected.
    pub(super) number: Option<NonZeroU8>,
    pub(super) traits: Traits,
}

/// What is worth knowing of a value before somebody looks closer, or of several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// It may be an object with members, or have one in it.
    pub objects: bool,
    /// It may be a number of 10^15 or more, or have one in it.
    pub large_numbers: bool,
}

impl Traits {
    /// Nobody looked.
    pub const UNKNOWN: Self = Self {
        objects: true,
        large_numbers: true,
    };
}

impl BitOrAssign for Traits {
    fn bitor_assign(&mut self, other: Self) {
        self.objects |= other.objects;
        self.large_numbers |= other.large_numbers;
    }
}

/// Shorter numbers without an exponent are below 10^15, which every reader reads exactly.
const LARGE_NUMBER_LENGTH: usize = 16;

/// Deeper values are left to a reader that needs no stack.
const DEEPEST: usize = 64;

/// Objects in objects with more nodes than this are not gone into: who wants their members reads them then.
const MOST_NODES: usize = 4096;

/// The end of the object that `text` begins with, whose nodes are put in `nodes`; none where `text` does not begin with an object, or with one that is too deep.
/// It is `expected` to have some members: those are told.
pub(crate) fn outline(text: &str, expected: &Expected, nodes: &mut Vec<Node>) -> Option<usize> {
    nodes.clear();
    if !text.starts_with('{') {
        return None;
    }
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        expected,
        nodes,
    };
    let passed = scanner.object::<true>(0, 0, expected)?;
    Some(passed.end)
}

/// The elements of the array that `text` is; none where it is something else, or too deep.
pub(super) fn elements(text: &str) -> Option<Vec<Json<'_>>> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        expected: Expected::NOTHING,
        nodes: &mut Vec::new(),
    };
    let mut elements = Vec::new();
    let mut at = scanner.space(1);
    if scanner.bytes.get(at) == Some(&b']') {
        return Some(elements);
    }
    loop {
        let end = scanner.value::<false>(at, 0, Expected::NOTHING)?.end;
        elements.push(Json::from_well_formed(&text[at..end]));
        at = match scanner.behind_comma(end, b']')? {
            Behind::Comma(at) => at,
            Behind::Last(_) => return Some(elements),
        };
    }
}

/// A value that was passed.
#[derive(Clone, Copy)]
struct Passed {
    /// Behind its last byte.
    end: usize,
    traits: Traits,
}

impl Passed {
    /// Nothing is worth knowing of it.
    fn plain(end: usize) -> Self {
        Self {
            end,
            traits: Traits::default(),
        }
    }
}

/// A name that was passed.
struct Name<'e> {
    /// Behind its last byte.
    end: usize,
    has_escapes: bool,
    number: Option<NonZeroU8>,
    /// What is expected of an object behind it.
    inside: &'e Expected,
    /// Where its value begins.
    value: usize,
}

struct Scanner<'s> {
    bytes: &'s [u8],
    /// What the whole object is expected to have; as may any object in it that nothing is known of: that may be what the others are wrapped round.
    expected: &'s Expected,
    nodes: &'s mut Vec<Node>,
}

impl<'s> Scanner<'s> {
    /// Passes the object that begins at `start`; its members get nodes if it is `OUTLINED`.
    fn object<const OUTLINED: bool>(
        &mut self,
        start: usize,
        depth: usize,
        expected: &'s Expected,
    ) -> Option<Passed> {
        let at = self.space(start + 1);
        if self.bytes.get(at) == Some(&b'}') {
            return Some(Passed::plain(at + 1));
        }
        let traits = Traits {
            objects: true,
            ..Traits::default()
        };
        self.members::<OUTLINED>(start, at, depth, traits, expected)
    }

    /// Passes the members of the object that begins at `start`, from the one on that begins at `at`.
    fn members<const OUTLINED: bool>(
        &mut self,
        start: usize,
        mut at: usize,
        depth: usize,
        mut traits: Traits,
        expected: &'s Expected,
    ) -> Option<Passed> {
        let first = self.nodes.len();
        let most = match depth {
            0 => usize::MAX,
            _ => first + MOST_NODES,
        };
        let mut next = 0;
        loop {
            let name = self.name(at, expected, &mut next)?;
            let value = name.value;
            let this = self.nodes.len();
            if OUTLINED && this >= most {
                // From here on as if nobody had asked for nodes.
                self.nodes.truncate(first);
                return self.members::<false>(start, at, depth, traits, Expected::NOTHING);
            }
            if OUTLINED {
                // The nodes of what is in its value stand behind its own.
                self.nodes.push(Node {
                    name: at - start,
                    name_end: name.end - start,
                    value: value - start,
                    value_end: 0,
                    below: 0,
                    has_escaped_name: name.has_escapes,
                    number: name.number,
                    traits: Traits::default(),
                });
            }
            let passed = self.value::<OUTLINED>(value, depth, name.inside)?;
            if OUTLINED {
                let below = self.nodes.len() - this - 1;
                let node = &mut self.nodes[this];
                node.value_end = passed.end - start;
                node.below = below;
                node.traits = passed.traits;
            }
            traits |= passed.traits;
            at = match self.bytes.get(passed.end..)?.first_chunk() {
                Some(b",\"") => passed.end + 1,
                _ => match self.behind_comma(passed.end, b'}')? {
                    Behind::Comma(at) => at,
                    Behind::Last(end) => return Some(Passed { end, traits }),
                },
            };
        }
    }

    fn array(&mut self, start: usize, depth: usize) -> Option<Passed> {
        let mut at = self.space(start + 1);
        if self.bytes.get(at) == Some(&b']') {
            return Some(Passed::plain(at + 1));
        }
        let mut traits = Traits::default();
        loop {
            let passed = self.value::<false>(at, depth, Expected::NOTHING)?;
            traits |= passed.traits;
            at = match self.behind_comma(passed.end, b']')? {
                Behind::Comma(at) => at,
                Behind::Last(end) => return Some(Passed { end, traits }),
            };
        }
    }

    /// Passes the value that begins at `at`, in a value of that depth; what is in it gets nodes if it is `OUTLINED`.
    #[expect(clippy::inline_always, reason = "one comes with each member")]
    #[inline(always)]
    fn value<const OUTLINED: bool>(
        &mut self,
        at: usize,
        depth: usize,
        expected: &'s Expected,
    ) -> Option<Passed> {
        match self.bytes.get(at)? {
            b'"' => Some(Passed::plain(string_end(self.bytes, at)?.0)),
            b'{' | b'[' if depth >= DEEPEST => None,
            b'{' => self.object::<OUTLINED>(at, depth + 1, expected),
            b'[' => self.array(at, depth + 1),
            _ => self.word_or_number(at),
        }
    }

    /// Passes the value that begins at `at`, and is none of the others.
    #[inline(never)]
    fn word_or_number(&self, at: usize) -> Option<Passed> {
        match self.bytes.get(at)? {
            b'n' => self.word(at, b"null"),
            b't' => self.word(at, b"true"),
            b'f' => self.word(at, b"false"),
            _ => self.number(at),
        }
    }

    fn word(&self, at: usize, word: &[u8]) -> Option<Passed> {
        let is_it = self.bytes[at..].starts_with(word);
        is_it.then(|| Passed::plain(at + word.len()))
    }

    /// Passes a number (RFC 8259 §6).
    fn number(&self, start: usize) -> Option<Passed> {
        let mut has_exponent = false;
        let mut at = start + usize::from(self.bytes[start] == b'-');
        at = match self.bytes.get(at)? {
            b'0' => at + 1,
            b'1'..=b'9' => self.digits(at + 1),
            _ => return None,
        };
        if self.bytes.get(at) == Some(&b'.') {
            let fraction = at + 1;
            at = self.digits(fraction);
            if at == fraction {
                return None;
            }
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            has_exponent = true;
            let sign = self.bytes.get(at + 1);
            let exponent = at + 1 + usize::from(matches!(sign, Some(b'+' | b'-')));
            at = self.digits(exponent);
            if at == exponent {
                return None;
            }
        }
        Some(Passed {
            end: at,
            traits: Traits {
                large_numbers: has_exponent || at - start >= LARGE_NUMBER_LENGTH,
                ..Traits::default()
            },
        })
    }

    /// Where digits end that begin at `at`.
    fn digits(&self, mut at: usize) -> usize {
        while let Some(b'0'..=b'9') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// Where white space ends that begins at `at`.
    fn space(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// Passes the name that begins at `at`, and what is before its value. The member in the place `next` is the one that is expected most.
    #[expect(clippy::inline_always, reason = "one comes with each member")]
    #[inline(always)]
    fn name(&self, at: usize, expected: &'s Expected, next: &mut usize) -> Option<Name<'s>> {
        if let Some((member, end)) = expected.begins(*next, self.bytes, at) {
            *next += 1;
            return Some(Name {
                end,
                has_escapes: false,
                number: Some(member.number),
                inside: &member.inside,
                // The colon has been compared with the name.
                value: match self.bytes.get(end + 1)? {
                    ..=b' ' => self.space(end + 1),
                    _ => end + 1,
                },
            });
        }
        let (end, has_escapes) = string_end(self.bytes, at)?;
        let (mut number, mut inside) = (None, self.expected);
        if let Some((place, member)) = expected.find(&self.bytes[at + 1..end - 1]) {
            *next = place + 1;
            (number, inside) = (Some(member.number), &member.inside);
        }
        Some(Name {
            end,
            has_escapes,
            number,
            inside,
            value: self.behind_colon(end)?,
        })
    }

    /// Where the value begins behind a name that ends at `at`.
    #[inline]
    fn behind_colon(&self, at: usize) -> Option<usize> {
        // Mostly there is no white space.
        if let Some([b':', b'!'..=u8::MAX]) = self.bytes.get(at..)?.first_chunk::<2>() {
            return Some(at + 1);
        }
        let colon = self.space(at);
        (self.bytes.get(colon) == Some(&b':')).then(|| self.space(colon + 1))
    }

    /// What comes behind a value that ends at `at`, in an object or array that ends with `closing`.
    fn behind_comma(&self, at: usize, closing: u8) -> Option<Behind> {
        let at = self.space(at);
        match *self.bytes.get(at)? {
            b',' => Some(Behind::Comma(self.space(at + 1))),
            byte if byte == closing => Some(Behind::Last(at + 1)),
            _ => None,
        }
    }
}

/// What comes behind a member or an element.
enum Behind {
    /// The next one, which begins there.
    Comma(usize),
    /// Nothing: the object or array ends there.
    Last(usize),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::super::string_end::BLOCK;
    use super::super::{ExpectedMember, Kind, Members, Object};
    use super::*;

    /// Pieces of JSON, of which most ways to put them together are none.
    const PIECES: [&str; 51] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\":",
        "\"b\" : {",
        "\"b\":{\"a\":",
        "\"id\":1",
        "{\"a\":",
        "{}",
        "[]",
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "\\u00e9",
        "\\n",
        "\\x",
        "\n",
        "\t",
        "\u{1}",
        "\u{7f}",
        "\u{85}",
        "ü",
        "😀",
        " ",
        "\r",
        "null",
        "true",
        "false",
        "nul",
        "-",
        "0",
        "00",
        "1",
        "123456789012345678",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1E+",
        "-0.0e-3",
        "\"0123456789abcdef0123456789\"",
        "\"0123456789abcd\\\"ef\"",
        "\u{feff}",
        "/",
        "'",
        "NaN",
    ];

    /// A body with something of everything.
    const BODY: &str = r#"{"id": 480336, "customer_phone":"+4915123456789","duration":1.8e2, "status" :"completed",
        "extracted_variables":{"order":{"number":12345678901234567890,"items":[{"a":1},[],"x\ty"]},"\u0061":null,"ü":"\ud83d\ude00"},
        "input_variables":{}, "transcript":"Assistant: Hello! \"Max\"\nCustomer: Yes, I\u2019m listening … \\o/", "a":[true,false,-0.5E-7]}"#;

    /// What `serde_json` reads at the beginning of `text`: where it ends, and its members.
    fn theirs(text: &str) -> Option<(usize, Object<'_>)> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Members>();
        let members = values.next()?.ok()?;
        let end = values.byte_offset();
        Some((end, Object::new(&text[..end], members.nodes(&text[..end]))))
    }

    /// Whether both have the same members, and the objects in them too.
    fn assert_same(ours: &Object, theirs: &Object) {
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_eq!(ours.name_text(), theirs.name_text());
            assert_eq!(ours.name(), theirs.name());
            assert_eq!(ours.value(), theirs.value());
            if let (Some(ours), Some(theirs)) = (ours.value().members(), theirs.value().members()) {
                assert_same(&ours, &theirs);
            }
            if theirs.value().kind() == Kind::Array {
                let elements: Vec<Json> = ours.value().elements().expect("an array");
                let known: Vec<&serde_json::value::RawValue> =
                    serde_json::from_str(theirs.value().text()).expect("an array");
                assert!(
                    elements
                        .iter()
                        .map(|e| e.text())
                        .eq(known.iter().map(|e| e.get()))
                );
            }
        }
    }

    /// Names that [`PIECES`] and [`BODY`] have, and what is expected in the objects behind them: nothing but behind `b`.
    const NAMES: [(&str, &[&str]); 6] = [
        ("a", &[]),
        ("id", &[]),
        ("b", &["b", "a"]),
        ("status", &[]),
        ("extracted_variables", &[]),
        ("transcript", &[]),
    ];

    /// What [`NAMES`] say, all numbered by their length.
    fn expected() -> Expected {
        let number = |name: &str| NonZeroU8::new(u8::try_from(name.len()).ok()?);
        let member = |name: &str, inside| {
            ExpectedMember::new(name, number(name).expect("it has a length"), inside)
        };
        let inside = |names: &[&str]| {
            names
                .iter()
                .map(|n| member(n, Expected::default()))
                .collect()
        };
        NAMES
            .iter()
            .map(|(name, names)| member(name, inside(names)))
            .collect()
    }

    /// Numbers are told where they are expected, of names without escapes, and nowhere else.
    fn assert_told(object: &Object, names: &[(&str, &[&str])]) {
        for member in object {
            let name = member.name();
            let is_plain = !member.name_text().contains('\\');
            let found = names.iter().find(|(known, _)| is_plain && *known == name);
            let number = member.number().map(|number| usize::from(number.get()));
            assert_eq!(
                number,
                found.map(|(name, _)| name.len()),
                "{}",
                member.name_text()
            );
            if let Some(object) = member.value().members() {
                match found {
                    Some((_, inside)) => {
                        let inside: Vec<(&str, &[&str])> =
                            inside.iter().map(|n| (*n, &[][..])).collect();
                        assert_told(&object, &inside);
                    }
                    // What nothing is known of may be what is expected of the whole.
                    None => assert_told(&object, &NAMES),
                }
            }
        }
    }

    /// Both say yes to the same texts, and find the same in them, whatever is expected and whatever follows.
    fn assert_agreed(text: &str) {
        if !text.starts_with('{') {
            return;
        }
        // Names at the end of all text are not compared with what is expected.
        for text in [text, &format!("{text}{:64}", "")] {
            for (expected, names) in [(&Expected::default(), &[][..]), (&expected(), &NAMES[..])] {
                let mut nodes = Vec::new();
                match (outline(text, expected, &mut nodes), theirs(text)) {
                    (Some(end), Some((their_end, theirs))) => {
                        assert_eq!(end, their_end, "{text}");
                        let ours = Object::new(&text[..end], &nodes[..]);
                        assert_same(&ours, &theirs);
                        if !names.is_empty() {
                            assert_told(&ours, names);
                        }
                    }
                    (None, None) => {}
                    (ours, theirs) => panic!("{ours:?}, but serde_json {theirs:?}: {text}"),
                }
            }
        }
    }

    /// The same cases in every run.
    fn config() -> ProptestConfig {
        ProptestConfig {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::with_cases(2000)
        }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn any_pieces_are_read_as_serde_json_reads_them(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..16)) {
            assert_agreed(&format!("{{{}", pieces.concat()));
            assert_agreed(&format!("{{\"a\":{}}}", pieces.concat()));
            assert_agreed(&format!("{{\"a\":\"{}\"}}", pieces.concat()));
        }

        #[test]
        fn a_damaged_body_is_read_as_serde_json_reads_it(
            at in 0..BODY.len(), length in 0_usize..4, piece in prop::sample::select(&PIECES[..]),
        ) {
            let is_border = |at: &usize| BODY.is_char_boundary(*at);
            let from = (0..=at).rev().find(is_border).unwrap_or(0);
            let to = (from + length..=BODY.len()).find(is_border).unwrap_or(BODY.len());
            assert_agreed(&format!("{}{piece}{}", &BODY[..from], &BODY[to..]));
            assert_agreed(&BODY[..from]);
        }
    }

    #[test]
    fn what_is_expected_is_told_where_it_is_expected() {
        let inner = [
            r#"{"id":1,"a":2}"#,
            r#"{"a":{"id":1},"b":{"a":1,"id":2}}"#,
            r#"{"status":{"a":{"id":1}},"id":{"b":{}},"c":{"b":{"b":{"id":1}}}}"#,
            r#"{ "id" : 1, "b" :{"\u0061":1, "a":2}, "id":3}"#,
            r#"{"transcript":[{"id":1}],"\u0062":{"a":1},"a":null}"#,
        ];
        for text in inner {
            for name in ["a", "b", "c", "\\u0061", "extracted_variables"] {
                assert_agreed(&format!("{{\"{name}\":{text}}}"));
                assert_agreed(&format!(
                    "{{\"b\":{{\"b\":{text}}},\"x\":{{\"{name}\":{text}}}}}"
                ));
            }
            assert_agreed(text);
        }
    }

    #[test]
    fn escapes_end_where_they_end_wherever_blocks_do() {
        let pieces = [
            "\\n",
            "\\\"",
            "\\\\",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\x",
            "\\u00g9",
            "\t",
            "\\",
        ];
        for (piece, before) in pieces
            .iter()
            .flat_map(|piece| (0..2 * BLOCK).map(move |n| (piece, n)))
        {
            let plain = "a".repeat(before);
            assert_agreed(&format!("{{\"a\":\"{plain}{piece}{piece}\"}}"));
            let behind = "b".repeat(2 * BLOCK);
            assert_agreed(&format!(
                "{{\"a\":\"\\n{plain}{piece}\",\"c\":\"{behind}{piece}\"}}"
            ));
        }
    }

    #[test]
    fn what_is_worth_knowing_is_told_from_the_parts() {
        let object = Object::read(BODY, Expected::NOTHING).expect("an object");
        let names = |members: &mut dyn Iterator<Item = super::super::Member<'_, 'static>>| {
            members
                .map(|member| member.name().into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names(&mut object.with_large_numbers()),
            ["duration", "extracted_variables", "a"]
        );
        assert_eq!(names(&mut object.with_objects()), ["extracted_variables"]);
    }

    #[test]
    fn large_and_deep_objects_are_read_when_somebody_asks() {
        let many: Vec<String> = (0..=MOST_NODES).map(|n| format!("\"{n}\":{{}}")).collect();
        let text = format!("{{\"a\":{{{}}},\"b\":{{\"c\":1}}}}", many.join(","));
        let object = Object::read(&text, Expected::NOTHING).expect("an object");
        let inner = object.get("a").and_then(Json::members).expect("an object");
        assert_eq!(inner.len(), MOST_NODES + 1);
        assert!(
            object
                .get("b")
                .and_then(Json::members)
                .is_some_and(|b| b.get("c").is_some())
        );
        let deep = format!("{}1{}", "{\"a\":".repeat(1000), "}".repeat(1000));
        let mut value = Json::from_well_formed(&deep);
        for _ in 0..1000 {
            value = value
                .members()
                .and_then(|members| members.get("a"))
                .expect("an object");
        }
        assert_eq!(value.text(), "1");
    }
}
