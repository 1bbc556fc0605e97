#!/usr/bin/env bash
# Runs postcall and every installed peer on the same corpus, in turns, and prints the tables of
# docs/performance.md: medians, ratios, processor time and peak memory. The tables are Markdown on
# stdout; progress is on stderr.
#
#   benches/compare.sh            500,000 calls: about 20 minutes and 6 GB of disk
#   QUICK=1 benches/compare.sh    5,000 calls, in less than two minutes once everything is built;
#                                 only the row counts are meaningful, so there are no targets
#
# Environment variables, with their defaults:
#
#   CALLS     number of calls (500000)
#   RUNS      number of whole runs, of which the tables show the medians (5)
#   DATA      folder for the measurements, one file per run (not kept)
#   POSTCALL  the program to measure (built from this repository)
#   STATIC    the same program as a static binary, for the table of starts (not measured)
#   PYTHON    the Python that has the peers (python3)
#   WORK      folder for corpus and results, in which an existing corpus is used again (a temporary
#             folder, removed at the end)
#
# Exits with 1 if a command fails or if a result does not have one row per call.
set -euo pipefail

QUICK=${QUICK:-}
CALLS=${CALLS:-${QUICK:+5000}}
CALLS=${CALLS:-500000}
RUNS=${RUNS:-${QUICK:+1}}
RUNS=${RUNS:-5}
PYTHON=${PYTHON:-python3}
SEED=1
STARTS=${QUICK:+20}
STARTS=${STARTS:-200} # starts per run; a single one is too short to measure

ROOT=$(cd "$(dirname "$0")/.." && pwd)
BUILD_DIR=$(realpath -m "${CARGO_TARGET_DIR:-$ROOT/target}")/release
TENTH_CALLS=$((CALLS / 10))
FULL_FILE=calls-$CALLS.jsonl
TENTH_FILE=calls-$TENTH_CALLS.jsonl
# Captures of a tenth of the calls, by the names that the generator has for them.
FORMS=(array n8n webhook-site har docker log http csv gzip)
# Files of one call each.
FILES=$((CALLS / 5))
# Megabytes of the larger of two bodies.
LARGE=${QUICK:+20}
LARGE=${LARGE:-200}
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
  for ((run = 1; run <= RUNS; run++)); do
    results=run-$run.tsv
    : >"$results"
    measure_all
    [[ -z ${DATA:-} ]] || cp "$results" "$DATA/"
  done
  print_machine
  "$PYTHON" "$ROOT/benches/report.py" tables ${QUICK:+--no-targets} "$STARTS" run-*.tsv
  print_missing
  rm -f x.csv x.parquet x.xlsx copy.jsonl printed messages usage
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
  if [[ -n ${DATA:-} ]]; then
    mkdir -p "$DATA"
    DATA=$(realpath "$DATA")
  fi
  [[ $CALLS -ge 1000 ]] || die "CALLS has to be 1000 or more: a tenth of fewer calls does not have all columns"
}

# If POSTCALL is set, the generator and peer_jsonschema may be in `examples` beside it, as in
# cargo's target folder.
build() {
  [[ -z ${STATIC:-} ]] || STATIC=$(realpath "$STATIC")
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
  rm -f run-*.tsv
  ln -sfn "$ROOT/benches/peers" peers
  # Copies, as an installation makes them: a file as the linker wrote it starts up to 10 % slower.
  rm -f bin/postcall bin/postcall-static
  cp "$POSTCALL" bin/postcall
  [[ -z ${STATIC:-} ]] || cp "$STATIC" bin/postcall-static
  ln -sf "$EXAMPLES/peer_jsonschema" bin/peer_jsonschema
  PATH=$PWD/bin:$PATH
}

