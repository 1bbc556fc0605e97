//! The report as one HTML file: [`report()`] puts the sections together. Each section is a function
//! from figures and [`ReportOptions`] to HTML, in a file of its own, and knows no file, clock or
//! environment. The chart is the table: bars are SVG in cells, and the hours of a week are cells
//! with a class per step.
//!
//! - `language`, `words`, `sentences`, `reasons`, `numbers`: all texts, in both languages.
//! - `label`: text of strangers.
//! - `privacy`: the values that a report for others shows.
//! - `parts`: sections, tables, cells and bars.
//! - `before`: what is shown of the window before, if two windows are compared.
//! - `document`: the page around the sections, with its style sheet and its script.

mod attempts;
mod audit;
mod before;
mod billing;
mod caller_numbers;
mod conversations;
mod days;
mod document;
mod funnels;
mod glance;
mod group_sum;
mod groups;
mod label;
mod language;
mod notes;
mod numbers;
mod options;
mod outcomes;
mod parts;
mod privacy;
mod reasons;
mod report;
mod review;
mod sentences;
mod variable_sentences;
mod variables;
mod week;
mod words;

pub(crate) use language::Language;
pub(crate) use options::ReportOptions;
pub(crate) use report::report;
