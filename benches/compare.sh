#!/usr/bin/env bash
# Runs postcall and every installed peer on the same corpus, in turns, and prints the tables of
# docs/performance.md: medians, ratios, processor time and peak memory. The tables are Markdown on
# stdout; progress is on stderr.
#
#   benches/compare.sh                      500,000 calls: about 20 minutes and 4 GB of disk
#   CALLS=5000 RUNS=1 benches/compare.sh    a quick try; only the row counts are meaningful
#
# Environment variables, with their defaults:
#
#   CALLS     number of calls (500000)
#   RUNS      number of measured runs of each command (5)
#   POSTCALL  the program to measure (built from this repository)
#   PYTHON    the Python that has the peers (python3)
#   WORK      folder for corpus and results, in which an existing corpus is used again (a temporary
#             folder, removed at the end)
#
# Exits with 1 if a command fails or if a result does not have one row per call.
set -euo pipefail

CALLS=${CALLS:-500000}
RUNS=${RUNS:-5}
PYTHON=${PYTHON:-python3}
SEED=1
STARTS=200 # starts per run; a single one is too short to measure

ROOT=$(cd "$(dirname "$0")/.." && pwd)
BUILD_DIR=$(realpath -m "${CARGO_TARGET_DIR:-$ROOT/target}")/release
TENTH_CALLS=$((CALLS / 10))
FULL_FILE=calls-$CALLS.jsonl
TENTH_FILE=calls-$TENTH_CALLS.jsonl
# A tenth of its calls occurs twice.
REPEATED_FILE=repeated-$TENTH_CALLS.jsonl

# The same decimal point and UTF-8 for all programs, and no compiled Python files beside the peers.
export LC_ALL=C.UTF-8 PYTHON PYTHONDONTWRITEBYTECODE=1

main() {
  check_tools
  build
  prepare_folder
  prepare_corpus
  find_peers
  : >results.tsv
  measure_all
  print_machine
  "$PYTHON" "$ROOT/benches/report.py" tables results.tsv "$STARTS"
  print_missing
  rm -f x.csv x.parquet copy.jsonl printed messages usage
  print_failures
}

say() { echo "compare: $*" >&2; }

die() {
  say "$@"
  exit 2
}

# --- Setup ----------------------------------------------------------------------------------------

check_tools() {
  [[ ${BASH_VERSINFO[0]} -ge 5 ]] || die "needs bash 5, for its clock"
  TIME=$(type -P time || type -P gtime) || die "needs GNU time, for peak memory: apt install time, or brew install gnu-time"
  "$TIME" -f %M true 2>/dev/null || die "$TIME is not GNU time: apt install time, or brew install gnu-time"
  "$PYTHON" -c 'import sys; assert sys.version_info >= (3, 10)' 2>/dev/null || die "needs Python 3.10, to count rows; PYTHON= names it"
  # Keep the symlink, because Python recognises a virtual environment by it.
  PYTHON=$(realpath -s "$(type -P "$PYTHON")")
  [[ $CALLS -ge 1000 ]] || die "CALLS has to be 1000 or more: a tenth of fewer calls does not have all columns"
}

# If POSTCALL is set, the generator and peer_jsonschema may be in `examples` beside it, as in
# cargo's target folder.
build() {
  local examples cargo=(cargo build --quiet --release --locked --manifest-path "$ROOT/Cargo.toml" --example generate --example peer_jsonschema)
  EXAMPLES=$BUILD_DIR/examples
  if [[ -z ${POSTCALL:-} ]]; then
    say "building postcall, the generator and the loop round the crate jsonschema"
    "${cargo[@]}" --bin postcall >&2
    POSTCALL=$BUILD_DIR/postcall
    SOURCE="built from commit $(git -C "$ROOT" describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)"
    return
  fi
  POSTCALL=$(realpath "$POSTCALL")
  SOURCE="given as POSTCALL"
  examples=$(dirname "$POSTCALL")/examples
  if [[ -x $examples/generate && -x $examples/peer_jsonschema ]]; then
    EXAMPLES=$examples
  else
    say "building the generator and the loop round the crate jsonschema"
    "${cargo[@]}" >&2
  fi
}

