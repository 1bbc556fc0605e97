//! Decides which columns a table shows and how wide they are.

use unicode_width::UnicodeWidthStr;

use crate::table::writer::{Fit, Heading};

/// Spaces between two columns: the padding of one, and the junction.
pub(crate) const GAP: usize = 2;

/// Width below which a column is not narrowed while another one can shrink.
const MIN_WIDTH: usize = 8;

/// Width up to which a column keeps its width if the table is too narrow. Only odd values are
/// wider; they are cut. A UUID as an id fits.
const MAX_WHOLE_WIDTH: usize = 36;

/// Columns by which a value may exceed the expected width of its column before it is cut.
const TOLERANCE: usize = 4;

/// Widths that the values of a column need.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ColumnNeed {
    /// Width of the widest value.
    pub(super) widest: usize,
    /// Width of the longest word of the values.
    pub(super) longest_word: usize,
}

/// The columns of a table, and where they are.
#[derive(Clone, Debug)]
pub(super) struct TableLayout {
    /// Width of each column; `None` if it is not in the row.
    pub(super) widths: Vec<Option<usize>>,
    /// The column whose values are below the row.
    pub(super) below: Option<usize>,
    /// True if the headings have their short names.
    pub(super) has_short_names: bool,
}

/// A column while its width is decided.
struct FlexibleColumn {
    index: usize,
    width: usize,
    min_width: usize,
    fit: Fit,
}

impl TableLayout {
    /// Lays out a table with these headings, in at most `width` columns of the terminal.
    pub(super) fn new(headings: &[Heading], needs: &[ColumnNeed], width: Option<usize>) -> Self {
        let layout = Self {
            widths: full_widths(headings, needs, false).map(Some).collect(),
            below: None,
            has_short_names: false,
        };
        match width {
            Some(width) if layout.used_width() > width => Self::narrow(headings, needs, width),
            _ => layout,
        }
    }

    /// The layout of a table whose columns do not all fit into `width` with their full widths.
    fn narrow(headings: &[Heading], needs: &[ColumnNeed], width: usize) -> Self {
        let mut columns: Vec<FlexibleColumn> = (headings.iter().zip(needs).enumerate())
            .map(|(index, (heading, need))| FlexibleColumn::new(index, heading, *need))
            .collect();
        let min_widths = columns.iter().map(|column| column.min_width + GAP);
        // There is no gap after the last column.
        let (mut used, room) = (min_widths.sum::<usize>(), width + GAP);
        let mut below = None;
        if used > room
            && let Some(position) =
                (columns.iter()).position(|column| matches!(column.fit, Fit::Below { .. }))
        {
            let column = columns.remove(position);
            used -= column.min_width + GAP;
            below = Some(column.index);
        }
        let mut by_rank: Vec<(usize, usize, usize)> = (columns.iter())
            .map(|column| {
                let rank = headings[column.index].drop_rank;
                (rank, column.index, column.min_width)
            })
            .filter(|(rank, ..)| *rank > 0)
            .collect();
        by_rank.sort_unstable();
        let mut dropped = vec![false; headings.len()];
        while used > room
            && let Some((_, index, min_width)) = by_rank.pop()
        {
            dropped[index] = true;
            used -= min_width + GAP;
        }
        columns.retain(|column| !dropped[column.index]);
        shrink(&mut columns, width);
        let mut widths = vec![None; headings.len()];
        for column in columns {
            widths[column.index] = Some(column.width);
        }
        Self {
            widths,
            below,
            has_short_names: true,
        }
    }

    /// Widens columns for the values of later rows, so that rows stay aligned with those that are
    /// drawn already. In a limited width, columns that can be narrowed grow only into the remaining
    /// room.
    pub(super) fn grow(
        &mut self,
        headings: &[Heading],
        needs: &[ColumnNeed],
        limit: Option<usize>,
    ) {
        let desired: Vec<usize> = full_widths(headings, needs, self.has_short_names).collect();
        let is_whole = |index: usize| headings[index].fit == Fit::Whole || limit.is_none();
        for (index, width) in self.widths.iter_mut().enumerate() {
            if let (Some(width), true) = (width, is_whole(index)) {
                *width = (*width).max(desired[index]);
            }
        }
        let Some(limit) = limit else {
            return;
        };
        let mut room = limit.saturating_sub(self.used_width());
        for (width, desired) in self.widths.iter_mut().zip(desired) {
            if let Some(width) = width {
                let growth = desired.saturating_sub(*width).min(room);
                *width += growth;
                room -= growth;
            }
        }
        if self.used_width() > limit {
            let kept = (headings.iter().zip(needs).enumerate()).zip(&self.widths);
            let mut columns: Vec<FlexibleColumn> = kept
                .filter_map(|((index, (heading, need)), width)| {
                    Some(FlexibleColumn {
                        width: (*width)?,
                        ..FlexibleColumn::new(index, heading, *need)
                    })
                })
                .collect();
            shrink(&mut columns, limit);
            for column in columns {
                self.widths[column.index] = Some(column.width);
            }
        }
    }

    /// The name of a heading in this table.
    pub(super) fn name<'h>(&self, heading: &'h Heading) -> &'h str {
        display_name(heading, self.has_short_names)
    }

    /// Indices of the columns that the table does not show.
    pub(super) fn dropped(&self) -> impl Iterator<Item = usize> {
        let dropped = |index: &usize| self.widths[*index].is_none() && self.below != Some(*index);
        (0..self.widths.len()).filter(dropped)
    }

    /// Number of lines that a value may take in the row.
    pub(super) fn max_lines(&self, fit: Fit) -> usize {
        match fit {
            Fit::Whole | Fit::Cut(_) => 1,
            Fit::Wrapped => usize::MAX,
            Fit::Lines { .. } | Fit::Below { .. } if self.below.is_some() => 1,
            Fit::Lines { lines, .. } | Fit::Below { lines, .. } => lines,
        }
    }

    /// Width of a row.
    pub(super) fn used_width(&self) -> usize {
        let widths = self.widths.iter().flatten();
        widths.clone().sum::<usize>() + GAP * widths.count().saturating_sub(1)
    }
}

