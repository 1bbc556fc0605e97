#!/usr/bin/env python3
"""Reads six daily exports as one table in six engines, with the recipes of docs/scale.md.

    tests/scale/engines.py POSTCALL [ENGINE...]

The variable `nps` is 9, 8.5, null, "nine", true and 7 on the six days, a `duration` and a
`created_at` are not valid, and every day is exported by a run of its own. Each engine must read the
same columns, types and sums; the sums are computed here from the bodies. Needs duckdb, polars,
pyarrow, pandas, deltalake and pyspark (pip), and Java 17 for the last. Exits with 1 if an engine
refuses a file, or reads another type or another sum.
"""

import contextlib
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet

from recipes import write_recipes

NPS = [9, 8.5, None, "nine", True, 7]
ENGINES = ["duckdb", "polars", "pyarrow", "pandas", "deltalake", "spark"]
MISSING = object()
DECLARED = {"nps": "number", "city": "string", "done": "bool"}
# Columns of every kind, in the order of the table.
COLUMNS = {
    "id": "integer", "duration": "integer", "status": "text", "extracted_variables.nps": "number",
    "extracted_variables.city": "text", "extracted_variables.done": "boolean",
    "created_at": "time", "lead.id": "integer", "campaign.allowed_days": "text",
    "campaign.max_retries": "integer", "_misfits": "text",
}
# The names of these types in each engine.
TYPES = {
    "duckdb": {"BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean", "VARCHAR": "text",
               "TIMESTAMP WITH TIME ZONE": "time"},
    "polars": {"Int64": "integer", "Float64": "number", "Boolean": "boolean", "String": "text",
               "Datetime(time_unit='us', time_zone='UTC')": "time"},
    "pyarrow": {"int64": "integer", "double": "number", "bool": "boolean", "string": "text",
                "timestamp[us, tz=UTC]": "time"},
    "pandas": {"int64[pyarrow]": "integer", "double[pyarrow]": "number",
               "bool[pyarrow]": "boolean", "string[pyarrow]": "text", "string": "text",
               "timestamp[us, tz=UTC][pyarrow]": "time"},
    "deltalake": {"long": "integer", "double": "number", "boolean": "boolean", "string": "text",
                  "timestamp": "time"},
    "spark": {"bigint": "integer", "double": "number", "boolean": "boolean", "string": "text",
              "timestamp": "time"},
}


def make_body(day, variables):
    """A valid body of that day of January 2026, apart from two bad values in the six days."""
    return {
        "id": 900 + day, "customer_phone": "+4930123456", "assistant_phone": None,
        "duration": "long" if day == 2 else 60 + day, "status": "completed",
        "extracted_variables": variables, "input_variables": {"company": f"Example {day}"},
        "transcript": "Assistant: Hello", "recording_url": None,
        "created_at": "yesterday" if day == 5 else f"2026-01-{day:02}T10:00:00+01:00",
        "finished_at": f"2026-01-{day:02}T10:02:00+01:00",
        "lead": {"id": day, "phone_number": "+4930123456", "variables": {}, "status": "contacted",
                 "created_at": "2025-12-01T00:00:00Z", "updated_at": "2025-12-01T00:00:00Z"},
        "campaign": None,
    }


def all_variables():
    """The variables of each day, by the name of the case."""
    days = [{"nps": nps, "city": "Bonn", "done": True} for nps in NPS]
    without = {name: value for name, value in days[0].items() if name != "nps"}
    empty = dict.fromkeys(DECLARED)
    return {
        "six days": days,
        "a day without the variable": [without, *days[1:]],
        "a day with nulls only": [empty, *days[1:]],
        "a day with another variable": [{**days[0], "new": 1}, *days[1:]],
    }


def is_misfit(value, kind):
    if value is None:
        return False
    if kind == "number":
        return isinstance(value, bool) or not isinstance(value, (int, float))
    return not isinstance(value, {"string": str, "bool": bool}[kind])


def expected_figures(bodies):
    """Number of calls, sum of `duration`, sum of `nps`, and number of calls with misfits."""
    misfits = 0
    for body in bodies:
        variables = body["extracted_variables"]
        misfits += (isinstance(body["duration"], str) or body["created_at"] == "yesterday"
                    or any(is_misfit(variables.get(name), kind) for name, kind in DECLARED.items()))
    numbers = [body["extracted_variables"].get("nps") for body in bodies]
    return [len(bodies),
            sum(body["duration"] for body in bodies if not isinstance(body["duration"], str)),
            sum(number for number in numbers if number and not is_misfit(number, "number")),
            misfits]