# All commands run in this folder, so that the printed commands are short and do not reveal local
# paths.
prepare_folder() {
  if [[ -z ${WORK:-} ]]; then
    WORK=$(mktemp -d)
    trap 'rm -rf "$WORK"' EXIT
  fi
  mkdir -p "$WORK/bin"
  cd "$WORK"
  ln -sfn "$ROOT/benches/peers" peers
  ln -sf "$POSTCALL" bin/postcall
  ln -sf "$EXAMPLES/peer_jsonschema" bin/peer_jsonschema
  PATH=$PWD/bin:$PATH
}

prepare_corpus() {
  local free
  free=$(df -Pk . | awk 'NR == 2 { print $4 }')
  # A call is 2 kB. Up to four files of this size exist at a time: the corpus, its copy, a CSV, and
  # the temporary file of one of these while it is written.
  [[ $free -ge $((CALLS * 2 * 4)) ]] || die "needs $((CALLS * 8 / 1000)) MB of disk in $WORK; WORK= names another folder, CALLS= fewer calls"
  if [[ ! -s $FULL_FILE ]]; then
    "$EXAMPLES/generate" --calls "$CALLS" --seed "$SEED" --output unfinished.jsonl
    mv unfinished.jsonl "$FULL_FILE"
  fi
  head -n "$TENTH_CALLS" "$FULL_FILE" >"$TENTH_FILE"
  "$EXAMPLES/generate" --calls "$TENTH_CALLS" --seed "$SEED" --repeat 10 --output "$REPEATED_FILE"
  cp "$ROOT/samples/campaign-call.json" body.json
  rm -f figures.csv
  postcall schema >schema.json
  "$PYTHON" peers/columns.py >columns.jq
}

# Sets `has[peer]`. Missing peers are listed at the end.
declare -A has=() missing=()
find_peers() {
  local module
  for module in chdb duckdb polars jsonschema_rs; do
    check_peer "$module" "pip install ${module/_/-}" "$PYTHON" -c "import $module"
  done
  check_peer ajv "npm install -g ajv; export NODE_PATH=\$(npm root -g)" node -e 'require("ajv/dist/2020.js")'
  check_peer sourcemeta "npm install -g @sourcemeta/jsonschema" link_sourcemeta
  check_peer jq "apt install jq" jq --version
  check_peer jaq "cargo install jaq" jaq --version
  check_peer mlr "apt install miller" mlr --version
}

# check_peer NAME INSTALL-COMMAND TEST…
check_peer() {
  if "${@:3}" >/dev/null 2>&1; then
    has[$1]=1
  else
    missing[$1]=$2
    say "$1 is not installed: $2"
  fi
}

# A Python package installs a command with the same name, which may come first on the PATH.
link_sourcemeta() {
  local program
  while read -r program; do
    if "$program" help | grep 'JSON Schema CLI'; then
      ln -sf "$program" bin/jsonschema
      return
    fi
  done < <(type -aP jsonschema)
  return 1
}

# --- Measuring ------------------------------------------------------------------------------------

# add_task PEER COUNT ROWS LABEL COMMAND: adds a row to the next table if PEER is installed (`-`
# means no peer). COUNT says where ROWS are counted:
#
#   csv      rows of x.csv, which must have the same columns as the first such task
#   rows     rows of x.csv
#   parquet  rows of x.parquet
#   lines    lines of stdout
#   number   the number at the start of the first output line that starts with one
#   figures  x.csv has figures of stats, of which those of the first such task are compared
#   none     not counted
counts=() rows=() labels=() commands=()
add_task() {
  [[ $1 == - || -n ${has[$1]:-} ]] || return 0
  counts+=("$2") rows+=("$3") labels+=("$4") commands+=("$5")
}

