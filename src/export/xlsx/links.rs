//! Links: which texts are links, how many a sheet may have, and their XML.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::export::tables::ExportTable;
use crate::host::Workers;
use crate::table::column::{Column, ColumnType};
use crate::table::row::{Cell, CellKind};
use crate::table::spool::{Portion, PortionSize};
use crate::table::survey::Survey;

/// Maximum length of a link in Excel, in characters.
const MAX_LINK_CHARS: usize = 2_079;

/// Size of the portions in which links are counted.
const PORTION: PortionSize = PortionSize {
    bytes: 1024 * 1024,
    overhead_per_row: 0,
    rows: usize::MAX,
};

/// Characters that Excel escapes in links.
const URL_ESCAPES: [(char, &str); 11] = [
    ('%', "%25"),
    ('"', "%22"),
    (' ', "%20"),
    ('<', "%3c"),
    ('>', "%3e"),
    ('[', "%5b"),
    (']', "%5d"),
    ('^', "%5e"),
    ('`', "%60"),
    ('{', "%7b"),
    ('}', "%7d"),
];

/// The links of a table that are clickable: the first ones of each sheet.
#[derive(Default)]
pub(super) struct LinkLimit {
    /// The first link of each sheet that is plain text: its row in the table, and its index among
    /// the links of the row. `None` if all links are clickable.
    first_plain: Vec<Option<(u64, usize)>>,
    rows_per_sheet: u64,
    /// Number of links that are plain text.
    pub(super) plain: u64,
}

impl LinkLimit {
    /// Finds the links that are clickable, if a sheet has `rows_per_sheet` rows and at most
    /// `max_links` links. Reads the rows only if there may be more.
    pub(super) fn find(
        table: &mut ExportTable,
        survey: &Survey,
        rows_per_sheet: u32,
        max_links: u64,
        workers: impl Workers,
    ) -> anyhow::Result<Self> {
        let is_of_links = |column: &&Column| column.column_type == ColumnType::Link;
        let columns = table.columns.iter().zip(&survey.columns);
        let columns = columns.filter(|(column, _)| is_of_links(column));
        if columns.map(|(_, contents)| contents.texts).sum::<u64>() <= max_links {
            return Ok(Self::default());
        }
        let columns: Vec<Column> = table.columns.iter().filter(is_of_links).cloned().collect();
        let rows_of_links = |portion: Portion| {
            let mut row = portion.first_row;
            let mut rows = Vec::new();
            portion.for_each(|cells| {
                let links = cells.iter().flatten().filter(|cell| is_link(cell)).count();
                rows.extend(std::iter::repeat_n(row, links));
                row += 1;
                Ok(())
            })?;
            Ok(rows)
        };
        let mut counter = LinkCounter {
            max_links,
            limit: Self {
                rows_per_sheet: u64::from(rows_per_sheet),
                ..Self::default()
            },
            ..LinkCounter::default()
        };
        let spool = &mut table.spool;
        spool.for_each_portion(&columns, PORTION, workers, rows_of_links, |rows| {
            for row in rows {
                counter.add(row);
            }
            Ok(())
        })?;
        Ok(counter.limit)
    }

    /// True if the link with this index among the links of `row` is clickable.
    pub(super) fn allows(&self, row: u64, index: usize) -> bool {
        let sheet = row.checked_div(self.rows_per_sheet).unwrap_or_default();
        let sheet = usize::try_from(sheet).unwrap_or(usize::MAX);
        let first_plain = self.first_plain.get(sheet).copied().flatten();
        first_plain.is_none_or(|first_plain| (row, index) < first_plain)
    }
}

/// Counts the links of a table, in order.
#[derive(Default)]
struct LinkCounter {
    max_links: u64,
    limit: LinkLimit,
    /// Number of clickable links in the sheet of the last link.
    sheet_links: u64,
    last_row: Option<u64>,
    /// Number of links in the last row.
    row_links: usize,
}

