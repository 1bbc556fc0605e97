//! Values of strings and numbers, computed from their JSON text.

use std::borrow::Cow;

/// Unescapes a JSON string, given with its quotes. Escapes that denote no character (lone
/// surrogates) stay verbatim.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    let inner = &text[1..text.len() - 1];
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    // serde_json is exact and fast, but rejects lone surrogates.
    let exact: Result<String, _> = serde_json::from_str(text);
    Cow::Owned(exact.unwrap_or_else(|_| unescape_leniently(inner)))
}

/// Unescapes one escape at a time and keeps those verbatim that denote no character.
fn unescape_leniently(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        // Lengths of a surrogate pair, of `\u00fc` and of `\n`.
        let lengths: &[usize] = if rest.as_bytes().get(1) == Some(&b'u') {
            &[12, 6]
        } else {
            &[2]
        };
        let read = lengths.iter().find_map(|length| {
            let escape = rest.get(..*length)?;
            let read: String = serde_json::from_str(&format!("\"{escape}\"")).ok()?;
            (read.chars().count() == 1).then_some((*length, read))
        });
        if let Some((length, read)) = read {
            text.push_str(&read);
            rest = &rest[length..];
        } else {
            text.push('\\');
            rest = &rest[1..];
        }
    }
    text + rest
}

/// True if the JSON number has no fractional part. Decides on the digits, because a double holds
/// neither `1e400` nor 20 digits.
pub(crate) fn is_whole_number(number: &str) -> bool {
    // Fast path: most numbers are plain digits (1 % fewer instructions in `validate`).
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let (mantissa, exponent) = match number.find(['e', 'E']) {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits_are_zero = fraction.is_empty() && whole.bytes().all(|b| matches!(b, b'0' | b'-'));
    if digits_are_zero {
        return true;
    }
    // An exponent beyond i64 moves all digits to one side of the decimal point.
    let shift = exponent
        .parse::<i64>()
        .unwrap_or(if exponent.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        });
    if let Ok(places) = i64::try_from(fraction.len())
        && places > 0
    {
        return shift >= places;
    }
    let trailing_zeros = whole.len() - whole.trim_end_matches('0').len();
    shift >= 0 || i64::try_from(trailing_zeros).is_ok_and(|zeros| shift >= -zeros)
}

/// True for the names that programs give to values that are not finite numbers.
pub(super) fn is_no_number(word: &str) -> bool {
    let name = word.strip_prefix(['-', '+']).unwrap_or(word);
    ["nan", "inf", "infinity"].contains(&name.to_lowercase().as_str())
}
