//! Fast path for text that consists of words, numbers and punctuation, as nearly all does. One pass
//! over its bytes writes the filler, and finds out that the text has no address, phone number,
//! escape, markup or garbled letter, for which [`Shaper::push_any`] searches one after another.

use super::words::{Shaper, first_digits_of_seconds, is_word_letter};
use crate::text::filler::{first_part, packed_filler};
use crate::text::mojibake::garbled_length;

/// The bit of small letters, in eight bytes.
const SMALL_BITS: u64 = 0x2020_2020_2020_2020;

/// True for the bytes of ASCII that stay and are part of no address, phone number, escape or tag.
const IS_SIGN: [bool; 256] = {
    let mut is_sign = [false; 256];
    let signs = b" \n,.;:!?\"'()/-_&*=#";
    let mut at = 0;
    while at < signs.len() {
        is_sign[signs[at] as usize] = true;
        at += 1;
    }
    is_sign
};

const DIGITS: &[u8; 10] = b"0123456789";

/// The fewest digits that are searched for a phone number which starts with `00`.
const MIN_PHONE_DIGITS: usize = 9;

/// Length of a chunk in bytes.
const CHUNK_BYTES: usize = 256;

/// Room that is left in a chunk for the next word or character. Texts with longer words are not
/// plain.
const ROOM_BYTES: usize = 64;

/// Filler that is not yet part of the output. Bytes are copied here in fewer instructions than to a
/// string.
struct Chunk {
    bytes: [u8; CHUNK_BYTES],
    length: usize,
}

impl Chunk {
    fn new() -> Self {
        Self {
            bytes: [0; CHUNK_BYTES],
            length: 0,
        }
    }

    fn push(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    /// Appends the first `length` bytes of `word`, from its lowest byte up. Copies all eight: to
    /// copy any number of them takes more instructions.
    fn push_packed(&mut self, word: u64, length: usize) {
        self.bytes[self.length..self.length + 8].copy_from_slice(&word.to_le_bytes());
        self.length += length;
    }

    /// Keeps only these bits of the eight bytes from `start`.
    fn keep_bits(&mut self, start: usize, bits: u64) {
        let bytes = &mut self.bytes[start..start + 8];
        for (byte, kept) in bytes.iter_mut().zip(bits.to_le_bytes()) {
            *byte &= kept;
        }
    }

    fn push_str(&mut self, text: &str) {
        self.bytes[self.length..self.length + text.len()].copy_from_slice(text.as_bytes());
        self.length += text.len();
    }

    fn is_full(&self) -> bool {
        self.length > CHUNK_BYTES - ROOM_BYTES
    }

    /// Moves the filler to `out`.
    fn flush(&mut self, out: &mut String) {
        let text = str::from_utf8(&self.bytes[..self.length]);
        out.push_str(text.expect("whole characters were written"));
        self.length = 0;
    }
}

/// A character of plain text that is not ASCII.
enum WideCharacter {
    /// A letter of a word.
    Letter(char),
    /// Another character, which stays.
    Other(char),
}

impl Shaper<'_> {
    /// Appends `text` with other words and digits if it is plain. Otherwise returns false, and
    /// everything is as before.
    pub(super) fn push_plain(&mut self, text: &str, out: &mut String) -> bool {
        // What precedes the text may decide about its start.
        let decides = matches!(out.as_bytes(), [.., b'%' | b'\\'] | [.., b'0'..=b'9', b':']);
        if decides || !self.starts_number || self.keeps_zeros {
            return false;
        }
        let (stream, start) = (self.stream.clone(), out.len());
        let is_plain = self.push_plain_parts(text, out).is_some();
        if !is_plain {
            out.truncate(start);
            self.stream = stream;
            self.starts_number = true;
        }
        is_plain
    }

