//! Flattens calls into rows and columns. Rows are encoded in compact batches that know their
//! columns, so that threads can produce them and a temporary file can hold them until the header is
//! known.

pub mod campaigns;
pub mod cell_split;
pub mod column;
pub mod column_list;
pub mod column_plan;
pub mod flatten;
pub mod number;
pub mod row;
pub mod spool;
pub mod survey;
pub mod turns;
pub mod variables;
pub mod writer;
