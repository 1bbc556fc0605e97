//! Scans the text of an object in one pass: validates it (RFC 8259) and records where its members
//! and those of nested objects are. Text that the scanner rejects may still be valid JSON, only
//! nested too deeply. `serde_json` decides, and reports any error with its location.

use std::num::NonZeroU8;

use super::name_hints::NameHints;
use super::string_end::{Escapes, find_string_end};
use super::value_traits::ValueTraits;
use crate::json::Json;

/// Location of one member, as byte offsets from the start of the object that it belongs to.
///
/// The nodes of an object and of all nested objects form one list in preorder: a member, the nodes
/// inside its value, the next member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// The opening quote of the name.
    pub(crate) name_start: usize,
    /// After the closing quote of the name.
    pub(crate) name_end: usize,
    /// The first byte of the value.
    pub(crate) value_start: usize,
    /// After the last byte of the value.
    pub(crate) value_end: usize,
    /// Number of following nodes that belong to the value. Also 0 for an object whose members were
    /// not recorded.
    pub(crate) descendants: usize,
    pub(crate) has_escaped_name: bool,
    /// The number of the name hint that matched, if any.
    pub(crate) number: Option<NonZeroU8>,
    pub(crate) traits: ValueTraits,
}

/// The first bytes of names such as `$date`, `@int` and `_seconds`, with which databases write the
/// type of a value.
fn starts_type_name(first: u8) -> bool {
    matches!(first, b'$' | b'@' | b'_')
}

/// Numbers with fewer characters and no exponent are below 10^15, and integers of that size are
/// exact in every parser that uses doubles.
const MIN_LARGE_NUMBER_LENGTH: usize = 16;

/// Values nested deeper are left to `serde_json`, because the scanner recurses.
const MAX_DEPTH: usize = 64;

/// Nested objects with more nodes get none at all; their members are scanned when they are asked
/// for. The outermost object has no limit.
const MAX_NODES: usize = 4096;

/// Scans the object at the start of `text` and replaces the contents of `nodes` with the nodes of
/// that object. Returns the offset after the object, or `None` if `text` does not start with a
/// valid object or nests too deeply. A member whose name matches a hint gets that hint's number.
/// Does not check strings for valid UTF-8.
pub(crate) fn outline(text: &[u8], hints: &NameHints, nodes: &mut Vec<Node>) -> Option<usize> {
    nodes.clear();
    if !text.starts_with(b"{") {
        return None;
    }
    let mut scanner = Scanner {
        bytes: text,
        root_hints: hints,
        nodes,
    };
    let object = scanner.scan_object::<true>(0, 0, hints)?;
    Some(object.end)
}

/// Takes the nodes of an object, and leaves room for as many: the next object is probably of the
/// same kind.
pub(crate) fn take_nodes(nodes: &mut Vec<Node>) -> Vec<Node> {
    let room = Vec::with_capacity(nodes.len());
    std::mem::replace(nodes, room)
}

/// Splits the array `text` into its elements. Returns `None` if it is not valid or nests too
/// deeply. `text` must start with `[`. With `serde_json`, `validate` of calls in an array inside an
/// envelope executes 7 % more instructions.
pub(crate) fn read_elements(text: &str) -> Option<Vec<Json<'_>>> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        root_hints: NameHints::EMPTY,
        nodes: &mut Vec::new(),
    };
    let mut elements = Vec::new();
    let mut at = scanner.skip_whitespace(1);
    if scanner.bytes.get(at) == Some(&b']') {
        return Some(elements);
    }
    loop {
        let end = scanner.scan_value::<false>(at, 0, NameHints::EMPTY)?.end;
        elements.push(Json::from_well_formed(&text[at..end]));
        at = match scanner.skip_comma_or_closing(end, b']')? {
            AfterValue::Next(at) => at,
            AfterValue::End(_) => return Some(elements),
        };
    }
}

