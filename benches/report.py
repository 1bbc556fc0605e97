"""Tables for `benches/compare.sh`.

`report.py tables [--no-targets] STARTS RESULTS…` prints the tables as Markdown. Each of RESULTS is
one whole run, and each of its lines one measured command. The fields are separated by tabs: table,
label, command, microseconds, and the usage, which is user seconds, system seconds and peak memory
in KiB, separated by spaces. STARTS is the number of times that each run starts a command of the
table "small body".

`report.py count FILE` prints the number of rows, without the header, of a CSV file, of the first
sheet of a workbook, or of a Parquet file, which needs DuckDB.

`report.py compare FIGURES OTHER` compares the figures of OTHER, a CSV file, with those of the same
names in FIGURES, and prints those that differ.
"""

import csv
import os
import re
import sys
import zipfile
from collections import defaultdict
from statistics import median

COMMANDS = ["export", "validate", "list", "variables", "campaigns", "stats"]
INPUTS = ["all, file", "all, stdin", "tenth, file", "tenth, stdin"]


class Task:
    """All runs of one command."""

    def __init__(self):
        self.command = ""
        self.seconds = []
        self.processor = []
        self.peak_mebibytes = 0.0

    @property
    def median(self):
        return median(self.seconds)


def read_results(paths, starts):
    """Returns the tables by name. Each table has its tasks by label. Both keep the measured order."""
    tables = defaultdict(lambda: defaultdict(Task))
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                read_measurement(line, tables, starts)
    return tables


def read_measurement(line, tables, starts):
    table, label, command, microseconds, usage = line.rstrip("\n").split("\t")
    user, system, kibibytes = map(float, usage.split())
    repetitions = starts if table == "small body" else 1
    task = tables[table][label]
    task.command = command
    task.seconds.append(int(microseconds) / 1e6 / repetitions)
    task.processor.append((user + system) / repetitions)
    task.peak_mebibytes = max(task.peak_mebibytes, kibibytes / 1024)


