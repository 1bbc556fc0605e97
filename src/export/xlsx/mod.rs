//! Excel workbooks (ECMA-376): at least one sheet per table, then a sheet about the workbook
//! itself. Text and rows beyond the limits of a cell or sheet continue in the next one.
//!
//! The workbook library writes a workbook without rows ([`template`]). The rows are written and
//! compressed by the workers ([`row_xml`]), portion by portion, so that memory does not grow with
//! their number. A sheet is kept in a temporary file until its size is known, and copied to the
//! archive then.

mod about;
mod archive;
mod deflate;
mod layout;
mod links;
mod number_format;
mod row_xml;
mod sheet;
mod sheet_part;
mod styles;
mod template;
mod text_xml;

use anyhow::anyhow;

pub(crate) use self::about::AboutSheet;
use self::archive::ArchiveWriter;
use self::deflate::{PieceEnd, PieceWriter};
use self::layout::MAX_COLUMNS;
pub(crate) use self::layout::ROWS_PER_SHEET;
use self::links::LinkLimit;
pub(crate) use self::number_format::number_format;
use self::row_xml::RowEncoder;
use self::sheet::TableSheets;
use self::sheet_part::SheetParts;
use self::styles::CellStyles;
use self::template::Template;
use super::export_output::ExportOutput;
use super::tables::ExportTable;
use super::time_style::TimeStyle;
use crate::host::{Scratch, Workers};
use crate::table::survey::Survey;

/// Each thread needs about 5 MB.
const MAX_WORKERS: usize = 8;

/// Compressed sheets up to this size stay in memory; larger ones go to a file.
const IN_MEMORY_BYTES: usize = 1024 * 1024;

/// What a sheet can hold.
#[derive(Clone, Copy, Debug)]
struct SheetLimits {
    /// Number of rows, not counting the header.
    rows: u32,
    links: u64,
}

/// The limits of Excel (specifications and limits).
const LIMITS: SheetLimits = SheetLimits {
    rows: ROWS_PER_SHEET,
    links: 65_530,
};

/// Writes each table to one or more sheets, followed by the sheet about the workbook.
pub(crate) fn write_tables(
    tables: &mut [ExportTable],
    times: &TimeStyle,
    about: AboutSheet,
    scratch: &dyn Scratch,
    workers: impl Workers,
    to: ExportOutput,
) -> anyhow::Result<()> {
    write_within(LIMITS, tables, times, about, scratch, workers, to)
}

fn write_within(
    limits: SheetLimits,
    tables: &mut [ExportTable],
    times: &TimeStyle,
    mut about: AboutSheet,
    scratch: &dyn Scratch,
    workers: impl Workers,
    ExportOutput { out, progress, .. }: ExportOutput,
) -> anyhow::Result<()> {
    let styles = CellStyles::new(times)?;
    let plans = tables
        .iter_mut()
        .map(|table| plan_sheets(limits, table, &styles, workers))
        .collect::<anyhow::Result<Vec<_>>>()?;
    for (name, rows) in plans.iter().flat_map(TableSheets::sheets) {
        about.facts.push(("Rows", format!("{name}: {rows}")));
    }
    let plain_links: u64 = plans.iter().map(|plan| plan.links.plain).sum();
    if plain_links > 0 {
        let fact = format!(
            "{plain_links} links are plain text, because a sheet holds at most {} links",
            limits.links
        );
        about.facts.push(("Links", fact));
    }
    let template = Template::new(&plans, &about, &styles)?;
    let mut archive = ArchiveWriter::new(out);
    let mut pieces = PieceWriter::new();
    for (name, content) in &template.other_parts {
        archive.add_piece(name, &pieces.write(content, PieceEnd::Last))?;
    }
    let mut sheets = template.sheets.into_iter();
    let mut file = scratch.create_in_memory(IN_MEMORY_BYTES);
    for (table, plan) in tables.iter_mut().zip(&plans) {
        let sheets: Vec<_> = sheets.by_ref().take(plan.sheets().count()).collect();
        let encoder = RowEncoder::new(plan, &sheets[0].styles, &styles.zone);
        let mut parts = SheetParts::new(sheets, &mut pieces, &mut *file, &mut archive);
        table.spool.for_each_portion(
            &table.columns,
            row_xml::PORTION,
            workers.at_most(MAX_WORKERS),
            |portion| encoder.encode(portion),
            |portion| {
                for rows in portion {
                    progress.add_rows(rows.rows);
                    parts.add_rows(&rows)?;
                }
                Ok(())
            },
        )?;
        parts.finish()?;
    }
    Ok(archive.finish()?)
}

