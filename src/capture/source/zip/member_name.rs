//! Decodes the names of members of zip archives.

use rawzip::crc32;
use rawzip::extra_fields::{ExtraFieldId, ExtraFields};

/// The characters of code page 437 from 128, which `encoding_rs` does not know.
const CODE_PAGE_437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// Decodes the `name` of a member. `is_utf8` is the flag of its encoding, which many writers of
/// UTF-8 do not set. Without it, the encoding is code page 437 (APPNOTE, appendix D).
pub(super) fn decode_name(name: &[u8], is_utf8: bool, extra_fields: ExtraFields) -> String {
    if !is_utf8 && let Some(unicode) = unicode_path(name, extra_fields) {
        return unicode;
    }
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) if is_utf8 => String::from_utf8_lossy(name).into_owned(),
        Err(_) => name.iter().map(|byte| decode_byte(*byte)).collect(),
    }
}

/// The name in the extra field of Info-ZIP for it (APPNOTE §4.6.9), if it belongs to `name`.
fn unicode_path(name: &[u8], mut extra_fields: ExtraFields) -> Option<String> {
    let (_, field) = extra_fields.find(|(id, _)| *id == ExtraFieldId::INFO_ZIP_UNICODE_PATH)?;
    let (version, field) = field.split_first()?;
    let (checksum, unicode) = field.split_first_chunk()?;
    let is_current = *version == 1 && u32::from_le_bytes(*checksum) == crc32(name);
    let unicode = std::str::from_utf8(unicode).ok().filter(|_| is_current)?;
    Some(unicode.to_owned())
}

/// Decodes a byte of code page 437.
fn decode_byte(byte: u8) -> char {
    let index = usize::from(byte).checked_sub(128);
    let character = index.and_then(|index| CODE_PAGE_437.chars().nth(index));
    character.unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(name: &[u8], is_utf8: bool) -> String {
        decode_name(name, is_utf8, ExtraFields::new(&[]))
    }

    #[test]
    fn names_are_utf_8_or_code_page_437() {
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        assert_eq!(decode("Anruf ü.json".as_bytes(), true), "Anruf ü.json");
        assert_eq!(decode("Anruf ü.json".as_bytes(), false), "Anruf ü.json");
        assert_eq!(decode(b"Anruf \x81\x94\xe1.json", false), "Anruf üöß.json");
        assert_eq!(decode(b"a\xff", true), "a\u{fffd}");
    }

    #[test]
    fn the_unicode_name_counts_if_it_belongs_to_the_name() {
        let checksum = crc32(b"a?.json").to_le_bytes();
        let field = |checksum: [u8; 4]| {
            let unicode = [&[1][..], &checksum, "aж.json".as_bytes()].concat();
            let length = u16::try_from(unicode.len()).expect("it is short");
            [&[0x75, 0x70][..], &length.to_le_bytes(), &unicode].concat()
        };
        let name = |field: &[u8]| decode_name(b"a?.json", false, ExtraFields::new(field));
        assert_eq!(name(&field(checksum)), "aж.json");
        assert_eq!(name(&field([0; 4])), "a?.json");
    }
}
