#!/usr/bin/env bash
# The second step of action.yml: checks the paths, prints annotations, and writes the job summary
# and a SARIF file. The exit code is that of `postcall validate`.
#
# INPUT_PATHS and INPUT_ARGUMENTS have one path or argument per line. INPUT_SARIF is a file name, or
# empty.
set -euo pipefail

# lines TEXT: the lines that are not empty, in the array `lines`.
lines() {
    local line
    lines=()
    while IFS= read -r line; do
        [ -z "$line" ] || lines+=("$line")
    done <<<"$1"
}

command=(validate --format github)
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    command+=(--report "markdown=$GITHUB_STEP_SUMMARY")
fi
if [ -n "$INPUT_SARIF" ]; then
    command+=(--report "sarif=$INPUT_SARIF")
fi
lines "$INPUT_ARGUMENTS"
# Before version 4.4, Bash takes an empty array for an unset variable.
command+=(${lines[@]+"${lines[@]}"})
lines "$INPUT_PATHS"
[ ${#lines[@]} -gt 0 ] || {
    echo "::error::postcall: paths is empty"
    exit 2
}
exec postcall "${command[@]}" -- "${lines[@]}"
