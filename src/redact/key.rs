//! The secret that pseudonyms depend on. Whoever has it can find out which pseudonym belongs to
//! which number, so it is kept apart from the redacted bodies, or thrown away.

use std::fmt;

/// The length of a key in bytes.
pub(crate) const KEY_BYTES: usize = 32;

/// A secret key of 256 bits.
#[derive(Clone)]
pub(crate) struct RedactKey([u8; KEY_BYTES]);

/// It is never printed.
impl fmt::Debug for RedactKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("RedactKey")
    }
}

impl RedactKey {
    /// The key of these random bytes.
    #[must_use]
    pub(crate) fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads a key: 64 hexadecimal digits, perhaps with a line break behind them, or 32 bytes. An
    /// error says what is wrong, without the text.
    pub(crate) fn read(text: &[u8]) -> Result<Self, String> {
        let digits = text.trim_ascii();
        if digits.len() == 2 * KEY_BYTES
            && let Some(bytes) = read_hex(digits)
        {
            return Ok(Self(bytes));
        }
        let length = text.len();
        text.try_into().map(Self).map_err(|_| {
            format!(
                "expected a key of {KEY_BYTES} bytes or {} hexadecimal digits, not {length} bytes",
                2 * KEY_BYTES
            )
        })
    }

    /// The key as 64 hexadecimal digits.
    #[must_use]
    pub(crate) fn to_hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// The key for one class of values. That of one class says nothing about those of others.
    pub(super) fn derive(&self, class: KeyClass) -> [u8; KEY_BYTES] {
        blake3::derive_key(class.context(), &self.0)
    }
}

/// What a derived key is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeyClass {
    Ids,
    Phones,
    Times,
    Tokens,
    Text,
}

impl KeyClass {
    /// The context of the derivation. It must never change: pseudonyms depend on it.
    fn context(self) -> &'static str {
        match self {
            Self::Ids => "postcall redact 2026-11-29 ids",
            Self::Phones => "postcall redact 2026-11-29 phones",
            Self::Times => "postcall redact 2026-11-29 times",
            Self::Tokens => "postcall redact 2026-11-29 tokens",
            Self::Text => "postcall redact 2026-11-29 text",
        }
    }
}

fn read_hex(digits: &[u8]) -> Option<[u8; KEY_BYTES]> {
    let mut bytes = [0; KEY_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let pair = str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16)
            .ok()
            .filter(|_| !pair.starts_with('+'))?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_bytes_or_hexadecimal_digits() {
        let key = RedactKey::new(*b"0123456789abcdef0123456789ABCDEF");
        let hex = key.to_hex();
        for text in [
            b"0123456789abcdef0123456789ABCDEF".to_vec(),
            hex.clone().into_bytes(),
            format!("{}\n", hex.to_uppercase()).into_bytes(),
        ] {
            let read = RedactKey::read(&text).expect("a key");
            assert_eq!(read.to_hex(), hex, "{text:?}");
        }
        for bad in [&b""[..], b"short", &[b'x'; 64], &[b'0'; 63]] {
            assert!(RedactKey::read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn keys_of_classes_differ() {
        let key = RedactKey::new([7; KEY_BYTES]);
        assert_ne!(key.derive(KeyClass::Ids), key.derive(KeyClass::Phones));
        assert_eq!(format!("{key:?}"), "RedactKey");
    }
}
