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
        let part = first_part(left);
        let words = WORDS[part - 1];
        out.push_str(words[choose(words.len())]);
        left -= part;
    }
}

/// The length of the first word of filler of `length` letters. A long word consists of several,
/// none of them shorter than the last list allows.
#[must_use]
pub(crate) fn first_part(length: usize) -> usize {
    match length {
        ..=8 => length,
        9..=12 => length - 5,
        _ => 8,
    }
}

/// The length of the longest word, in letters.
const LONGEST_WORD: usize = WORDS.len();

/// The words as integers, whose lowest byte is the first letter, and the number of words: by their
/// length less one. An integer is copied at once, and letters become capitals by their bits.
const PACKED_WORDS: [([u64; 8], usize); LONGEST_WORD] = {
    let mut packed = [([0; 8], 0); LONGEST_WORD];
    let mut row = 0;
    while row < LONGEST_WORD {
        packed[row].1 = WORDS[row].len();
        let mut number = 0;
        while number < WORDS[row].len() {
            let word = WORDS[row][number].as_bytes();
            let mut at = 0;
            while at < word.len() {
                packed[row].0[number] |= (word[at] as u64) << (8 * at);
                at += 1;
            }
            number += 1;
        }
        row += 1;
    }
    packed
};

/// The word that [`push_filler`] writes for `length` letters, 1 to [`LONGEST_WORD`], as an integer
/// whose lowest byte is the first letter. `choose` is as in that function.
#[must_use]
pub(crate) fn packed_filler(length: usize, choose: impl FnOnce(usize) -> usize) -> u64 {
    let (words, count) = &PACKED_WORDS[length - 1];
    words[choose(*count)]
}

/// True if `word` is filler, in any case.
#[must_use]
pub(crate) fn is_filler(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let mut rest = lower.as_str();
    while !rest.is_empty() {
        let part = first_part(rest.len());
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
    fn packed_words_are_those_of_the_list() {
        for length in 1..=LONGEST_WORD {
            for seed in 0..10 {
                let mut filler = String::new();
                push_filler(length, &mut filler, |count| seed % count);
                let packed = packed_filler(length, |count| seed % count).to_le_bytes();
                assert_eq!(&packed[..length], filler.as_bytes());
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
