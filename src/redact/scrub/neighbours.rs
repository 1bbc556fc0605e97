//! What is next to a token.

use super::tokens::{Conversation, Kind, Token};

impl<'t> Conversation<'t> {
    /// True if the tokens `index` and `of` are in one turn.
    pub(super) fn is_same_turn(&self, index: usize, of: usize) -> bool {
        self.in_turn(index, of).is_some()
    }

    /// The token before `index` in its turn.
    pub(super) fn before(&self, index: usize) -> Option<&Token<'t>> {
        self.in_turn(index.checked_sub(1)?, index)
    }

    /// The token behind `index` in its turn.
    pub(super) fn after(&self, index: usize) -> Option<&Token<'t>> {
        self.in_turn(index + 1, index)
    }

    /// The folded word at `index`, in the turn of the token `of`; empty if none is there.
    pub(super) fn word_in_turn(&self, index: usize, of: usize) -> &str {
        self.in_turn(index, of).map_or("", |token| &token.folded)
    }

    /// True if a word is at `index`, in the turn of the token `of`.
    pub(super) fn has_word(&self, index: usize, of: usize) -> bool {
        self.in_turn(index, of).is_some_and(Token::is_word)
    }

    /// True if this sign is at `index`, in the turn of the token `of`.
    pub(super) fn has_sign(&self, index: usize, of: usize, sign: char) -> bool {
        self.in_turn(index, of)
            .is_some_and(|token| token.is_sign(sign))
    }

    /// True if a dot is at `index` without white space before it, in the turn of the token `of`.
    pub(super) fn has_glued_dot(&self, index: usize, of: usize) -> bool {
        self.in_turn(index, of)
            .is_some_and(|token| token.is_sign('.') && token.is_glued)
    }

    /// True if this sign is at `index`, in any turn.
    pub(super) fn is_sign(&self, index: usize, sign: char) -> bool {
        self.tokens
            .get(index)
            .is_some_and(|token| token.is_sign(sign))
    }

    /// True if this sign is before `index`, in any turn.
    pub(super) fn follows_sign(&self, index: usize, sign: char) -> bool {
        index
            .checked_sub(1)
            .is_some_and(|before| self.is_sign(before, sign))
    }

    /// True if digits are before `index` in its turn.
    pub(super) fn follows_digits(&self, index: usize) -> bool {
        self.before(index)
            .is_some_and(|before| before.kind == Kind::Digits)
    }

    /// Index behind a comma at `index`; `index` if there is none in the turn of the token `of`.
    pub(super) fn skip_comma(&self, index: usize, of: usize) -> usize {
        index + usize::from(self.has_sign(index, of, ','))
    }

    /// True if a comma or the end of a sentence or of the turn of `of` is at `index`.
    pub(super) fn is_pause(&self, index: usize, of: usize) -> bool {
        self.in_turn(index, of)
            .is_none_or(|token| token.ends_sentence() || token.is_sign(','))
    }

    /// The folded word before `index`, also before a comma: "thanks" at the name in "Thanks, Anna".
    pub(super) fn word_before_comma(&self, index: usize) -> &str {
        match self.word_before(index) {
            "" if index >= 2 && self.follows_sign(index, ',') => self.word(index - 2),
            word => word,
        }
    }

    /// True if a hyphen joins the word at `index` to another one.
    pub(super) fn is_hyphenated(&self, index: usize) -> bool {
        self.hyphenated_end(index) > index + 1 || self.hyphenated_start(index) < index
    }
}
