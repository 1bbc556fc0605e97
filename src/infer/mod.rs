//! Infers a declaration of the extracted variables from bodies: their names and types, and the
//! values that do not fit. One pass, in memory that depends on the number of names only.

pub(crate) mod changes;
pub(crate) mod evidence;
pub(crate) mod json_list;
mod location;
pub(crate) mod observed;
mod occurrences;
mod text_edits;
pub(crate) mod toml_merge;
pub(crate) mod toml_table;
mod type_rule;

#[cfg(test)]
mod test_calls;