    /// Like [`Self::push_plain`], but leaves what it has done so far if the text is not plain.
    fn push_plain_parts(&mut self, text: &str, out: &mut String) -> Option<()> {
        let bytes = text.as_bytes();
        let mut chunk = Chunk::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if chunk.is_full() {
                chunk.flush(out);
            }
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' => {
                    at += self.push_plain_word(text, at, &mut chunk)?;
                    continue;
                }
                b'0'..=b'9' => {
                    let is_start = at == 0 || !bytes[at - 1].is_ascii_digit();
                    if is_start && may_be_phone(&bytes[at..]) {
                        return None;
                    }
                    let digits = match bytes[..at] {
                        [.., b'0'..=b'9', b':'] => first_digits_of_seconds(char::from(*byte)),
                        _ => u32::from(self.starts_number)..10,
                    };
                    self.starts_number = false;
                    let digit = self.stream.below(digits.end - digits.start);
                    chunk.push(DIGITS[(digits.start + digit) as usize]);
                }
                // The parts of addresses, phone numbers, escapes and tags.
                b'@' | b'+' | b'\\' | b'<' => return None,
                b'%' if bytes.get(at + 1).is_some_and(|next| may_be_escaped(*next)) => return None,
                0x80.. => {
                    match wide_character(text, at)? {
                        WideCharacter::Letter(_) => {
                            at += self.push_long_word(text, at, &mut chunk)?;
                        }
                        WideCharacter::Other(character) => {
                            self.starts_number = true;
                            chunk.push_str(character.encode_utf8(&mut [0; 4]));
                            at += character.len_utf8();
                        }
                    }
                    continue;
                }
                byte => {
                    self.starts_number = true;
                    chunk.push(*byte);
                }
            }
            at += 1;
        }
        chunk.flush(out);
        Some(())
    }

    /// Appends filler for the word at `at`, and returns its length in bytes. `None` if the text is
    /// not plain.
    fn push_plain_word(&mut self, text: &str, at: usize, chunk: &mut Chunk) -> Option<usize> {
        let bytes = text.as_bytes();
        let letters = eight_bytes(bytes, at);
        let mut length = count_letters(letters);
        while length.is_multiple_of(8) && length + 8 < ROOM_BYTES {
            match count_letters(eight_bytes(bytes, at + length)) {
                0 => break,
                more => length += more,
            }
        }
        if length + 8 >= ROOM_BYTES || !bytes.get(at + length).is_none_or(u8::is_ascii) {
            return self.push_long_word(text, at, chunk);
        }
        self.starts_number = true;
        // A letter of filler becomes a capital without the bit that is set in small letters only.
        let kept = letters | !SMALL_BITS;
        if length < 8 {
            let word = packed_filler(length, |count| self.stream.index(count));
            // A sign or a space follows nearly all words. It stays, so it is copied with the word.
            let next = 8 * length;
            let sign = letters >> next & 0xff;
            let sign_length = usize::from(IS_SIGN[sign as usize]);
            let behind = letters & 0xff << next;
            chunk.push_packed(word & kept | behind, length + sign_length);
            return Some(length + sign_length);
        }
        let start = chunk.length;
        self.push_filler(length, chunk);
        chunk.keep_bits(start, kept);
        for done in (8..length).step_by(8) {
            let letters = eight_bytes(bytes, at + done);
            chunk.keep_bits(start + done, letters | !SMALL_BITS);
        }
        Some(length)
    }

    /// Appends filler of this many letters, fewer than [`ROOM_BYTES`] less 8.
    fn push_filler(&mut self, letters: usize, chunk: &mut Chunk) {
        let mut left = letters;
        while left > 0 {
            let part = first_part(left);
            let word = packed_filler(part, |count| self.stream.index(count));
            chunk.push_packed(word, part);
            left -= part;
        }
    }

    /// Like [`Self::push_plain_word`], for a word with other letters than those of ASCII.
    fn push_long_word(&mut self, text: &str, at: usize, chunk: &mut Chunk) -> Option<usize> {
        let mut length = 0;
        let mut capitals = 0_u64;
        let mut letters = 0;
        while let Some(byte) = text.as_bytes().get(at + length) {
            let letter = match byte {
                b'a'..=b'z' => 'a',
                b'A'..=b'Z' => 'A',
                0x80.. => match wide_character(text, at + length)? {
                    WideCharacter::Letter(letter) => letter,
                    WideCharacter::Other(_) => break,
                },
                _ => break,
            };
            if letters + 8 >= ROOM_BYTES {
                return None;
            }
            capitals |= u64::from(letter.is_uppercase()) << letters;
            letters += 1;
            length += letter.len_utf8();
        }
        self.starts_number = true;
        let start = chunk.length;
        self.push_filler(letters, chunk);
        while capitals != 0 {
            chunk.bytes[start + capitals.trailing_zeros() as usize].make_ascii_uppercase();
            capitals &= capitals - 1;
        }
        Some(length)
    }
}

/// The eight bytes from `at`, the first as the lowest one. Behind the text, they are 0.
fn eight_bytes(text: &[u8], at: usize) -> u64 {
    let rest = &text[at..];
    let bytes = rest.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; 8];
        bytes[..rest.len()].copy_from_slice(rest);
        bytes
    });
    u64::from_le_bytes(bytes)
}

/// Number of letters of ASCII at the start of eight bytes, the lowest of which is the first.
fn count_letters(bytes: u64) -> usize {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let each = |byte: u8| u64::from_le_bytes([byte; 8]);
    let small = (bytes | SMALL_BITS) & !HIGH_BITS;
    // Each sum sets the high bit of a byte from `a` on, or behind `z`.
    let from_a = small + each(0x80 - b'a');
    let behind_z = small + each(0x80 - b'z' - 1);
    let letters = from_a & !behind_z & !bytes & HIGH_BITS;
    (letters ^ HIGH_BITS).trailing_zeros() as usize / 8
}

