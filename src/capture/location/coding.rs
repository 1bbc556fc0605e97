//! The codings that text can be in. A location in decoded text names the coding, because offsets in
//! such text are not those of the file.

/// An encoding that text was in before it was decoded: compression, UTF-16, or bytes as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Gzip, RFC 1952.
    Gzip,
    /// Zstandard, RFC 8878.
    Zstd,
    /// A member of a zip archive. The name of the source says which, so the lines and columns are
    /// those of the member.
    Zip,
    /// UTF-16, in either byte order. The decoded text has the lines and columns of the file.
    Utf16,
    /// Base64, RFC 4648, in the standard or the URL-safe alphabet.
    Base64,
    /// A JSON array with one number per byte, as Node.js and journald print binary data.
    ByteArray,
    /// Hexadecimal digits, as databases write binary columns.
    Hex,
}

impl Coding {
    /// Returns its name for messages, such as `gzip`.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
            Self::Utf16 => "UTF-16",
            Self::Base64 => "base64",
            Self::ByteArray => "a byte array",
            Self::Hex => "hexadecimal digits",
        }
    }

    /// True if lines and columns of the decoded text differ from those of the file.
    fn shifts_positions(self) -> bool {
        !matches!(self, Self::Utf16 | Self::Zip)
    }
}

/// The coding that has to be named beside a position in text decoded from `coding`, because lines
/// and columns are not those of the file; `None` if they are.
#[must_use]
pub(crate) fn position_coding(coding: Option<Coding>) -> Option<Coding> {
    coding.filter(|coding| coding.shifts_positions())
}
