//! Words, digits and signs of a text, and the turns to which they belong.

use std::collections::HashSet;
use std::ops::Range;

use super::fold::fold;
use super::heads::{Head, heads};
use crate::call::transcript::line_heads;

/// What a token consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, and apostrophes between letters.
    Word,
    /// Digits.
    Digits,
    /// One other character that is not white space.
    Sign,
}

/// A word, a run of digits, or a sign.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) start: usize,
    /// See [`fold`].
    pub(super) folded: String,
    /// True if the token follows the one before without white space.
    pub(super) is_glued: bool,
    /// True if a sentence starts here.
    pub(super) starts_sentence: bool,
    /// Index of the turn.
    pub(super) turn: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end()
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    /// True if the first letter is a capital.
    pub(super) fn is_capitalized(&self) -> bool {
        self.is_word() && self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// True if all letters are capitals.
    pub(super) fn is_upper(&self) -> bool {
        self.is_word() && self.text.chars().all(char::is_uppercase)
    }

    pub(super) fn is_letter(&self) -> bool {
        self.is_word() && self.text.chars().nth(1).is_none()
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign && self.text.starts_with(sign)
    }

    pub(super) fn ends_sentence(&self) -> bool {
        self.kind == Kind::Sign && matches!(self.text, "." | "!" | "?" | "…")
    }
}

/// What one speaker says before another one does.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Indices of its tokens.
    pub(super) tokens: Range<usize>,
    /// True for turns of the assistant, which says the name of the business.
    pub(super) is_agent: bool,
    /// True if the turn has no capitals, as some speech recognition writes it.
    pub(super) is_lower_case: bool,
}

/// Most tokens that a rule looks at in one direction. Without a limit, some texts, such as one of
/// hyphens, would take quadratic time.
pub(super) const FARTHEST: usize = 40;

/// A text that was split into turns and tokens.
pub(super) struct Conversation<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) turns: Vec<Turn>,
    /// Labels of turns that may be names, in bytes. They are not in `tokens`.
    pub(super) names: Vec<Range<usize>>,
}

impl<'t> Conversation<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self::with_heads(text, heads(text, &line_heads(text), &HashSet::new()))
    }

    /// The conversation with these labels and times.
    pub(super) fn with_heads(text: &'t str, heads: Vec<Head>) -> Self {
        let mut conversation = Self {
            text,
            tokens: Vec::new(),
            turns: vec![Turn::default()],
            names: Vec::new(),
        };
        let mut at = 0;
        for head in heads {
            conversation.push_content(text, at..head.range.start);
            at = head.range.end;
            let Some(label) = head.label else {
                continue;
            };
            conversation.open_turn(label.is_agent);
            conversation.names.extend(label.name);
        }
        conversation.push_content(text, at..text.len());
        conversation.close_turn();
        conversation
    }

    /// Appends what is said in the current turn.
    fn push_content(&mut self, text: &'t str, range: Range<usize>) {
        let turn = self.turns.len() - 1;
        push_tokens(&text[range.clone()], range.start, turn, &mut self.tokens);
    }

    fn open_turn(&mut self, is_agent: bool) {
        self.close_turn();
        let start = self.tokens.len();
        self.turns.push(Turn {
            tokens: start..start,
            is_agent,
            is_lower_case: false,
        });
    }

    fn close_turn(&mut self) {
        let end = self.tokens.len();
        let Some(turn) = self.turns.last_mut() else {
            return;
        };
        turn.tokens.end = end;
        let words = &self.tokens[turn.tokens.clone()];
        turn.is_lower_case = words.iter().any(Token::is_word)
            && !words
                .iter()
                .any(|word| word.is_capitalized() && word.folded != "i");
    }

    /// The token at `index`, if it is in the turn of the token `of`.
    pub(super) fn in_turn(&self, index: usize, of: usize) -> Option<&Token<'t>> {
        let token = self.tokens.get(index)?;
        (token.turn == self.tokens.get(of)?.turn).then_some(token)
    }

    /// The folded word at `index`; empty if there is none.
    pub(super) fn word(&self, index: usize) -> &str {
        match self.tokens.get(index) {
            Some(token) if token.is_word() => &token.folded,
            _ => "",
        }
    }

    /// The folded word before `index` in its turn; empty if a sign is there.
    pub(super) fn word_before(&self, index: usize) -> &str {
        match index.checked_sub(1) {
            Some(before) if self.in_turn(before, index).is_some() => self.word(before),
            _ => "",
        }
    }

    /// The folded word behind `index` in its turn; empty if a sign is there.
    pub(super) fn word_after(&self, index: usize) -> &str {
        match self.in_turn(index + 1, index) {
            Some(_) => self.word(index + 1),
            None => "",
        }
    }

    pub(super) fn is_lower_case(&self, index: usize) -> bool {
        self.turns[self.tokens[index].turn].is_lower_case
    }

    /// Index behind the words that hyphens join to the word at `index`, up to a limit.
    pub(super) fn hyphenated_end(&self, index: usize) -> usize {
        let mut end = index + 1;
        while end - index < FARTHEST
            && let (Some(hyphen), Some(part)) =
                (self.in_turn(end, index), self.in_turn(end + 1, index))
        {
            let is_joined = hyphen.is_glued && hyphen.is_sign('-') && part.is_glued;
            if !is_joined || !part.is_word() {
                break;
            }
            end += 2;
        }
        end
    }

    /// Index of the first of the words that hyphens join to the word at `index`, up to a limit.
    pub(super) fn hyphenated_start(&self, index: usize) -> usize {
        let mut start = index;
        while index - start < FARTHEST
            && start >= 2
            && self.tokens[start].is_glued
            && self.tokens[start - 1].is_sign('-')
            && self.tokens[start - 1].is_glued
            && self.tokens[start - 2].is_word()
            && self.in_turn(start - 2, index).is_some()
        {
            start -= 2;
        }
        start
    }

    /// Bytes from the token `first` to the token before `end`.
    pub(super) fn range(&self, first: usize, end: usize) -> Range<usize> {
        self.tokens[first].start..self.tokens[end - 1].end()
    }
}

