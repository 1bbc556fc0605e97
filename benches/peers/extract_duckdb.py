"""Prints the bodies in the column `payload` of a CSV file as JSON Lines, with DuckDB."""

import sys

import duckdb

connection = duckdb.connect()
connection.execute("SET threads = 2")
# The quote and the delimiter are characters that JSON does not have unescaped, so that DuckDB
# writes the text unchanged.
connection.execute(
    f"COPY (SELECT payload FROM read_csv('{sys.argv[1]}', all_varchar = true)) TO '/dev/stdout' "
    "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x1f')"
)
