//! Names the exported columns of a table in a style.

use std::collections::HashMap;

use anyhow::bail;

use super::column::Column;
use super::headings::HeadingStyle;
use crate::text::shorten::shorten;

/// Names the columns of a table. `of_calls` is true for the table of calls. Columns that the user
/// renamed keep their names.
pub(crate) fn name_columns(columns: &mut [Column], style: HeadingStyle, of_calls: bool) {
    for column in columns {
        column.heading_style = style;
        if !column.is_renamed
            && let Some(heading) = style.heading(&column.path, of_calls)
        {
            column.name = heading;
        }
    }
}

/// Fails if two of the named columns have the same heading. Full headings are different already.
pub(crate) fn reject_repeated(columns: &[Column], style: HeadingStyle) -> anyhow::Result<()> {
    if style == HeadingStyle::Full {
        return Ok(());
    }
    let mut known = HashMap::new();
    for column in columns {
        if let Some(other) = known.insert(&column.name, &column.path) {
            bail!(
                "--headings: the columns {} and {} would both have the heading `{}`; rename one of them with --columns",
                shorten(&other.join(".")),
                shorten(&column.path.join(".")),
                shorten(&column.name)
            );
        }
    }
    Ok(())
}
