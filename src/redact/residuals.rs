//! What `--text scrub` left in texts although it may be personal: words that no list has, and
//! numbers.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::Serialize;

use crate::json::{Json, Token, plain_text, scan};

/// A word or a number in a text that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextResidual {
    pub(super) text: String,
    pub(super) kind: ResidualKind,
    /// Index of its first character in the text, from 1.
    pub(super) character: usize,
    /// Offset of the text in the body.
    pub(super) text_start: usize,
}

/// Why a part of a text may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ResidualKind {
    /// A capitalized word that no list has.
    Word,
    /// Four digits or more.
    Number,
}

/// Where a residual is. It is found by that in the output; what it says is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ResidualPlace {
    /// The id of the call in the output.
    call: String,
    /// JSON Pointer of the text.
    pointer: String,
    kind: ResidualKind,
    /// Index of its first character in the text, from 1.
    character: usize,
}

/// The residuals of a run, or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Residuals {
    pub(crate) words: u64,
    pub(crate) numbers: u64,
    /// The first ones.
    pub(crate) places: Vec<ResidualPlace>,
    /// How often each text is left, for the first different ones.
    texts: BTreeMap<String, u64>,
}

/// Most places in a report. More would be too many to look at, and take memory.
const MAX_PLACES: usize = 1000;
/// Most different texts that are counted.
const MAX_TEXTS: usize = 10_000;

impl Residuals {
    /// Adds the residuals of a redacted body, which are in the order of their texts.
    pub(super) fn add(&mut self, body: Json, residuals: Vec<TextResidual>) {
        let mut residuals = residuals.into_iter().peekable();
        if residuals.peek().is_none() {
            return;
        }
        let id = body.members().and_then(|members| members.get("id"));
        let call = id.map_or(String::new(), |id| plain_text(id).into_owned());
        let start = body.text().as_ptr() as usize;
        scan(body, |path, token| {
            let Token::Scalar(text) = token else {
                return;
            };
            let offset = text.text().as_ptr() as usize - start;
            let pointer = path.pointer("");
            while let Some(residual) = residuals.next_if(|next| next.text_start == offset) {
                match residual.kind {
                    ResidualKind::Word => self.words += 1,
                    ResidualKind::Number => self.numbers += 1,
                }
                self.count_text(residual.text, 1);
                if self.places.len() < MAX_PLACES {
                    self.places.push(ResidualPlace {
                        call: call.clone(),
                        pointer: pointer.clone(),
                        kind: residual.kind,
                        character: residual.character,
                    });
                }
            }
        });
    }

    fn count_text(&mut self, text: String, count: u64) {
        if let Some(known) = self.texts.get_mut(&text) {
            *known += count;
        } else if self.texts.len() < MAX_TEXTS {
            self.texts.insert(text, count);
        }
    }

    /// Number of residuals.
    #[must_use]
    pub(crate) fn count(&self) -> u64 {
        self.words + self.numbers
    }

    /// The different texts and how often each is left, the most frequent first.
    #[must_use]
    pub(crate) fn texts(&self) -> Vec<(&str, u64)> {
        let texts = self.texts.iter();
        let mut texts: Vec<_> = texts.map(|(text, count)| (text.as_str(), *count)).collect();
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        texts
    }
}

impl AddAssign for Residuals {
    fn add_assign(&mut self, other: Self) {
        self.words += other.words;
        self.numbers += other.numbers;
        let left = MAX_PLACES - self.places.len();
        self.places.extend(other.places.into_iter().take(left));
        for (text, count) in other.texts {
            self.count_text(text, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn residual(text: &str, text_start: usize) -> TextResidual {
        TextResidual {
            text: text.to_owned(),
            kind: ResidualKind::Word,
            character: 3,
            text_start,
        }
    }

    #[test]
    fn residuals_have_the_pointers_of_their_texts() {
        let body = r#"{"id":7,"a":[1,"x Quandt","y Quandt"]}"#;
        let mut residuals = Residuals::default();
        let left = [body.find("\"x"), body.find("\"y")];
        let left = left.map(|start| residual("Quandt", start.expect("a text")));
        residuals.add(Json::from_well_formed(body), left.to_vec());
        let pointers: Vec<_> = residuals.places.iter().map(|at| &*at.pointer).collect();
        assert_eq!(pointers, ["/a/1", "/a/2"]);
        assert_eq!(
            (residuals.count(), residuals.texts()),
            (2, vec![("Quandt", 2)])
        );
    }

    #[test]
    fn memory_is_limited() {
        let mut residuals = Residuals::default();
        for call in 0..2 * MAX_TEXTS {
            let body = format!("[{call}]");
            let left = vec![residual(&call.to_string(), 1)];
            let mut more = Residuals::default();
            more.add(Json::from_well_formed(&body), left);
            residuals += more;
        }
        assert_eq!(residuals.count(), 2 * MAX_TEXTS as u64);
        assert_eq!(residuals.places.len(), MAX_PLACES);
        assert_eq!(residuals.texts().len(), MAX_TEXTS);
    }
}
