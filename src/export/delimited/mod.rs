//! CSV (RFC 4180: comma, CRLF, quotes where needed, one header line) and its variants:
//! tab-separated values, and CSV for one spreadsheet program.

mod dialect;
mod field;
mod json_value;
mod line_breaks;
mod row;
mod writer;

pub use self::dialect::Dialect;
pub(super) use self::field::QUOTE;
pub(crate) use self::line_breaks::LineBreaks;
pub(super) use self::writer::DelimitedWriter;

#[cfg(test)]
pub(crate) mod tests {
    use csv::{QuoteStyle, Terminator, WriterBuilder};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::line_breaks::is_line_break;
    use super::line_breaks::tests::restore;
    use super::*;
    use crate::export::spreadsheet_program::Program;
    use crate::guard::tests::{is_formula, strip_guards};
    use crate::json::Json;
    use crate::table::row::{Cell, CellKind};

    pub(in super::super) const TEXTS: [&str; 16] = [
        "",
        "a",
        "a,b",
        "a;b\tc",
        "say \"hi\"",
        "\"",
        "\r",
        "two\nlines",
        "5",
        "-1.5e3",
        "1,5",
        "12345678901234567890123",
        "NaN",
        " x ",
        "ü😀",
        "\\",
    ];

    pub(in super::super) fn dialects() -> [Dialect; 4] {
        let dialects = [
            Dialect::csv(),
            Dialect::tsv(),
            Dialect::for_program(Program::Excel),
            Dialect::for_program(Program::ExcelDe),
        ];
        dialects.map(|dialect| Dialect {
            guard: false,
            ..dialect
        })
    }

    #[test]
    fn quoting_equals_that_of_the_csv_crate() {
        for dialect in dialects() {
            let mut theirs = WriterBuilder::new()
                .delimiter(dialect.delimiter)
                .quote_style(match dialect.program {
                    Some(_) => QuoteStyle::NonNumeric,
                    None => QuoteStyle::Necessary,
                })
                .terminator(match dialect.line_end {
                    "\n" => Terminator::Any(b'\n'),
                    _ => Terminator::CRLF,
                })
                .flexible(true)
                .from_writer(Vec::new());
            let mut ours = Vec::new();
            for (index, text) in TEXTS.iter().enumerate() {
                for row in [&TEXTS[index..], &[text]] {
                    let cells: Vec<Cell> = row
                        .iter()
                        .map(|text| Cell {
                            kind: CellKind::Json,
                            text: (*text).into(),
                        })
                        .collect();
                    theirs.write_record(row).expect("a Vec takes every write");
                    dialect.push_row(cells.iter().map(Some), &mut ours, &mut 0);
                }
            }
            let theirs = theirs.into_inner().expect("a Vec takes every write");
            assert_eq!(
                String::from_utf8_lossy(&ours),
                String::from_utf8_lossy(&theirs)
            );
        }
    }

