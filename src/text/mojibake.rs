//! Recognizes UTF-8 text that was read as Latin-1 or Windows-1252 (`mÃ¶chte` for `möchte`), and
//! restores it. Correct text has to stay, in any language. So a place in a text is only certain if
//! correct text cannot have it: a small letter before `Ã`, or a sign such as `¼` behind it.

use memchr::memmem;
use wide::u8x16;

/// Maximum number of times that a text was read in the wrong encoding.
const MAX_ROUNDS: usize = 3;

/// The text as it was meant, or `None` if `text` is not garbled.
#[must_use]
pub(crate) fn restore(text: &str) -> Option<String> {
    let mut restored = restore_once(text)?;
    for _ in 1..MAX_ROUNDS {
        match restore_once(&restored) {
            Some(again) => restored = again,
            None => break,
        }
    }
    Some(restored)
}

/// The first byte of the letters from U+00C0 to U+00FF.
const LETTER: u8 = 0xc3;

/// Fast path: false if no text in `json` is certainly garbled, unless it has escapes such as
/// `\u00c3`. With `memchr`, this takes 8 % more of the instructions of `validate`.
#[must_use]
pub(crate) fn may_be_garbled(json: &str) -> bool {
    const LANES: usize = 16;
    const BLOCK: usize = 4 * LANES;
    /// Bytes behind a letter that decide.
    const AHEAD: usize = 2;
    let json = json.as_bytes();
    let mut start = 0;
    while let Some(block) = json[start..].first_chunk::<{ BLOCK + AHEAD }>() {
        start += BLOCK;
        let lanes = |at: usize| {
            let (bytes, _) = block[at..].as_chunks::<LANES>();
            u8x16::new(bytes[0])
        };
        let parts = || (0..BLOCK).step_by(LANES);
        let any_of = |all, part| all | part;
        // Bytes that are not ASCII have their highest bit set, and the mask takes that bit only.
        let bytes = parts().map(lanes).fold(u8x16::splat(0), any_of);
        if bytes.to_bitmask() == 0 {
            continue;
        }
        let letters = u8x16::splat(LETTER);
        let suspects = parts().map(|at| lanes(at).simd_eq(letters) & lanes(at + AHEAD));
        let has_suspect = suspects.fold(u8x16::splat(0), any_of).to_bitmask() != 0;
        if has_suspect
            && memchr::memchr_iter(LETTER, &block[..BLOCK]).any(|at| starts_garbled(&block[at..]))
        {
            return true;
        }
    }
    (start..json.len()).any(|at| starts_garbled(&json[at..]))
}

/// True if `json` may start with garbled text: a letter from U+00C2 to U+00F4, and another
/// character that is not ASCII.
fn starts_garbled(json: &[u8]) -> bool {
    matches!(json, [LETTER, 0x82..=0xb4, 0xc2..=0xff, ..])
}

/// Like [`may_be_garbled`], for text with escapes: true if one for a character from U+00C0 to
/// U+00FF has a character behind it that is not ASCII, or if an escape is behind such a character.
#[must_use]
pub(crate) fn may_have_garbled_codes(json: &str) -> bool {
    const CODE: &[u8] = b"\\u00";
    let json = json.as_bytes();
    memmem::find_iter(json, CODE).any(|at| {
        let is_letter = matches!(
            json[at + CODE.len()..],
            [b'c'..=b'f' | b'C'..=b'F', _, b'\\' | 0xc2..=0xff, ..]
        );
        is_letter || matches!(json[..at], [.., LETTER, _])
    })
}

/// Length in bytes of the two characters at the start of `text` that may be one garbled letter.
#[must_use]
pub(crate) fn garbled_length(text: &str) -> Option<usize> {
    let mut characters = text.chars();
    let lead = characters.next();
    let lead = lead.filter(|lead| ('\u{c2}'..='\u{f4}').contains(lead))?;
    let is_continuation =
        |next: &char| byte_of(*next).is_some_and(|byte| (0x80..=0xbf).contains(&byte));
    let next = characters.next().filter(is_continuation)?;
    Some(lead.len_utf8() + next.len_utf8())
}

/// Undoes one reading in the wrong encoding.
fn restore_once(text: &str) -> Option<String> {
    let mut restored = String::new();
    let mut is_certain = false;
    let mut before: Option<char> = None;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (meant, length) = match Garbled::read(rest) {
            Some(garbled) => {
                let after = rest[garbled.length..].chars().next();
                is_certain |= garbled.is_certain(before, after);
                (garbled.meant, garbled.length)
            }
            None => (first, first.len_utf8()),
        };
        restored.push(meant);
        before = Some(meant);
        at += length;
    }
    is_certain.then_some(restored)
}

/// Characters that may be the bytes of one other character.
struct Garbled {
    /// The characters, each of which was one byte.
    characters: [char; 4],
    /// The number of characters.
    count: usize,
    /// The character that the bytes are in UTF-8.
    meant: char,
    /// Length in bytes of the characters in the text.
    length: usize,
}

