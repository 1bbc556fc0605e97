//! Inspects saved post-call webhook bodies of the Famulor voice-AI platform. The binary only calls
//! [`run()`]; [`commands`] connects the stages below, one file per command.
//!
//! # Data flow
//!
//! ```text
//! files, folders, stdin
//!    │  open, decompress, convert to UTF-8  capture::source
//!    ▼
//! source
//!    │  cut at record boundaries            capture::split
//!    ▼
//! batch                                     from here on in N worker threads: run::pipeline
//!    │  parse                               capture::parse
//!    ▼
//! document
//!    │  search envelopes and nested text    capture::find
//!    ▼
//! body
//!    │  filter, deduplicate, limit          select
//!    ▼
//! call
//!    ├── check with rules ──► findings      lint, settings
//!    ├── flatten ───────────► rows          table
//!    ├── add up ────────────► figures       stats
//!    ├── infer types ───────► declaration   infer
//!    └── format ────────────► cards         view
//!    │
//!    │  put batch results in input order    run
//!    ▼
//! one thread writes: report (findings) · export (rows) · view (tables, cards)
//! ```
//!
//! Memory is bounded by the batches in flight, apart from the set of call ids, which finds
//! duplicates. Rows whose columns are known only at the end of the input wait in a spool, which
//! uses a temporary file if they are many. Output is identical for any number of threads.
//!
//! The documented contract is one table, [`contract::FIELDS`]; [`contract::schema`] prints it as
//! JSON Schema.
//!
//! # Glossary
//!
//! Input:
//!
//! - **source** (`Source`): one input, a file or stdin, decompressed and as UTF-8.
//! - **record**: one unit of a capture, such as a JSON value, a log entry or an HTTP message.
//! - **record boundary**: an offset at which a source can be cut without splitting a record.
//! - **batch** (`Batch`): a bounded run of whole documents that one worker thread processes.
//! - **document** (`Document`): one JSON value of a source: a file, a line or an array element.
//! - **envelope**: the data that a capturing tool wrapped around a body.
//! - **body** (`Body`): the JSON object that the vendor posted. It describes one call.
//! - **member** (`Member`): a name and a value in a JSON object.
//! - **element**: a value in a JSON array.
//! - **outline**: the offsets of the members of an object and of all objects inside it, each a
//!   `Node`.
//! - **nested text** (`NestedText`): text inside other text, such as JSON in a string or base64.
//! - **coding** (`Coding`): how nested or compressed text is encoded.
//! - **decoder** (`Decoder`): detects and decodes one encoded form of nested text.
//! - **piece**: a part of a text, such as a string or a cell, that a decoder may decode.
//! - **source map** (`SourceMap`): maps offsets in nested text to offsets in the outer text.
//! - **name hints** (`NameHints`): expected member names that make scanning faster.
//! - **cursor** (`Cursor`): the value that the search is at: text, pointer, depth, earlier calls.
//! - **item** (`Item`): a call, or input that is not a call.
//! - **deferred item** (`DeferredItem`): an item held back until the source shows if it matters.
//!
//! Calls:
//!
//! - **call** (`Call`): the typed view of a body.
//! - **lead** (`Lead`): the person who was called, as an object in a body.
//! - **campaign** (`Campaign`): the series of calls that a call belongs to, with its settings.
//! - **turn** (`Turn`): one utterance of the transcript.
//! - **variable** (`Variable`): a named value that a call extracted or was given.
//! - **filter** (`Filter`): conditions on the content of a call.
//! - **selection** (`Selection`): the calls that a command sees: filter, deduplication and limit.
//! - **sequencer** (`Sequencer`): lets batches pass in input order, for deduplication and limit.
//!
//! Contract and findings:
//!
//! - **contract**: the payload as the vendor documents it.
//! - **field** (`Field`): one documented member, with its type, format and meaning.
//! - **field set** (`FieldSet`): a bit set of fields of one object.
//! - **rule** (`Rule`): a check with an id, a default level and an explanation.
//! - **family** (`Family`): a group of related rules.
//! - **finding** (`Finding`): one violation of a rule, with level, location and help.
//! - **level** (`Level`): error, warning or note.
//! - **location**: source, position and pointer of a value.
//! - **position** (`Position`): byte offset, line and column in a source, or in decoded text.
//! - **span** (`Span`): a start and an end position.
//! - **pointer**: a JSON Pointer (RFC 6901) to a value in a document or in a body.
//! - **excerpt** (`Excerpt`): the line of a source that a finding is on, cut to a length.
//!
//! Tables:
//!
//! - **row**: the flattened form of a call, turn, variable or campaign.
//! - **column** (`Column`): one member, or one variable, across all rows.
//! - **cell** (`Cell`): the value of one row in one column, as text with a kind.
//! - **heading** (`Heading`): name and layout of a column in the output.
//! - **column plan** (`ColumnPlan`): maps the cells of a stored row to the output columns.
//! - **spool** (`Spool`): rows that wait in memory or in a temporary file for the end of the input.
//! - **guard**: protects the reader of the output from formulas or control characters in values.
//!
//! Figures:
//!
//! - **class** (`Class`): connected, not connected, open or unclassed, by the status of a call.
//! - **dial** (`Dial`): a compact record of a campaign call.
//! - **goal** (`Goal`): the condition that a successful call meets.
//! - **rate** (`Rate`): a numerator and a denominator with an interval, or why there is none.
//! - **figures** (`Stats`): what came out of the calls.
//!
//! Runs:
//!
//! - **host** ([`host`]): the program around the engine, which gives it the time, scratch space and
//!   workers.
//! - **session** (`Session`): one run of the program with its output, messages and exit code.
//! - **task** (`tasks`): what a command does with its arguments, for the program and for
//!   [`in_memory`].
//! - **observer** (`Observer`): receives the messages and the progress of a run.
//! - **read plan** (`ReadPlan`): the inputs and the selection of a run.
//! - **batch result** (`BatchResult`): the output, counts and problems of one batch.
//! - **problem** (`Problem`): a message on stderr about bad input.
//! - **reject**: a record with a problem, written to a file with the reason.
//! - **report** (`Report`): findings in one output format.
//! - **destination** (`Destination`): a temporary file that replaces the target, or a device.
//! - **terminal** (`Terminal`): width and theme of the output for people.

#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        reason = "without the command line, only a part of the formats and rows is used"
    )
)]

pub(crate) mod args;
pub mod call;
pub mod capture;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub(crate) mod commands;
pub mod contract;
pub mod exit;
pub mod export;
mod guard;
pub mod host;
pub mod in_memory;
#[cfg(feature = "cli")]
pub(crate) mod infer;
pub mod json;
pub mod lint;
#[cfg(feature = "cli")]
mod program;
pub(crate) mod redact;
pub mod report;
pub(crate) mod run;
pub(crate) mod select;
#[cfg(feature = "cli")]
pub(crate) mod settings;
pub(crate) mod stats;
pub mod table;
pub(crate) mod tasks;
pub(crate) mod text;
pub mod time;
pub(crate) mod view;

#[cfg(feature = "cli")]
pub use program::run;
