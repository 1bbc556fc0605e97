//! Flattens calls into rows and columns. Rows are encoded in compact batches that know their
//! columns, so that threads can produce them and a temporary file can hold them until the header is
//! known.

pub(crate) mod absent_column;
pub(crate) mod campaigns;
pub(crate) mod candidate_filter;
pub mod cell_split;
pub(crate) mod cell_type;
pub mod column;
pub(crate) mod column_limit;
pub(crate) mod column_list;
pub(crate) mod column_names;
pub(crate) mod column_options;
pub mod column_plan;
pub mod flatten;
pub(crate) mod headings;
pub(crate) mod record_store;
pub(crate) mod row;
pub(crate) mod sort;
pub(crate) mod spool;
pub(crate) mod survey;
pub(crate) mod turns;
pub(crate) mod variables;
pub(crate) mod writer;