    #[test]
    fn a_value_and_its_cell_give_equal_fields() {
        let values = TEXTS.map(|text| serde_json::to_string(text).expect("a string is JSON"));
        let more_values = [
            r#""\u00fc""#,
            r#""=1""#,
            r#""\n=1""#,
            r#""+49151234""#,
            r#""+49 151""#,
            r#""a\/b\t\ud800""#,
            r#""-""#,
            "1.10",
            "true",
            "null",
            r#"[1, "a,b"]"#,
            r#"{"a": "\""}"#,
        ];
        let unguarded = dialects();
        let guarded = dialects().map(|dialect| Dialect {
            guard: true,
            null: "NULL".to_owned(),
            ..dialect
        });
        let on_one_line = [LineBreaks::Escape, LineBreaks::Space].map(|line_breaks| {
            guarded
                .each_ref()
                .map(|dialect| dialect.clone().with_line_breaks(line_breaks))
        });
        let dialects = unguarded.iter().chain(&guarded);
        for dialect in dialects.chain(on_one_line.iter().flatten()) {
            let values = values.iter().map(String::as_str).chain(more_values);
            let rest = ["", r#","b":"More than is looked at together.""#];
            for (value, rest) in values.flat_map(|value| rest.map(|rest| (value, rest))) {
                assert_fields_are_equal(dialect, value, rest);
            }
        }
    }

    #[test]
    fn values_with_any_first_character_are_guarded_like_their_cells() {
        for first in ('\0'..='\u{ff}').chain("\u{200b}\u{feff}＝−﹫".chars()) {
            for rest in ["", "1", "=1", "4915123456789", " x"] {
                let text = format!("{first}{rest}");
                let value = serde_json::to_string(&text).expect("a string is JSON");
                assert_fields_are_equal(&Dialect::csv(), &value, "");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..<_>::default() })]

        #[test]
        fn any_text_is_guarded_like_its_cell(
            pieces in vec(select(PIECES), 0..24),
            delimiter in select(&b",;\t| "[..]),
            line_breaks in select(&[LineBreaks::Keep, LineBreaks::Escape, LineBreaks::Space][..]),
        ) {
            let value = serde_json::to_string(&format!("a{}", pieces.concat())).expect("a string is JSON");
            let dialect = Dialect { delimiter, ..Dialect::csv() }.with_line_breaks(line_breaks);
            assert_fields_are_equal(&dialect, &value, "");
            assert_fields_are_equal(&dialect, &value, r#","b":"More than is looked at together.""#);
        }

        #[test]
        fn a_row_without_line_breaks_is_one_line(
            texts in vec(vec(select(PIECES), 0..12), 1..4),
            delimiter in select(&b",;\t|\\"[..]),
            guard in any::<bool>(),
            line_breaks in select(&[LineBreaks::Escape, LineBreaks::Space][..]),
        ) {
            let texts: Vec<String> = texts.iter().map(|pieces| pieces.concat()).collect();
            let dialect = Dialect { delimiter, guard, ..Dialect::csv() }.with_line_breaks(line_breaks);
            for dialect in [dialect.clone(), Dialect { program: Some(Program::Excel), ..dialect }] {
                assert_rows_are_lines(&dialect, &texts);
            }
        }

        #[test]
        fn cells_without_line_breaks_hold_no_formula_and_are_restored(
            pieces in vec(select(PIECES), 0..24),
            delimiter in select(&b",;\t|\\"[..]),
            line_breaks in select(&[LineBreaks::Escape, LineBreaks::Space][..]),
        ) {
            let text = pieces.concat();
            let dialect = Dialect { delimiter, ..Dialect::csv() }.with_line_breaks(line_breaks);
            let cell = written_cells(&dialect, &[Cell::text(&*text)]).remove(0);
            assert_no_formula(&cell, delimiter);
            let stripped = |cell: &str| strip_guards(cell, char::from(delimiter));
            if line_breaks == LineBreaks::Escape {
                let restored = restore(&cell);
                assert_no_formula(&restored, delimiter);
                prop_assert_eq!(stripped(&restored), &*text);
                let unguarded = Dialect { guard: false, ..dialect };
                let cell = written_cells(&unguarded, &[Cell::text(&*text)]).remove(0);
                prop_assert_eq!(restore(&cell), text);
            } else {
                let marked: String = text.replace(is_line_break, "\n");
                let runs = marked.split_inclusive(|c| c != '\n');
                let expected: String = runs
                    .map(|run| {
                        let rest = run.trim_start_matches('\n');
                        if rest.len() < run.len() { format!(" {rest}") } else { rest.to_owned() }
                    })
                    .collect();
                prop_assert_eq!(stripped(&cell), expected);
            }
        }
    }

    /// Checks that the header and a row with these texts are one line each, and that the row has a
    /// cell for each text.
    fn assert_rows_are_lines(dialect: &Dialect, texts: &[String]) {
        let times = texts.iter().map(|text| Cell {
            kind: CellKind::Time,
            text: text.as_str().into(),
        });
        let json = texts.iter().map(|text| Cell {
            kind: CellKind::Json,
            text: text.as_str().into(),
        });
        let cells: Vec<Cell> = texts.iter().map(|text| Cell::text(&**text)).collect();
        let cells: Vec<Cell> = cells.into_iter().chain(times).chain(json).collect();
        assert_eq!(written_cells(dialect, &cells).len(), texts.len() * 3);
        let header = dialect.file_start(texts.iter().map(String::as_str), &mut 0);
        assert_is_line(dialect, &header);
    }

    /// Writes a row of these cells, checks that it is one line, and reads it again.
    fn written_cells(dialect: &Dialect, cells: &[Cell]) -> Vec<String> {
        let mut row = Vec::new();
        dialect.push_row(cells.iter().map(Some), &mut row, &mut 0);
        assert_is_line(dialect, &row);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(dialect.delimiter)
            .from_reader(&*row);
        let record = reader.records().next().expect("a row").expect("UTF-8");
        record.iter().map(str::to_owned).collect()
    }

    fn assert_is_line(dialect: &Dialect, row: &[u8]) {
        let row = str::from_utf8(row).expect("it was text");
        let content = row.strip_suffix(dialect.line_end).expect("a line end");
        assert!(!content.contains(is_line_break), "{content:?}");
    }

    /// Checks that no reader finds a formula in the cell, whatever its delimiter is.
    fn assert_no_formula(cell: &str, delimiter: u8) {
        let separators = [',', ';', '\t', '\n', '\r', char::from(delimiter)];
        let parts = separators
            .iter()
            .flat_map(|separator| cell.split(*separator));
        for part in parts.chain([cell]) {
            assert!(!is_formula(part), "{part:?} in {cell:?}");
        }
    }

    #[test]
    fn words_of_the_user_are_on_one_line() {
        let dialect = Dialect {
            null: "a\n\\N".to_owned(),
            booleans: ["y\r".to_owned(), "n".to_owned()],
            ..Dialect::csv()
        };
        for (line_breaks, expected) in [
            (LineBreaks::Escape, "a\\n\\N,y\\r\r\n"),
            (LineBreaks::Space, "a \\N,y \r\n"),
        ] {
            let mut row = Vec::new();
            let boolean = Cell {
                kind: CellKind::Boolean,
                text: "true".into(),
            };
            let dialect = dialect.clone().with_line_breaks(line_breaks);
            dialect.push_row([None, Some(&boolean)], &mut row, &mut 0);
            assert_eq!(String::from_utf8_lossy(&row), expected);
        }
    }

    /// Parts of text that the guard treats differently.
    const PIECES: &[&str] = &[
        "=",
        "+",
        "-",
        "@",
        "＝",
        "−",
        "'",
        "\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\u{b}",
        "\u{1e}",
        "\u{85}",
        "\u{2028}",
        "|",
        " ",
        "\u{a0}",
        "\u{200b}",
        "a",
        "ä",
        "„",
        "5",
        "49",
        "(",
        "]",
        "/",
        "\\",
        "- ja",
        "sixteen letters,",
    ];

    /// Checks that `push_value` appends the field of the cell of `value`, a JSON text. `rest`
    /// follows the value in its body.
    fn assert_fields_are_equal(dialect: &Dialect, value: &str, rest: &str) {
        let body = format!("{{\"a\":{value}{rest}}}");
        let body: Json = serde_json::from_str(&body).expect("well-formed");
        let value = body.members().and_then(|members| members.get("a"));
        let value = value.expect("it is there");
        let (mut field, mut guards) = (Vec::new(), 0);
        dialect.push_value(value, body.text(), &mut field, &mut guards);
        let (mut expected, mut expected_guards) = (Vec::new(), 0);
        let cell = Cell::from_json(value);
        dialect.push_cell(cell.as_ref(), &mut expected, &mut expected_guards);
        assert_eq!(
            String::from_utf8_lossy(&field),
            String::from_utf8_lossy(&expected),
            "{value:?}"
        );
        assert_eq!(guards, expected_guards);
    }
}
