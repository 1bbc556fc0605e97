//! One run of the program: batches to worker threads, results in input order, problems, progress,
//! standard output and signals.

pub(crate) mod batch_result;
pub(crate) mod location;
pub mod output_file;
pub mod pipeline;
pub mod problem;
pub mod progress;
pub mod read_plan;
pub mod reports;
pub(crate) mod rows;
pub mod session;
pub mod signals;
pub(crate) mod stdout;