impl Garbled {
    /// Reads garbled characters at the start of `text`, if there are any.
    fn read(text: &str) -> Option<Self> {
        let mut all = text.chars();
        let first = all.next()?;
        // The first byte of a character in UTF-8 says how many bytes it has.
        let count = match first {
            '\u{c2}'..='\u{df}' => 2,
            '\u{e0}'..='\u{ef}' => 3,
            '\u{f0}'..='\u{f4}' => 4,
            _ => return None,
        };
        let mut characters = [first; 4];
        let mut bytes = [0; 4];
        bytes[0] = byte_of(first)?;
        let mut length = first.len_utf8();
        for index in 1..count {
            let next = all.next()?;
            bytes[index] = byte_of(next).filter(|byte| (0x80..0xc0).contains(byte))?;
            characters[index] = next;
            length += next.len_utf8();
        }
        let meant = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
        is_plausible(meant).then_some(Self {
            characters,
            count,
            meant,
            length,
        })
    }

    /// True if correct text does not have these characters between `before`, which is as it was
    /// meant, and `after`.
    fn is_certain(&self, before: Option<char>, after: Option<char>) -> bool {
        let rest = &self.characters[1..self.count];
        if script_of(self.meant).is_some() {
            // One letter of another script may be chance, but not two.
            return before.is_some_and(|before| script_of(before) == script_of(self.meant));
        }
        let is_ending = rest.iter().all(|c| may_follow_word(*c));
        let is_after_letter = before.is_some_and(char::is_alphabetic);
        let is_before_letter = after.is_some_and(char::is_alphabetic);
        if self.count > 2 || !is_ending {
            // Correct text has a digit or a space before `€`, and no letter right after `»…`.
            let is_euro_after_letter = matches!(self.characters, ['â', '€', ..]);
            let is_inside_word = is_after_letter && after.is_some_and(char::is_lowercase);
            return !is_ending || is_euro_after_letter || is_inside_word;
        }
        let is_after_capital = before.is_some_and(char::is_uppercase);
        match self.characters[0] {
            // `CAFÃ‰`: correct text has a digit or a space before `‰`.
            '\u{c3}' if rest[0] == '‰' => true,
            // `Ã  demain`: no word is a single `Ã`.
            '\u{c3}' if rest[0] == '\u{a0}' && !is_after_letter => true,
            // `Ä°zmir`, `Å“uvre`: these signs do not come between two letters.
            '\u{c4}' if rest[0] == '°' && is_before_letter => true,
            '\u{c5}' if rest[0] == '“' && is_before_letter => true,
            '\u{c2}' => {
                !is_after_capital
                    && !matches!(rest[0], '\u{a0}' | '…' | '–' | '—' | '“' | '”' | '’')
            }
            // `Ã–l`, `GRÃ–SSE`
            '\u{c3}' if is_before_letter => true,
            _ => is_after_letter && !is_after_capital,
        }
    }
}

/// The byte that Latin-1 or Windows-1252 reads as this character.
fn byte_of(character: char) -> Option<u8> {
    /// The characters of the bytes 0x80 to 0x9F in Windows-1252. Bytes without a character are read
    /// as in Latin-1.
    const WINDOWS_1252: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let index = || {
        WINDOWS_1252
            .iter()
            .position(|special| *special == character)
    };
    match u8::try_from(character) {
        Ok(byte) => Some(byte),
        Err(_) => Some(0x80 + u8::try_from(index()?).ok()?),
    }
}

/// True for characters that are likely to be meant: letters, punctuation, symbols, emoji.
fn is_plausible(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{17f}'
            | '\u{192}' | '\u{1a0}'..='\u{1a1}' | '\u{1af}'..='\u{1b0}'
            | '\u{218}'..='\u{21b}' | '\u{2c6}' | '\u{2dc}'
            | '\u{1e80}'..='\u{1eff}'
            | '\u{2000}'..='\u{2bff}'
            | '\u{fb00}'..='\u{fb06}' | '\u{fe0f}' | '\u{feff}'
            | '\u{1f000}'..='\u{1faff}')
        || script_of(character).is_some()
}

/// The script of letters that are only plausible next to each other.
fn script_of(character: char) -> Option<u32> {
    Some(match character {
        '\u{370}'..='\u{3ff}' => 0,
        '\u{400}'..='\u{4ff}' => 1,
        '\u{590}'..='\u{5ff}' => 2,
        '\u{600}'..='\u{6ff}' => 3,
        '\u{900}'..='\u{97f}' => 4,
        '\u{e00}'..='\u{e7f}' => 5,
        '\u{3000}'..='\u{9fff}' => 6,
        '\u{ac00}'..='\u{d7a3}' => 7,
        _ => return None,
    })
}

