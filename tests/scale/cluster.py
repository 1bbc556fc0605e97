#!/usr/bin/env python3
"""Runs the Spark job of docs/scale.md on a cluster of two processes, and kills one in the middle.

    tests/scale/cluster.py POSTCALL

The captures are JSON Lines, n8n items, compressed files, logs, archives and a file without calls;
calls are repeated in other files, values do not fit their columns, and some calls have no id. The
table of the job must have every call once, and equal one run of `postcall export --dedupe first`
over all files: call by call and column by column. The findings must equal those of one run of
`validate`. A program that fails must fail the job, with its message. Needs pyspark, pyarrow and
pandas (pip), Java 17 and Linux. Exits with 1 at the first difference.
"""

import contextlib
import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pyspark

from recipes import write_recipes

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = 40
CALLS_PER_FILE = 200
# Seconds that each process of postcall waits, so that the job is still running when it is hit.
DELAY = 1
# The export has at least this many tasks, and the process is killed when this many have ended.
MIN_TASKS = 20
MIN_ENDED = 3
VALUES = [9, 8.5, None, "nine", True, 7, 10**17 + 1, [1], "8", 0, 1e22, 0.1, -0.0]
TIMEOUT = 900
SOURCE = ["_source_file", "_source_line", "_source_pointer"]


def make_body(number):
    day = 1 + number % 6
    body = {
        "id": 1_000_000 + number, "customer_phone": f"+4930{number:06}", "assistant_phone": None,
        "duration": number % 300, "status": "completed",
        "extracted_variables": {"nps": VALUES[number % len(VALUES)], "city": "Köln \U0001f600",
                                "done": number % 2 == 0},
        "input_variables": {"company": f"Example {number}"},
        "transcript": f"Assistant: Hello\nCustomer: Number {number}, \"please\"",
        "recording_url": None, "created_at": f"2026-01-{day:02}T10:{number % 60:02}:00+01:00",
        "finished_at": f"2026-01-{day:02}T12:00:00Z",
        "lead": {"id": number, "phone_number": f"+4930{number:06}", "variables": {},
                 "status": "contacted", "created_at": "2025-12-01T00:00:00Z",
                 "updated_at": "2025-12-01T00:00:00Z"} if number % 3 else None,
        "campaign": None,
    }
    if number % 311 == 0:
        body["duration"] = float(body["duration"])
    # Some documented values are not valid.
    if number % 97 == 0:
        body["duration"] = "long"
    if number % 101 == 0:
        body["created_at"] = "yesterday"
    if number % 499 == 0:
        body["id"] = f"call {number % 2}"
    if number % 211 == 0:
        del body["status"]
    if number % 307 == 0:
        body["transcript"] += " half of a pair: \ud83d"
    return body


def to_n8n(bodies):
    return json.dumps([{"json": {"headers": {}, "params": {}, "query": {}, "body": body}}
                       for body in bodies], indent=2)


def to_docker_log(bodies):
    lines = (json.dumps({"log": json.dumps(body) + "\n", "stream": "stdout",
                         "time": "2026-01-01T10:00:00.000000000Z"}) for body in bodies)
    return "\n".join(lines) + "\n"


def to_lines(bodies):
    return "".join(json.dumps(body) + "\n" for body in bodies)


def write_captures(folder):
    """Files of several kinds. Each has the first calls of the file before it again."""
    for index in range(FILES):
        start = index * CALLS_PER_FILE
        numbers = [*range(max(start - CALLS_PER_FILE, 0), max(start - CALLS_PER_FILE, 0) + 10),
                   *range(start, start + CALLS_PER_FILE)]
        bodies = [make_body(number) for number in numbers]
        file = folder / f"day {index % 6}" / f"{index:03}"
        file.parent.mkdir(parents=True, exist_ok=True)
        if index % 4 == 0:
            file.with_suffix(".jsonl").write_text(to_lines(bodies), encoding="utf-8")
        elif index % 4 == 1:
            file.with_suffix(".json").write_text(to_n8n(bodies), encoding="utf-8")
        elif index % 4 == 2:
            file.with_suffix(".jsonl.gz").write_bytes(gzip.compress(to_lines(bodies).encode()))
        else:
            file.with_suffix(".log").write_text(to_docker_log(bodies), encoding="utf-8")
    (folder / "no calls.log").write_text("GET /health 200\nGET /health 200\n")
    (folder / "cut.jsonl").write_text(to_lines([make_body(999_000), make_body(999_001)])[:-300])
    (folder / "empty.jsonl").touch()
    (folder / "without extension").write_text(to_lines([make_body(999_002)]))
    for name in ("broken", "captures", "variants"):
        shutil.copytree(SAMPLES / name, folder / name)


def write_program(path, postcall, delay=0, failure=""):
    """A `postcall` that waits, so that there is a middle to hit, or fails."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"""#!/bin/sh