prepare_corpus() {
  local free
  free=$(df -Pk . | awk 'NR == 2 { print $4 }')
  # A call is 2 kB, and at least 4 kB as a file. Up to six times the corpus exist at a time: the
  # corpus, its copy, a CSV, the temporary file of one of these while it is written, the captures,
  # and the files of one call.
  [[ $free -ge $((CALLS * 2 * 6)) ]] || die "needs $((CALLS * 12 / 1000)) MB of disk in $WORK; WORK= names another folder, CALLS= fewer calls"
  if [[ ! -s $FULL_FILE ]]; then
    "$EXAMPLES/generate" --calls "$CALLS" --seed "$SEED" --output unfinished.jsonl
    mv unfinished.jsonl "$FULL_FILE"
  fi
  head -n "$TENTH_CALLS" "$FULL_FILE" >"$TENTH_FILE"
  "$EXAMPLES/generate" --calls "$TENTH_CALLS" --seed "$SEED" --repeat 10 --output "$REPEATED_FILE"
  cp "$ROOT/samples/campaign-call.json" body.json
  rm -f figures.csv
  prepare_captures
  postcall schema >schema.json
  "$PYTHON" peers/columns.py >columns.jq
}

# One file per form, the files of one call each, and two large bodies.
prepare_captures() {
  local form
  for form in "${FORMS[@]}"; do
    [[ -s form-$form ]] || "$EXAMPLES/generate" --calls "$TENTH_CALLS" --seed "$SEED" --as "$form" --output "form-$form"
  done
  if [[ ! -d files ]]; then
    mkdir -p unfinished
    head -n "$FILES" "$FULL_FILE" | split --lines 1 --suffix-length 6 --numeric-suffixes --additional-suffix .json - unfinished/
    mv unfinished files
  fi
  "$PYTHON" peers/large_body.py $((LARGE / 10)) >large-$((LARGE / 10)).json
  "$PYTHON" peers/large_body.py "$LARGE" >"large-$LARGE.json"
}

# Sets `has[peer]`. Missing peers are listed at the end.
declare -A has=() missing=()
find_peers() {
  local module
  for module in chdb duckdb polars jsonschema_rs xlsxwriter pyexcelerate; do
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
#   xlsx     rows of the first sheet of x.xlsx
#   lines    lines of stdout
#   number   the number at the start of the first output line that starts with one
#   figures  x.csv has figures of stats, of which those of the first such task are compared
#   none     not counted
counts=() rows=() labels=() commands=()
add_task() {
  [[ $1 == - || -n ${has[$1]:-} ]] || return 0
  counts+=("$2") rows+=("$3") labels+=("$4") commands+=("$5")
}

# measure_in_turns TABLE: measures each task once, and before that, in the first run, its result.
# Whole runs follow one another, so that other load on the machine affects all tasks.
measure_in_turns() {
  local i
  say "$1: run $run of $RUNS"
  for i in "${!commands[@]}"; do
    [[ $run -gt 1 ]] || check_result "$i"
  done
  for i in "${!commands[@]}"; do
    measure "$1" "$i"
  done
  counts=() rows=() labels=() commands=()
}

# Runs a task once, without measuring, and checks the result. This also loads the input into the
# page cache.
check_result() {
  local found task="${labels[$1]} (${commands[$1]})"
  rm -f x.csv x.parquet x.xlsx
  if ! bash -c "${commands[$1]}" >printed 2>messages; then
    fail "$task failed: $(tail -n 1 messages)"
    return
  fi
  case ${counts[$1]} in
    csv | rows) found=$("$PYTHON" "$ROOT/benches/report.py" count x.csv) || found=0 ;;
    parquet | xlsx) found=$("$PYTHON" "$ROOT/benches/report.py" count "x.${counts[$1]}") || found=0 ;;
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
  rm -f x.csv x.parquet x.xlsx copy.jsonl
  [[ -n $QUICK ]] || sync
  start=${EPOCHREALTIME/./}
  "$TIME" -o usage -f "%U %S %M" bash -c "${commands[$2]}" >/dev/null 2>&1 || true
  end=${EPOCHREALTIME/./}
  printf '%s\t%s\t%s\t%d\t%s\n' "$1" "${labels[$2]}" "$(display_command "${commands[$2]}")" "$((end - start))" "$(tail -n 1 usage)" >>"$results"
}

