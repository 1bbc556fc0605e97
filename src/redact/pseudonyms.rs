//! Pseudonyms: what stands for ids, phone numbers and names. Equal values have equal pseudonyms, so
//! that calls, leads and campaigns still belong together. Without the key, neither a list of all
//! possible numbers nor their order or frequency leads back.

use aes::Aes256;
use aes::cipher::KeyInit as _;
use chrono::TimeDelta;
use fpe::ff1::FF1;

use super::claims::Claims;
use super::decimal::Decimal;
use super::key::{KeyClass, RedactKey};
use super::number_stream::NumberStream;
use super::short_ff1;
use crate::call::phone::FAKE_COUNTRY_CODE;
use crate::json::LARGEST_EXACT_INTEGER;

/// The fewest digits of an id that are encrypted as they are. Format-preserving encryption of fewer
/// digits is not secure (NIST SP 800-38G r1 §5.1: at least a million values).
pub(super) const MIN_ID_DIGITS: usize = 6;

/// Start of the pseudonyms of ids with fewer than [`MIN_ID_DIGITS`] digits; as many follow. They
/// cannot be among those of six digits: there are fewer such numbers than ids of up to six digits.
const SHORT_ID_START: &str = "987";

/// Digits behind [`FAKE_COUNTRY_CODE`].
const FAKE_PHONE_DIGITS: u32 = 12;

/// What an id is of. Each kind has pseudonyms of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdKind {
    Call,
    Lead,
    Campaign,
}

impl IdKind {
    /// Distinguishes the kinds under one key (NIST SP 800-38G r1 §5.1).
    fn tweak(self) -> &'static [u8] {
        match self {
            Self::Call => b"call",
            Self::Lead => b"lead",
            Self::Campaign => b"campaign",
        }
    }

    fn tweak_of_short(self) -> &'static [u8] {
        match self {
            Self::Call => b"short call",
            Self::Lead => b"short lead",
            Self::Campaign => b"short campaign",
        }
    }
}

/// Creates the pseudonyms of a run.
pub(crate) struct Pseudonyms {
    ids: Aes256,
    /// For ids that are longer than [`short_ff1::MAX_DIGITS`].
    long_ids: FF1<Aes256>,
    phones: [u8; 32],
    tokens: [u8; 32],
    text: [u8; 32],
    claims: Claims,
    shift: TimeDelta,
}

impl Pseudonyms {
    /// The pseudonyms that belong to `key`.
    #[must_use]
    pub(crate) fn new(key: &RedactKey) -> Self {
        const WEEKS: std::ops::RangeInclusive<i64> = 52..=520;
        let times = blake3::keyed_hash(&key.derive(KeyClass::Times), b"shift");
        let number = first_number(&times) % WEEKS.count() as u64;
        let ids = key.derive(KeyClass::Ids);
        Self {
            ids: Aes256::new(&ids.into()),
            long_ids: FF1::new(&ids, 10).expect("10 is a radix of FF1"),
            phones: key.derive(KeyClass::Phones),
            tokens: key.derive(KeyClass::Tokens),
            text: key.derive(KeyClass::Text),
            claims: Claims::default(),
            shift: TimeDelta::weeks(WEEKS.start() + i64::try_from(number).unwrap_or_default()),
        }
    }

    /// The pseudonym of the digits of an id without leading zeros: as many digits, the first not 0.
    /// Numbers that a double holds exactly stay such, and others stay beyond. 0 stays. An id of
    /// fewer than [`MIN_ID_DIGITS`] digits becomes [`SHORT_ID_START`] and six digits.
    ///
    /// Different ids of one kind have different pseudonyms, except that an id of nine digits that
    /// starts with [`SHORT_ID_START`] can get that of another one: see [`Self::has_collision`].
    #[must_use]
    pub(super) fn id(&self, kind: IdKind, digits: &str) -> String {
        if digits == "0" {
            return digits.to_owned();
        }
        if digits.len() < MIN_ID_DIGITS {
            let number = digits.parse().unwrap_or_default();
            let tweak = kind.tweak_of_short();
            let encrypted = short_ff1::encrypt(&self.ids, tweak, number, MIN_ID_DIGITS);
            return format!("{SHORT_ID_START}{encrypted:0MIN_ID_DIGITS$}");
        }
        let is_exact = is_exact_integer(digits);
        let is_short = |text: &str| {
            text.len() == SHORT_ID_START.len() + MIN_ID_DIGITS && text.starts_with(SHORT_ID_START)
        };
        // Walking on until the result is of the wanted kind keeps the mapping one to one.
        let mut text = self.encrypt(kind.tweak(), digits);
        while text.starts_with('0') || is_exact_integer(&text) != is_exact || is_short(&text) {
            text = self.encrypt(kind.tweak(), &text);
        }
        if text.len() == SHORT_ID_START.len() + MIN_ID_DIGITS {
            self.claims.claim(kind.tweak(), &text, digits);
        }
        text
    }

