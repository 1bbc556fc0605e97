//! CSV (RFC 4180: comma, CRLF, quotes where needed, one header line) and its variants:
//! tab-separated values, and CSV for one spreadsheet program.

mod dialect;
mod field;
mod json_value;
mod row;
mod writer;

pub use self::dialect::Dialect;
pub(super) use self::field::QUOTE;
pub(super) use self::writer::DelimitedWriter;

#[cfg(test)]
pub(crate) mod tests {
    use csv::{QuoteStyle, Terminator, WriterBuilder};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::export::spreadsheet_program::Program;
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
        for dialect in unguarded.iter().chain(&guarded) {
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
        fn any_text_is_guarded_like_its_cell(pieces in vec(select(PIECES), 0..24), delimiter in select(&b",;\t| "[..])) {
            let value = serde_json::to_string(&format!("a{}", pieces.concat())).expect("a string is JSON");
            let dialect = Dialect { delimiter, ..Dialect::csv() };
            assert_fields_are_equal(&dialect, &value, "");
            assert_fields_are_equal(&dialect, &value, r#","b":"More than is looked at together.""#);
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
