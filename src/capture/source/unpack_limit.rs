//! Limits on the size of decompressed input.

use std::io;
use std::str::FromStr;

use super::decode_error::decode_error;
use crate::capture::location::coding::Coding;

/// Limits on the size of decompressed input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnpackLimit {
    /// Maximum number of bytes of one input.
    pub(crate) total: u64,
    /// Maximum number of bytes of one JSON value, which has to fit in memory.
    pub(crate) single_value: u64,
}

/// Maximum number of bytes of one JSON value, compressed or not.
const MAX_VALUE_BYTES: u64 = 256 << 20;

impl Default for UnpackLimit {
    fn default() -> Self {
        Self {
            total: 16 << 30,
            single_value: MAX_VALUE_BYTES,
        }
    }
}

impl UnpackLimit {
    /// Returns a limit of `bytes` both for an input and for a single value, which is also at most
    /// 256 MiB.
    #[must_use]
    pub(crate) fn uniform(bytes: u64) -> Self {
        Self {
            total: bytes,
            single_value: bytes.min(MAX_VALUE_BYTES),
        }
    }

    /// Returns the error for a value of more than `bytes` bytes in a source with this `coding`, if
    /// that is too large.
    pub(crate) fn check_value(&self, bytes: u64, coding: Option<Coding>) -> Option<io::Error> {
        match coding {
            Some(coding) if bytes > self.single_value && self.single_value < MAX_VALUE_BYTES => {
                Some(limit_error(coding, self.single_value))
            }
            _ => (bytes > MAX_VALUE_BYTES).then(|| {
                let reason = "a value is larger than 256 MiB; the rest was not read (write one call per line, for example with jq -c '.calls[]')";
                decode_error(reason)
            }),
        }
    }
}

impl FromStr for UnpackLimit {
    type Err = String;

    /// Parses a number of bytes; the suffix `K`, `M`, `G` or `T` multiplies it by a power of 1024.
    fn from_str(text: &str) -> Result<Self, String> {
        let units = ["K", "M", "G", "T"];
        let unit = units.iter().position(|unit| text.ends_with(unit));
        let digits = &text[..text.len() - usize::from(unit.is_some())];
        let factor = 1_u64 << (unit.map_or(0, |unit| unit + 1) * 10);
        let bytes = digits
            .parse()
            .ok()
            .and_then(|number: u64| number.checked_mul(factor));
        bytes
            .map(Self::uniform)
            .ok_or_else(|| "expected a whole number, optionally with K, M, G or T: 500M".to_owned())
    }
}

/// Returns the error for data that decompresses to more than `limit` bytes.
pub(super) fn limit_error(coding: Coding, limit: u64) -> io::Error {
    let limit = format_size(limit);
    let data = match coding {
        Coding::Zip => "zip archive".to_owned(),
        coding => format!("{} data", coding.name()),
    };
    decode_error(format!(
        "the {data} is larger than {limit} when decompressed; the rest was not read (see --max-unpacked)"
    ))
}

/// Formats a size in the largest unit that is exact: `16 GiB`, `600 bytes`.
pub(super) fn format_size(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let is_exact = |(shift, _): &(u32, &str)| bytes > 0 && bytes.trailing_zeros() >= *shift;
    match units.into_iter().find(is_exact) {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}
