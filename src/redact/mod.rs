//! Takes personal data out of bodies: every value is kept, mapped or masked, by its place in the
//! contract. What is not known to be harmless is masked. The result is pseudonymous, not anonymous:
//! the same key gives the same pseudonyms.

pub(crate) mod body;
mod checksums;
mod claims;
mod common_texts;
pub(crate) mod counts;
pub(crate) mod dates;
mod decimal;
mod fakes;
pub(crate) mod keep_list;
pub(crate) mod key;
mod member_names;
pub(crate) mod memo;
mod number_stream;
mod numbers;
mod phones;
mod plain_words;
pub(crate) mod pseudonyms;
mod readable;
pub(crate) mod residuals;
mod rule;
pub(crate) mod scrub;
mod scrub_state;
mod shape;
mod short_ff1;
mod texts;
mod words;
