//! The arguments that sort rows.

use crate::exit::UsageError;
use crate::table::sort::SortOrder;

/// The order of rows.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct SortArgs {
    /// Sort by this column, such as duration:desc
    ///
    /// FIELD is a column of `export`, such as `created_at` or `extracted_variables.nps`; `:desc`
    /// after it reverses the order. Numbers are sorted by value, times by instant, other values as
    /// text; missing values are last. Rows with equal values keep their order, or that of the next
    /// FIELD: `status,duration:desc`. All rows are read first: the values to sort by are kept in
    /// memory, the rows in memory or in a temporary file. `--limit` applies after sorting.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FIELD"))]
    pub(crate) sort: Vec<String>,
}

impl SortArgs {
    /// The order of rows; an empty one means the order of the input.
    pub(crate) fn order(&self) -> anyhow::Result<SortOrder> {
        Ok(SortOrder::parse(&self.sort).map_err(UsageError)?)
    }

    /// True if an order is requested.
    #[must_use]
    pub(crate) fn is_given(&self) -> bool {
        !self.sort.is_empty()
    }
}