impl LinkCounter {
    /// Adds a link in `row`.
    fn add(&mut self, row: u64) {
        let limit = &mut self.limit;
        let sheet = usize::try_from(row / limit.rows_per_sheet).unwrap_or(usize::MAX);
        if sheet >= limit.first_plain.len() {
            limit.first_plain.resize(sheet + 1, None);
            self.sheet_links = 0;
        }
        if self.last_row.replace(row) != Some(row) {
            self.row_links = 0;
        }
        if self.sheet_links == self.max_links {
            limit.first_plain[sheet].get_or_insert((row, self.row_links));
            limit.plain += 1;
        } else {
            self.sheet_links += 1;
        }
        self.row_links += 1;
    }
}

/// True if the cell of a column of links may be written as a clickable link: only web links are.
pub(super) fn is_link(cell: &Cell) -> bool {
    let text = &cell.text;
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    cell.kind == CellKind::Text
        && is_web
        && text.len() <= MAX_LINK_CHARS
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Links as XML: elements of the sheet, and the addresses in its relationships.
#[derive(Default)]
pub(super) struct LinkXml {
    pub(super) elements: String,
    pub(super) relationships: String,
}

impl LinkXml {
    /// Adds the link of the cell `cell`, such as `B2`. The id of the relationship is made of it.
    pub(super) fn push(&mut self, cell: &str, link: &str) {
        let (address, fragment) = match link.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (link, None),
        };
        let elements = &mut self.elements;
        elements.push_str("<hyperlink ref=\"");
        elements.push_str(cell);
        elements.push_str("\" r:id=\"rId");
        elements.push_str(cell);
        if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
            elements.push_str("\" location=\"");
            elements.push_str(&escape(fragment));
        }
        elements.push_str("\"/>");
        let address = escape_url(address);
        write!(
            self.relationships,
            "<Relationship Id=\"rId{cell}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
            escape(&*address)
        )
        .expect("a string grows");
    }
}

/// Escapes the characters that Excel escapes, unless one of them is escaped already.
fn escape_url(url: &str) -> String {
    let is_escape = |text: &[u8]| {
        let mut escapes = URL_ESCAPES.iter();
        escapes.any(|(_, escape)| text.eq_ignore_ascii_case(escape.as_bytes()))
    };
    if url.contains('%') && url.as_bytes().windows(3).any(is_escape) {
        return url.to_owned();
    }
    let mut escaped = String::with_capacity(url.len());
    for character in url.chars() {
        match URL_ESCAPES
            .iter()
            .find(|(special, _)| *special == character)
        {
            Some((_, escape)) => escaped.push_str(escape),
            None => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_counted_per_sheet_and_in_the_order_of_a_row() {
        let mut counter = LinkCounter {
            max_links: 3,
            limit: LinkLimit {
                rows_per_sheet: 4,
                ..LinkLimit::default()
            },
            ..LinkCounter::default()
        };
        // Two sheets with too many links, and between them one with few.
        let rows = [0, 0, 1, 1, 2, 5, 8, 8, 8, 9];
        for row in rows {
            counter.add(row);
        }
        let limit = counter.limit;
        assert_eq!(limit.plain, 3);
        let mut seen = Vec::new();
        for row in 0..10 {
            let links = rows.iter().filter(|other| **other == row).count();
            seen.extend((0..links).map(|index| limit.allows(row, index)));
        }
        let expected = [
            true, true, true, false, false, true, true, true, true, false,
        ];
        assert_eq!(seen, expected);
        assert!(LinkLimit::default().allows(1_000_000, 3));
    }

    #[test]
    fn links_are_escaped_once() {
        for (url, expected) in [
            ("https://a.example/b?c=d&e", "https://a.example/b?c=d&e"),
            (
                "https://a.example/[b]^{`}|",
                "https://a.example/%5bb%5d%5e%7b%60%7d|",
            ),
            (
                "https://a.example/%41\"<>",
                "https://a.example/%2541%22%3c%3e",
            ),
            ("https://a.example/%5B[", "https://a.example/%5B["),
            ("https://a.example/100%", "https://a.example/100%25"),
        ] {
            assert_eq!(escape_url(url), expected);
        }
    }
}
