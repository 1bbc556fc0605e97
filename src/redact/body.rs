//! Redacts one body: walks through its JSON and replaces names and scalars. Everything between them
//! stays, so the lines, the order of members and the nesting do.

use std::borrow::Cow;

use super::counts::{RedactionCounts, ValueClass};
use super::dates::TimeShift;
use super::keep_list::KeepList;
use super::member_names::{KnownTexts, is_plain_name, is_public_name};
use super::memo::Memo;
use super::number_stream::{NumberStream, seed_of_place};
use super::pseudonyms::Pseudonyms;
use super::residuals::TextResidual;
use super::rule::{DocumentedMembers, ValueRule, rule_of_member};
use super::scrub::BodyTexts;
use super::scrub_state::Scrub;
use super::words::Shaper;
use crate::contract::recognition::TRANSPORT_PREFIX;
use crate::json::syntax::parse_container;
use crate::json::{Json, Kind, Object, push_string, scalar_length};

/// What happens to free text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TextMode {
    /// Replace each word with filler of the same length
    #[default]
    Shape,
    /// Replace only the personal data that is found in transcripts and variables; some is missed
    Scrub,
    /// Leave text unchanged: it may hold personal data
    Keep,
}

/// How bodies are redacted.
pub(crate) struct Redaction {
    pub(crate) pseudonyms: Pseudonyms,
    pub(crate) text: TextMode,
    pub(crate) times: TimeShift,
    /// The variables whose values stay.
    pub(crate) keep: KeepList,
}

/// What numbers at a place choose. Each kind has numbers of its own.
#[derive(Clone, Copy, Debug)]
pub(super) enum PlaceKind {
    Text,
    Number,
    Fake,
}

