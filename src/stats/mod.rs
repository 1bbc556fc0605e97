//! The model of figures: what came out of the calls. Workers add calls to [`ReportSums`] per batch;
//! the sums are merged in input order, and [`Stats`](model::Stats) is computed from them.
//! Everything that is summed is an integer, so the figures do not depend on the number of threads.
//!
//! - `request`, `section`: what to compute.
//! - `facts`: the class and the level of one call.
//! - `goal`: the condition that a successful call meets.
//! - `group_by`: the field whose values group the calls.
//! - `dial`: one compact record per campaign call, for attempts and answer rates.
//! - `dial_settings`, `audit`: the settings of campaigns, and the calls that they do not allow.
//! - `collector`, `sums`: the sums.
//! - `compared`, `comparison`: the sums of two windows of time, and how their rates differ.
//! - `conversation`, `billing`, `price`: how calls are talked, and what they cost.
//! - `variables`: the values of the extracted variables.
//! - `figures`, `group_figures`, `time_figures`, `leads`: the figures, computed from the sums.
//! - `review_sums`, `review`, `review_figures`: the calls that a person should look at.
//! - `reason`: why a figure has no value.
//! - `model`: the figures themselves. Terminal, JSON, CSV and Markdown are views of it.

mod audit;
mod billing;
pub(crate) mod collector;
mod compared;
pub(crate) mod comparison;
mod context;
mod conversation;
mod dial;
mod dial_settings;
pub(crate) mod facts;
mod figures;
mod goal;
mod group_by;
mod group_figures;
mod group_sum;
mod groups;
mod leads;
pub(crate) mod model;
mod price;
mod ranks;
pub(crate) mod rate;
mod reason;
mod request;
mod review;
mod review_figures;
mod review_sums;
pub(crate) mod section;
pub(crate) mod sums;
mod talk;
mod time_figures;
mod variable_figures;
mod variables;
mod zone_hint;

pub(crate) use compared::ReportSums;
pub(crate) use facts::Class;
pub(crate) use goal::Goal;
pub(crate) use group_by::GroupBy;
pub(crate) use price::PricePerMinute;
pub(crate) use rate::Rate;
pub(crate) use reason::Reason;
pub(crate) use request::StatsRequest;
pub(crate) use review_sums::ReviewFacts;
pub(crate) use zone_hint::MIXED_OFFSETS;