# Prints a command as a user would type it.
display_command() {
  local command=${1//\"\$PYTHON\"/python3}
  command=${command#"$REPEAT "}
  echo "${command%; done}"
}

measure_all() {
  local command size

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

  add_task - xlsx "$TENTH_CALLS" "postcall" "postcall export --rows calls --threads 2 -o x.xlsx $TENTH_FILE"
  add_task xlsxwriter xlsx "$TENTH_CALLS" "XlsxWriter" "\"\$PYTHON\" peers/export_xlsxwriter.py $TENTH_FILE x.xlsx"
  add_task pyexcelerate xlsx "$TENTH_CALLS" "PyExcelerate" "\"\$PYTHON\" peers/export_pyexcelerate.py $TENTH_FILE x.xlsx"
  add_task - xlsx "$TENTH_CALLS" "postcall, all sheets" "postcall export --threads 2 -o x.xlsx $TENTH_FILE"
  measure_in_turns "workbook"

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

  add_capture_tasks
  measure_in_turns "captures"
  measure_extraction

  add_startup_task - "postcall" "postcall show body.json"
  [[ -z ${STATIC:-} ]] || add_startup_task - "postcall, static" "postcall-static show body.json"
  add_startup_task jq "jq" "jq . body.json"
  add_startup_task jaq "jaq" "jaq . body.json"
  add_startup_task - "a program that does nothing" "$(type -P true)"
  measure_in_turns "small body"

  add_task - lines "$FILES" "postcall" "postcall list --format jsonl --threads 2 files"
  add_task - lines "$FILES" "cat" "find files -type f -print0 | xargs -0 cat"
  measure_in_turns "files"

  for size in $((LARGE / 10)) "$LARGE"; do
    add_task - lines 1 "postcall, $size MB" "postcall list --format jsonl large-$size.json"
    add_task jaq lines 1 "jaq, $size MB" "jaq .id large-$size.json"
  done
  measure_in_turns "large body"

  add_task - none 0 "cp" "cp $FULL_FILE copy.jsonl"
  add_task - none 0 "wc -l" "wc -l $FULL_FILE"
  add_task - none 0 "cat from a pipe" "cat $FULL_FILE | cat"
  measure_in_turns "floor"
}

# The name of each capture is the last word of its command.
add_capture_tasks() {
  local form
  for form in "$TENTH_FILE" "${FORMS[@]/#/form-}"; do
    add_task - lines "$TENTH_CALLS" "${form#form-}" "postcall list --format jsonl --threads 2 $form"
    add_task - lines "$TENTH_CALLS" "${form#form-}, one thread" "postcall list --format jsonl --threads 1 $form"
  done
}

# Bodies as JSON Lines, by the peers with paths that a user wrote by hand.
measure_extraction() {
  local form path
  for form in n8n webhook-site docker csv; do
    add_task - lines "$TENTH_CALLS" "postcall" "postcall extract --threads 2 form-$form"
    case $form in
      n8n) path='.[].body' ;;
      webhook-site) path='.data[].content | fromjson' ;;
      docker) path='.log | fromjson' ;;
      csv) path= ;;
    esac
    if [[ -n $path ]]; then
      add_task jq lines "$TENTH_CALLS" "jq" "jq -c '$path' form-$form"
      add_task jaq lines "$TENTH_CALLS" "jaq" "jaq -c '$path' form-$form"
    else
      add_task duckdb lines "$TENTH_CALLS" "DuckDB" "\"\$PYTHON\" peers/extract_duckdb.py form-$form"
      add_task mlr lines "$TENTH_CALLS" "Miller" "mlr --icsv --onidx cut -f payload form-$form"
    fi
    measure_in_turns "extract from $form"
  done
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
  for module in chdb duckdb polars jsonschema_rs xlsxwriter pyexcelerate; do
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
