//! The workbook without rows, written by the workbook library: styles, sheets with their headings,
//! and all other parts of the package. The library would also write rows, but in one thread, and in
//! four times as much time as [`row_xml`](super::row_xml).

use std::io::Read as _;

use anyhow::Context as _;
use flate2::read::DeflateDecoder;
use rawzip::ZipArchive;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError, utility};

use super::about::{self, AboutSheet, PROGRAM};
use super::sheet::TableSheets;
use super::styles::CellStyles;

/// The parts of a workbook.
pub(super) struct Template {
    /// The sheets of the tables, in their order.
    pub(super) sheets: Vec<SheetTemplate>,
    /// The other parts, each with its name.
    pub(super) other_parts: Vec<(String, Vec<u8>)>,
}

/// A sheet without rows.
pub(super) struct SheetTemplate {
    /// Name of the part.
    pub(super) name: String,
    /// XML up to the heading, included.
    pub(super) start: String,
    /// XML after the rows, up to the place of links.
    pub(super) middle: String,
    /// The rest of the XML.
    pub(super) end: String,
    pub(super) styles: SheetStyles,
}

/// Numbers of the styles of cells.
pub(super) struct SheetStyles {
    pub(super) boolean: u32,
    pub(super) plain: u32,
    pub(super) integer: u32,
    pub(super) link: u32,
    /// The style of each cell of a row.
    pub(super) cells: Vec<u32>,
}

impl Template {
    /// Writes the sheets of `tables`, and the one about the workbook.
    pub(super) fn new(
        tables: &[TableSheets],
        about: &AboutSheet,
        styles: &CellStyles,
    ) -> anyhow::Result<Self> {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new()
            .set_author(PROGRAM)
            .set_creation_datetime(&ExcelDateTime::from_timestamp(about.created.timestamp())?);
        workbook.set_properties(&properties);
        // The reference of the cells of each sheet.
        let mut dimensions = Vec::new();
        for table in tables {
            for (name, rows) in table.sheets() {
                let mut worksheet = table.worksheet(&name, rows, styles)?;
                add_samples(&mut worksheet, table, styles)?;
                workbook.push_worksheet(worksheet);
                let last = table.cell_count().saturating_sub(1);
                dimensions.push(utility::cell_range(0, 0, rows, last));
            }
        }
        about::add_sheet(&mut workbook, about, styles)?;
        let package = workbook.save_to_buffer()?;
        let mut other_parts = read_parts(&package).context("the workbook library")?;
        let mut sheets = Vec::new();
        for (number, dimension) in (1..).zip(dimensions) {
            let name = format!("xl/worksheets/sheet{number}.xml");
            let index = other_parts.iter().position(|(part, _)| *part == name);
            let (name, xml) = other_parts.remove(index.expect("each sheet is a part"));
            let xml = String::from_utf8(xml).expect("XML is UTF-8");
            sheets.push(
                SheetTemplate::read(name, &xml, &dimension)
                    .expect("the library writes these elements"),
            );
        }
        Ok(Self {
            sheets,
            other_parts,
        })
    }
}

/// The row of samples. The heading is row 0.
const SAMPLES: u32 = 1;

/// Adds a row with one cell per style. It is removed after the library has numbered the styles.
fn add_samples(
    worksheet: &mut rust_xlsxwriter::Worksheet,
    table: &TableSheets,
    styles: &CellStyles,
) -> Result<(), XlsxError> {
    for (column, format) in (0..).zip(table.formats()) {
        worksheet.write_blank(SAMPLES, column, format)?;
    }
    let others = [
        &styles.boolean,
        &styles.plain,
        &styles.integer,
        &styles.link,
    ];
    for (column, format) in (0..).zip(others) {
        worksheet.write_blank(SAMPLES + 1, column, format)?;
    }
    Ok(())
}

impl SheetTemplate {
    /// Reads a sheet of the library. `None` if it does not have the expected form.
    fn read(name: String, xml: &str, dimension: &str) -> Option<Self> {
        let (start, rest) = xml.split_once("<dimension ref=\"")?;
        let (_, rest) = rest.split_once('"')?;
        let (views, rest) = rest.split_once("<sheetData>")?;
        let (rows, rest) = rest.split_once("</sheetData>")?;
        let (middle, end) = rest.split_at(rest.find("<pageMargins ")?);
        let (heading, samples) = match rows.split_once("<row r=\"2\"") {
            Some(rows) => rows,
            // A table without columns.
            None => rows.split_once("<row r=\"3\"")?,
        };
        let mut cells = samples
            .split(" s=\"")
            .skip(1)
            .map(|cell| cell.split_once('"')?.0.parse().ok())
            .collect::<Option<Vec<u32>>>()?;
        let others = cells.split_off(cells.len().checked_sub(4)?);
        let [boolean, plain, integer, link] = others.try_into().ok()?;
        Some(Self {
            name,
            start: format!("{start}<dimension ref=\"{dimension}\"{views}<sheetData>{heading}"),
            middle: format!("</sheetData>{middle}"),
            end: end.to_owned(),
            styles: SheetStyles {
                boolean,
                plain,
                integer,
                link,
                cells,
            },
        })
    }
}

/// The files of an archive, each with its name.
fn read_parts(archive: &[u8]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let archive = ZipArchive::from_slice(archive)?;
    let mut entries = archive.entries();
    let mut parts = Vec::new();
    while let Some(entry) = entries.next_entry()? {
        let name = String::from_utf8(entry.file_path().as_ref().to_vec())?;
        let mut content = Vec::new();
        DeflateDecoder::new(archive.get_entry(entry.wayfinder())?.data())
            .read_to_end(&mut content)?;
        parts.push((name, content));
    }
    Ok(parts)
}
