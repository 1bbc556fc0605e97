//! One run of the program: from the inputs to standard output, messages and the exit code.
//!
//! How a batch travels from a file to the output:
//!
//! 1. A command that writes files claims them with [`Session::claim_outputs`], so that they cannot
//!    be its inputs. It calls [`Session::for_each_call`] with [`ReadOptions`], a function for each
//!    call and a sink for the results. [`Session::plan`] turns the options into a [`ReadPlan`]; to
//!    keep only the last call of each id, it first reads the whole input an extra time.
//! 2. [`batches::run`] opens the sources one after another and splits each into [`Batch`]es:
//!    whole documents of about 1 MiB, numbered across sources. An idle worker takes the next
//!    batch itself, so reading and processing share a CPU cache.
//! 3. In the worker, `batch_result` finds the items of the batch, and [`Selection`] passes on the
//!    selected calls and everything that is not a call. With a limit or deduplication, batches wait
//!    there for those before them. The command's function adds each call to the result value of its
//!    batch (text, rows or findings). Items that are not calls become [`Problem`]s. Some are
//!    deferred: a value without a call matters only if the calls of its source are not wrapped in
//!    envelopes.
//! 4. The `BatchResult` goes back to the calling thread, in the order of the batches. There the
//!    session adds the counts, sets the exit code, releases the deferred problems of the previous
//!    source, and passes the value to the command's sink to be written. Then it flushes standard
//!    output, prints the problems on standard error and adds their records to the [`RejectFile`].
//! 5. If the input pauses, as that of `tail -f` does, the pipeline reports it, and buffered output
//!    is written. A `Break` from the selection ends reading, and so does an error from the sink,
//!    such as a closed pipe.
//! 6. After the last batch, [`Session::conclude_input`] fails the run if there was no call at all,
//!    and the command writes the output that had to wait: spooled rows, totals, the end of a
//!    report. An [`OutputFile`] appears under its name only then; a [signal](signals) removes it.
//!
//! Only the calling thread writes, so the output does not depend on the number of threads. Memory
//! is bounded by the batches in flight, about two per thread.
//!
//! [`Batch`]: crate::capture::split::batch::Batch
//! [`OutputFile`]: output_file::OutputFile
//! [`Problem`]: problem::Problem
//! [`ReadOptions`]: read_plan::ReadOptions
//! [`ReadPlan`]: read_plan::ReadPlan
//! [`RejectFile`]: problem::RejectFile
//! [`Selection`]: crate::select::selection::Selection
//! [`Session::claim_outputs`]: session::Session::claim_outputs
//! [`Session::conclude_input`]: session::Session::conclude_input
//! [`Session::for_each_call`]: session::Session::for_each_call
//! [`Session::plan`]: session::Session::plan

pub(crate) mod batch_result;
pub(crate) mod batches;
pub(crate) mod bodies;
#[cfg(feature = "cli")]
mod call_search;
#[cfg(feature = "cli")]
pub(crate) mod claims;
pub(crate) mod collect;
pub(crate) mod distinct;
mod failure;
pub(crate) mod figure_tables;
pub(crate) mod find_calls;
#[cfg(feature = "cli")]
pub(crate) mod host;
pub(crate) mod input_messages;
#[cfg(feature = "cli")]
pub(crate) mod known_findings;
pub(crate) mod live_table;
pub(crate) mod location;
pub(crate) mod observer;
pub(crate) mod one_pass;
#[cfg(feature = "cli")]
pub(crate) mod output_file;
pub(crate) mod pending_rows;
#[cfg(feature = "cli")]
pub(crate) mod pipeline;
pub(crate) mod pipeline_step;
pub(crate) mod problem;
#[cfg(feature = "cli")]
pub(crate) mod process;
#[cfg(feature = "cli")]
pub(crate) mod progress;
pub(crate) mod read;
pub(crate) mod read_plan;
#[cfg(feature = "cli")]
pub(crate) mod report_files;
pub(crate) mod reports;
pub(crate) mod rows;
pub(crate) mod session;
#[cfg(feature = "cli")]
pub(crate) mod signals;
pub(crate) mod sorted;
#[cfg(feature = "cli")]
pub(crate) mod split_bodies;
#[cfg(feature = "cli")]
pub(crate) mod split_folder;
pub(crate) mod stdout;
#[cfg(feature = "cli")]
pub(crate) mod streams;
pub(crate) mod surroundings;
#[cfg(feature = "cli")]
pub(crate) mod temporary_file;
#[cfg(feature = "cli")]
pub(crate) mod unfinished_files;
pub(crate) mod validation;
mod workers;