# measure_in_turns TABLE: measures the tasks in turns, A B C A B C, so that other load on the
# machine affects all of them.
measure_in_turns() {
  local run i
  for i in "${!commands[@]}"; do
    say "$1: ${labels[i]}"
    check_result "$i"
  done
  for ((run = 1; run <= RUNS; run++)); do
    say "$1: run $run of $RUNS"
    for i in "${!commands[@]}"; do
      measure "$1" "$i"
    done
  done
  counts=() rows=() labels=() commands=()
}

# Runs a task once, without measuring, and checks the result. This also loads the input into the
# page cache.
check_result() {
  local found task="${labels[$1]} (${commands[$1]})"
  rm -f x.csv x.parquet
  if ! bash -c "${commands[$1]}" >printed 2>messages; then
    fail "$task failed: $(tail -n 1 messages)"
    return
  fi
  case ${counts[$1]} in
    csv | rows) found=$("$PYTHON" "$ROOT/benches/report.py" count x.csv) || found=0 ;;
    parquet) found=$("$PYTHON" "$ROOT/benches/report.py" count x.parquet) || found=0 ;;
    lines) found=$(wc -l <printed) ;;
    number) found=$(grep -hEom 1 '^[0-9]+' printed messages | head -n 1) || found=0 ;;
    figures)
      check_figures "$task"
      return
      ;;
    none) return ;;
  esac
  [[ $found -eq ${rows[$1]} ]] || fail "$task gave $found rows, not ${rows[$1]}"
  [[ ${counts[$1]} != csv ]] || check_columns "$task"
}

# An export with fewer columns would have less to do.
check_columns() {
  local found
  found=$(head -n 1 x.csv | tr -d '"\r')
  columns=${columns:-$found}
  [[ $found == "$columns" ]] || fail "$1 gave other columns than postcall"
}
columns=

# Figures that differ would not be the same work.
check_figures() {
  [[ -s figures.csv ]] || cp x.csv figures.csv
  "$PYTHON" "$ROOT/benches/report.py" compare figures.csv x.csv >differences || fail "$1 gave other figures than postcall: $(head -n 1 differences)"
}

failures=()
fail() {
  failures+=("$1")
  say "!!! $1"
}

# Measures one run, with bash's clock, because GNU time has a resolution of only 10 ms.
measure() {
  local start end
  # Files of an earlier run must not be flushed to disk during this one.
  rm -f x.csv x.parquet copy.jsonl
  sync
  start=${EPOCHREALTIME/./}
  "$TIME" -o usage -f "%U %S %M" bash -c "${commands[$2]}" >/dev/null 2>&1 || true
  end=${EPOCHREALTIME/./}
  printf '%s\t%s\t%s\t%d\t%s\n' "$1" "${labels[$2]}" "$(display_command "${commands[$2]}")" "$((end - start))" "$(tail -n 1 usage)" >>results.tsv
}

