//! Finds the column of an `SQLite` database that probably has the bodies, for the message about it.

/// Number of bytes at the start of a database that are searched for the schema. It starts on the
/// first page, and a page has at most this many bytes.
pub(super) const SCHEMA_BYTES: usize = 64 * 1024;

/// Names of columns that have bodies, the most likely first. A column may also contain one of them:
/// `webhook_body`.
const BODY_NAMES: &[&str] = &[
    "body", "payload", "json", "data", "raw", "content", "request", "event", "message", "value",
    "text",
];

/// The longest name of a table or column in a message.
const MAX_NAME_BYTES: usize = 60;

/// A column, and its rank: lower is more likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Candidate<'s> {
    rank: usize,
    table: &'s str,
    column: Option<&'s str>,
}

/// A command that prints the bodies in the database `file`, which starts with `schema`. If its
/// tables are not found, the command has placeholders.
pub(super) fn query_command(file: &str, schema: &[u8]) -> String {
    let statements = memchr::memmem::find_iter(schema, b"CREATE TABLE ");
    let candidates = statements.filter_map(|at| candidate(&schema[at + b"CREATE TABLE ".len()..]));
    match candidates.min_by_key(|candidate| candidate.rank) {
        Some(Candidate {
            table,
            column: Some(column),
            ..
        }) => format!("sqlite3 {file} \"SELECT {column} FROM {table}\""),
        // Any column: JSON in strings is found.
        Some(Candidate { table, .. }) => {
            format!("sqlite3 -json {file} \"SELECT * FROM {table}\"")
        }
        None => format!("sqlite3 -json {file} \"SELECT * FROM TABLE\""),
    }
}

/// The most likely column of a table, of which `statement` follows `CREATE TABLE`. Names that must
/// be quoted are left to the user.
fn candidate(statement: &[u8]) -> Option<Candidate<'_>> {
    let (table, rest) = split_name(statement)?;
    if table.starts_with("sqlite_") {
        return None;
    }
    let columns = rest.trim_ascii_start().strip_prefix(b"(")?;
    let columns = split_columns(columns).filter_map(|column| Some(split_name(column)?.0));
    let columns = columns.filter_map(|column| Some((rank(column)?, column)));
    let best = columns.min_by_key(|(rank, _)| *rank);
    Some(Candidate {
        rank: best.map_or(usize::MAX, |(rank, _)| rank),
        table,
        column: best.map(|(_, column)| column),
    })
}

/// The rank of a column by its name; `None` if it does not look like that of bodies.
fn rank(column: &str) -> Option<usize> {
    let column = column.to_ascii_lowercase();
    let is = |name: &&str| *name == column;
    let exact = BODY_NAMES.iter().position(is);
    let part = || BODY_NAMES.iter().position(|name| column.contains(name));
    exact.or_else(|| Some(BODY_NAMES.len() + part()?))
}

/// Splits the definitions of columns at their commas, up to the closing parenthesis.
fn split_columns(definitions: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut depth = 0_usize;
    let mut is_over = false;
    let parts = definitions.split(move |byte| {
        if *byte == b'(' {
            depth += 1;
        } else if *byte == b')' {
            is_over |= depth == 0;
            depth = depth.saturating_sub(1);
        }
        is_over || (depth == 0 && *byte == b',')
    });
    // What follows the end is not part of a definition, but starts no name either.
    parts.take_while(|part| !part.is_empty())
}

/// Splits an identifier, quoted or not, from the start of `text`. Returns `None` if it has to be
/// quoted.
fn split_name(text: &[u8]) -> Option<(&str, &[u8])> {
    let text = text.trim_ascii_start();
    let quote_bytes = |text: &[u8], quotes: &[u8]| {
        usize::from(text.first().is_some_and(|byte| quotes.contains(byte)))
    };
    let text = &text[quote_bytes(text, b"\"`['")..];
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let end = text.iter().position(|byte| !is_part(byte))?;
    let name = std::str::from_utf8(&text[..end]).ok()?;
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let rest = &text[end..];
    let rest = &rest[quote_bytes(rest, b"\"`]'")..];
    let ends_well = rest
        .first()
        .is_none_or(|byte| b" \t\r\n(),;".contains(byte));
    (starts_well && ends_well && name.len() <= MAX_NAME_BYTES).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(schema: &str) -> String {
        query_command("a.db", schema.as_bytes())
    }

    #[test]
    fn the_column_of_the_bodies_is_chosen_by_its_name() {
        for (schema, query) in [
            (
                "CREATE TABLE calls (id INTEGER PRIMARY KEY, received TEXT, body TEXT)",
                "\"SELECT body FROM calls\"",
            ),
            (
                "CREATE TABLE sqlite_sequence(name,seq)CREATE TABLE \"hook\"(\"a\" DECIMAL(10, 2), \"webhook_payload\" TEXT)\0",
                "\"SELECT webhook_payload FROM hook\"",
            ),
            (
                "CREATE TABLE log (id int, message text)\0CREATE TABLE [execution_data] ([id] int, [data] text NOT NULL)\0",
                "\"SELECT data FROM execution_data\"",
            ),
            ("CREATE TABLE a (b, c)\0", "-json a.db \"SELECT * FROM a\""),
            ("CREATE TABLE \"a b\" (body)\0", "\"SELECT * FROM TABLE\""),
            (
                "CREATE TABLE a\"; .shell x (body)\0",
                "\"SELECT * FROM TABLE\"",
            ),
            ("CREATE TABLE", "\"SELECT * FROM TABLE\""),
            ("", "\"SELECT * FROM TABLE\""),
        ] {
            assert!(command(schema).contains(query), "{}", command(schema));
        }
    }
}
