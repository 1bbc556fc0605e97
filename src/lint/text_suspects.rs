//! Fast path of the rules on texts: nearly all bodies have no text that these could report.

use wide::u8x32;

use crate::call::Call;
use crate::call::contract_object::ContractObject;
use crate::json::Json;

/// Which texts of a body may be encoded wrongly. False is definite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextSuspects {
    /// UTF-8 may have been read in another encoding.
    pub(crate) may_be_garbled: bool,
    /// There may be a backslash before `n`, `r`, `u` or a quote.
    pub(crate) may_be_escaped_twice: bool,
}

/// Bytes per vector comparison.
const CHUNK: usize = 32;

impl TextSuspects {
    /// Examines the texts of `body`: the transcript, the variables, the lead and the name of the
    /// campaign, and all of it if it has undocumented members.
    pub(crate) fn find(body: &ContractObject, call: &Call) -> Self {
        let mut suspects = Self::default();
        if body.has_undocumented {
            suspects.add(Some(body.value));
            return suspects;
        }
        suspects.add(call.transcript().value());
        for (_, variables) in body.variables() {
            suspects.add(Some(variables));
        }
        suspects.add(call.lead.as_ref().map(|lead| lead.object.value));
        if let Some(campaign) = &call.campaign {
            let object = &campaign.object;
            let is_plain = !object.has_undocumented;
            suspects.add(if is_plain {
                campaign.name()
            } else {
                Some(object.value)
            });
        }
        suspects
    }

    fn add(&mut self, value: Option<Json>) {
        let text = value.map_or("", Json::text).as_bytes();
        let mut start = 0;
        while let Some(chunk) = text[start..].first_chunk::<CHUNK>() {
            let bytes = u8x32::new(*chunk);
            let is_suspect = bytes.simd_eq(u8x32::splat(0xc3)) | bytes.simd_eq(u8x32::splat(b'\\'));
            let mut suspects = is_suspect.to_bitmask();
            while suspects != 0 {
                self.examine(&text[start + suspects.trailing_zeros() as usize..]);
                suspects &= suspects - 1;
            }
            start += CHUNK;
        }
        for (index, byte) in text[start..].iter().enumerate() {
            if matches!(byte, 0xc3 | b'\\') {
                self.examine(&text[start + index..]);
            }
        }
    }

    /// Examines the start of `text`, which is a backslash or the first byte of a letter from U+00C0
    /// to U+00FF.
    #[inline]
    fn examine(&mut self, text: &[u8]) {
        match text {
            // A letter from U+00C2 to U+00F4, and another character that is not ASCII.
            [0xc3, 0x82..=0xb4, 0xc2..=0xff, ..] | [0xc3, _, b'\\', b'u', ..] => {
                self.may_be_garbled = true;
            }
            [
                b'\\',
                b'u',
                b'0',
                b'0',
                b'c'..=b'f' | b'C'..=b'F',
                _,
                next,
                ..,
            ] => {
                self.may_be_garbled |= matches!(next, b'\\' | 0xc2..=0xff);
            }
            [b'\\', b'\\', b'n' | b'r' | b'u' | b'\\', ..] => self.may_be_escaped_twice = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suspects_are_found_at_each_index() {
        for index in 0..70 {
            for (text, is_garbled, is_escaped) in [
                ("Ã¶", true, false),
                ("â€“", true, false),
                ("\\u00c3\\u00b6", true, false),
                ("Ã\\u00b6", true, false),
                ("\\\\n", false, true),
                ("\\\\\\\"", false, true),
                ("\\\\u00fc", false, true),
                ("öo – \\n \\\" \\u00f6o \\\\a", false, false),
            ] {
                let text = format!("\"{}{text}\"", "x".repeat(index));
                let mut suspects = TextSuspects::default();
                suspects.add(Some(Json::from_well_formed(&text)));
                let expected = TextSuspects {
                    may_be_garbled: is_garbled,
                    may_be_escaped_twice: is_escaped,
                };
                assert_eq!(suspects, expected, "{text}");
            }
        }
    }
}
