//! Bodies survive every way in which databases, languages, shells, forms, mail programs and loggers
//! write text, and damaged text is never read as something else.
//!
//! Each [form](form) has an encoder, which writes a body as other programs do, and a decoder, which
//! reads text by the rules of the format. Both are independent of the program. Random bodies are
//! encoded, and some of them damaged: cut, or with one character changed, inserted or removed. Each
//! value that the program extracts is then that of the body, or the one that the decoder finds in
//! the damaged text. All other text with a body is reported.
//!
//! `cargo test` tries some hundred bodies per form. `.ci/full bodies` tries 100,000.
//! `PROPTEST_RNG_SEED=7 BODIES=2000 cargo test --test integration literals::` tries 2,000 others.

mod bodies;
mod damage;
mod damaged;
mod databases;
mod escapes;
mod extracted;
mod form;
mod layers;
mod loggers;
mod mail;
mod neighbours;
mod shells;
mod tables;
mod tally;
mod web;
mod whole;
mod zip_archives;