def print_table(title, heads, rows):
    print(f"\n### {title}\n")
    print(f"| {' | '.join(heads)} |")
    print("|" + "|".join(" --- " if head in ("", "command", "work", "must", "met") else " ---: " for head in heads) + "|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


# For each unit, the factor from seconds and the number of decimal places.
UNITS = {"s": (1, 3), "ms": (1000, 2)}


def time_cell(task, unit="s"):
    factor, digits = UNITS[unit]
    low, middle, high = (f"{value * factor:.{digits}f}" for value in (min(task.seconds), task.median, max(task.seconds)))
    return f"{middle} {unit} ({low}–{high})"


def print_comparison(title, tasks, unit="s", baseline="postcall"):
    base = tasks[baseline].median if baseline in tasks else None
    factor, digits = UNITS[unit]
    heads = ["", "median (min–max)", *([f"times {baseline}"] if base else []), "processor", "peak memory", "command"]
    rows = [
        [
            label,
            time_cell(task, unit),
            *([f"{task.median / base:.2f}"] if base else []),
            f"{median(task.processor) * factor:.{digits - 1}f} {unit}",
            f"{task.peak_mebibytes:.1f} MiB",
            f"`{task.command}`",
        ]
        for label, task in tasks.items()
    ]
    print_table(title, heads, rows)


def print_captures(tasks):
    """Prints how many bytes per second of each capture are read. Its file is the last word of the
    command. Of compressed input, the bytes of the JSON Lines in it count.
    """
    bare = next(iter(tasks.values()))

    def speed(task):
        file = (bare if task.command.endswith("gzip") else task).command.split()[-1]
        return os.path.getsize(file) / 1e6 / task.median

    rows = []
    for label, task in tasks.items():
        if label.endswith(", one thread"):
            continue
        single = tasks[f"{label}, one thread"]
        rows.append([
            "bare JSON Lines" if task is bare else label,
            time_cell(task),
            f"{speed(task):.0f} MB/s",
            f"{speed(task) / speed(bare):.2f}",
            f"{median(single.processor):.2f} s",
            f"{task.peak_mebibytes:.1f} MiB",
            f"`{task.command}`",
        ])
    heads = ["", "median (min–max)", "input", "times bare", "processor, one thread", "peak memory", "command"]
    print_table("Captures", heads, rows)


def print_commands(tasks):
    rows = []
    for name in COMMANDS:
        full = tasks[f"{name}, all, file"]
        rows.append([
            f"`{name}`",
            time_cell(full),
            f"{full.median / tasks['validate, all, file'].median:.2f}",
            f"{full.median / tasks[f'{name}, tenth, file'].median:.2f}",
            f"`{full.command}`",
        ])
    print_table("Commands of postcall", ["", "median (min–max)", "ratio to `validate`", "ratio to a tenth of the input", "command"], rows)

    rows = [[f"`{name}`", *(f"{tasks[f'{name}, {kind}'].peak_mebibytes:.1f} MiB" for kind in INPUTS)] for name in COMMANDS]
    print_table("Peak memory of postcall", ["", *INPUTS], rows)

    rows = [[f"`{name}`", *(time_cell(tasks[f"{name}, {kind}"]) for kind in INPUTS)] for name in COMMANDS]
    print_table("Files and pipes", ["", *INPUTS], rows)


def targets(tables):
    """Yields the subject, the target, the measured value (None without the peer), and True if it is met."""
    export, validate, commands, small = (tables[name] for name in ("export", "validate", "commands", "small body"))

    def speed_target(tasks, peer, times):
        ratio = tasks[peer].median / tasks["postcall"].median if peer in tasks else None
        return f"at least {times} times as fast as {peer}", ratio, ratio is not None and ratio >= times

    for peer, times in [("chDB", 2), ("DuckDB", 4), ("Polars", 3)]:
        yield "`export`", *speed_target(export, peer, times)
    for peer in ["sourcemeta jsonschema", "jsonschema-rs (Rust crate)", "jsonschema-rs (Python package)"]:
        yield "`validate`", *speed_target(validate, peer, 8)

    for name in ["list", "variables", "campaigns", "stats"]:
        ratio = commands[f"{name}, all, file"].median / commands["validate, all, file"].median
        yield f"`{name}`", "takes at most 1.5 times as long as `validate`", ratio, ratio <= 1.5

    repeated = tables["repeated calls"]
    ratio = repeated["stats"].median / repeated["validate"].median
    yield "`stats` of calls of which a tenth repeats", "takes at most 2.5 times as long as `validate`", ratio, ratio <= 2.5

    redact = tables["redact"]
    ratio = redact["redact"].median / redact["extract"].median
    yield "`redact`", "takes at most 3 times as long as `extract`", ratio, ratio <= 3
    memory = redact["redact"].peak_mebibytes
    yield "`redact`", "at most 64 MiB", memory, memory <= 64

    yield from start_targets(small)
    yield "`show` of a small body", "at most 64 MiB", small["postcall"].peak_mebibytes, small["postcall"].peak_mebibytes <= 64
    for name in COMMANDS:
        memory = [commands[f"{name}, {kind}"].peak_mebibytes for kind in INPUTS]
        yield f"`{name}`, file and stdin", "at most 64 MiB", max(memory), max(memory) <= 64
        growth = max(memory[0] / memory[2], memory[1] / memory[3])
        # A tolerance, because the amount of memory that the system's allocator keeps varies.
        yield f"`{name}`, file and stdin", "no more memory for ten times the input (a ratio up to 1.2 counts as equal)", growth, growth <= 1.2

    for name, tasks in [("export", export), ("validate", validate)]:
        ratio = tasks["postcall, one thread"].median / tasks["postcall"].median
        yield f"`{name}`", "two threads at least 1.8 times as fast as one", ratio, ratio >= 1.8

    for name in COMMANDS:
        ratio = commands[f"{name}, all, file"].median / commands[f"{name}, tenth, file"].median
        yield f"`{name}`", "ten times the input takes at most 10.5 times as long", ratio, ratio <= 10.5


    yield from input_targets(tables)


def start_targets(small):
    """Yields the targets of the start of the program. Only the static binary is released."""
    for program, times in [("postcall", 1.2), ("postcall, static", 1)]:
        is_measured = program in small and "jaq" in small
        ratio = small[program].median / small["jaq"].median if is_measured else None
        yield f"`show` of a small body, {program}", f"takes at most {times} times as long as `jaq .`", ratio, ratio is not None and ratio <= times


def input_targets(tables):
    """Yields the targets of pipes, of many files and of large bodies."""
    pipe = tables["floor"]["cat from a pipe"].median
    for name in COMMANDS:
        file, stdin = (tables["commands"][f"{name}, all, {kind}"].median for kind in ("file", "stdin"))
        target = "stdin takes at most 1.1 times as long as the file, or 1.2 times as long as `cat` of the pipe"
        yield f"`{name}`", target, stdin / file, stdin <= max(1.1 * file, 1.2 * pipe)

    ratio = tables["files"]["postcall"].median / tables["files"]["cat"].median
    yield "`list` of files of one call", "takes at most 1.5 times as long as `cat` of them", ratio, ratio <= 1.5

    large = [task for label, task in tables["large body"].items() if label.startswith("postcall")]
    ratio = large[1].median / large[0].median
    yield "`list` of a large body", "ten times the size takes at most 10.5 times as long", ratio, ratio <= 10.5
    ratio = large[1].peak_mebibytes * 2**20 / os.path.getsize(large[1].command.split()[-1])
    yield "`list` of a large body", "at most 1.5 times its size in memory", ratio, ratio <= 1.5


def print_targets(tables):
    rows = [
        [
            subject,
            target,
            "not measured" if measured is None else f"{measured:.2f}",
            "–" if measured is None else "yes" if is_met else "**no**",
        ]
        for subject, target, measured, is_met in targets(tables)
    ]
    print_table("Targets", ["work", "must", "measured", "met"], rows)


def print_tables(paths, starts, has_targets):
    tables = read_results(paths, starts)
    print_comparison("Export, all columns", tables["export"])
    if "export to Parquet" in tables:
        print_comparison("Export to Parquet, all columns", tables["export to Parquet"])
    print_comparison("Export of a tenth of the calls", tables["export of a tenth"])
    print_comparison("Export to a workbook", tables["workbook"])
    print_comparison("Validation", tables["validate"])
    print_comparison("Figures by campaign, by attempt, and by hour and weekday", tables["stats"])
    print_comparison("Redaction", tables["redact"], baseline="extract")
    print_commands(tables["commands"])
    print_captures(tables["captures"])
    for name, tasks in tables.items():
        if name.startswith("extract from "):
            print_comparison(f"Bodies as JSON Lines: {name}", tasks)
    print_comparison(f"One small body, from start to exit, {starts} starts per measured run", tables["small body"], "ms")
    print_comparison("Files of one call each", tables["files"], baseline="cat")
    print_comparison("One large body", tables["large body"])
    print_comparison("The floor: copying the file, counting its lines, and a pipe", tables["floor"], baseline="cp")
    if has_targets:
        print_targets(tables)


def count_rows(path):
    if path.endswith(".parquet"):
        import duckdb

        print(duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0])
        return
    if path.endswith(".xlsx"):
        with zipfile.ZipFile(path) as workbook:
            # A row without cells ends a sheet of postcall.
            print(len(re.findall(rb"<row [^>]*><c ", workbook.read("xl/worksheets/sheet1.xml"))) - 1)
        return
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8-sig") as file:
        print(sum(1 for _ in csv.reader(file)) - 1)


def read_figures(path):
    """Returns each figure by section, group and name: numerator and denominator, or else its value."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    figures = {}
    for row in rows:
        is_rate = row["numerator"] != ""
        columns = ["numerator", "denominator"] if is_rate else ["value"]
        figures[row["section"], row["group"], row["figure"]] = [row[column] for column in columns]
    return figures


def compare_figures(path, other):
    """Exits with 1 if a figure of `other` differs from that of `path`."""
    figures = read_figures(path)
    differences = 0
    for name, found in read_figures(other).items():
        expected = figures.get(name, [])
        # Numbers are equal in any spelling: 119 and 119.0.
        if expected != found and list(map(float, expected)) != list(map(float, found)):
            print(f"{' '.join(name)}: {expected}, not {found}")
            differences += 1
    sys.exit(differences > 0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["tables", "--no-targets", starts, *results]:
            print_tables(results, int(starts), has_targets=False)
        case ["tables", starts, *results]:
            print_tables(results, int(starts), has_targets=True)
        case ["count", file]:
            count_rows(file)
        case ["compare", figures, other]:
            compare_figures(figures, other)
        case _:
            sys.exit(__doc__)
