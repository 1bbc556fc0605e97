//! What `--text scrub` knows while it redacts a body.

use std::collections::HashMap;

use super::scrub::{BodyTexts, Class, PersonalTexts};

/// How far `--text scrub` is with a body.
pub(super) enum Scrub {
    /// Collects its texts. Nothing is written yet.
    Collecting(BodyTexts),
    /// Replaces what was found.
    Replacing(PersonalTexts, Placeholders),
}

impl Scrub {
    /// Starts to replace, after the whole body was read.
    pub(super) fn search(self) -> Self {
        match self {
            Self::Collecting(texts) => Self::Replacing(texts.search(), Placeholders::default()),
            replacing @ Self::Replacing(..) => replacing,
        }
    }

    /// Ends an object, which may be a turn.
    pub(super) fn end_object(&mut self) {
        if let Self::Collecting(texts) = self {
            texts.end_turn();
        }
    }
}

/// What stands for parts of texts: `[name 1]`. Equal parts of a body have equal numbers.
#[derive(Default)]
pub(super) struct Placeholders {
    /// By placeholder and by text, in lower case and without separators.
    numbers: HashMap<(&'static str, String), usize>,
    /// The last number of each placeholder.
    last: HashMap<&'static str, usize>,
}

impl Placeholders {
    pub(super) fn of(&mut self, text: &str, class: Class) -> String {
        let name = class.placeholder();
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        let key = letters.flat_map(char::to_lowercase).collect();
        let number = *self.numbers.entry((name, key)).or_insert_with(|| {
            let last = self.last.entry(name).or_default();
            *last += 1;
            *last
        });
        format!("[{name} {number}]")
    }
}
