//! Finds personal data in texts, so that it can be replaced and the text stays readable.
//!
//! Rules for German and English find what speech recognition writes on the phone: known values of
//! the body in all their forms, names with a cue, unknown words, spelled words, numbers and
//! addresses in digits and words. They miss some, and find too much at times: `measure.rs` measures
//! both.

mod addresses;
mod birthdays;
mod body_texts;
mod elements;
mod emails;
#[cfg(test)]
mod examples;
mod find;
mod first_names;
mod fold;
mod found;
mod heads;
mod house_numbers;
mod known_names;
mod known_values;
mod language;
#[cfg(test)]
mod measure;
mod name_answers;
mod name_book;
mod name_cues;
mod name_parts;
mod name_starts;
mod names;
mod names_before_cues;
mod neighbours;
mod number_words;
mod numbers;
mod postcodes;
mod quantities;
mod residuals;
mod sequences;
mod spelled_names;
mod streets;
mod tokens;
mod topics;
mod unknown_words;
mod word_kinds;
mod words;

pub(crate) use body_texts::{BodyTexts, PersonalTexts};
pub(crate) use found::{Class, Findings, Found};
pub(crate) use residuals::{Residual, find_residuals};
