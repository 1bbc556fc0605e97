//! The encodings of parts of mail messages: quoted-printable and base64 (RFC 2045 §6), charsets,
//! and wrapped lines (RFC 3676). Each is removed by itself, because each maps offsets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use encoding_rs::{Encoding, REPLACEMENT, UTF_8};

use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::location::coding::Coding;
use crate::capture::location::source_map::{OffsetMap, SourceMap};
use crate::capture::split::text::mail::{LineFlow, MailPart, TransferEncoding};

/// Removes the transfer encoding.
pub(crate) fn decode_transfer(bytes: &[u8], part: &MailPart) -> NestedText {
    match part.transfer {
        TransferEncoding::None => {
            let map = OffsetMap::of_range(0..bytes.len());
            NestedText::new(bytes.to_vec(), SourceMap::Mapped(map))
        }
        TransferEncoding::QuotedPrintable => decode_quoted_printable(bytes),
        TransferEncoding::Base64 => decode_base64(bytes, part.is_zip),
    }
}

/// Decodes quoted-printable text, up to an escape that is not valid.
fn decode_quoted_printable(bytes: &[u8]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    let mut damage = None;
    while at < bytes.len() {
        let escape = memchr::memchr(b'=', &bytes[at..]).map_or(bytes.len(), |found| at + found);
        text.add(at, &bytes[at..escape]);
        at = escape;
        let Some((_, rest)) = bytes[at..].split_first() else {
            break;
        };
        let digit = |index: usize| char::from(*rest.get(index)?).to_digit(16);
        if let (Some(high), Some(low)) = (digit(0), digit(1)) {
            text.add_escaped_byte(at, u8::try_from(high * 16 + low).unwrap_or_default());
            at += 3;
        } else if let Some(length) = soft_break(rest) {
            at += 1 + length;
            if bytes[at..].starts_with(b">From ") {
                let problem = "`>From` in quoted-printable text, in which an mbox file may have \
                               added the `>`";
                damage = Some(problem.to_owned());
                break;
            }
        } else {
            damage = Some("quoted-printable text with a `=` that is not an escape".to_owned());
            break;
        }
    }
    NestedText {
        damage,
        ..text.finish(at)
    }
}

/// Length of the line break after `=`, with white space before it.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let space = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    let space = space.count();
    match rest.get(space) {
        Some(b'\n') => Some(space + 1),
        None => Some(space),
        Some(_) => None,
    }
}

/// Decodes base64, up to a character that is not valid, or to the footer of a mailing list.
fn decode_base64(bytes: &[u8], is_zip: bool) -> NestedText {
    let bytes = &bytes[..footer_start(bytes).unwrap_or(bytes.len())];
    let digits: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let length = digits.iter().take_while(|byte| is_digit(byte)).count();
    let is_damaged = digits[length..].iter().any(|byte| *byte != b'=') || length % 4 == 1;
    let length = length - usize::from(length % 4 == 1);
    let decoded = STANDARD_NO_PAD.decode(&digits[..length]);
    // The last digit may have bits that are not used.
    let decoded = decoded.or_else(|_| STANDARD_NO_PAD.decode(&digits[..length / 4 * 4]));
    let (decoded, damage) = if is_zip {
        let problem = "a zip archive in a mail; save the attachment and read that";
        (Vec::new(), Some(problem.to_owned()))
    } else {
        let problem = "the base64 of this part is damaged; the rest is lost";
        let damage = is_damaged.then(|| problem.to_owned());
        (decoded.unwrap_or_default(), damage)
    };
    NestedText {
        damage,
        ..NestedText::new(decoded, SourceMap::Opaque(0, Coding::Base64))
    }
}

/// Start of the plain text that a mailing list has added after complete base64: lines with other
/// characters, after padding, an empty line, or the sign of a footer. `None` if there is no such
/// text, or if it may have a call.
fn footer_start(bytes: &[u8]) -> Option<usize> {
    let mut digits = 0;
    let (mut is_padded, mut is_after_empty_line) = (false, false);
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        if text.is_empty() {
            is_after_empty_line = true;
        } else if text.iter().all(is_base64) && !is_padded {
            digits += text.len();
            is_padded = text.ends_with(b"=");
            is_after_empty_line = false;
        } else {
            let is_marked = text.starts_with(b"--") || text.starts_with(b"__");
            let is_footer = digits > 0
                && digits % 4 == 0
                && (is_padded || is_after_empty_line || is_marked)
                && memchr::memchr(b'{', &bytes[at..]).is_none();
            return is_footer.then_some(at);
        }
        at += line.len();
    }
    None
}

