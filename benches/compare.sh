#!/usr/bin/env bash
# Runs postcall and every peer that is installed on the same corpus, in turns, and prints what docs/performance.md shows:
# medians, ratios, processor time and peak memory as Markdown on stdout, what is being done on stderr.
#
#   benches/compare.sh                      half a million calls: some 20 minutes, 4 GB of disk
#   CALLS=5000 RUNS=1 benches/compare.sh    a quick try, of which only the peers' row counts mean anything
#
#   CALLS     how many calls (500000)          RUNS    how many measured runs of each command (5)
#   POSTCALL  the program; built if not given  PYTHON  the Python that has the peers (python3)
#   WORK      folder for corpus and results; what it holds of an earlier run is used again (a temporary folder, removed in the end)
#
# Ends with 1 if a command failed, or if a peer's result has not as many rows as there are calls.
set -euo pipefail

CALLS=${CALLS:-500000}
RUNS=${RUNS:-5}
PYTHON=${PYTHON:-python3}
SEED=1
STARTS=200 # one start is too short to be measured alone

ROOT=$(cd "$(dirname "$0")/.." && pwd)
BUILT=$(realpath -m "${CARGO_TARGET_DIR:-$ROOT/target}")/release
FEW=$((CALLS / 10))
FULL=calls-$CALLS.jsonl
TENTH=calls-$FEW.jsonl

# One decimal point and one UTF-8 for all; no compiled Python beside the peers.
export LC_ALL=C.UTF-8 PYTHON PYTHONDONTWRITEBYTECODE=1

main() {
  need_tools
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

# --- What is needed, and what is there ---------------------------------------------------------------------------------------------------

need_tools() {
  [[ ${BASH_VERSINFO[0]} -ge 5 ]] || die "needs bash 5, for its clock"
  TIME=$(type -P time || type -P gtime) || die "needs GNU time, for peak memory: apt install time, or brew install gnu-time"
  "$TIME" -f %M true 2>/dev/null || die "$TIME is not GNU time: apt install time, or brew install gnu-time"
  "$PYTHON" -c 'import sys; assert sys.version_info >= (3, 10)' 2>/dev/null || die "needs Python 3.10, to count rows; PYTHON= names it"
  # The link itself: Python knows by it that it is of a virtual environment.
  PYTHON=$(realpath -s "$(type -P "$PYTHON")")
  [[ $CALLS -ge 1000 ]] || die "CALLS has to be 1000 or more: a tenth of fewer calls does not have all columns"
}

# Of a program that is given, generator and loop may lie below `examples`, as cargo puts them.
build() {
  local beside cargo=(cargo build --quiet --release --locked --manifest-path "$ROOT/Cargo.toml" --example generate --example peer_jsonschema)
  EXAMPLES=$BUILT/examples
  if [[ -z ${POSTCALL:-} ]]; then
    say "building postcall, the generator and the loop round the crate jsonschema"
    "${cargo[@]}" --bin postcall >&2
    POSTCALL=$BUILT/postcall
    SOURCE="built from commit $(git -C "$ROOT" describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)"
    return
  fi
  POSTCALL=$(realpath "$POSTCALL")
  SOURCE="given as POSTCALL"
  beside=$(dirname "$POSTCALL")/examples
  if [[ -x $beside/generate && -x $beside/peer_jsonschema ]]; then
    EXAMPLES=$beside
  else
    say "building the generator and the loop round the crate jsonschema"
    "${cargo[@]}" >&2
  fi
}

# All commands run in this folder, so that what is printed of them is short and tells nothing of the machine's folders.
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
  # A call is 2 kB. Beside the corpus lie its copy and a CSV, and one of these is being written.
  [[ $free -ge $((CALLS * 2 * 4)) ]] || die "needs $((CALLS * 8 / 1000)) MB of disk in $WORK; WORK= names another folder, CALLS= fewer calls"
  if [[ ! -s $FULL ]]; then
    "$EXAMPLES/generate" --calls "$CALLS" --seed "$SEED" --output unfinished.jsonl
    mv unfinished.jsonl "$FULL"
  fi
  head -n "$FEW" "$FULL" >"$TENTH"
  cp "$ROOT/samples/campaign-call.json" body.json
  postcall schema >schema.json
  "$PYTHON" peers/columns.py >columns.jq
}

