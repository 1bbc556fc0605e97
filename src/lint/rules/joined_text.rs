//! Joins the texts of rules at compile time, so that they can contain counts from the contract.

/// The English word for a small count.
pub(super) const fn in_words(count: usize) -> &'static str {
    const WORDS: [&str; 17] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    ];
    WORDS[count]
}

/// Joins constant texts into one `&'static str`.
macro_rules! join_texts {
    ($($text:expr),+) => {{
        const TEXTS: &[&str] = &[$($text),+];
        const BYTES: [u8; $crate::lint::rules::joined_text::joined_len(TEXTS)] =
            $crate::lint::rules::joined_text::join(TEXTS);
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("joined texts are UTF-8"),
        }
    }};
}
pub(super) use join_texts;

/// The length in bytes of the joined texts.
pub(super) const fn joined_len(texts: &[&str]) -> usize {
    let (mut index, mut len) = (0, 0);
    while index < texts.len() {
        len += texts[index].len();
        index += 1;
    }
    len
}

/// The bytes of the joined texts, `N` in all.
pub(super) const fn join<const N: usize>(texts: &[&str]) -> [u8; N] {
    let mut joined = [0; N];
    let (mut index, mut start) = (0, 0);
    while index < texts.len() {
        let bytes = texts[index].as_bytes();
        let (_, rest) = joined.split_at_mut(start);
        rest.split_at_mut(bytes.len()).0.copy_from_slice(bytes);
        start += bytes.len();
        index += 1;
    }
    joined
}
