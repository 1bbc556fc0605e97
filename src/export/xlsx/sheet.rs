//! The sheets of a table: columns with formats and widths, and how the rows are split into sheets.

use rust_xlsxwriter::{Format as CellFormat, IgnoreError, Worksheet, XlsxError};

use super::layout;
use super::links::LinkLimit;
use super::styles::{self, CellStyles};
use crate::table::cell_split;
use crate::table::column::{Column, ColumnType};
use crate::table::survey::{ColumnContents, Survey};
use crate::table::writer::Heading;
use crate::text::cell_units::CellUnits;

/// A column of a table in a sheet.
pub(super) struct SheetColumn {
    pub(super) column_type: ColumnType,
    /// Index of the first cell of the column in a row.
    pub(super) first_cell: u16,
    /// Characters that fit on a line.
    pub(super) width: usize,
}

/// A column of a sheet. Long texts take several.
struct CellColumn<'s> {
    heading: String,
    width: usize,
    format: &'s CellFormat,
    is_hidden: bool,
}

/// The sheets of a table, which differ in name and number of rows only.
pub(super) struct TableSheets<'s> {
    title: &'static str,
    pub(super) columns: Vec<SheetColumn>,
    cells: Vec<CellColumn<'s>>,
    rows: u64,
    pub(super) rows_per_sheet: u32,
    pub(super) links: LinkLimit,
}

impl<'s> TableSheets<'s> {
    /// Number of cells in a row. Long texts take several cells.
    pub(super) fn count_cells(survey: &Survey) -> usize {
        let columns = survey.columns.iter();
        columns
            .map(|column| column.cells_for_longest_text(CellUnits::Utf16))
            .sum()
    }

    /// The sheets of a table with these columns, which has at most as many cells in a row as a
    /// sheet.
    pub(super) fn new(
        title: &'static str,
        columns: &[Column],
        survey: &Survey,
        styles: &'s CellStyles,
        rows_per_sheet: u32,
        links: LinkLimit,
    ) -> Self {
        let max_width = layout::max_width(columns.len());
        // A column may also have nothing but empty texts.
        let is_empty = |contents: &ColumnContents| contents.longest_text == 0;
        // A sheet without any visible column would look broken.
        let hides_columns = !survey.columns.iter().all(is_empty);
        let counts = survey.columns.iter();
        let counts = counts.map(|column| column.cells_for_longest_text(CellUnits::Utf16));
        let counts: Vec<usize> = counts.collect();
        let names: Vec<Heading> = (columns.iter())
            .map(|column| styles.heading_of(column))
            .collect();
        let mut headings = cell_split::split_headings(&names, &counts).into_iter();
        let mut sheet_columns = Vec::new();
        let mut cells = Vec::new();
        let columns = columns.iter().zip(&survey.columns);
        for (((column, contents), count), name) in columns.zip(counts).zip(&names) {
            let column_type = column.column_type;
            let time_width = styles.time_width;
            let width =
                layout::column_width(&name.name, column_type, contents, time_width, max_width);
            sheet_columns.push(SheetColumn {
                column_type,
                first_cell: u16::try_from(cells.len()).expect("they fit into a sheet"),
                width,
            });
            cells.extend(headings.by_ref().take(count).map(|heading| CellColumn {
                heading: heading.name,
                width,
                format: styles.format_of(column_type, contents),
                is_hidden: hides_columns && is_empty(contents),
            }));
        }
        Self {
            title,
            columns: sheet_columns,
            cells,
            rows: survey.rows,
            rows_per_sheet,
            links,
        }
    }

    /// Number of cells in a row.
    pub(super) fn cell_count(&self) -> u16 {
        u16::try_from(self.cells.len()).expect("they fit into a sheet")
    }

    /// Name and number of rows of each sheet. There is at least one.
    pub(super) fn sheets(&self) -> impl Iterator<Item = (String, u32)> {
        let rows_per_sheet = u64::from(self.rows_per_sheet);
        let sheets = self.rows.div_ceil(rows_per_sheet).max(1);
        (0..sheets).map(move |sheet| {
            let title = match sheet {
                0 => self.title.to_owned(),
                _ => format!("{} {}", self.title, sheet + 1),
            };
            let rows = (self.rows - sheet * rows_per_sheet).min(rows_per_sheet);
            (
                title,
                u32::try_from(rows).expect("at most those of a sheet"),
            )
        })
    }

    /// Creates a sheet that has everything but its rows.
    pub(super) fn worksheet(
        &self,
        name: &str,
        rows: u32,
        styles: &CellStyles,
    ) -> Result<Worksheet, XlsxError> {
        let mut worksheet = Worksheet::new();
        worksheet.set_name(name)?;
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.set_repeat_rows(0, 0)?;
        let mut lines = 1;
        let mut total_width = 0;
        for (index, cell) in (0..).zip(&self.cells) {
            #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
            worksheet.set_column_width(index, cell.width as f64)?;
            worksheet.set_column_format(index, cell.format)?;
            if cell.is_hidden {
                worksheet.set_column_hidden(index)?;
            } else {
                lines = lines.max(layout::heading_lines(&cell.heading, cell.width));
                total_width += cell.width;
            }
            let heading = cell_split::split_text(&cell.heading, CellUnits::Utf16).next();
            let heading = heading.unwrap_or_default();
            worksheet.write_string_with_format(0, index, heading, &styles.heading)?;
        }
        styles::set_lines(&mut worksheet, 0, lines)?;
        let pages = layout::page_count(total_width);
        styles::set_page(&mut worksheet, pages);
        if pages > 1 {
            // The id of the call stays beside its other values.
            worksheet.set_repeat_columns(0, 0)?;
        }
        if let Some(last) = self.cell_count().checked_sub(1) {
            worksheet.autofilter(0, 0, rows, last)?;
            if rows > 0 {
                styles::add_bands(&mut worksheet, 1, rows, last)?;
                // Phone numbers and long ids are text on purpose, so Excel should not flag them.
                let numbers_as_text = IgnoreError::NumberStoredAsText;
                worksheet.ignore_error_range(1, 0, rows, last, numbers_as_text)?;
            }
        }
        Ok(worksheet)
    }

    /// The format of each cell of a row.
    pub(super) fn formats(&self) -> impl Iterator<Item = &CellFormat> {
        self.cells.iter().map(|cell| cell.format)
    }
}
