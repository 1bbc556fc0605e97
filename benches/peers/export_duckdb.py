"""DuckDB's best: `read_json` with all columns given as structs, two threads, to CSV or Parquet. Rows stay in the input's order, as it is DuckDB's
default and as postcall has them, or may come in any (a third argument), which is faster.

Slower were columns of type JSON taken apart with `->>`, and columns that DuckDB finds itself; numbers as text are no faster. DuckDB writes
5.5 where the body has 5.50.
"""

import sys

import duckdb
from columns import BOOLEAN, COLUMNS, LIST, NUMBER, TEXT, WHOLE, paths

TYPES = {NUMBER: "DOUBLE", WHOLE: "BIGINT", BOOLEAN: "BOOLEAN", TEXT: "VARCHAR", LIST: "JSON"}


def quoted(name):
    return f'"{name}"'


def sql_type(kind):
    if isinstance(kind, dict):
        members = ", ".join(f"{quoted(name)} {sql_type(member)}" for name, member in kind.items())
        return f"STRUCT({members})"
    return TYPES[kind]


source, target, *any_order = sys.argv[1:]
given = ", ".join(f"{quoted(name)}: '{sql_type(kind)}'" for name, kind in COLUMNS.items())
cells = ", ".join(f"{'.'.join(map(quoted, path))} AS {quoted('.'.join(path))}" for path, _ in paths())
connection = duckdb.connect()
connection.execute("SET threads = 2")
if any_order:
    connection.execute("SET preserve_insertion_order = false")
connection.execute(
    f"COPY (SELECT {cells} FROM read_json('{source}', format = 'newline_delimited', columns = {{{given}}})) "
    f"TO '{target}' ({'FORMAT parquet' if target.endswith('.parquet') else 'FORMAT csv, HEADER'})"
)