/// True for what may follow a `%` that is an escape in a link.
fn may_be_escaped(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// False if the digits at the start of `rest` are no phone number: they do not start with `00`, or
/// few follow before a letter or a line break.
fn may_be_phone(rest: &[u8]) -> bool {
    if !rest.starts_with(b"00") {
        return false;
    }
    let is_part = |byte: &&u8| !byte.is_ascii_alphabetic() && **byte != b'\n';
    let digits = rest.iter().take_while(is_part);
    let digits = digits.filter(|byte| byte.is_ascii_digit());
    digits.take(MIN_PHONE_DIGITS).count() == MIN_PHONE_DIGITS
}

/// True if the first character of `rest` is followed by another one that is not ASCII.
fn is_before_wide(rest: &str, first: char) -> bool {
    let next = rest.as_bytes().get(first.len_utf8());
    next.is_some_and(|next| !next.is_ascii())
}

/// The character at `at` of `text`, which is not ASCII. `None` if it is not one of plain text: it
/// may be a digit or a plus, is hidden in another way, or is replaced by its script.
fn wide_character(text: &str, at: usize) -> Option<WideCharacter> {
    let rest = &text[at..];
    let character = rest.chars().next()?;
    match character {
        _ if is_before_wide(rest, character) && garbled_length(rest).is_some() => None,
        // Fast path: the table of all letters is slow.
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' => Some(WideCharacter::Letter(character)),
        '\u{80}'..='\u{24f}' if is_word_letter(character) => Some(WideCharacter::Letter(character)),
        '\u{80}'..='\u{24f}' if character.is_numeric() => None,
        '\u{80}'..='\u{24f}' | '\u{2000}'..='\u{203f}' | '€' => {
            Some(WideCharacter::Other(character))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::RedactKey;
    use super::super::pseudonyms::Pseudonyms;
    use super::*;
    use crate::text::any_text::hard_texts;

    /// Appends the texts one after another to a text that starts with `start`, with the fast path
    /// or without it, and returns the result.
    fn push_all(texts: &[String], start: &str, is_fast: bool) -> String {
        let pseudonyms = Pseudonyms::new(&RedactKey::new([1; 32]));
        let mut shaper = Shaper::of(&[b"1", b"/transcript"], &pseudonyms);
        let mut out = start.to_owned();
        for text in texts {
            if is_fast {
                shaper.push(text, &mut out);
            } else {
                shaper.push_any(text, &mut out);
            }
        }
        out
    }

    fn plain_texts() -> impl Strategy<Value = String> {
        let parts = prop_oneof![
            3 => "[a-zA-Z]{0,70}",
            3 => "[a-zA-ZäöüÄÖÜßéÉşŞǅ]{0,12}",
            2 => "[0-9]{1,4}",
            1 => "00[0-9 ]{0,12}",
            2 => "[ .,:;!?\"'()/%„“–…€°²½\u{a0}\u{ad}\n\t-]{1,3}",
            1 => "[A-Za-z0-9+@%<Ã¶\\\\]{1,2}",
        ];
        proptest::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn plain_texts_are_masked_as_any_text(
            texts in proptest::collection::vec(plain_texts(), 1..4),
            start in "[%\\\\a1]?",
        ) {
            prop_assert_eq!(push_all(&texts, &start, true), push_all(&texts, &start, false));
        }

        #[test]
        fn hard_texts_are_masked_as_any_text(texts in proptest::collection::vec(hard_texts(), 1..4)) {
            prop_assert_eq!(push_all(&texts, "", true), push_all(&texts, "", false));
        }
    }

    #[test]
    fn letters_are_counted_to_the_first_other_byte() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut bytes = *b"abyzABYZ";
                bytes[at] = byte;
                let expected = if byte.is_ascii_alphabetic() { 8 } else { at };
                assert_eq!(
                    count_letters(u64::from_le_bytes(bytes)),
                    expected,
                    "{byte} at {at}"
                );
            }
        }
    }

    #[test]
    fn common_texts_are_plain() {
        let pseudonyms = Pseudonyms::new(&RedactKey::new([1; 32]));
        for text in [
            "",
            "Guten Tag, Frau Müller-Lüdenscheidt – „Ja“, um 15:00 Uhr!\n49 % von 1.000,00 €…",
            "Zażółć gęślą jaźń",
        ] {
            let mut shaper = Shaper::of(&[], &pseudonyms);
            assert!(shaper.push_plain(text, &mut String::new()), "{text}");
        }
        for text in [
            "a@b.de",
            "+49",
            "a\\n",
            "<b>",
            "50%a",
            "００",
            "0049 151 234567",
            "mÃ¶chte",
            "文",
        ] {
            let mut shaper = Shaper::of(&[], &pseudonyms);
            assert!(!shaper.push_plain(text, &mut String::new()), "{text}");
        }
    }
}