/// Returns the length of the object or array at the start of `bytes`, or `None` if it is not valid
/// or nests too deeply. Does not check strings for valid UTF-8. With `serde_json`, `list` of a log
/// takes 9 % longer.
pub(crate) fn container_length(bytes: &[u8]) -> Option<usize> {
    let mut scanner = Scanner {
        bytes,
        root_hints: NameHints::EMPTY,
        nodes: &mut Vec::new(),
    };
    match bytes.first()? {
        b'{' | b'[' => Some(scanner.scan_value::<false>(0, 0, NameHints::EMPTY)?.end),
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct ScannedValue {
    /// Offset after the last byte.
    end: usize,
    traits: ValueTraits,
}

impl ScannedValue {
    /// A value with no trait set.
    fn without_traits(end: usize) -> Self {
        Self {
            end,
            traits: ValueTraits::default(),
        }
    }
}

struct ScannedName<'e> {
    /// Offset after the closing quote.
    end: usize,
    has_escapes: bool,
    /// The number of the name hint that matched, if any.
    number: Option<NonZeroU8>,
    /// Hints for an object that is the member's value.
    nested: &'e NameHints,
    /// Offset of the value.
    value: usize,
}

struct Scanner<'s> {
    bytes: &'s [u8],
    /// Hints for the outermost object. They also apply to objects in members that match no hint,
    /// because the outermost object may be an envelope around the object they describe.
    root_hints: &'s NameHints,
    nodes: &'s mut Vec<Node>,
}

impl<'s> Scanner<'s> {
    /// Scans the object at offset `start`. Its members get nodes only if `OUTLINED`.
    fn scan_object<const OUTLINED: bool>(
        &mut self,
        start: usize,
        depth: usize,
        hints: &'s NameHints,
    ) -> Option<ScannedValue> {
        let at = self.skip_whitespace(start + 1);
        if self.bytes.get(at) == Some(&b'}') {
            return Some(ScannedValue::without_traits(at + 1));
        }
        let first = self.bytes.get(at + 1);
        let names_type = first.is_some_and(|first| starts_type_name(*first));
        let mut traits = ValueTraits::TYPE_NAMES.only_if(names_type);
        traits |= ValueTraits::OBJECTS;
        self.scan_members::<OUTLINED>(start, at, depth, traits, hints)
    }

    /// Scans the rest of the object that starts at `start`, beginning with the member at `at`.
    /// Members get nodes only if `OUTLINED`.
    fn scan_members<const OUTLINED: bool>(
        &mut self,
        start: usize,
        mut at: usize,
        depth: usize,
        mut traits: ValueTraits,
        hints: &'s NameHints,
    ) -> Option<ScannedValue> {
        let first_node = self.nodes.len();
        let node_limit = match depth {
            0 => usize::MAX,
            _ => first_node + MAX_NODES,
        };
        let mut next_hint = 0;
        loop {
            let name = self.scan_name(at, hints, &mut next_hint)?;
            let value_start = name.value;
            let node_index = self.nodes.len();
            if OUTLINED && node_index >= node_limit {
                // Too many members: drop the nodes of this object and only validate the rest.
                self.nodes.truncate(first_node);
                return self.scan_members::<false>(start, at, depth, traits, NameHints::EMPTY);
            }
            if OUTLINED {
                // Pushed before the value is scanned, because the nodes inside the value follow.
                self.nodes.push(Node {
                    name_start: at - start,
                    name_end: name.end - start,
                    value_start: value_start - start,
                    value_end: 0,
                    descendants: 0,
                    has_escaped_name: name.has_escapes,
                    number: name.number,
                    traits: ValueTraits::default(),
                });
            }
            let mut value = self.scan_value::<OUTLINED>(value_start, depth, name.nested)?;
            if name.has_escapes {
                value.traits |= ValueTraits::ESCAPED_CODES;
            }
            if OUTLINED {
                let descendants = self.nodes.len() - node_index - 1;
                let node = &mut self.nodes[node_index];
                node.value_end = value.end - start;
                node.descendants = descendants;
                node.traits = value.traits;
            }
            traits |= value.traits;
            // Fast path: 2 % fewer instructions in `validate`.
            at = match self.bytes.get(value.end..)?.first_chunk() {
                Some(b",\"") => value.end + 1,
                _ => match self.skip_comma_or_closing(value.end, b'}')? {
                    AfterValue::Next(at) => at,
                    AfterValue::End(end) => return Some(ScannedValue { end, traits }),
                },
            };
        }
    }