# Sets `has[peer]`; what is missing is told in the end.
declare -A has=() missing=()
find_peers() {
  local module
  for module in chdb duckdb polars jsonschema_rs; do
    peer "$module" "pip install ${module/_/-}" "$PYTHON" -c "import $module"
  done
  peer ajv "npm install -g ajv; export NODE_PATH=\$(npm root -g)" node -e 'require("ajv/dist/2020.js")'
  peer sourcemeta "npm install -g @sourcemeta/jsonschema" link_sourcemeta
  peer jq "apt install jq" jq --version
  peer jaq "cargo install jaq" jaq --version
  peer mlr "apt install miller" mlr --version
}

# peer NAME HOW-TO-INSTALL TEST…
peer() {
  if "${@:3}" >/dev/null 2>&1; then
    has[$1]=1
  else
    missing[$1]=$2
    say "$1 is not installed: $2"
  fi
}

# A Python package has a command of the same name, which may come first on the PATH.
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

# --- Measuring ---------------------------------------------------------------------------------------------------------------------------

# task PEER COUNT ROWS LABEL COMMAND: a line of the next table. Without the peer it is left out (`-` is always there). COUNT tells where the rows
# are counted: csv (in x.csv, with the columns of the first such task), rows (in x.csv), parquet (in x.parquet), lines (of stdout), number (with which a
# printed line begins), none.
counts=() rows=() labels=() commands=()
task() {
  [[ $1 == - || -n ${has[$1]:-} ]] || return 0
  counts+=("$2") rows+=("$3") labels+=("$4") commands+=("$5")
}

# Measures the tasks under the name of a table, in turns, A B C A B C, so that what else the machine does meets all of them.
in_turns() {
  local run i
  for i in "${!commands[@]}"; do
    say "$1: ${labels[i]}"
    check "$i"
  done
  for ((run = 1; run <= RUNS; run++)); do
    say "$1: run $run of $RUNS"
    for i in "${!commands[@]}"; do
      measure "$1" "$i"
    done
  done
  counts=() rows=() labels=() commands=()
}

# The first run, of which only the result counts; it also brings the input into memory.
check() {
  local found what="${labels[$1]} (${commands[$1]})"
  rm -f x.csv x.parquet
  if ! bash -c "${commands[$1]}" >printed 2>messages; then
    fail "$what failed: $(tail -n 1 messages)"
    return
  fi
  case ${counts[$1]} in
    csv | rows) found=$("$PYTHON" "$ROOT/benches/report.py" count x.csv) || found=0 ;;
    parquet) found=$("$PYTHON" "$ROOT/benches/report.py" count x.parquet) || found=0 ;;
    lines) found=$(wc -l <printed) ;;
    number) found=$(grep -hEom 1 '^[0-9]+' printed messages | head -n 1) || found=0 ;;
    none) return ;;
  esac
  [[ $found -eq ${rows[$1]} ]] || fail "$what gave $found rows, not ${rows[$1]}"
  [[ ${counts[$1]} != csv ]] || check_columns "$what"
}

# A peer that is not told all columns has less to do.
check_columns() {
  local found
  found=$(head -n 1 x.csv | tr -d '"\r')
  columns=${columns:-$found}
  [[ $found == "$columns" ]] || fail "$1 gave other columns than postcall"
}
columns=

failures=()
fail() {
  failures+=("$1")
  say "!!! $1"
}

# One run, timed by bash's clock: GNU time counts hundredths of a second.
measure() {
  local began ended
  # What an earlier run wrote is not to be brought to disk during this one.
  rm -f x.csv x.parquet copy.jsonl
  sync
  began=${EPOCHREALTIME/./}
  "$TIME" -o usage -f "%U %S %M" bash -c "${commands[$2]}" >/dev/null 2>&1 || true
  ended=${EPOCHREALTIME/./}
  printf '%s\t%s\t%s\t%d\t%s\n' "$1" "${labels[$2]}" "$(shown "${commands[$2]}")" "$((ended - began))" "$(tail -n 1 usage)" >>results.tsv
}