/// Plans the sheets of a table. Fails if the table has more columns than a sheet can hold.
fn plan_sheets<'s>(
    limits: SheetLimits,
    table: &mut ExportTable,
    styles: &'s CellStyles,
    workers: impl Workers,
) -> anyhow::Result<TableSheets<'s>> {
    let survey = Survey::run(&mut table.spool, &table.columns, workers)?;
    let title = table.title();
    let columns_needed = TableSheets::count_cells(&survey);
    if columns_needed > MAX_COLUMNS {
        return Err(anyhow!(
            "{title}: {columns_needed} columns, but a sheet holds at most {MAX_COLUMNS}; select some with --columns, or export CSV"
        ));
    }
    let links = LinkLimit::find(table, &survey, limits.rows, limits.links, workers)?;
    let columns = &table.columns;
    Ok(TableSheets::new(
        title,
        columns,
        &survey,
        styles,
        limits.rows,
        links,
    ))
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{Cursor, Read as _};

    use calamine::{Data, Reader as _, Xlsx};
    use chrono::DateTime;
    use zip::ZipArchive;

    use super::*;
    use crate::export::tables::RowKind;
    use crate::host::{InMemory, Unwatched};
    use crate::run::pipeline::Threads;
    use crate::table::column::{Column, ColumnType, Columns};
    use crate::table::row::{Cell, Rows};
    use crate::table::spool::Spool;
    use crate::table::turns;
    use crate::time::zone::Zone;
    use crate::view::terminal::Terminal;

    const NO_LIMITS: SheetLimits = SheetLimits {
        rows: 1_000_000,
        links: 1_000_000,
    };

    /// Writes a table with these columns. Each of `blocks` is pushed at once.
    fn write(
        limits: SheetLimits,
        threads: usize,
        columns: impl Fn() -> Columns,
        blocks: &[Rows],
    ) -> Vec<u8> {
        let mut spool = Spool::new(columns(), &InMemory);
        for rows in blocks {
            spool.push(columns(), rows).expect("memory has room");
        }
        let table = ExportTable {
            rows: RowKind::Turns,
            columns: columns().in_output_order(),
            spool,
            open_objects: Vec::new(),
        };
        let about = AboutSheet {
            created: DateTime::UNIX_EPOCH,
            facts: Vec::new(),
            findings: Vec::new(),
        };
        let mut out = Vec::new();
        let to = ExportOutput {
            out: &mut out,
            terminal: Terminal::default(),
            rejects: None,
            progress: &Unwatched,
        };
        let times = TimeStyle::new(Zone::Utc, None);
        let workers = Threads(threads);
        write_within(limits, &mut [table], &times, about, &InMemory, workers, to)
            .expect("memory has room");
        out
    }

    fn turn_columns() -> Columns {
        Columns::with_fixed(turns::COLUMNS)
    }

    /// Name and rows of each sheet. The first row is the heading.
    fn read(workbook: &[u8]) -> Vec<(String, Vec<Vec<Data>>)> {
        let mut book = Xlsx::new(Cursor::new(workbook)).expect("a workbook");
        let sheets = book.worksheets().into_iter();
        let rows = |range: calamine::Range<Data>| range.rows().map(<[Data]>::to_vec).collect();
        sheets.map(|(name, range)| (name, rows(range))).collect()
    }

    /// The parts of a workbook, by name.
    fn parts(workbook: &[u8]) -> BTreeMap<String, String> {
        let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
        let indices = 0..archive.len();
        let parts = indices.map(|index| {
            let mut file = archive.by_index(index).expect("a file");
            let mut content = String::new();
            file.read_to_string(&mut content).expect("XML");
            let name = file.name().expect("UTF-8").into_owned();
            (name, content)
        });
        parts.collect()
    }

    #[test]
    fn rows_beyond_the_limit_continue_in_another_sheet() {
        let mut rows = Rows::default();
        for number in 1..=5 {
            rows.push_row([Some(Cell::number(number))]);
        }
        let limits = SheetLimits {
            rows: 2,
            ..NO_LIMITS
        };
        let expected: [(_, &[f64]); 3] = [
            ("Turns", &[1.0, 2.0]),
            ("Turns 2", &[3.0, 4.0]),
            ("Turns 3", &[5.0]),
        ];
        let sheets = read(&write(limits, 2, turn_columns, &[rows]));
        // The last sheet is the one about the workbook.
        assert_eq!(sheets.len(), expected.len() + 1);
        for ((name, rows), (expected_name, expected_rows)) in sheets.iter().zip(expected) {
            assert_eq!(name, expected_name);
            let first = rows.iter().skip(1).map(|row| row[0].clone());
            let expected = expected_rows.iter().map(|number| Data::Float(*number));
            assert!(first.eq(expected), "{rows:?}");
        }
        assert_eq!(sheets.last().map(|(name, _)| name.as_str()), Some("About"));
    }

    #[test]
    fn a_table_without_rows_or_columns_is_a_sheet() {
        let sheets = read(&write(NO_LIMITS, 1, turn_columns, &[]));
        assert_eq!(sheets[0].1.len(), 1);
        let sheets = read(&write(NO_LIMITS, 1, || Columns::with_fixed(&[]), &[]));
        assert_eq!(sheets[0].1.len(), 0);
    }

    /// Texts that need escapes, several cells, or neither.
    fn text(number: u32) -> String {
        const TEXTS: [&str; 12] = [
            "=1+1",
            " a\tb\n",
            "a\r\nb",
            "\r\u{0}\u{1b}[31m",
            "<&>\"'",
            "_x0041_x000D_",
            "\u{fffe}\u{ffff}😀",
            "",
            "\n",
            "]]>",
            "Grüße",
            "12345",
        ];
        let text = TEXTS[number as usize % TEXTS.len()];
        match number % 100 {
            0 => "😀x".repeat(30_000) + text,
            _ => format!("{text}{number}{text}"),
        }
    }

    #[test]
    fn cells_have_the_values_of_the_table_for_any_number_of_threads() {
        let mut blocks = Vec::new();
        let mut expected = Vec::new();
        for number in 0..3_000_u32 {
            if number.is_multiple_of(7) {
                blocks.push(Rows::default());
            }
            let text = text(number);
            let speaker = format!("{number:03}");
            blocks.last_mut().expect("one was added").push_row([
                Some(Cell::number(i128::from(number) * 1_000_003)),
                Some(Cell::double(f64::from(number) / 4096.0)),
                Some(Cell::text(&*speaker)),
                Some(Cell::number(number)),
                Some(Cell::text(&*text)),
            ]);
            expected.push((f64::from(number), text.replace("\r\n", "\n")));
        }
        let workbook = write(NO_LIMITS, 1, turn_columns, &blocks);
        for threads in [2, 5] {
            assert!(write(NO_LIMITS, threads, turn_columns, &blocks) == workbook);
        }
        let sheets = read(&workbook);
        let rows = &sheets[0].1[1..];
        assert_eq!(rows.len(), expected.len());
        for (row, (number, text)) in rows.iter().zip(expected) {
            assert_eq!(row[0], Data::Float(number * 1_000_003.0));
            assert_eq!(row[1], Data::Float(number / 4096.0));
            assert_eq!(row[2], Data::String(format!("{number:03}")));
            let Data::DateTime(elapsed) = row[3] else {
                panic!("{row:?}")
            };
            assert!(elapsed.is_duration());
            assert!((elapsed.as_f64() * 86_400.0 - number).abs() < 1e-6);
            let cells = row[4..].iter().map(ToString::to_string);
            assert!(cells.collect::<String>() == text, "{text:.100}");
        }
    }

    #[test]
    fn each_sheet_has_as_many_links_as_it_may() {
        let columns = Columns::default().in_output_order();
        let is_of_links = |column: &Column| column.column_type == ColumnType::Link;
        let link = columns.iter().position(is_of_links).expect("recordings");
        let number = columns[link].number;
        let mut rows = Rows::default();
        for row in 0..5 {
            let url = match row {
                // Not a link.
                1 => "file:///etc/passwd".to_owned(),
                _ => format!("https://example.org/[{row}]?a&b#c&{row}"),
            };
            rows.push(number, &Cell::text(url));
            rows.end_row();
        }
        let limits = SheetLimits { rows: 4, links: 2 };
        let workbook = write(limits, 2, Columns::default, &[rows]);
        let parts = parts(&workbook);
        let part = |name: &str| parts[&format!("xl/worksheets/{name}")].as_str();
        let cell = rust_xlsxwriter::utility::column_number_to_name(
            u16::try_from(link).expect("few columns"),
        );
        // Rows 2 to 5: a link, text, a link, and a link too many.
        let element = |row: u32, link: u32| {
            format!(
                "<hyperlink ref=\"{cell}{row}\" r:id=\"rId{cell}{row}\" location=\"c&amp;{link}\"/>"
            )
        };
        let elements = format!(
            "<hyperlinks>{}{}</hyperlinks><pageMargins",
            element(2, 0),
            element(4, 2)
        );
        assert!(
            part("sheet1.xml").contains(&elements),
            "{}",
            part("sheet1.xml")
        );
        assert_eq!(part("sheet2.xml").matches("<hyperlink ").count(), 1);
        assert!(!part("sheet3.xml").contains("hyperlink"));
        let targets = part("_rels/sheet1.xml.rels");
        assert_eq!(targets.matches("<Relationship ").count(), 2);
        let target = "Target=\"https://example.org/%5b2%5d?a&amp;b\" TargetMode=\"External\"/>";
        assert!(targets.contains(target), "{targets}");
        let styles: Vec<&str> = (2..6)
            .map(|row| {
                let start = format!("<c r=\"{cell}{row}\" s=\"");
                let (_, style) = part("sheet1.xml").split_once(&start).expect("a cell");
                style.split_once('"').expect("a style").0
            })
            .collect();
        assert_eq!(styles[0], styles[2]);
        assert_eq!(styles[1], styles[3]);
        assert_ne!(styles[0], styles[1]);
        let about = read(&workbook).pop().expect("a sheet").1;
        let fact = "1 links are plain text, because a sheet holds at most 2 links";
        assert!(
            about.iter().flatten().any(|cell| *cell == *fact),
            "{about:?}"
        );
    }
}
