"""Polars' best: `scan_ndjson` with the whole schema given, streamed into `sink_csv` or `sink_parquet`, two threads. Rows stay in the input's order, as
it is Polars' default and as postcall has them, or may come in any (a third argument).

Other forms were slower: `read_ndjson`, and `collect` before writing. Polars writes 5.5 where the body has 5.50.
"""

import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"  # read when polars is loaded

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
        # CSV has no lists. The items are names of days, which need no escapes.
        value = pl.format('["{}"]', value.list.join('","'))
    return value.alias(".".join(path))


source, target, *any_order = sys.argv[1:]
bodies = pl.scan_ndjson(source, schema={name: data_type(kind) for name, kind in COLUMNS.items()})
table = bodies.select([cell(path, kind) for path, kind in paths()])
sink = table.sink_parquet if target.endswith(".parquet") else table.sink_csv
sink(target, maintain_order=not any_order)
