//! What stands for a text, by the rule for its place and by its form. A text that breaks the format
//! of its place still breaks it.

use super::body::{BodyWriter, PlaceKind, TextMode};
use super::counts::ValueClass;
use super::dates::{ShiftedTime, is_long_before_calls};
use super::fakes::{Fake, fake_of, may_have_fake};
use super::numbers::{is_harmless, is_number};
use super::phones::{hide_real_phones, phone_in_text, phone_pseudonym};
use super::rule::ValueRule;
use super::words::{Shaper, is_garbled};
use crate::call::phone_search::{find_phones, find_phones_in_field};
use crate::call::transcript::{is_speaker_label, is_turn_type, line_heads};
use crate::call::url::parse_scheme;
use crate::contract::{TEST_PREFIX, WEEKDAYS, documented_status, is_no_value};
use crate::select::filter::read_boolean;
use crate::text::double_escape::find_escape;
use crate::text::email::is_email;
use crate::time::time_of_day::seconds_since_midnight;
use crate::time::timestamp::Timestamp;

/// The extensions of recordings and other files, which stay in links.
const EXTENSIONS: &[&str] = &[
    "aac", "aiff", "amr", "avi", "flac", "gif", "html", "jpg", "json", "m4a", "mkv", "mov", "mp3",
    "mp4", "oga", "ogg", "opus", "pdf", "png", "txt", "wav", "webm", "wma", "xml", "zip",
];

