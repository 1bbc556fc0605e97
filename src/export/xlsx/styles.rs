//! The formats of cells, and the look of headings and rows.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, Format as CellFormat, FormatAlign, FormatBorder, Worksheet,
    XlsxError,
};

use unicode_width::UnicodeWidthStr;

use super::layout;
use super::number_format::{DEFAULT_TIME_FORMAT, number_format};
use crate::export::time_style::TimeStyle;
use crate::table::column::{Column, ColumnType};
use crate::table::headings::HeadingStyle;
use crate::table::survey::ColumnContents;
use crate::table::writer::Heading;
use crate::time::zone::Zone;

/// Fill of headings.
const HEADING_FILL: Color = Color::RGB(0x1F_4E_78);

/// Fill of every second row.
const BAND_FILL: Color = Color::RGB(0xEF_F4_FA);

/// Line below headings.
const HEADING_LINE: Color = Color::RGB(0x16_38_57);

/// Page size in the numbering of Excel: A4.
const A4: u8 = 9;

/// `LibreOffice` shows booleans as numbers without this format, which it knows for booleans. Excel
/// ignores formats of booleans.
const BOOLEAN_FORMAT: &str = r#""TRUE";"TRUE";"FALSE""#;

/// Built-in number format `0`.
const INTEGER_FORMAT: u8 = 1;

/// Built-in number format `0%`.
const PERCENT_FORMAT: u8 = 9;

/// Formats of cells, and the zone in which times are written.
pub(super) struct CellStyles {
    pub(super) zone: Zone,
    /// Width of the widest time in characters.
    pub(super) time_width: usize,
    pub(super) heading: CellFormat,
    /// Aligned by the program: text left, numbers right, booleans in the middle.
    pub(super) plain: CellFormat,
    /// Wrapped text.
    pub(super) text: CellFormat,
    /// A name to the left of a value.
    pub(super) label: CellFormat,
    phone: CellFormat,
    time: CellFormat,
    duration: CellFormat,
    share: CellFormat,
    pub(super) boolean: CellFormat,
    number: CellFormat,
    /// Integers with all their digits. The default format shows ten.
    pub(super) integer: CellFormat,
    pub(super) link: CellFormat,
}

impl CellStyles {
    /// Creates the formats. Fails if a cell cannot show times in this style.
    pub(super) fn new(times: &TimeStyle) -> anyhow::Result<Self> {
        let zone = times.zone_without_offsets();
        let (time_code, time_width) = match times.format() {
            None => (DEFAULT_TIME_FORMAT.to_owned(), DEFAULT_TIME_FORMAT.len()),
            Some(format) => (number_format(format)?, format.example().width()),
        };
        let plain = CellFormat::new().set_align(FormatAlign::Top);
        let text = plain.clone().set_text_wrap();
        // The indent keeps numbers apart from text in the next column.
        let number = plain.clone().set_align(FormatAlign::Right).set_indent(1);
        let left = plain.clone().set_align(FormatAlign::Left);
        Ok(Self {
            zone,
            time_width,
            heading: CellFormat::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(HEADING_FILL)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(HEADING_LINE)
                .set_align(FormatAlign::Left)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            phone: left.clone().set_num_format("@"),
            time: left.set_num_format(time_code),
            boolean: plain
                .clone()
                .set_align(FormatAlign::Center)
                .set_num_format(BOOLEAN_FORMAT),
            duration: number.clone().set_num_format("[h]:mm:ss"),
            share: number.clone().set_num_format_index(PERCENT_FORMAT),
            integer: number.clone().set_num_format_index(INTEGER_FORMAT),
            number,
            link: text.clone().set_hyperlink(),
            label: plain.clone().set_bold(),
            plain,
            text,
        })
    }

    /// The heading of a column. That of times names their zone, unless it has to be a certain text.
    pub(super) fn heading_of(&self, column: &Column) -> Heading {
        let mut heading = Heading::from(column);
        let is_short = column.heading_style == HeadingStyle::Short && !column.is_renamed;
        if is_short && column.column_type == ColumnType::Time {
            heading.name = format!("{} ({})", heading.name, self.zone.heading_name());
        }
        heading
    }

    /// The format of a column with these contents.
    pub(super) fn format_of(
        &self,
        column_type: ColumnType,
        contents: &ColumnContents,
    ) -> &CellFormat {
        let filled = contents.non_empty_cells();
        match column_type {
            ColumnType::Phone => &self.phone,
            ColumnType::Time => &self.time,
            ColumnType::Seconds => &self.duration,
            ColumnType::Share => &self.share,
            ColumnType::Integer => &self.integer,
            ColumnType::Any | ColumnType::Link if contents.texts + contents.json > 0 => &self.text,
            ColumnType::Any | ColumnType::Link if filled == contents.booleans => &self.boolean,
            ColumnType::Any | ColumnType::Link if contents.doubles == 0 => &self.integer,
            ColumnType::Any | ColumnType::Link => &self.number,
        }
    }
}

/// Fills every second of the rows from `first_row` to `last_row`. The fill does not belong to the
/// cells, so that it stays in place when the rows are sorted.
pub(super) fn add_bands(
    sheet: &mut Worksheet,
    first_row: u32,
    last_row: u32,
    last_column: u16,
) -> Result<(), XlsxError> {
    // ROW() counts from 1, `first_row` from 0: the first row has no fill.
    let band = ConditionalFormatFormula::new()
        .set_rule(format!("=MOD(ROW(),2)={}", first_row % 2).as_str())
        .set_format(CellFormat::new().set_background_color(BAND_FILL));
    sheet.add_conditional_format(first_row, 0, last_row, last_column, &band)?;
    Ok(())
}

/// Sets the height of a row with this number of lines.
pub(super) fn set_lines(sheet: &mut Worksheet, row: u32, lines: usize) -> Result<(), XlsxError> {
    if let Some(height) = layout::row_height(lines) {
        sheet.set_row_height(row, height)?;
    }
    Ok(())
}

/// Sets how the sheet is printed: in landscape, as wide as `pages` pages, with the name of the
/// sheet and the number of the page below.
pub(super) fn set_page(sheet: &mut Worksheet, pages: u16) {
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(pages, 0)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
        .set_footer("&L&A&R&P / &N");
}