    fn scan_array(&mut self, start: usize, depth: usize) -> Option<ScannedValue> {
        let mut at = self.skip_whitespace(start + 1);
        if self.bytes.get(at) == Some(&b']') {
            return Some(ScannedValue::without_traits(at + 1));
        }
        let mut traits = ValueTraits::default();
        loop {
            let element = self.scan_value::<false>(at, depth, NameHints::EMPTY)?;
            traits |= element.traits;
            at = match self.skip_comma_or_closing(element.end, b']')? {
                AfterValue::Next(at) => at,
                AfterValue::End(end) => return Some(ScannedValue { end, traits }),
            };
        }
    }

    /// Scans the value at offset `at`, whose parent is at `depth`. Members inside the value get
    /// nodes only if `OUTLINED`.
    #[expect(clippy::inline_always, reason = "called for each member")]
    #[inline(always)]
    fn scan_value<const OUTLINED: bool>(
        &mut self,
        at: usize,
        depth: usize,
        hints: &'s NameHints,
    ) -> Option<ScannedValue> {
        match self.bytes.get(at)? {
            b'"' => {
                let (end, escapes) = find_string_end(self.bytes, at)?;
                let traits = ValueTraits::ESCAPED_CODES.only_if(escapes == Escapes::Codes);
                Some(ScannedValue { end, traits })
            }
            b'{' | b'[' if depth >= MAX_DEPTH => None,
            b'{' => self.scan_object::<OUTLINED>(at, depth + 1, hints),
            b'[' => self.scan_array(at, depth + 1),
            _ => self.scan_word_or_number(at),
        }
    }

    /// Scans `null`, `true`, `false` or a number at offset `at`.
    #[inline(never)]
    fn scan_word_or_number(&self, at: usize) -> Option<ScannedValue> {
        match self.bytes.get(at)? {
            b'n' => self.scan_word(at, b"null"),
            b't' => self.scan_word(at, b"true"),
            b'f' => self.scan_word(at, b"false"),
            _ => self.scan_number(at),
        }
    }

    fn scan_word(&self, at: usize, word: &[u8]) -> Option<ScannedValue> {
        let is_word = self.bytes[at..].starts_with(word);
        is_word.then(|| ScannedValue::without_traits(at + word.len()))
    }

    /// Scans the number at offset `start` (RFC 8259 §6).
    fn scan_number(&self, start: usize) -> Option<ScannedValue> {
        let mut has_exponent = false;
        let mut at = start + usize::from(self.bytes[start] == b'-');
        at = match self.bytes.get(at)? {
            b'0' => at + 1,
            b'1'..=b'9' => self.skip_digits(at + 1),
            _ => return None,
        };
        if self.bytes.get(at) == Some(&b'.') {
            let fraction = at + 1;
            at = self.skip_digits(fraction);
            if at == fraction {
                return None;
            }
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            has_exponent = true;
            let sign = self.bytes.get(at + 1);
            let exponent = at + 1 + usize::from(matches!(sign, Some(b'+' | b'-')));
            at = self.skip_digits(exponent);
            if at == exponent {
                return None;
            }
        }
        Some(ScannedValue {
            end: at,
            traits: ValueTraits::LARGE_NUMBERS
                .only_if(has_exponent || at - start >= MIN_LARGE_NUMBER_LENGTH),
        })
    }