impl BodyWriter<'_, '_> {
    /// What stands for a text.
    pub(super) fn text(&mut self, text: &str, rule: ValueRule) -> String {
        if is_no_value(text) || read_boolean(text.trim()).is_some() {
            return text.to_owned();
        }
        if let Some(rest) = text.strip_prefix(TEST_PREFIX) {
            self.counts.add(ValueClass::Text);
            return format!("{TEST_PREFIX}{}", self.shape(rest));
        }
        match rule {
            ValueRule::CallStatus if documented_status(text).is_some() => text.to_owned(),
            ValueRule::Status(known) if known.contains(&text) => text.to_owned(),
            ValueRule::Weekday if is_weekday(text) => text.to_owned(),
            ValueRule::CallStatus | ValueRule::Status(_) | ValueRule::Weekday => {
                self.token_text("status-", text, ValueClass::Status)
            }
            ValueRule::CampaignName => self.token_text("Campaign ", text, ValueClass::CampaignName),
            ValueRule::Number | ValueRule::TurnTime if is_harmless(text) => text.to_owned(),
            ValueRule::TimeOfDay if seconds_since_midnight(text).is_some() => text.to_owned(),
            ValueRule::Phone => {
                self.counts.add(ValueClass::Phone);
                self.phone(text)
            }
            ValueRule::Id(kind) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.id_digits(kind, text)
            }
            ValueRule::Id(_) => {
                self.counts.add(ValueClass::Id);
                let token = self.redaction.pseudonyms.long_token("id", text);
                self.with_flaws(format!("id-{token}"), ' ', text)
            }
            ValueRule::Speaker if is_speaker_label(text) || is_turn_type(text) => text.to_owned(),
            ValueRule::Speaker | ValueRule::SpeakerName => self.speaker_name(text),
            ValueRule::Transcript => self.transcript(text),
            _ => self.text_by_form(text, rule),
        }
    }

    /// What stands for the content of a phone field.
    fn phone(&self, text: &str) -> String {
        let pseudonyms = &self.redaction.pseudonyms;
        if !text.contains('@') {
            return phone_pseudonym(text, pseudonyms);
        }
        let mut address = String::with_capacity(text.len());
        self.shaper(&[b"phone", text.as_bytes()])
            .push(text, &mut address);
        hide_real_phones(&mut address, 0, find_phones_in_field);
        address
    }

    /// What stands for a text whose form shows what it is, or for any other text.
    fn text_by_form(&mut self, text: &str, rule: ValueRule) -> String {
        if rule.is_free()
            && let Some(fake) = self.fake(text)
        {
            return fake;
        }
        if let Some(shifted) = self.redaction.times.shift(text) {
            return match shifted {
                ShiftedTime::Shifted(time) => {
                    self.counts.add(ValueClass::Time);
                    time
                }
                ShiftedTime::Future(time) => {
                    self.counts.future_times += 1;
                    time.to_owned()
                }
                ShiftedTime::Ancient(time) => time.to_owned(),
            };
        }
        let is_time = matches!(rule, ValueRule::Time | ValueRule::TurnTime);
        if is_time && let Some(shifted) = self.redaction.times.shift_epoch(text) {
            self.counts.add(ValueClass::Time);
            return shifted;
        }
        if parse_scheme(text).is_some() {
            self.counts.add(ValueClass::Url);
            return self.url(text);
        }
        if is_phone(text)
            && let Some(fake) = phone_in_text(text, &self.redaction.pseudonyms)
        {
            self.counts.add(ValueClass::Phone);
            return fake;
        }
        if is_number(text) {
            self.counts.add(ValueClass::Number);
            return self.masked_number(text, false);
        }
        if self.redaction.text == TextMode::Keep && rule.is_free() {
            self.counts.kept_texts += 1;
            return text.to_owned();
        }
        if rule == ValueRule::Variable
            && let Some(readable) = self.readable_value(text)
        {
            return readable;
        }
        self.counts.add(if is_email(text) {
            ValueClass::Email
        } else {
            ValueClass::Text
        });
        self.invalid_text(text, rule)
    }

    /// Filler in the shape of `text`, which does not get the format of its place by chance.
    fn invalid_text(&self, text: &str, rule: ValueRule) -> String {
        let mut shaper = self.shaper_here();
        loop {
            let mut filler = String::with_capacity(text.len());
            shaper.push(text, &mut filler);
            let stays_invalid = match rule {
                ValueRule::Time => Timestamp::read(&filler).is_none(),
                ValueRule::TimeOfDay => seconds_since_midnight(&filler).is_none(),
                ValueRule::Url => parse_scheme(&filler).is_none(),
                _ => true,
            };
            if stays_invalid {
                return filler;
            }
        }
    }

    /// What stands for an IBAN, a card number or a date that is no date of a call.
    fn fake(&mut self, text: &str) -> Option<String> {
        const LONGEST: usize = 50;
        if text.len() > LONGEST || !may_have_fake(text) {
            return None;
        }
        let (date, time) = match text.split_once(['T', ' ']) {
            Some((date, _)) if is_long_before_calls(text) => (date, &text[date.len()..]),
            _ => (text, ""),
        };
        if date.as_bytes().get(4) == Some(&b'-') && !is_long_before_calls(text) {
            return None;
        }
        let mut stream = self.stream_here(PlaceKind::Fake);
        let (kind, fake) = fake_of(date, &mut stream)?;
        self.counts.add(match kind {
            Fake::Iban => ValueClass::Iban,
            Fake::Card => ValueClass::Card,
            Fake::Date => ValueClass::Date,
        });
        Some(fake + time)
    }

    /// A token with a prefix.
    fn token_text(&mut self, prefix: &str, text: &str, class: ValueClass) -> String {
        self.counts.add(class);
        let (kind, pseudonyms) = (class.name(), &self.redaction.pseudonyms);
        let token = self.memo.get(kind, text, || pseudonyms.token(kind, text));
        let pseudonym = format!("{prefix}{token}");
        self.with_flaws(pseudonym, ' ', text)
    }

    /// Adds filler in the shape of `text` to `pseudonym` if `text` is garbled or escaped twice, so
    /// that the result is so, too.
    fn with_flaws(&self, pseudonym: String, separator: char, text: &str) -> String {
        if !has_flaws(text) {
            return pseudonym;
        }
        let flawed = format!("{pseudonym}{separator}{}", self.text_by_value(text));
        if find_escape(&flawed).is_some() && find_escape(text).is_none() {
            // In what looks like JSON, escapes are right: also in quotation marks.
            return format!("\"{flawed}\"");
        }
        flawed
    }

    fn shape(&self, text: &str) -> String {
        let mut shaped = String::with_capacity(text.len());
        self.shaper_here().push(text, &mut shaped);
        shaped
    }

    /// Filler in the shape of `text` that is the same in the whole call.
    pub(super) fn text_by_value(&self, text: &str) -> String {
        self.part_by_value(text, false)
    }

    /// Like [`Self::text_by_value`], for a part of a text that is garbled or not.
    fn part_by_value(&self, text: &str, is_in_garbled: bool) -> String {
        let lower = text.to_lowercase();
        let mut filler = String::with_capacity(text.len());
        let place: [&[u8]; 3] = [b"speaker", self.id.as_bytes(), lower.as_bytes()];
        let mut shaper = self.shaper(&place);
        shaper.is_in_garbled = is_in_garbled;
        shaper.push(text, &mut filler);
        filler
    }

    /// A name that is the label of turns.
    fn speaker_name(&mut self, name: &str) -> String {
        self.counts.add(ValueClass::Label);
        self.text_by_value(name)
    }

    /// A link to nothing, with the scheme and the extension of `text`.
    fn url(&self, text: &str) -> String {
        let (scheme, rest) = text.split_once(':').unwrap_or_default();
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let extension = path
            .rsplit_once('/')
            .and_then(|(_, file)| file.rsplit_once('.'));
        let extension = extension.filter(|(_, extension)| EXTENSIONS.contains(extension));
        let token = self.redaction.pseudonyms.token("url", text);
        let mut url = [scheme, "://recordings.example.com/", &token].concat();
        if let Some((_, extension)) = extension {
            url.push('.');
            url.push_str(extension);
        }
        self.with_flaws(url, '-', text)
    }

    fn transcript(&mut self, text: &str) -> String {
        if self.redaction.text == TextMode::Keep {
            self.counts.kept_texts += 1;
            return text.to_owned();
        }
        if let Some(readable) = self.readable_transcript(text) {
            return readable;
        }
        self.counts.add(ValueClass::Transcript);
        let mut filler = String::with_capacity(text.len());
        let mut shaper = self.shaper_here().in_parts_of(text);
        let mut at = 0;
        for head in line_heads(text) {
            shaper.push(&text[at..head.range.start], &mut filler);
            let part = &text[head.range.clone()];
            if head.may_be_name {
                self.counts.add(ValueClass::Label);
                filler.push_str(&self.part_by_value(part, shaper.is_in_garbled));
            } else {
                self.push_head(part, &mut shaper, &mut filler);
            }
            at = head.range.end;
        }
        shaper.push(&text[at..], &mut filler);
        filler
    }

    /// Appends a known label or a time. A date in it is shifted like all others, or it would show
    /// by how much. `shaper` replaces the attributes of tags, which may say anything.
    pub(super) fn push_head(&self, head: &str, shaper: &mut Shaper, out: &mut String) {
        if head.as_bytes().contains(&b'<') {
            shaper.push_tags(head, out);
            return;
        }
        // Fast path: most heads are a label without a time.
        if head
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || b": ".contains(&byte))
        {
            out.push_str(head);
            return;
        }
        let mut rest = head;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let (before, from_digit) = rest.split_at(start);
            out.push_str(before);
            let is_part = |c: char| c.is_ascii_digit() || "TZ:.,+- ".contains(c);
            let stamp = &from_digit[..from_digit.find(|c| !is_part(c)).unwrap_or(from_digit.len())];
            // A range of times has two dates.
            let stamp = stamp.split(" - ").next().unwrap_or(stamp);
            let stamp = stamp.trim_end_matches(|c: char| !c.is_ascii_digit() && c != 'Z');
            match self.redaction.times.shift(stamp) {
                Some(ShiftedTime::Shifted(shifted)) => out.push_str(&shifted),
                _ => out.push_str(stamp),
            }
            rest = &from_digit[stamp.len()..];
        }
        out.push_str(rest);
    }
}

/// True for a text that is escaped twice or garbled, which `validate` reports.
pub(super) fn has_flaws(text: &str) -> bool {
    find_escape(text).is_some() || is_garbled(text)
}

/// True if the whole text is a phone number.
fn is_phone(text: &str) -> bool {
    /// A number has at least 7 digits.
    const SHORTEST: usize = 7;
    // No letter is part of a number (fast path).
    let starts_with_letter = text.starts_with(|c: char| c.is_ascii_alphabetic());
    text.len() >= SHORTEST
        && !starts_with_letter
        && matches!(&find_phones(text)[..], [phone] if phone.range == (0..text.len()))
}

/// True for a weekday in any case.
fn is_weekday(text: &str) -> bool {
    WEEKDAYS.iter().any(|day| day.eq_ignore_ascii_case(text))
}