sleep {delay}
{failure}
exec '{Path(postcall).resolve()}' "$@"
""")
    path.chmod(0o755)


def start_job(recipe, folder, **settings):
    """Starts a recipe with these settings of Spark. Its log goes into the file `log`."""
    settings = {
        "spark.eventLog.enabled": "true", "spark.eventLog.dir": f"file://{folder}/events",
        "spark.eventLog.compress": "false", "spark.eventLog.rolling.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
        "spark.local.dir": f"{folder}/local", **settings,
    }
    for name in ("conf", "events", "local", "spark"):
        Path(folder, name).mkdir(exist_ok=True)
    # A local cluster keeps its logs in `work` there. The package itself stays clean.
    for path in Path(pyspark.__file__).parent.iterdir():
        link = Path(folder, "spark", path.name)
        if path.name != "work" and not link.exists():
            link.symlink_to(path)
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    Path(folder, "conf", "spark-defaults.conf").write_text(lines)
    environment = {
        **os.environ, "SPARK_CONF_DIR": f"{folder}/conf", "SPARK_HOME": f"{folder}/spark",
        "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
        "PATH": f"{folder}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    # The script of the recipe becomes Spark's process, so that its children can be found.
    text = Path(folder, recipe).read_text().replace("spark-submit", "exec spark-submit")
    return subprocess.Popen(["bash", "-eu", "-c", text], cwd=folder, env=environment,
                            stdout=open(f"{folder}/output", "w"), stderr=open(f"{folder}/log", "w"))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def find_stage(address):
    """Numbers of ended and of all tasks of the stage that is running, if it has many tasks."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/applications", timeout=5) as answer:
            application = json.load(answer)[0]["id"]
        url = f"{address}/api/v1/applications/{application}/stages?status=active"
        with urllib.request.urlopen(url, timeout=5) as answer:
            for stage in json.load(answer):
                if stage["numTasks"] >= MIN_TASKS:
                    return stage["numCompleteTasks"], stage["numTasks"]
    except (OSError, IndexError, ValueError):
        pass  # The job has not started yet.
    return None


def executors(job):
    """Processes of the cluster that this job has started."""
    run = subprocess.run(["pgrep", "--parent", str(job.pid), "--full",
                          "CoarseGrainedExecutorBackend"], capture_output=True, text=True,
                         check=False)
    return [int(line) for line in run.stdout.split()]


def kill_in_the_middle(job, address, folder):
    """Kills a process of the cluster when the first tasks have ended, and others have not."""
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end and job.poll() is None:
        stage = find_stage(address)
        if stage and MIN_ENDED <= stage[0] < stage[1] // 2:
            processes = executors(job)
            assert len(processes) == 2, f"processes of the cluster: {processes}"
            os.kill(processes[0], signal.SIGKILL)
            print(f"killed process {processes[0]} after {stage[0]} of {stage[1]} tasks", flush=True)
            return
        time.sleep(0.2)
    fail("the job was not hit", folder)


def fail(reason, folder):
    """Ends the check with the errors in Spark's log, which are far above its end."""
    lines = Path(folder, "log").read_text(errors="replace").splitlines()
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    sys.exit("\n".join([reason, *errors[:20], "...", *lines[-5:]]))


@contextlib.contextmanager
def ended(job):
    """Ends the job also if the check fails."""
    try:
        yield
    finally:
        job.kill()
        job.wait()


def wait_for(job, folder):
    try:
        return job.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        fail("the job does not end", folder)