/// An object or array that is open.
enum Container {
    /// Its members have the rules of the object at this pointer.
    Object(&'static str),
    /// Its members are not documented. This is the rule of the object, and its column.
    Members(ValueRule, &'static str),
    Array(ValueRule),
}

impl Container {
    /// The object with this rule.
    fn of_object(rule: ValueRule) -> Self {
        match rule {
            ValueRule::Object(pointer) => Self::Object(pointer),
            ValueRule::Variables(pointer) => Self::Members(rule, pointer),
            rule => Self::Members(rule, ""),
        }
    }
}

impl Redaction {
    /// Appends the redacted body. White space between tokens stays.
    pub(crate) fn push_body(
        &self,
        body: Json,
        out: &mut String,
        counts: &mut RedactionCounts,
        memo: &mut Memo,
    ) {
        let mut writer = BodyWriter::new(self, body, out, counts, memo);
        if self.text == TextMode::Scrub {
            writer.scrub = self.search(body, writer.memo);
        }
        let start = writer.out.len();
        writer.push(body, ValueRule::Object(""));
        let residuals = writer.residuals;
        let redacted = Json::from_well_formed(&out[start..]);
        counts.residuals.add(redacted, residuals);
    }

    /// Finds what is personal in the texts of a body.
    fn search(&self, body: Json, memo: &mut Memo) -> Option<Scrub> {
        let (mut out, mut counts) = (String::new(), RedactionCounts::default());
        let mut writer = BodyWriter::new(self, body, &mut out, &mut counts, memo);
        writer.scrub = Some(Scrub::Collecting(BodyTexts::default()));
        writer.push(body, ValueRule::Object(""));
        writer.scrub.map(Scrub::search)
    }
}

pub(super) struct BodyWriter<'r, 'a> {
    pub(super) redaction: &'r Redaction,
    body: Json<'a>,
    /// Text of the id of the call.
    pub(super) id: &'a str,
    /// Keyed hash of the id: one per body, because one per scalar takes a tenth of the run.
    seed: u64,
    /// The texts of the body, once a name was compared with them.
    known_texts: Option<KnownTexts>,
    /// Number of scalars so far.
    pub(super) scalars: u64,
    /// With `--text scrub`: the texts of the body, or what was found in them.
    pub(super) scrub: Option<Scrub>,
    /// With `--text scrub`: the names of the members that are open.
    pub(super) names: Vec<String>,
    /// With `--text scrub`: what is left in texts.
    pub(super) residuals: Vec<TextResidual>,
    pub(super) counts: &'r mut RedactionCounts,
    pub(super) memo: &'r mut Memo,
    pub(super) out: &'r mut String,
}

impl<'r, 'a> BodyWriter<'r, 'a> {
    fn new(
        redaction: &'r Redaction,
        body: Json<'a>,
        out: &'r mut String,
        counts: &'r mut RedactionCounts,
        memo: &'r mut Memo,
    ) -> Self {
        let id = body.members().and_then(|members| members.get("id"));
        let id = id.map_or("", |id| id.text());
        Self {
            redaction,
            body,
            id,
            seed: redaction.pseudonyms.seed(&[b"place", id.as_bytes()]),
            known_texts: None,
            scalars: 0,
            scrub: None,
            names: Vec::new(),
            residuals: Vec::new(),
            counts,
            memo,
            out,
        }
    }

    /// Appends a value with this rule.
    fn push(&mut self, value: Json, rule: ValueRule) {
        match value.recorded_members() {
            Some(members) if self.scrub.is_none() => {
                self.push_recorded(value.text(), &members, rule);
            }
            _ => match value.kind() {
                Kind::Object | Kind::Array => self.push_unrecorded(value, rule),
                _ => self.push_scalar(value, rule),
            },
        }
    }

    /// Fast path of [`Self::push_unrecorded`] for an object whose members were recorded when the
    /// input was read: it skips no strings to find them.
    fn push_recorded(&mut self, text: &str, members: &Object, rule: ValueRule) {
        let container = Container::of_object(rule);
        let documented = match container {
            Container::Object(pointer) => DocumentedMembers::of(pointer),
            _ => None,
        };
        let mut next = 0;
        let mut at = 0;
        for member in members {
            let [name, value] = member.ranges();
            self.out.push_str(&text[at..name.start]);
            let token = &text[name.clone()];
            let known = documented
                .and_then(|documented| documented.find(&token[1..token.len() - 1], &mut next));
            let rule = match known {
                // No name with a rule of these is kept.
                Some(rule) if !may_be_kept(rule) => {
                    self.out.push_str(token);
                    rule
                }
                _ => self.push_name(token, Some(&container)),
            };
            self.out.push_str(&text[name.end..value.start]);
            self.push(member.value(), rule);
            at = value.end;
        }
        self.out.push_str(&text[at..]);
    }

    /// Appends a value with this rule, token by token.
    fn push_unrecorded(&mut self, value: Json, mut rule: ValueRule) {
        let text = value.text();
        let mut open: Vec<Container> = Vec::new();
        // True where the name of a member follows.
        let mut is_name = false;
        let mut at = 0;
        while let Some(byte) = text.as_bytes().get(at) {
            let mut length = 1;
            match byte {
                b'{' => {
                    if self.scrub.is_some() {
                        self.names.push(String::new());
                    }
                    open.push(Container::of_object(rule));
                    is_name = true;
                }
                b'[' => {
                    rule = rule.of_element();
                    open.push(Container::Array(rule));
                    is_name = false;
                }
                b'}' | b']' => {
                    if *byte == b'}'
                        && let Some(scrub) = &mut self.scrub
                    {
                        scrub.end_object();
                        self.names.pop();
                    }
                    open.pop();
                    is_name = false;
                }
                b',' => match open.last() {
                    Some(Container::Array(element)) => rule = *element,
                    _ => is_name = true,
                },
                b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => {
                    length = scalar_length(&text[at..]);
                    let token = &text[at..at + length];
                    if is_name {
                        rule = self.push_name(token, open.last());
                        is_name = false;
                    } else {
                        self.push_scalar(Json::from_well_formed(token), rule);
                    }
                    at += length;
                    continue;
                }
            }
            self.out.push_str(&text[at..at + length]);
            at += length;
        }
    }

    /// Appends the name of a member, and returns the rule for its value.
    fn push_name(&mut self, token: &str, parent: Option<&Container>) -> ValueRule {
        let name = Json::from_well_formed(token).as_str().unwrap_or_default();
        let (rule, is_documented) = match parent {
            Some(Container::Object(pointer)) => rule_of_member(pointer, &name),
            Some(Container::Members(rule, _)) => (rule.of_undocumented_member(&name), false),
            Some(Container::Array(_)) | None => (ValueRule::Other, false),
        };
        if let Some(open) = self.names.last_mut() {
            open.clear();
            open.push_str(&name);
        }
        if rule == ValueRule::Kept {
            self.out.push_str(token);
            return rule;
        }
        if is_documented || self.is_harmless_name(&name) {
            self.out.push_str(token);
        } else {
            self.push_masked_name(&name);
        }
        if may_be_kept(rule) && self.is_kept(parent, &name) {
            self.counts.kept_by_name += 1;
            return ValueRule::Kept;
        }
        rule
    }

    /// True if `--keep` names the member.
    fn is_kept(&self, parent: Option<&Container>, name: &str) -> bool {
        let keep = &self.redaction.keep;
        let parent = match parent {
            Some(Container::Members(_, pointer)) => pointer.trim_start_matches('/'),
            _ => "",
        };
        !keep.is_empty() && keep.contains(&parent.replace('/', "."), name)
    }

    fn is_harmless_name(&mut self, name: &str) -> bool {
        let body = self.body;
        let is_text_of_body = |known_texts: &mut Option<KnownTexts>| {
            let known_texts = known_texts.get_or_insert_with(|| KnownTexts::of(body));
            known_texts.contains(name)
        };
        is_plain_name(name) && !is_text_of_body(&mut self.known_texts) || is_public_name(name)
    }

    /// Appends what stands for a name: by what it is, so that a repeated name is still repeated.
    fn push_masked_name(&mut self, name: &str) {
        self.counts.add(ValueClass::MemberName);
        let pseudonyms = &self.redaction.pseudonyms;
        let masked = self
            .memo
            .get("name", name, || masked_name(name, pseudonyms));
        push_string(masked, self.out);
    }

    /// A shaper for what depends on some texts.
    pub(super) fn shaper(&self, texts: &[&[u8]]) -> Shaper<'r> {
        Shaper::of(texts, &self.redaction.pseudonyms)
    }

    /// The numbers for the scalar at the current place. They are the same whatever it is.
    pub(super) fn stream_here(&self, kind: PlaceKind) -> NumberStream {
        NumberStream::new(seed_of_place(self.seed, kind as u8, self.scalars))
    }

    /// A shaper for the text at the current place.
    pub(super) fn shaper_here(&self) -> Shaper<'r> {
        let stream = self.stream_here(PlaceKind::Text);
        Shaper::new(stream, &self.redaction.pseudonyms)
    }