/// Decodes the charset of the part. `None` if the text is UTF-8.
pub(crate) fn decode_charset(bytes: &[u8], part: &MailPart) -> Option<NestedText> {
    let label = part.charset.as_deref()?;
    let encoding = Encoding::for_label(label.as_bytes());
    let is_ascii = bytes.is_ascii() && encoding.is_none_or(Encoding::is_ascii_compatible);
    // Encodings that no browser reads any more, such as HZ.
    let encoding = encoding.filter(|known| *known != REPLACEMENT);
    if encoding == Some(UTF_8) || label == "us-ascii" || is_ascii && !label.starts_with("utf-") {
        return None;
    }
    let Some(encoding) = encoding else {
        let decoded = String::from_utf8_lossy(bytes);
        // Without an object, nothing is lost.
        return decoded.contains('{').then(|| NestedText {
            damage: Some(format!(
                "the charset {label} is not read; save the message as UTF-8"
            )),
            ..NestedTextBuilder::with_capacity(0).finish(0)
        });
    };
    if !encoding.is_single_byte() {
        return Some(decode_multi_byte(bytes, encoding, label));
    }
    let mut text = NestedTextBuilder::with_capacity(bytes.len() * 9 / 8);
    let mut damage = None;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii() {
            text.add(at, &[*byte]);
            continue;
        }
        let byte = [*byte];
        let (decoded, has_errors) = encoding.decode_without_bom_handling(&byte);
        match decoded.chars().next().filter(|_| !has_errors) {
            Some(character) if !character.is_control() => text.add_escaped(at, character),
            _ => {
                damage = Some(format!("text that is not {label}"));
                break;
            }
        }
    }
    Some(NestedText {
        damage,
        ..text.finish(bytes.len())
    })
}

/// Decodes an encoding with several bytes per character, up to bytes that are not valid.
fn decode_multi_byte(bytes: &[u8], encoding: &'static Encoding, label: &str) -> NestedText {
    /// More characters than one byte can complete.
    const MAX_CHARACTER_BYTES: usize = 16;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = NestedTextBuilder::with_capacity(bytes.len() * 3 / 2);
    // Start of the character that is not complete.
    let mut start = 0;
    let mut damage = None;
    for at in 0..bytes.len() {
        let mut utf8 = [0; MAX_CHARACTER_BYTES];
        let is_last = at + 1 == bytes.len();
        let input = &bytes[at..=at];
        let (_, _, length, has_errors) = decoder.decode_to_utf8(input, &mut utf8, is_last);
        if has_errors {
            damage = Some(format!("text that is not {label}"));
            break;
        }
        match &utf8[..length] {
            [] => continue,
            [byte] if *byte == bytes[at] => text.add(at, input),
            characters => {
                let characters = std::str::from_utf8(characters).unwrap_or_default();
                for character in characters.chars() {
                    text.add_escaped(start, character);
                }
            }
        }
        start = at + 1;
    }
    NestedText {
        damage,
        ..text.finish(bytes.len())
    }
}

