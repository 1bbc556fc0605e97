//! Words that say nothing. Redacted text consists of them, so that it is recognized without a key.

/// The words of 1, 2, … letters. They use only twelve letters, and none of them is a label of a
/// speaker, a status, a name or a number.
const WORDS: &[&[&str]] = &[
    &["a", "e", "i", "o"],
    &["ad", "at", "de", "et", "in", "se", "ut"],
    &["dui", "est", "leo", "non", "sed", "sit"],
    &["amet", "ante", "enim", "erat", "nisi", "nisl"],
    &["autem", "dolor", "lorem", "massa", "modis", "nulla"],
    &["dolore", "mattis", "mollis", "ornare", "tellus", "semine"],
    &["dolorem", "euismod", "laoreet", "nostrud", "sodales"],
    &["interdum", "molestie", "assuetum", "luminare"],
];

/// Writes filler of `length` letters to `out`. `choose` returns a number below its argument, which
/// chooses a word.
pub(crate) fn push_filler(length: usize, out: &mut String, mut choose: impl FnMut(usize) -> usize) {
    let mut left = length;
    while left > 0 {
        // A long word consists of several, none of them shorter than the last list allows.
        let part = match left {
            ..=8 => left,
            9..=12 => left - 5,
            _ => 8,
        };
        let words = WORDS[part - 1];
        out.push_str(words[choose(words.len())]);
        left -= part;
    }
}

/// True if `word` is filler, in any case.
#[must_use]
pub(crate) fn is_filler(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while !rest.is_empty() {
        let part = match rest.len() {
            ..=8 => rest.len(),
            9..=12 => rest.len() - 5,
            _ => 8,
        };
        let Some((start, after)) = rest.split_at_checked(part) else {
            return false;
        };
        if !WORDS[part - 1].contains(&start) {
            return false;
        }
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_length_of_their_list() {
        for (words, length) in WORDS.iter().zip(1..) {
            for word in *words {
                assert_eq!(word.len(), length, "{word}");
                assert!(
                    word.bytes().all(|letter| b"adeilmnorstu".contains(&letter)),
                    "{word}"
                );
            }
        }
    }

    #[test]
    fn filler_of_any_length_is_recognized() {
        for length in 1..100 {
            for seed in 0..10 {
                let mut filler = String::new();
                push_filler(length, &mut filler, |count| seed % count);
                assert_eq!(filler.len(), length);
                assert!(
                    is_filler(&filler) && is_filler(&filler.to_uppercase()),
                    "{filler}"
                );
            }
        }
        for word in ["Anna", "müller", "loremx", "ü"] {
            assert!(!is_filler(word), "{word}");
        }
    }
}