    /// Offset of the first byte from `at` on that is not a digit.
    fn skip_digits(&self, mut at: usize) -> usize {
        while let Some(b'0'..=b'9') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// Offset of the first byte from `at` on that is not white space.
    fn skip_whitespace(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// Scans the name at offset `at` and everything up to its value. `next_hint` is the index of
    /// the hint that is tried first; it is moved past a hint that matches.
    #[expect(clippy::inline_always, reason = "called for each member")]
    #[inline(always)]
    fn scan_name(
        &self,
        at: usize,
        hints: &'s NameHints,
        next_hint: &mut usize,
    ) -> Option<ScannedName<'s>> {
        if let Some((hint, end)) = hints.match_at(*next_hint, self.bytes, at) {
            *next_hint += 1;
            return Some(ScannedName {
                end,
                has_escapes: false,
                number: Some(hint.number),
                nested: &hint.nested,
                // The hint matched the colon too. Checking for white space here, not in the
                // function, saves 0.2 % of the instructions of `validate`.
                value: match self.bytes.get(end + 1)? {
                    ..=b' ' => self.skip_whitespace(end + 1),
                    _ => end + 1,
                },
            });
        }
        let (end, escapes) = find_string_end(self.bytes, at)?;
        let has_escapes = escapes != Escapes::None;
        let (mut number, mut nested) = (None, self.root_hints);
        if let Some((index, hint)) = hints.find_by_name(&self.bytes[at + 1..end - 1]) {
            *next_hint = index + 1;
            (number, nested) = (Some(hint.number), &hint.nested);
        }
        Some(ScannedName {
            end,
            has_escapes,
            number,
            nested,
            value: self.skip_colon(end)?,
        })
    }

    /// Offset of the value that follows a name ending at `at`, or `None` without a colon.
    #[inline]
    fn skip_colon(&self, at: usize) -> Option<usize> {
        // Fast path: most bodies have no white space here (0.3 % fewer instructions in `validate`).
        if let Some([b':', b'!'..=u8::MAX]) = self.bytes.get(at..)?.first_chunk::<2>() {
            return Some(at + 1);
        }
        let colon = self.skip_whitespace(at);
        (self.bytes.get(colon) == Some(&b':')).then(|| self.skip_whitespace(colon + 1))
    }

    /// Reads the comma or the byte `closing` after a value that ends at `at`.
    fn skip_comma_or_closing(&self, at: usize, closing: u8) -> Option<AfterValue> {
        let at = self.skip_whitespace(at);
        match *self.bytes.get(at)? {
            b',' => Some(AfterValue::Next(self.skip_whitespace(at + 1))),
            byte if byte == closing => Some(AfterValue::End(at + 1)),
            _ => None,
        }
    }
}

/// Continuation after a member or an element.
enum AfterValue {
    /// A comma; the next member or element is at this offset.
    Next(usize),
    /// The closing byte; the object or array ends at this offset.
    End(usize),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;
    use crate::json::fast::string_end::BLOCK;
    use crate::json::{Kind, NameHint, Object, RawMembers};

    /// Fragments of JSON. Most concatenations of them are not valid.
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

    /// A body with every kind of value.
    const BODY: &str = r#"{"id": 480336, "customer_phone":"+4915123456789","duration":1.8e2, "status" :"completed",
        "extracted_variables":{"order":{"number":12345678901234567890,"items":[{"a":1},[],"x\ty"]},"\u0061":null,"ü":"\ud83d\ude00"},
        "input_variables":{}, "transcript":"Assistant: Hello! \"Max\"\nCustomer: Yes, I\u2019m listening … \\o/", "a":[true,false,-0.5E-7]}"#;

    /// Reads the object at the start of `text` with `serde_json`. Returns its end and its members.
    fn parse_with_serde(text: &str) -> Option<(usize, Object<'_>)> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<RawMembers>();
        let members = values.next()?.ok()?;
        let end = values.byte_offset();
        Some((
            end,
            Object::new(&text[..end], members.into_nodes(&text[..end])),
        ))
    }

