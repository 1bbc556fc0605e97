"""chDB's best: `JSONEachRow` with all columns given, objects as named tuples, every value as text, two threads.

Text is a third faster than typed and nullable columns, and keeps 5.50 as it stood; an absent value is then "" in quotes. Columns of type
JSON with typed paths were slower than tuples.
"""

import sys

import chdb
from columns import COLUMNS, paths


def quoted(name):
    return f"`{name}`"


def sql_type(kind):
    if isinstance(kind, dict):
        return f"Tuple({', '.join(f'{quoted(name)} {sql_type(member)}' for name, member in kind.items())})"
    return "String"


source, target = sys.argv[1:]
given = ", ".join(f"{quoted(name)} {sql_type(kind)}" for name, kind in COLUMNS.items())
cells = ", ".join(f"{'.'.join(map(quoted, path))} AS {quoted('.'.join(path))}" for path, _ in paths())
chdb.query(
    f"INSERT INTO FUNCTION file('{target}', 'CSVWithNames') SELECT {cells} FROM file('{source}', 'JSONEachRow', '{given}') "
    "SETTINGS max_threads = 2, engine_file_truncate_on_insert = 1, input_format_json_read_arrays_as_strings = 1"
)
