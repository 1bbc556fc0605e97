//! The tables in the README match the program's own tables.
//! `SNAPSHOTS=overwrite cargo test --test readme_tables` updates the README.

use std::fmt::Write as _;
use std::fs;

mod common;

use common::{compare_with_file, repository};
use postcall::contract::{FIELDS, FieldSource};
use postcall::exit::EXIT_CODES;
use postcall::lint::rules::registry;
use snapbox::Data;

#[test]
fn tables_of_the_readme_are_current() {
    let path = repository().join("README.md");
    let readme = fs::read_to_string(&path).expect("the README is part of the repository");
    let readme = with_table(&readme, "exit codes", &exit_codes());
    let readme = with_table(&readme, "rules", &rules());
    let readme = with_table(&readme, "fields", &fields());
    compare_with_file(Data::text(readme), &path);
}

/// The README with `table` between the comments `<!-- name -->` and `<!-- end -->`.
fn with_table(readme: &str, name: &str, table: &str) -> String {
    let marker = format!("<!-- {name} -->\n");
    let (before, rest) = readme
        .split_once(&marker)
        .expect("the README has the marker");
    let (_, after) = rest.split_once("<!-- end -->").expect("the table ends");
    format!("{before}{marker}{table}<!-- end -->{after}")
}

fn exit_codes() -> String {
    let mut table = "| code | meaning |\n| ---: | --- |\n".to_owned();
    for (exit, meaning) in EXIT_CODES {
        writeln!(table, "| {} | {meaning} |", *exit as u8)
            .expect("writing to a String cannot fail");
    }
    table
}

fn rules() -> String {
    let mut table = "| rule | level | what it finds |\n| --- | --- | --- |\n".to_owned();
    for rule in registry() {
        writeln!(
            table,
            "| `{}` | {} | {} |",
            rule.id,
            rule.level.name(),
            rule.summary
        )
        .expect("writing to a String cannot fail");
    }
    table
}

fn fields() -> String {
    let mut table =
        "| field | type | required | format | meaning |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for field in FIELDS {
        let null = if field.nullable { " or null" } else { "" };
        let required = if field.required { "yes" } else { "no" };
        let format = match field.format {
            None => String::new(),
            Some((format, FieldSource::Page)) => format.name().to_owned(),
            Some((format, FieldSource::Example)) => format!("{} (example)", format.name()),
        };
        writeln!(
            table,
            "| `{}` | {}{null} | {required} | {format} | {} |",
            field.column(),
            field.kind.name(),
            field.meaning
        )
        .expect("writing to a String cannot fail");
    }
    table
}