/// True for signs that may follow a word in correct text: `FÜR „Ä“…`, `OÙ ?`.
fn may_follow_word(character: char) -> bool {
    matches!(
        character,
        '\u{a0}'
            | '¡'
            | '§'
            | '¨'
            | '©'
            | 'ª'
            | '«'
            | '\u{ad}'
            | '®'
            | '¯'
            | '°'
            | '²'
            | '³'
            | '´'
            | '¶'
            | '·'
            | '¸'
            | '¹'
            | 'º'
            | '»'
            | '¿'
            | '‚'
            | '„'
            | '…'
            | '†'
            | '‡'
            | '‰'
            | '‹'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '•'
            | '–'
            | '—'
            | '™'
            | '›'
            | '€'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Correct text of many languages, with its typography.
    const CORRECT: &[&str] = &[
        "Kundin möchte Termin – „so bald wie möglich“ (Söhne & Co.) für 50 €",
        "Ä… ich weiß nicht. Ö…? ÜBER FÜNF GRÖẞEN; „Ä“, »Ö« und ‚Ü‘",
        "GRÖSSE »Ä« – STRAẞE, CAFÉ™, MÜLLER® & SÖHNE…",
        "Où ça ? « Déjà » : l’été, à Noël… ÇA COÛTE 5 € — VOUS ALLEZ OÙ\u{a0}? « TÊTE À TÊTE »",
        "L’ŒUVRE À 20 %, “garçon naïf”, hôtel Â, ÎLE D’YEU",
        "Não, amanhã não posso: “AMANHÔ, «MAÇû, IRMÃ… coração… Até amanhã…”",
        "JOÃO – A AÇÃO É À NOITE; às 20º, 1ª, Ã…",
        "¿Dónde está? «Ya está»… «ESPAÑA»… ¡ADIÓS! El niño comió 3½ piñas, ESPAÑ…",
        "Zażółć gęślą jaźń: „ŹDŹBŁO”… Łódź, ŁÓDŹ – Ó…",
        "İstanbul’da çok güzel bir gün; “ŞİŞLİ”, Çağrı’nın ığdır… Ç…",
        "Tiếng Việt: “Xin chào”, tôi đến từ Hà Nội… Ở đâu ạ? ĐÂU»… Â… â…” là",
        "Å… på Åland: «Ærlig talt», SÅ… FÅ–DE, HVOR GÅR DU NÅ»",
        "MANHÃ – TARDE, IRMÃ–",
        "HYVÄ\u{a0}! HYVÄ… ÄÄ–EI, yö… Älä”",
        "a coborâ…” și HOTĂRÂ” – „întâi”…",
        "Größe: 5 µm ± 0,5 °C; ½ l, 3 × 4 m², â",
        "Привет, мир! «Ёж»… Γειά σου… שלום… こんにちは… 안녕… สวัสดี",
        "Ö",
        "Ä…",
        "Ã",
        "â",
        "Â",
        "é»…",
        "à»",
        "ï»",
        "Þetta er ðað, Ð…, Ñ»",
        "Æ™ Ø® Ý°",
        "",
        "plain text",
        "5 > 3 ¦ §",
    ];

    fn garble(text: &str, windows: bool) -> String {
        let read = |byte: u8| match byte {
            0x80..0xa0 if windows => (0..=0xffff_u32)
                .filter_map(char::from_u32)
                .find(|c| byte_of(*c) == Some(byte) && u32::from(*c) > 0xff)
                .unwrap_or(char::from(byte)),
            _ => char::from(byte),
        };
        text.bytes().map(read).collect()
    }

    #[test]
    fn garbled_letters_have_two_characters() {
        for (text, length) in [("Ã¼x", 4), ("â€“", 5), ("Å¡", 4)] {
            assert_eq!(garbled_length(text), Some(length), "{text}");
        }
        for text in ["", "Ã", "É田", "Ãx", "ü", "x¼"] {
            assert_eq!(garbled_length(text), None, "{text}");
        }
    }

    #[test]
    fn correct_text_stays() {
        for text in CORRECT {
            assert_eq!(restore(text), None, "{text}");
            for word in text.split(' ') {
                assert_eq!(restore(word), None, "{word} in {text}");
            }
        }
    }

    #[test]
    fn garbled_text_is_restored() {
        for text in [
            "möchte",
            "Öl",
            "GRÖSSE",
            "Müller & Söhne – „bald“",
            "Straße",
            "5 € für 20 °C",
            "déjà vu",
            "À bientôt, c’est l’été",
            "Não, amanhã às 9",
            "AÇÃO",
            "¿Dónde está?",
            "Zażółć gęślą jaźń",
            "İstanbul, Çağrı, ığdır",
            "Tiếng Việt rất đẹp",
            "Čeština",
            "Größe…",
            "geht morgen 😊",
            "😊",
            "… – “so”",
            "Привет, мир",
            "こんにちは",
            "Γειά",
            "ﬁx",
            "Łódź",
            "geht’s",
            "Termin – morgen",
            "CAFÉ",
            "œuvre",
            "Nguyễn",
            "İzmir",
            "à demain",
        ] {
            for windows in [false, true] {
                let once = garble(text, windows);
                assert_eq!(restore(&once).as_deref(), Some(text), "{once}");
                let twice = garble(&once, windows);
                assert_eq!(restore(&twice).as_deref(), Some(text), "{twice}");
            }
        }
    }

    #[test]
    fn only_garbled_parts_of_a_text_are_changed() {
        let text = "Kundin mÃ¶chte Termin – für „Größe“";
        assert_eq!(
            restore(text).as_deref(),
            Some("Kundin möchte Termin – für „Größe“")
        );
    }
}