    /// Asserts that `ours` and `theirs` have equal members, nested objects and arrays included.
    fn assert_equal(ours: &Object, theirs: &Object) {
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert_eq!(ours.name_text(), theirs.name_text());
            assert_eq!(ours.name(), theirs.name());
            assert_eq!(ours.value(), theirs.value());
            if let (Some(ours), Some(theirs)) = (ours.value().members(), theirs.value().members()) {
                assert_equal(&ours, &theirs);
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

    /// Names in [`PIECES`] and [`BODY`], and the hints for their objects: only `b` has any.
    const NAMES: [(&str, &[&str]); 6] = [
        ("a", &[]),
        ("id", &[]),
        ("b", &["b", "a"]),
        ("status", &[]),
        ("extracted_variables", &[]),
        ("transcript", &[]),
    ];

    /// Hints for [`NAMES`]. The number of a hint is the length of its name.
    fn hints() -> NameHints {
        let number = |name: &str| NonZeroU8::new(u8::try_from(name.len()).ok()?);
        let hint = |name: &str, nested| {
            NameHint::new(name, number(name).expect("it has a length"), nested)
        };
        let nested = |names: &[&str]| {
            names
                .iter()
                .map(|n| hint(n, NameHints::default()))
                .collect()
        };
        NAMES
            .iter()
            .map(|(name, names)| hint(name, nested(names)))
            .collect()
    }

    /// Asserts that exactly the members that match a hint and have no escapes in their name have a
    /// number.
    fn assert_numbered(object: &Object, names: &[(&str, &[&str])]) {
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
                    Some((_, nested)) => {
                        let nested: Vec<(&str, &[&str])> =
                            nested.iter().map(|n| (*n, &[][..])).collect();
                        assert_numbered(&object, &nested);
                    }
                    // Objects without hints of their own use those of the outermost object.
                    None => assert_numbered(&object, &NAMES),
                }
            }
        }
    }

    /// Asserts that the scanner and `serde_json` accept the same text and find equal members in it,
    /// with and without hints and trailing text.
    fn assert_agreed(text: &str) {
        if !text.starts_with('{') {
            return;
        }
        // Hints are not compared near the end of the text, so padding tests both code paths.
        for text in [text, &format!("{text}{:64}", "")] {
            for (hints, names) in [(&NameHints::default(), &[][..]), (&hints(), &NAMES[..])] {
                let mut nodes = Vec::new();
                match (
                    outline(text.as_bytes(), hints, &mut nodes),
                    parse_with_serde(text),
                ) {
                    (Some(end), Some((their_end, theirs))) => {
                        assert_eq!(end, their_end, "{text}");
                        let ours = Object::new(&text[..end], &nodes[..]);
                        assert_equal(&ours, &theirs);
                        if !names.is_empty() {
                            assert_numbered(&ours, names);
                        }
                    }
                    (None, None) => {}
                    (ours, theirs) => panic!("{ours:?}, but serde_json {theirs:?}: {text}"),
                }
            }
        }
    }

    /// A fixed seed, so that every run tests the same cases.
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
            let is_boundary = |at: &usize| BODY.is_char_boundary(*at);
            let from = (0..=at).rev().find(is_boundary).unwrap_or(0);
            let to = (from + length..=BODY.len()).find(is_boundary).unwrap_or(BODY.len());
            assert_agreed(&format!("{}{piece}{}", &BODY[..from], &BODY[to..]));
            assert_agreed(&BODY[..from]);
        }
    }

    #[test]
    fn members_that_match_a_hint_have_its_number() {
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
    fn escapes_are_read_at_every_offset_in_a_block() {
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
            let after = "b".repeat(2 * BLOCK);
            assert_agreed(&format!(
                "{{\"a\":\"\\n{plain}{piece}\",\"c\":\"{after}{piece}\"}}"
            ));
        }
    }

    #[test]
    fn traits_of_a_member_cover_its_nested_values() {
        let object = Object::parse(BODY, NameHints::EMPTY).expect("an object");
        let names = |members: &mut dyn Iterator<Item = crate::json::Member<'_, 'static>>| {
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
    fn large_and_deep_objects_are_read_on_demand() {
        let many: Vec<String> = (0..=MAX_NODES).map(|n| format!("\"{n}\":{{}}")).collect();
        let text = format!("{{\"a\":{{{}}},\"b\":{{\"c\":1}}}}", many.join(","));
        let object = Object::parse(&text, NameHints::EMPTY).expect("an object");
        let inner = object.get("a").and_then(Json::members).expect("an object");
        assert_eq!(inner.len(), MAX_NODES + 1);
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