    fn push_scalar(&mut self, value: Json, rule: ValueRule) {
        self.scalars += 1;
        if self.scrub.is_none() && self.push_common_scalar(value.text(), rule) {
            return;
        }
        if rule == ValueRule::Kept {
            self.out.push_str(value.text());
            return;
        }
        if let Some(Scrub::Collecting(_)) = self.scrub {
            self.collect(value, rule);
        }
        match value.kind() {
            Kind::Number => {
                let number = self.number(value.text(), rule);
                self.out.push_str(&number);
            }
            Kind::String => {
                let start = self.out.len();
                let first = self.residuals.len();
                self.push_text(value, rule);
                for residual in &mut self.residuals[first..] {
                    residual.text_start = start;
                }
            }
            _ => self.out.push_str(value.text()),
        }
    }

    fn push_text(&mut self, value: Json, rule: ValueRule) {
        let text = without_lone_surrogates(value);
        if let Some(nested) = parse_container(&text) {
            let mut redacted = String::with_capacity(text.len());
            let mut writer = BodyWriter {
                out: &mut redacted,
                counts: self.counts,
                memo: self.memo,
                known_texts: self.known_texts.take(),
                scrub: self.scrub.take(),
                names: std::mem::take(&mut self.names),
                residuals: std::mem::take(&mut self.residuals),
                ..*self
            };
            writer.push(nested, rule);
            self.scalars = writer.scalars;
            self.known_texts = writer.known_texts;
            self.scrub = writer.scrub;
            self.names = writer.names;
            self.residuals = writer.residuals;
            push_string(&redacted, self.out);
            return;
        }
        let redacted = self.text(&text, rule);
        if redacted == text {
            self.out.push_str(value.text());
        } else {
            push_string(&redacted, self.out);
        }
    }
}