def check_events(folder):
    """Spark's own record: one process was lost, and its tasks were run again."""
    events = [json.loads(line) for file in Path(folder, "events").iterdir()
              for line in file.read_text(encoding="utf-8").splitlines()]
    # At the end of the job, the others are stopped; these have another reason.
    removed = [event["Removed Reason"] for event in events
               if event["Event"] == "SparkListenerExecutorRemoved"]
    lost = [reason for reason in removed if "137" in reason]
    ends = [event for event in events if event["Event"] == "SparkListenerTaskEnd"]
    failed = Counter(event["Task End Reason"]["Reason"] for event in ends)
    retried = [event for event in ends if event["Task Info"]["Attempt"] > 0
               and event["Task End Reason"]["Reason"] == "Success"]
    print(f"lost: {lost}; tasks: {dict(failed)}; {len(retried)} succeeded when retried")
    if not lost or not failed["ExecutorLostFailure"] or not retried:
        fail("no task was lost and retried", folder)
    written = sum(event["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                  for event in ends if "Task Metrics" in event)
    rows = sum(event["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Records Written"]
               for event in ends if "Task Metrics" in event)
    print(f"shuffled: {written:,} bytes in {rows:,} rows")


def run_once(postcall, command, files, options):
    """One run of postcall over all files, with the paths that the job has."""
    paths = [str(file)[1:] for file in files]
    run = subprocess.run([Path(postcall).resolve(), command, "--no-config", "--allow-empty",
                          *options, "--", *paths], cwd="/", capture_output=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{command}: exit code {run.returncode}\n{run.stderr.decode()}")
    return run.stdout


def rows_by_key(table):
    """The rows as tuples, under their id, or their source if they have none."""
    rows = {}
    for row in table.to_pylist():
        source = tuple(str(row.pop(name)) for name in SOURCE)
        key = source if row["id"] is None else row["id"]
        if key in rows:
            sys.exit(f"the call {key} is in the table twice")
        rows[key] = row
    return rows


def compare_calls(postcall, files, folder):
    once = f"{folder}/once.parquet"
    run_once(postcall, "export", files, [
        "--variables", f"{folder}/post_call_schema.json", "--only-declared", "--with-source",
        "--headings", "sql", "--dedupe", "first", "--output", once])
    expected = pyarrow.parquet.read_table(once)
    found = pyarrow.dataset.dataset(f"{folder}/table/calls", format="parquet").to_table()
    for field in expected.schema:
        kind = found.schema.field(field.name).type
        if kind != field.type:
            sys.exit(f"{field.name}: {kind}, not {field.type}")
    if found.schema.names != expected.schema.names:
        sys.exit(f"columns {found.schema.names}, not {expected.schema.names}")
    found_rows, expected_rows = rows_by_key(found), rows_by_key(expected)
    if found_rows.keys() != expected_rows.keys():
        sys.exit(f"calls in one table only: {found_rows.keys() ^ expected_rows.keys()}")
    for key, row in expected_rows.items():
        for column, value in row.items():
            if found_rows[key][column] != value:
                sys.exit(f"{key}: {column}: {found_rows[key][column]!r}, not {value!r}")
    cells = len(expected_rows) * len(expected.schema.names)
    print(f"{len(expected_rows)} calls and {cells} cells are equal")
    compare_misfits(expected, folder)


def compare_misfits(calls, folder):
    expected = Counter()
    for row in calls.select(["id", "_misfits"]).to_pylist():
        for column, value in json.loads(row["_misfits"] or "{}").items():
            text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            expected[row["id"], column, text] += 1
    table = pyarrow.dataset.dataset(f"{folder}/table/misfits", format="parquet").to_table()
    found = Counter((row["id"], row["column"], row["value"]) for row in table.to_pylist())
    if found != expected:
        sys.exit(f"misfits in one table only: {(found - expected) + (expected - found)}")
    if not found:
        sys.exit("the captures have no misfits")
    print(f"{found.total()} misfits are equal")


def compare_findings(postcall, files, folder):
    lines = run_once(postcall, "validate", files,
                     ["--allow", "duplicate-call", "--format", "jsonl"]).splitlines()
    names = ["rule", "level", "source", "pointer", "call", "expected", "found", "help"]

    def key(finding):
        start = finding["start"] or {"line": None, "column": None}
        return (start["line"], start["column"], *(finding[name] for name in names))

    expected = Counter(key(json.loads(line)) for line in lines)
    table = pyarrow.dataset.dataset(f"{folder}/table/findings", format="parquet").to_table()
    found = Counter(key(row) for row in table.to_pylist())
    if found != expected:
        sys.exit(f"findings that differ: {list((found - expected) + (expected - found))[:5]}")
    print(f"{found.total()} findings are equal")


def check_killed(postcall, folder):
    """The tables of a job that has lost a process are those of one run."""
    write_program(Path(folder, "bin", "postcall"), postcall, delay=DELAY)
    port = free_port()
    # Small partitions, so that there are many tasks.
    job = start_job("run_cluster.sh", folder, **{
        "spark.ui.port": port, "spark.sql.files.maxPartitionBytes": "2m",
        "spark.sql.files.openCostInBytes": "512k"})
    with ended(job):
        kill_in_the_middle(job, f"http://127.0.0.1:{port}", folder)
        if wait_for(job, folder) != 0:
            fail("the job failed", folder)
    print(Path(folder, "output").read_text(), end="")
    check_events(folder)
    files = sorted(path for path in Path(folder, "captures").rglob("*") if path.is_file())
    compare_calls(postcall, files, folder)
    compare_findings(postcall, files, folder)


def check_failure(postcall, folder):
    """A program that fails makes the job fail, with its message."""
    write_program(Path(folder, "bin", "postcall"), postcall,
                  failure="case $* in *'no calls.log'*) echo 'disk on fire' >&2; exit 3;; esac")
    job = start_job("run_local.sh", folder)
    with ended(job):
        code = wait_for(job, folder)
    if code == 0:
        sys.exit("the job succeeds although the program fails")
    log = Path(folder, "log").read_text(errors="replace")
    if "exit code 3" not in log or "disk on fire" not in log:
        fail("the message of the program is not in the log", folder)
    left = [path for path in Path(folder, "local").rglob("*") if path.is_file()]
    if left:
        sys.exit(f"files are left: {left[:5]}")
    print("a program that fails makes the job fail, with its message")


def main(postcall):
    with tempfile.TemporaryDirectory() as folder:
        write_recipes(folder, ["post_call_schema.json", "calls_job.py", "run_local.sh",
                               "run_cluster.sh"])
        write_captures(Path(folder, "captures"))
        check_killed(postcall, folder)
        check_failure(postcall, folder)


main(*sys.argv[1:])