/// Joins lines that were wrapped after a space. Lines of a quotation have `>` before them.
pub(crate) fn join_flowed_lines(bytes: &[u8], flow: LineFlow) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    // The depth of the quotation of the line before, if it goes on.
    let mut open: Option<usize> = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        let depth = content.iter().take_while(|byte| **byte == b'>').count();
        let stuffing = usize::from(content.get(depth) == Some(&b' '));
        let is_joined = open == Some(depth);
        if open.is_some() && !is_joined {
            text.add(at - 1, b"\n");
        }
        let skipped = if is_joined || depth == 0 {
            depth + stuffing
        } else {
            0
        };
        let is_soft = content.ends_with(b" ") && &content[depth + stuffing..] != b"-- ";
        let end = if is_soft && flow.deletes_space {
            content.len() - 1
        } else if is_soft {
            content.len()
        } else {
            line.len()
        };
        text.add(at + skipped, &line[skipped.min(end)..end]);
        open = is_soft.then_some(depth);
        at += line.len();
    }
    text.finish(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn quoted_printable_text_is_decoded() {
        let bytes = b"m=C3=B6gl=\r\nich =3d \r\nx=";
        let text = decode_quoted_printable(bytes);
        assert_eq!(text.bytes, "möglich = \r\nx".as_bytes());
        assert_eq!(text.damage, None);
        assert_eq!(&bytes[outer_offset(&text, "ich")..][..3], b"ich");
        let text = decode_quoted_printable(b"a=3Db=zc");
        assert_eq!(text.bytes, b"a=b");
        assert!(text.damage.is_some());
        assert!(decode_quoted_printable(b"a=\n>From x").damage.is_some());
    }

    #[test]
    fn base64_is_decoded_up_to_an_error() {
        let text = decode_base64(b"YWJj\r\nZGVm\r\nZw==\r\n", false);
        assert_eq!((&*text.bytes, text.damage), (&b"abcdefg"[..], None));
        let text = decode_base64(b"YWJj\n!", false);
        assert_eq!(text.bytes, b"abc");
        assert!(text.damage.is_some());
        assert!(decode_base64(b"YWJjZ", false).damage.is_some());
        assert!(decode_base64(b"YWJj\nYW.j", false).damage.is_some());
    }

    #[test]
    fn footers_of_mailing_lists_are_no_damage() {
        for footer in [
            "\n\n____\nhttps://example.org\n",
            "\r\n-- \r\nBob\r\n",
            "\n\nSent from here.\n",
        ] {
            let text = decode_base64(format!("YWJj\nZGVm{footer}").as_bytes(), false);
            assert_eq!(
                (&*text.bytes, text.damage),
                (&b"abcdef"[..], None),
                "{footer}"
            );
        }
        let text = decode_base64(b"YWI=\nSent from here\n", false);
        assert_eq!((&*text.bytes, text.damage), (&b"ab"[..], None));
        for damaged in [
            "YWJj\nZGV\n\n____\n",
            "YWJj\nSent from here.\n",
            "YWJj\n\n{\"id\": 1}\n",
        ] {
            assert!(
                decode_base64(damaged.as_bytes(), false).damage.is_some(),
                "{damaged}"
            );
        }
    }

    #[test]
    fn charsets_with_several_bytes_are_decoded() {
        let part = |charset: &str| MailPart {
            range: 0..0,
            transfer: TransferEncoding::None,
            charset: Some(charset.to_owned()),
            flow: None,
            is_html: false,
            is_zip: false,
        };
        for (charset, bytes) in [
            ("shift_jis", &b"{\"\x95\x5c\x82\xbd\"}"[..]),
            ("iso-2022-jp", b"{\"\x1b$BI=$?\x1b(B\"}"),
            ("euc-jp", b"{\"\xc9\xbd\xa4\xbf\"}"),
            ("utf-16le", b"{\0\"\0\x68\x88\x5f\x30\"\0}\0"),
        ] {
            let text = decode_charset(bytes, &part(charset)).expect("not UTF-8");
            assert_eq!(text.bytes, "{\"表た\"}".as_bytes(), "{charset}");
            assert_eq!(text.damage, None, "{charset}");
            assert_eq!(outer_offset(&text, "{"), 0, "{charset}");
        }
        for (charset, bytes) in [
            ("shift_jis", &b"{\x95"[..]),
            ("euc-kr", b"{\xff}"),
            ("hz-gb-2312", b"{~{}"),
            ("utf-7", b"{+AOQ-}"),
        ] {
            let text = decode_charset(bytes, &part(charset)).expect("not UTF-8");
            assert!(text.damage.is_some(), "{charset}");
        }
    }

    #[test]
    fn flowed_lines_are_joined() {
        let flow = |deletes_space| LineFlow { deletes_space };
        let bytes = b"a \r\nb\r\n  c\r\n> d \r\n> e\r\n-- \r\nf";
        let text = join_flowed_lines(bytes, flow(false));
        assert_eq!(text.bytes, b"a b\r\n c\r\n> d e\r\n-- \r\nf");
        assert_eq!(bytes[outer_offset(&text, "e")], b'e');
        let text = join_flowed_lines(b"ab \ncd\n", flow(true));
        assert_eq!(text.bytes, b"abcd\n");
    }
}