/// What stands for the name of a member.
fn masked_name(name: &str, pseudonyms: &Pseudonyms) -> String {
    let mut masked = String::new();
    let rest = match name.strip_prefix(TRANSPORT_PREFIX) {
        Some(rest) => {
            masked.push_str(TRANSPORT_PREFIX);
            rest
        }
        None => name,
    };
    let mut shaper = Shaper::of(&[b"name", name.as_bytes()], pseudonyms);
    shaper.push(rest, &mut masked);
    let token = pseudonyms.token("name", name);
    format!("{masked}_{token}")
}

/// True if `--keep` can name a member with this rule.
fn may_be_kept(rule: ValueRule) -> bool {
    rule.is_free() || rule == ValueRule::SpeakerName
}

/// The text of a string without the halves of characters that UTF-8 cannot represent.
fn without_lone_surrogates(value: Json<'_>) -> Cow<'_, str> {
    let text = value.as_str().unwrap_or_default();
    let may_have_escape = memchr::memchr(b'\\', text.as_bytes()).is_some();
    if !may_have_escape
        || !text.contains("\\u")
        || serde_json::from_str::<String>(value.text()).is_ok()
    {
        return text;
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some((before, after)) = rest.split_once("\\u") {
        kept.push_str(before);
        let digits = after
            .get(..4)
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        rest = if digits.is_some_and(|digits| (0xd800..0xe000).contains(&digits)) {
            &after[4..]
        } else {
            kept.push_str("\\u");
            after
        };
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::super::key::RedactKey;
    use super::super::words::is_garbled;
    use super::*;
    use crate::json::{NameHints, outline};
    use crate::text::double_escape::find_escape;
    use crate::text::email::find_emails;

    fn redact(body: Json) -> (String, RedactionCounts) {
        let redaction = Redaction {
            pseudonyms: Pseudonyms::new(&RedactKey::new([4; 32])),
            text: TextMode::Shape,
            times: TimeShift {
                by: TimeDelta::weeks(60),
                now: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
            },
            keep: KeepList::new(&["plan".to_owned()]).expect("globs"),
        };
        let (mut out, mut counts) = (String::new(), RedactionCounts::default());
        redaction.push_body(body, &mut out, &mut counts, &mut Memo::default());
        (out, counts)
    }

    #[test]
    fn recorded_members_are_redacted_as_tokens_are() {
        let text = r#"{ "status":"completed", "id": 480001, "customerPhone":"+4915123456789",
            "extracted_variables":{"name":"Anna Groß","anna":1,"ä":{"plan":"x","y":[{"plan":2}]}},
            "transcript":"AI: Hallo\nKunde: Ja","lead":{"id":7,"campaign":{"name":"Herbst"}},
            "nested":"{\"name\":\"Eva\"}","campaign":{"allowed_days":["monday","x"]},"":{} }"#;
        let mut nodes = Vec::new();
        outline(text.as_bytes(), NameHints::EMPTY, &mut nodes).expect("an object");
        let body = Json::from_well_formed(text);
        assert_eq!(redact(body.with_nodes(&nodes)), redact(body));
    }

    #[test]
    fn names_that_readers_look_for_stay() {
        let names = [
            "id",
            "phone_number",
            "transfers",
            "role",
            "message",
            "secondsFromStart",
        ];
        for name in names {
            let body = format!(
                r#"{{"extracted_variables":{{"x":"{name}"}},"transcript":[{{"{name}":null}}],
                "campaign":{{"campaign":{{"{name}":null}}}}}}"#
            );
            let (redacted, _) = redact(Json::from_well_formed(&body));
            let count = redacted.matches(&format!("\"{name}\":")).count();
            assert_eq!(count, 2, "{redacted}");
        }
        let (redacted, _) = redact(Json::from_well_formed(r#"{"a":"Anna","b":{"anna":1}}"#));
        assert!(!redacted.contains("anna"), "{redacted}");
    }

    #[test]
    fn flaws_of_texts_stay_wherever_they_are() {
        for text in [
            r"\nÃ¶[00:01] AI: ",
            "x\nÃ¶ (00:02): a\nAI: Ã¶",
            "mÃ¼ller@web.de",
            "Mail: max@mÃ¼ller.de, danke",
            r"Mail: m\u00fcller@web.de",
            r#"{"a":\nÃ¶[1]"#,
        ] {
            for name in [
                "transcript",
                "customer_phone",
                "x",
                "id",
                "status",
                "recording_url",
            ] {
                let text_json = serde_json::to_string(text).expect("JSON");
                let (redacted, _) = redact(Json::from_well_formed(&format!(
                    r#"{{"{name}":{text_json}}}"#
                )));
                let value: serde_json::Value = serde_json::from_str(&redacted).expect("JSON");
                let after = value[name].as_str().expect("a text");
                let flaws = |text: &str| (find_escape(text).is_some(), is_garbled(text));
                assert_eq!(flaws(after), flaws(text), "{text}: {after}");
                let real = find_emails(after).into_iter().find(|email| !email.is_fake);
                assert_eq!(real, None, "{after}");
            }
        }
    }

    /// A text with an escape is no common one, so the same text without it is held to the way of
    /// all texts.
    #[test]
    fn common_scalars_are_redacted_as_any_scalar() {
        for text in [
            "Anna",
            "true",
            "Nein",
            "n/a",
            "na ja",
            "sample x",
            "https://a.de/b.mp3",
            "hallo",
            "Mail: a@b.de",
            "DE89 3704 0044 0532 0130 00",
            "DE89 3704 0044 0532 0130 01",
            "Ärzte",
            "10:30",
            "08:00:00",
            "2024-01-15",
            "2024-01-15T10:30:00Z",
            "2024-01-15T10:30:00.5+01:00",
            "2024-02-30T10:30:00Z",
            "2099-01-15T10:30:00Z",
            "+4915123456789",
            "0151 234567",
            "completed",
            "busy",
            "monday",
            "Monday",
            "active",
            "new",
            "Anna +4915123456789",
        ] {
            let first = text.chars().next().expect("a character");
            let escaped = format!("\\u{:04x}{}", u32::from(first), &text[first.len_utf8()..]);
            let body = |text: &str| {
                format!(
                    r#"{{"id":480001,"customer_phone":"{text}","status":"{text}","created_at":"{text}",
                    "extracted_variables":{{"x":"{text}"}},"lead":{{"status":"{text}"}},
                    "campaign":{{"allowed_hours_start_time":"{text}","allowed_days":["{text}"]}}}}"#
                )
            };
            let [common, any] = [text, &escaped].map(|text| {
                let (redacted, counts) = redact(Json::from_well_formed(&body(text)));
                let value: serde_json::Value = serde_json::from_str(&redacted).expect("JSON");
                (value, counts)
            });
            assert_eq!(common, any, "{text}");
        }
    }
}