# A command as people type it.
shown() {
  local command=${1//\"\$PYTHON\"/python3}
  command=${command#"$REPEAT "}
  echo "${command%; done}"
}

measure_all() {
  local command

  task - csv "$CALLS" "postcall" "postcall export --threads 2 -o x.csv $FULL"
  task chdb csv "$CALLS" "chDB" "\"\$PYTHON\" peers/export_chdb.py $FULL x.csv"
  task duckdb csv "$CALLS" "DuckDB" "\"\$PYTHON\" peers/export_duckdb.py $FULL x.csv"
  task duckdb csv "$CALLS" "DuckDB, rows in any order" "\"\$PYTHON\" peers/export_duckdb.py $FULL x.csv any-order"
  task polars csv "$CALLS" "Polars" "\"\$PYTHON\" peers/export_polars.py $FULL x.csv"
  task polars csv "$CALLS" "Polars, rows in any order" "\"\$PYTHON\" peers/export_polars.py $FULL x.csv any-order"
  task - csv "$CALLS" "postcall, one thread" "postcall export --threads 1 -o x.csv $FULL"
  in_turns "export"

  # DuckDB counts the rows of all of them.
  task duckdb parquet "$CALLS" "postcall" "postcall export --threads 2 -o x.parquet $FULL"
  task duckdb parquet "$CALLS" "DuckDB" "\"\$PYTHON\" peers/export_duckdb.py $FULL x.parquet"
  [[ -z ${has[duckdb]:-} ]] || task polars parquet "$CALLS" "Polars" "\"\$PYTHON\" peers/export_polars.py $FULL x.parquet"
  task duckdb parquet "$CALLS" "postcall, one thread" "postcall export --threads 1 -o x.parquet $FULL"
  in_turns "export to Parquet"

  task - csv "$FEW" "postcall" "postcall export --threads 2 -o x.csv $TENTH"
  task jq csv "$FEW" "jq" "jq -r -n -f columns.jq $TENTH >x.csv"
  task jaq csv "$FEW" "jaq" "jaq -r -n -f columns.jq $TENTH >x.csv"
  # Lists become a column for each of their items, so its columns are others.
  task mlr rows "$FEW" "Miller" "mlr --ijsonl --ocsv flatten then unsparsify $TENTH >x.csv"
  in_turns "export of a tenth"

  task - number "$CALLS" "postcall" "postcall validate --threads 2 $FULL"
  task sourcemeta number "$CALLS" "sourcemeta jsonschema" "jsonschema validate schema.json $FULL --fast"
  task - number "$CALLS" "jsonschema-rs, in Rust" "peer_jsonschema schema.json $FULL"
  task jsonschema_rs number "$CALLS" "jsonschema-rs, in Python" "\"\$PYTHON\" peers/validate_jsonschema_rs.py schema.json $FULL"
  task ajv number "$CALLS" "Ajv" "node peers/validate_ajv.mjs schema.json $FULL"
  task - number "$CALLS" "postcall, one thread" "postcall validate --threads 1 $FULL"
  in_turns "validate"

  inputs number "validate" "validate"
  inputs lines "list" "list --format jsonl"
  inputs lines "variables" "variables --format jsonl"
  inputs none "campaigns" "campaigns --format jsonl"
  inputs csv "export" "export -o x.csv"
  in_turns "commands"

  start - "postcall" "postcall show body.json"
  start jq "jq" "jq . body.json"
  start jaq "jaq" "jaq . body.json"
  start - "a program that does nothing" "$(type -P true)"
  in_turns "small body"

  task - none 0 "cp" "cp $FULL copy.jsonl"
  task - none 0 "wc -l" "wc -l $FULL"
  in_turns "floor"
}

# A command of postcall on the corpus and on a tenth of it, from a file and from a pipe.
inputs() {
  task - "$1" "$CALLS" "$2, all, file" "postcall $3 --threads 2 $FULL"
  task - "$1" "$CALLS" "$2, all, stdin" "cat $FULL | postcall $3 --threads 2"
  task - "$1" "$FEW" "$2, tenth, file" "postcall $3 --threads 2 $TENTH"
  task - "$1" "$FEW" "$2, tenth, stdin" "cat $TENTH | postcall $3 --threads 2"
}

# start PEER LABEL COMMAND: a command that is too short to be measured alone.
REPEAT="for _ in {1..$STARTS}; do"
start() {
  task "$1" none 0 "$2" "$REPEAT $3; done"
}

# --- What was measured, and where --------------------------------------------------------------------------------------------------------

print_machine() {
  local cpu memory
  cpu=$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo 2>/dev/null) || cpu=$(sysctl -n machdep.cpu.brand_string)
  memory=$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo 2>/dev/null) || memory="unknown memory"
  cat <<EOF
Measured on $(date -u +%Y-%m-%d) by \`CALLS=$CALLS RUNS=$RUNS benches/compare.sh\`.

- Machine: ${cpu:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) cores, $memory; $(uname -s) $(uname -r | cut -d - -f 1)
- Corpus: $CALLS calls, $(wc -c <"$FULL") bytes, by \`cargo run --release --example generate -- --calls $CALLS --seed $SEED\`
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

# Row counts that differ make every ratio worthless.
print_failures() {
  if [[ ${#failures[@]} -eq 0 ]]; then
    printf '\nEach result had as many rows as there are calls.\n'
    return
  fi
  printf '\n**These results are wrong, and so are their ratios:**\n\n'
  printf -- '- %s\n' "${failures[@]}"
  exit 1
}

main