# Prints a command as a user would type it.
display_command() {
  local command=${1//\"\$PYTHON\"/python3}
  command=${command#"$REPEAT "}
  echo "${command%; done}"
}

measure_all() {
  local command

  add_task - csv "$CALLS" "postcall" "postcall export --threads 2 -o x.csv $FULL_FILE"
  add_task chdb csv "$CALLS" "chDB" "\"\$PYTHON\" peers/export_chdb.py $FULL_FILE x.csv"
  add_task duckdb csv "$CALLS" "DuckDB" "\"\$PYTHON\" peers/export_duckdb.py $FULL_FILE x.csv"
  add_task duckdb csv "$CALLS" "DuckDB, rows in any order" "\"\$PYTHON\" peers/export_duckdb.py $FULL_FILE x.csv any-order"
  add_task polars csv "$CALLS" "Polars" "\"\$PYTHON\" peers/export_polars.py $FULL_FILE x.csv"
  add_task polars csv "$CALLS" "Polars, rows in any order" "\"\$PYTHON\" peers/export_polars.py $FULL_FILE x.csv any-order"
  add_task - csv "$CALLS" "postcall, one thread" "postcall export --threads 1 -o x.csv $FULL_FILE"
  measure_in_turns "export"

  # All of these need DuckDB, which counts the rows.
  add_task duckdb parquet "$CALLS" "postcall" "postcall export --threads 2 -o x.parquet $FULL_FILE"
  add_task duckdb parquet "$CALLS" "DuckDB" "\"\$PYTHON\" peers/export_duckdb.py $FULL_FILE x.parquet"
  [[ -z ${has[duckdb]:-} ]] || add_task polars parquet "$CALLS" "Polars" "\"\$PYTHON\" peers/export_polars.py $FULL_FILE x.parquet"
  add_task duckdb parquet "$CALLS" "postcall, one thread" "postcall export --threads 1 -o x.parquet $FULL_FILE"
  measure_in_turns "export to Parquet"

  add_task - csv "$TENTH_CALLS" "postcall" "postcall export --threads 2 -o x.csv $TENTH_FILE"
  add_task jq csv "$TENTH_CALLS" "jq" "jq -r -n -f columns.jq $TENTH_FILE >x.csv"
  add_task jaq csv "$TENTH_CALLS" "jaq" "jaq -r -n -f columns.jq $TENTH_FILE >x.csv"
  # Miller writes one column per list item, so its columns differ.
  add_task mlr rows "$TENTH_CALLS" "Miller" "mlr --ijsonl --ocsv flatten then unsparsify $TENTH_FILE >x.csv"
  measure_in_turns "export of a tenth"

  add_task - number "$CALLS" "postcall" "postcall validate --threads 2 $FULL_FILE"
  add_task sourcemeta number "$CALLS" "sourcemeta jsonschema" "jsonschema validate schema.json $FULL_FILE --fast"
  add_task - number "$CALLS" "jsonschema-rs (Rust crate)" "peer_jsonschema schema.json $FULL_FILE"
  add_task jsonschema_rs number "$CALLS" "jsonschema-rs (Python package)" "\"\$PYTHON\" peers/validate_jsonschema_rs.py schema.json $FULL_FILE"
  add_task ajv number "$CALLS" "Ajv" "node peers/validate_ajv.mjs schema.json $FULL_FILE"
  add_task - number "$CALLS" "postcall, one thread" "postcall validate --threads 1 $FULL_FILE"
  measure_in_turns "validate"

  add_task - figures - "postcall" "postcall stats --by campaign --only calls,rates,leads,groups,week --tz Europe/Berlin --format csv --threads 2 $FULL_FILE >x.csv"
  add_task duckdb figures - "DuckDB" "\"\$PYTHON\" peers/stats_duckdb.py $FULL_FILE x.csv"
  measure_in_turns "stats"

  # Repeated calls are findings.
  add_task - none 0 "validate" "postcall validate --allow duplicate-call --threads 2 $REPEATED_FILE"
  add_task - none 0 "stats" "postcall stats --threads 2 $REPEATED_FILE"
  measure_in_turns "repeated calls"

  # With a constant key, each run does the same work.
  add_task - lines "$CALLS" "extract" "postcall extract --threads 2 $FULL_FILE"
  add_task - lines "$CALLS" "redact" "POSTCALL_REDACT_KEY=an-example-key-of-32-characters. postcall redact --threads 2 $FULL_FILE"
  measure_in_turns "redact"

  add_input_tasks number "validate" "validate"
  add_input_tasks lines "list" "list --format jsonl"
  add_input_tasks lines "variables" "variables --format jsonl"
  add_input_tasks none "campaigns" "campaigns --format jsonl"
  add_input_tasks none "stats" "stats"
  add_input_tasks csv "export" "export -o x.csv"
  measure_in_turns "commands"

  add_startup_task - "postcall" "postcall show body.json"
  add_startup_task jq "jq" "jq . body.json"
  add_startup_task jaq "jaq" "jaq . body.json"
  add_startup_task - "a program that does nothing" "$(type -P true)"
  measure_in_turns "small body"

  add_task - none 0 "cp" "cp $FULL_FILE copy.jsonl"
  add_task - none 0 "wc -l" "wc -l $FULL_FILE"
  measure_in_turns "floor"
}

# add_input_tasks COUNT LABEL ARGUMENTS: postcall on the corpus and on a tenth of it, from a file
# and from a pipe.
add_input_tasks() {
  add_task - "$1" "$CALLS" "$2, all, file" "postcall $3 --threads 2 $FULL_FILE"
  add_task - "$1" "$CALLS" "$2, all, stdin" "cat $FULL_FILE | postcall $3 --threads 2"
  add_task - "$1" "$TENTH_CALLS" "$2, tenth, file" "postcall $3 --threads 2 $TENTH_FILE"
  add_task - "$1" "$TENTH_CALLS" "$2, tenth, stdin" "cat $TENTH_FILE | postcall $3 --threads 2"
}

# add_startup_task PEER LABEL COMMAND: a command that is repeated STARTS times per run.
REPEAT="for _ in {1..$STARTS}; do"
add_startup_task() {
  add_task "$1" none 0 "$2" "$REPEAT $3; done"
}

# --- Report ---------------------------------------------------------------------------------------

print_machine() {
  local cpu memory
  cpu=$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo 2>/dev/null) || cpu=$(sysctl -n machdep.cpu.brand_string)
  memory=$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo 2>/dev/null) || memory="unknown memory"
  cat <<EOF
Measured on $(date -u +%Y-%m-%d) by \`CALLS=$CALLS RUNS=$RUNS benches/compare.sh\`.

- Machine: ${cpu:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) cores, $memory; $(uname -s) $(uname -r | cut -d - -f 1)
- Corpus: $CALLS calls, $(wc -c <"$FULL_FILE") bytes, by \`cargo run --release --example generate -- --calls $CALLS --seed $SEED\`
- $(postcall --version), $SOURCE
- Peers: $(peer_versions)
EOF
}

peer_versions() {
  local module versions
  versions="jsonschema $(grep -A 1 '^name = "jsonschema"' "$ROOT/Cargo.lock" | awk -F '"' '/^version/ { print $2 }') (crate)"
  versions+=", $("$PYTHON" --version)"
  for module in chdb duckdb polars jsonschema_rs; do
    [[ -z ${has[$module]:-} ]] || versions+=", $module $("$PYTHON" -c "from importlib.metadata import version; print(version('$module'))")"
  done
  [[ -z ${has[sourcemeta]:-} ]] || versions+=", sourcemeta jsonschema $(jsonschema version)"
  [[ -z ${has[ajv]:-} ]] || versions+=", Ajv $(node -p 'require("ajv/package.json").version') on Node.js $(node --version)"
  [[ -z ${has[jq]:-} ]] || versions+=", $(jq --version)"
  [[ -z ${has[jaq]:-} ]] || versions+=", $(jaq --version)"
  [[ -z ${has[mlr]:-} ]] || versions+=", $(mlr --version)"
  echo "$versions"
}

print_missing() {
  local name
  [[ ${#missing[@]} -gt 0 ]] || return 0
  printf '\nNot installed, so not measured:\n\n'
  for name in "${!missing[@]}"; do
    echo "- $name: \`${missing[$name]}\`"
  done | sort
}

# If the row counts differ, the ratios are meaningless.
print_failures() {
  if [[ ${#failures[@]} -eq 0 ]]; then
    printf '\nEach result had as many rows as there are calls, and all figures were equal.\n'
    return
  fi
  printf '\n**These results are wrong, and so are their ratios:**\n\n'
  printf -- '- %s\n' "${failures[@]}"
  exit 1
}

main
