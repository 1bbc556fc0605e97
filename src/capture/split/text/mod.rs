//! Finds JSON in text that is not JSON as a whole, such as a log: where its parts start and end,
//! and so where the text can be cut. Decoding the parts is left to the search.

pub(crate) mod ansi;
mod broken_json;
pub(crate) mod call_fragments;
pub(crate) mod call_members;
pub(crate) mod charset;
mod command;
mod control_codes;
pub(crate) mod convention;
pub(crate) mod cut;
mod escaped;
mod evidence;
pub(crate) mod haproxy;
mod heredocs;
pub(crate) mod hex;
pub(crate) mod http;
mod layers;
pub(crate) mod lexeme;
pub(crate) mod literal;
mod literal_quote;
#[cfg(test)]
mod literal_tests;
pub(crate) mod mail;
pub(crate) mod marked_lines;
pub(crate) mod markup;
mod message_body;
mod nested_calls;
mod next_match;
mod next_stop;
mod number_escape;
pub(crate) mod percent;
mod possible;
pub(crate) mod printed_block;
mod quoted_rest;
pub(crate) mod ranges;
mod reading;
pub(crate) mod refusal;
pub(crate) mod scanner;
mod shells;
pub(crate) mod split_lines;
mod sql_expression;
mod statements;
pub(crate) mod stop;
mod surroundings;
pub(crate) mod text_part;
