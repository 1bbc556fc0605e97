//! The character encoding that the head of an HTTP message declares for its body.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8};

/// The encoding in a `Content-Type`, in lower or upper case. `None` if it is UTF-8 or not declared,
/// and [`REPLACEMENT`] if it is not known.
#[must_use]
pub(crate) fn declared_charset(content_type: &[u8]) -> Option<&'static Encoding> {
    let mut parameters = content_type.split(|byte| *byte == b';').skip(1);
    let label = parameters.find_map(|parameter| {
        let equals = memchr::memchr(b'=', parameter)?;
        let name = parameter[..equals].trim_ascii();
        name.eq_ignore_ascii_case(b"charset")
            .then(|| parameter[equals + 1..].trim_ascii())
    })?;
    let label = label.strip_prefix(b"\"").unwrap_or(label);
    let label = label.strip_suffix(b"\"").unwrap_or(label);
    // Text beyond ASCII is then in another encoding, which is not declared.
    if label.eq_ignore_ascii_case(b"us-ascii") || label.eq_ignore_ascii_case(b"ascii") {
        return None;
    }
    let encoding = Encoding::for_label(label).unwrap_or(REPLACEMENT);
    (encoding != UTF_8).then_some(encoding)
}

/// Describes text in an encoding that is not read.
#[must_use]
pub(crate) fn describe_unread(charset: &'static Encoding) -> String {
    if charset == REPLACEMENT {
        return "text in an unknown encoding".to_owned();
    }
    format!("text in {}, which is not read", charset.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charset_is_a_parameter_of_the_type() {
        let name =
            |content_type: &str| declared_charset(content_type.as_bytes()).map(Encoding::name);
        for (content_type, expected) in [
            ("application/json", None),
            ("application/json; charset=utf-8", None),
            ("application/json; charset=US-ASCII", None),
            (
                "application/json;charset=\"ISO-8859-2\"",
                Some("ISO-8859-2"),
            ),
            ("a/b; x=y; Charset = windows-1251", Some("windows-1251")),
            ("a/b; charset=latin1", Some("windows-1252")),
            ("a/b; charset=utf-16le", Some("UTF-16LE")),
            ("a/b; charset=cp850", Some("replacement")),
        ] {
            assert_eq!(name(content_type), expected, "{content_type}");
        }
    }
}