/// Appends the tokens of `text`, which starts at byte `offset`.
fn push_tokens<'t>(text: &'t str, offset: usize, turn: usize, tokens: &mut Vec<Token<'t>>) {
    let mut at = 0;
    let mut is_glued = false;
    let mut starts_sentence = tokens.last().is_none_or(|last| last.turn != turn);
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            is_glued = false;
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = token_at(&text[at..], first);
        let token = &text[at..at + length];
        tokens.push(Token {
            kind,
            text: token,
            start: offset + at,
            folded: if kind == Kind::Word {
                fold(token)
            } else {
                String::new()
            },
            is_glued,
            starts_sentence,
            turn,
        });
        let last = &tokens[tokens.len() - 1];
        starts_sentence = last.ends_sentence() || (starts_sentence && kind == Kind::Sign);
        is_glued = true;
        at += length;
    }
}

/// Kind and length of the token at the start of `rest`.
fn token_at(rest: &str, first: char) -> (Kind, usize) {
    if first.is_numeric() {
        let end = rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len());
        return (Kind::Digits, end);
    }
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36f}');
    if !first.is_alphabetic() {
        return (Kind::Sign, first.len_utf8());
    }
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_apostrophe = matches!(character, '\'' | '’')
            && characters.peek().is_some_and(|(_, next)| is_letter(*next));
        // "d'Anna" in dialects: the article is a word of its own.
        let is_article = at == 1
            && first.is_lowercase()
            && characters
                .peek()
                .is_some_and(|(_, next)| next.is_uppercase());
        if !is_letter(character) && (!is_apostrophe || is_article) {
            return (Kind::Word, at);
        }
    }
    (Kind::Word, rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_have_speakers_and_tokens() {
        let text = "Agent: Hallo?\nKunde: Ja, O'Hara.\nNoch was: 3a\nAgent: ok";
        let conversation = Conversation::new(text);
        let agents: Vec<_> = conversation
            .turns
            .iter()
            .map(|turn| turn.is_agent)
            .collect();
        assert_eq!(agents, [false, true, false, true]);
        let words: Vec<_> = conversation.tokens.iter().map(|t| t.text).collect();
        assert_eq!(
            words,
            [
                "Hallo", "?", "Ja", ",", "O'Hara", ".", "Noch", "was", ":", "3", "a", "ok"
            ]
        );
        assert!(conversation.turns[3].is_lower_case);
        for token in &conversation.tokens {
            assert_eq!(&text[token.range()], token.text);
        }
    }

    #[test]
    fn any_text_has_tokens() {
        for text in [
            "",
            "\n",
            ":",
            "a:",
            "\u{301}x",
            "é:\u{a0}ñ\n:\n",
            "٣٤ ½ x’",
            "😀-a-",
        ] {
            let conversation = Conversation::new(text);
            for (index, token) in conversation.tokens.iter().enumerate() {
                assert_eq!(&text[token.range()], token.text);
                assert!(conversation.hyphenated_start(index) <= index);
            }
        }
    }
}