    /// Other digits, as many (NIST SP 800-38G r1, FF1).
    fn encrypt(&self, tweak: &[u8], digits: &str) -> String {
        let count = digits.len();
        if count <= short_ff1::MAX_DIGITS
            && let Ok(number) = digits.parse()
        {
            let encrypted = short_ff1::encrypt(&self.ids, tweak, number, count);
            return format!("{encrypted:0count$}");
        }
        let encrypted = self.long_ids.encrypt(tweak, &Decimal::read(digits));
        encrypted.expect("there are 6 to 40 digits").digits()
    }

    /// How far times are shifted into the past.
    #[must_use]
    pub(crate) fn shift(&self) -> TimeDelta {
        self.shift
    }

    /// The pseudonym of a phone number in E.164 form.
    #[must_use]
    pub(super) fn phone(&self, number: &str) -> String {
        let hash = blake3::keyed_hash(&self.phones, number.as_bytes());
        let digits = first_number(&hash) % 10_u64.pow(FAKE_PHONE_DIGITS);
        let pseudonym = format!("{FAKE_COUNTRY_CODE}{digits:012}");
        self.claims.claim(b"phone", &pseudonym, number);
        pseudonym
    }

    /// True if two values got the same pseudonym, so that the output would join what does not
    /// belong together.
    #[must_use]
    pub(crate) fn has_collision(&self) -> bool {
        self.claims.has_collision()
    }

    /// Six hexadecimal digits that stand for `text`.
    #[must_use]
    pub(super) fn token(&self, kind: &str, text: &str) -> String {
        let mut token = self.long_token(kind, text);
        token.truncate(6);
        token
    }

    /// Sixteen hexadecimal digits that stand for `text`, for values that must not be confused.
    #[must_use]
    pub(super) fn long_token(&self, kind: &str, text: &str) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.tokens);
        hasher
            .update(kind.as_bytes())
            .update(&[0])
            .update(text.as_bytes());
        let hash = hasher.finalize();
        // In a text, `00` starts a phone number if only digits follow.
        let mut numbers = hash.as_bytes().windows(8).filter(|bytes| bytes[0] != 0);
        let number = numbers.next().and_then(|bytes| bytes.try_into().ok());
        format!("{:016x}", u64::from_be_bytes(number.unwrap_or([1; 8])))
    }

    /// The seed of the numbers that belong to some texts.
    #[must_use]
    pub(super) fn seed(&self, texts: &[&[u8]]) -> u64 {
        let mut hasher = blake3::Hasher::new_keyed(&self.text);
        for part in texts {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part);
        }
        first_number(&hasher.finalize())
    }

    /// An endless source of numbers that belong to some texts.
    pub(super) fn stream(&self, texts: &[&[u8]]) -> NumberStream {
        NumberStream::new(self.seed(texts))
    }
}

fn first_number(hash: &blake3::Hash) -> u64 {
    let bytes = hash.as_bytes().first_chunk().expect("a hash has 32 bytes");
    u64::from_le_bytes(*bytes)
}

/// True if a double holds the number exactly.
fn is_exact_integer(digits: &str) -> bool {
    digits
        .parse::<u64>()
        .is_ok_and(|number| number <= LARGEST_EXACT_INTEGER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::phone_search::find_phones;

    #[test]
    fn tokens_are_no_phone_numbers() {
        let pseudonyms = Pseudonyms::new(&RedactKey::new([6; 32]));
        for number in 0..20_000 {
            let text = number.to_string();
            // Filler with digits can follow.
            for text in [
                format!("id-{}", pseudonyms.long_token("id", &text)),
                format!("Campaign {} 123456", pseudonyms.token("campaign", &text)),
            ] {
                assert_eq!(find_phones(&text), [], "{text}");
            }
        }
    }
}