/// The widths of columns that show all their values whole.
fn full_widths(
    headings: &[Heading],
    needs: &[ColumnNeed],
    has_short_names: bool,
) -> impl Iterator<Item = usize> {
    let columns = headings.iter().zip(needs);
    columns.map(move |(heading, need)| full_width(heading, *need, has_short_names))
}

/// The width of a column that shows its heading and all its values whole.
fn full_width(heading: &Heading, need: ColumnNeed, is_short: bool) -> usize {
    let name = display_name(heading, is_short).width();
    need.widest.max(name).max(1)
}

fn display_name(heading: &Heading, is_short: bool) -> &str {
    let short = heading.short_name.as_ref().filter(|_| is_short);
    short.unwrap_or(&heading.name)
}

impl FlexibleColumn {
    fn new(index: usize, heading: &Heading, need: ColumnNeed) -> Self {
        let name = display_name(heading, true).width();
        let full = full_width(heading, need, true);
        let (width, min_width) = match heading.fit {
            Fit::Whole => {
                let max_width = match heading.expected_width {
                    0 => MAX_WHOLE_WIDTH,
                    expected => expected + TOLERANCE,
                };
                let width = full.min(max_width.max(name));
                (width, width)
            }
            Fit::Cut(min_width) | Fit::Lines { min_width, .. } | Fit::Below { min_width, .. } => {
                (full, min_width.max(name).min(full))
            }
            Fit::Wrapped => (full, need.longest_word.max(MIN_WIDTH).min(full)),
        };
        Self {
            index,
            width,
            min_width,
            fit: heading.fit,
        }
    }
}

/// Narrows columns, the widest first, until all of them fit into `width`: to their minimum widths,
/// then those that can be narrowed further, then all.
fn shrink(columns: &mut [FlexibleColumn], width: usize) {
    let minimums: [fn(&FlexibleColumn) -> usize; 4] = [
        |column| column.min_width,
        |column| match column.fit {
            Fit::Whole => column.width,
            _ => MIN_WIDTH,
        },
        |_| MIN_WIDTH,
        |_| 1,
    ];
    let gaps = GAP * columns.len().saturating_sub(1);
    for minimum in minimums {
        while columns.iter().map(|column| column.width).sum::<usize>() + gaps > width {
            let shrinkable = columns
                .iter_mut()
                .filter(|column| column.width > minimum(column));
            let Some(widest) = shrinkable.max_by_key(|column| column.width) else {
                break;
            };
            widest.width -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings() -> Vec<Heading> {
        vec![
            Heading::new("Call"),
            Heading::new("State").dropped(1).expecting(10),
            Heading::new("Name").fitted(Fit::Cut(8)).dropped(2),
        ]
    }

    /// The widths of the columns of a table whose values have the widths `widest`.
    fn widths(width: usize, widest: [usize; 3]) -> Vec<Option<usize>> {
        let needs = widest.map(|widest| ColumnNeed {
            widest,
            longest_word: widest,
        });
        TableLayout::new(&headings(), &needs, Some(width)).widths
    }

    #[test]
    fn columns_are_cut_then_dropped_in_the_order_of_their_ranks() {
        let full = [6, 9, 30];
        assert_eq!(widths(49, full), [Some(6), Some(9), Some(30)]);
        assert_eq!(widths(48, full), [Some(6), Some(9), Some(29)]);
        assert_eq!(widths(27, full), [Some(6), Some(9), Some(8)]);
        assert_eq!(widths(26, full), [Some(6), Some(9), None]);
        assert_eq!(widths(16, full), [Some(6), None, None]);
        assert_eq!(widths(5, full), [Some(5), None, None]);
        assert_eq!(widths(1, full), [Some(1), None, None]);
    }

    #[test]
    fn odd_values_do_not_push_other_columns_away() {
        assert_eq!(widths(80, [6, 300, 9]), [Some(6), Some(14), Some(9)]);
        assert_eq!(widths(80, [300, 9, 9]), [Some(36), Some(9), Some(9)]);
    }

    #[test]
    fn a_column_goes_below_the_row_before_others_are_dropped() {
        let below = Fit::Below {
            min_width: 20,
            lines: 1,
        };
        let headings = [
            Heading::new("Rule").dropped(1),
            Heading::new("Finds").fitted(below),
        ];
        let needs = [8, 40].map(|widest| ColumnNeed {
            widest,
            longest_word: 0,
        });
        let layout = |width| TableLayout::new(&headings, &needs, Some(width));
        assert_eq!(layout(30).widths, [Some(8), Some(20)]);
        assert_eq!(layout(29).widths, [Some(8), None]);
        assert_eq!(layout(29).below, Some(1));
        assert!(layout(7).dropped().eq([0]));
    }

    #[test]
    fn later_rows_widen_columns_into_the_remaining_room() {
        let need = |widest| ColumnNeed {
            widest,
            longest_word: 0,
        };
        let first = [need(6), need(9), need(10)];
        let mut layout = TableLayout::new(&headings(), &first, Some(40));
        layout.grow(&headings(), &[need(7), need(4), need(30)], Some(40));
        assert_eq!(layout.widths, [Some(7), Some(9), Some(20)]);
        layout.grow(&headings(), &[need(8), need(10), need(30)], Some(40));
        assert_eq!(layout.widths, [Some(8), Some(10), Some(18)]);
    }
}