def export_days(postcall, bodies, headings, folder):
    """Runs the recipe that exports each day. All files must have the same columns and types."""
    write_recipes(folder, ["post_call_schema.json", "export_days.sh"])
    Path(folder, "captures").mkdir()
    for day, body in enumerate(bodies, start=1):
        Path(folder, f"captures/2026-01-{day:02}.jsonl").write_text(json.dumps(body) + "\n")
    script = Path(folder, "export_days.sh")
    script.write_text(script.read_text().replace("postcall export", f"postcall export {headings}"))
    Path(folder, "bin").mkdir()
    Path(folder, "bin", "postcall").symlink_to(Path(postcall).resolve())
    path = f"{folder}/bin:{os.environ['PATH']}"
    run = subprocess.run(["sh", script.name], cwd=folder, capture_output=True, text=True,
                         check=False, env={**os.environ, "PATH": path})
    if run.returncode != 0:
        sys.exit(f"export_days.sh: exit code {run.returncode}\n{run.stderr}")
    files = sorted(Path(folder, "daily").iterdir())
    assert len(files) == len(bodies), files
    schemas = {file.name: pyarrow.parquet.read_schema(file) for file in files}
    for name, schema in schemas.items():
        if schema != schemas[files[0].name]:
            sys.exit(f"{name} has the schema\n{schema}\nnot\n{schemas[files[0].name]}")


def sql_name(column):
    return column.replace(".", "_")


def run_recipe(engine, headings, folder):
    """The figures that the recipe prints, and its table."""
    name = f"read_{engine}.py"
    write_recipes(folder, [name])
    recipe = Path(folder, name)
    if headings:
        text = recipe.read_text().replace("extracted_variables.nps", "extracted_variables_nps")
        recipe.write_text(text)
    output = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(output):
        table = runpy.run_path(name)["calls"]
    return [float(word) for word in output.getvalue().split()], table


def read_types(engine, table):
    """The names of all columns in order, with their types in the words of the engine."""
    if engine == "duckdb":
        pairs = zip(table.columns, table.types)
    elif engine == "polars":
        pairs = table.collect_schema().items()
    elif engine == "pyarrow":
        pairs = zip(table.schema.names, table.schema.types)
    elif engine == "pandas":
        pairs = table.dtypes.items()
    elif engine == "deltalake":
        pairs = ((field.name, field.type.type) for field in table.schema().fields)
    else:
        pairs = table.dtypes
    return {name: str(kind) for name, kind in pairs}


def check(engine, case, headings, bodies, folder):
    try:
        figures, table = run_recipe(engine, headings, folder)
        found = read_types(engine, table)
    except Exception as error:
        sys.exit(f"{case}: {engine} refuses the files: {type(error).__name__}: {error}")
    if figures != expected_figures(bodies):
        sys.exit(f"{case}: {engine}: {figures}, not {expected_figures(bodies)}")
    columns = COLUMNS if not headings else {sql_name(name): kind for name, kind in COLUMNS.items()}
    types = {name: TYPES[engine].get(found.get(name), found.get(name)) for name in columns}
    if types != columns:
        sys.exit(f"{case}: {engine}: types {types}, not {columns}")
    order = [name for name in found if name in columns]
    if order != list(columns):
        sys.exit(f"{case}: {engine}: order {order}, not {list(columns)}")
    return figures


def check_partitions(case, headings, bodies, folder):
    """The recipe that writes a folder per day loses no call, and no other day is read."""
    write_recipes(folder, ["partition_duckdb.py"])
    with contextlib.chdir(folder):
        runpy.run_path("partition_duckdb.py")
    days = {path.name for path in Path(folder, "by_day").iterdir()}
    expected = {"day=__HIVE_DEFAULT_PARTITION__" if body["created_at"] == "yesterday"
                else f"day={body['created_at'][:10]}" for body in bodies}
    if days != expected:
        sys.exit(f"{case}: folders {sorted(days)}, not {sorted(expected)}")
    table = pyarrow.dataset.dataset(f"{folder}/by_day", format="parquet").to_table()
    nps = table[sql_name("extracted_variables.nps") if headings else "extracted_variables.nps"]
    figures = [table.num_rows, *(pyarrow.compute.sum(column).as_py()
                                 for column in (table["duration"], nps)),
               pyarrow.compute.count(table["_misfits"]).as_py()]
    if figures != expected_figures(bodies):
        sys.exit(f"{case}: partitions: {figures}, not {expected_figures(bodies)}")


def empty_folder(folder):
    for path in Path(folder).iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def main(postcall, *engines):
    # One folder for all cases, because the working directory of Spark's process stays the first.
    with tempfile.TemporaryDirectory() as folder:
        for case, variables in all_variables().items():
            bodies = [make_body(day, values) for day, values in enumerate(variables, start=1)]
            for headings in ("", "--headings sql"):
                title = f"{case} {headings}".strip()
                empty_folder(folder)
                export_days(postcall, bodies, headings, folder)
                for engine in engines or ENGINES:
                    figures = check(engine, title, headings, bodies, folder)
                    print(f"{title}: {engine}: {figures}", flush=True)
                if "duckdb" in (engines or ENGINES):
                    check_partitions(title, headings, bodies, folder)


main(*sys.argv[1:])
