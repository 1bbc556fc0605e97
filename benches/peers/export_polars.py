"""Export with Polars in its fastest form: `scan_ndjson` with the whole schema declared, streamed
into `sink_csv` or `sink_parquet`, two threads. Rows keep the input order, as postcall does and as is
Polars' default. A third argument allows any order.

Slower forms: `read_ndjson`, and `collect` before writing. Polars writes 5.5 where the body has
5.50.
"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"  # polars reads this when it is imported

import polars as pl
from columns import BOOLEAN, COLUMNS, LIST, NUMBER, TEXT, WHOLE, paths

TYPES = {NUMBER: pl.Float64, WHOLE: pl.Int64, BOOLEAN: pl.Boolean, TEXT: pl.String, LIST: pl.List(pl.String)}


def data_type(kind):
    if isinstance(kind, dict):
        return pl.Struct({name: data_type(member) for name, member in kind.items()})
    return TYPES[kind]


def cell(path, kind):
    value = pl.col(path[0])
    for name in path[1:]:
        value = value.struct.field(name)
    if kind == LIST:
        # CSV cannot hold lists. The items are names of weekdays, which need no escaping.
        value = pl.format('["{}"]', value.list.join('","'))
    return value.alias(".".join(path))


source, target, *any_order = sys.argv[1:]
bodies = pl.scan_ndjson(source, schema={name: data_type(kind) for name, kind in COLUMNS.items()})
table = bodies.select([cell(path, kind) for path, kind in paths()])
sink = table.sink_parquet if target.endswith(".parquet") else table.sink_csv
sink(target, maintain_order=not any_order)
