#!/bin/sh
# Installs an archive or a package into an empty folder, and runs the program as a user would:
#
#   env -i HOME="$(mktemp -d)" PATH=/usr/bin:/bin packaging/smoke.sh ARTEFACT
#
# ARTEFACT is an archive (.tar.gz, .zip), a wheel, an npm package (.tgz, with the package of this
# platform beside it), a .deb, a .rpm, or the program itself. Programs for other systems run in
# qemu-aarch64 or in Wine. Ends with 1 at the first session with another result than expected, and
# with 77 if this machine lacks what it takes to install or run the artefact.
set -eu

artefact=$(realpath "$1")
repository=$(realpath "$(dirname "$0")/..")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

main() {
    choose_runner
    install_artefact
    [ "$runner" != wine ] || add_stub_of_wine
    cd "$repository"
    sessions
    echo "$(basename "$artefact"): $count sessions passed"
}

fail() {
    echo "$(basename "$artefact"): $*" >&2
    exit 1
}

skip() {
    echo "$(basename "$artefact"): skipped: $*" >&2
    exit 77
}

need() {
    command -v "$1" >/dev/null || skip "needs $1"
}

# --- Installing -----------------------------------------------------------------------------------

# Installs the artefact below $folder, and sets `program`. If the artefact has them, sets `pages`
# and `completions` to the folders of the man pages and completions, and `readme` to its README.md.
install_artefact() {
    pages='' completions='' readme=''
    case $artefact in
        *.tar.gz)
            tar -xzf "$artefact" -C "$folder" --strip-components=1
            program=$folder/postcall pages=$folder/man completions=$folder/completions
            readme=$folder/README.md
            ;;
        *.zip)
            need unzip
            unzip -q "$artefact" -d "$folder"
            set -- "$folder"/*/
            program=${1}postcall.exe pages=${1}man completions=${1}completions
            readme=${1}README.md
            ;;
        *.whl)
            need python3
            python3 -m venv "$folder/venv"
            set -- install --quiet --no-index --disable-pip-version-check
            if [ -z "$runner" ]; then
                "$folder/venv/bin/pip" "$@" "$artefact"
                program=$folder/venv/bin/postcall
            else
                platform=${artefact##*-} platform=${platform%%.*}
                "$folder/venv/bin/pip" "$@" --target="$folder/other" --only-binary=:all: \
                    --platform="$platform" "$artefact"
                program=$(echo "$folder"/other/bin/postcall*)
            fi
            ;;
        *.tgz)
            need npm
            # The launcher finds the package of the platform, as it would on npm's registry.
            (cd "$folder" && npm install --silent --offline --no-audit --no-fund \
                "$artefact" "$(dirname "$artefact")"/postcall-linux-x64-*.tgz)
            program=$folder/node_modules/.bin/postcall
            ;;
        *.deb)
            need dpkg
            # Only root can install; others see what would be installed.
            if [ "$(id -u)" -eq 0 ]; then
                mkdir -p "$folder/var/lib/dpkg/info" "$folder/var/lib/dpkg/updates"
                touch "$folder/var/lib/dpkg/status"
                set -- --root="$folder" --install
                [ -z "$runner" ] || set -- --force-architecture "$@"
                PATH=$PATH:/usr/sbin:/sbin dpkg "$@" "$artefact" >"$folder/log" 2>&1
            else
                dpkg-deb --extract "$artefact" "$folder"
            fi
            installed_in_usr
            ;;
        *.rpm)
            need rpm
            if [ "$(id -u)" -eq 0 ]; then
                # cargo-generate-rpm always asks for /bin/sh, which an empty folder lacks.
                rpm --root="$folder" --install --ignorearch --nodeps --nosignature "$artefact" \
                    2>"$folder/log"
            else
                need cpio
                rpm2cpio "$artefact" | (cd "$folder" && cpio --extract --make-directories --quiet)
            fi
            installed_in_usr
            ;;
        *) program=$artefact ;;
    esac
    [ -f "$program" ] || fail "holds no $program"
}

installed_in_usr() {
    program=$folder/usr/bin/postcall pages=$folder/usr/share/man/man1
    completions=$folder/usr/share/bash-completion/completions
    readme=$folder/usr/share/doc/postcall/README.md
}

# Sets `runner` to the command that runs programs for the system of the artefact, if this machine
# does not.
choose_runner() {
    runner=
    case $artefact in
        *aarch64* | *arm64*)
            [ "$(uname -m)" = aarch64 ] || runner=qemu-aarch64
            ;;
        *windows* | *-win_amd64.whl | *.exe)
            runner=wine
            export WINEDEBUG=-all
            ;;
    esac
    [ -z "$runner" ] || need "$runner"
}

# Wine 8 lacks a library of Windows from which the program takes random numbers.
add_stub_of_wine() {
    need x86_64-w64-mingw32-gcc
    x86_64-w64-mingw32-gcc -shared -o "$(dirname "$program")/bcryptprimitives.dll" \
        "$repository/packaging/wine/bcryptprimitives.c" -ladvapi32
}

# --- Sessions -------------------------------------------------------------------------------------

# run CODE ARGUMENT…: runs the program, whose output goes to $folder/out, and checks its exit code.
run() {
    expected=$1
    shift
    code=0
    # An empty runner is no argument.
    # shellcheck disable=SC2086
    $runner "$program" "$@" >"$folder/out" 2>"$folder/err" || code=$?
    # Programs for Windows end lines of messages as Unix does.
    [ "$code" -eq "$expected" ] ||
        fail "postcall $*: exit code $code, not $expected: $(head -c 2000 "$folder/err")"
    count=$((count + 1))
}

# shows TEXT: the last output has this text.
shows() {
    grep -q -e "$1" "$folder/out" || fail "no $1 in: $(head -c 2000 "$folder/out")"
}

# counts LINES: the last output has this number of lines.
counts() {
    [ "$(wc -l <"$folder/out")" -eq "$1" ] || fail "not $1 lines: $(head -c 2000 "$folder/out")"
}

# begins FILE TEXT: the file begins with these bytes.
begins() {
    [ "$(head -c "${#2}" "$folder/$1")" = "$2" ] || fail "$1 does not begin with $2"
}

sessions() {
    count=0
    version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

    # Every artefact names its version and its commit.
    run 0 --version
    shows "^postcall $version ([0-9a-f]\{10\})"
    run 0 --help
    shows 'Usage: postcall'

    # One call, from a file and from a pipe, with a time zone of the program's own.
    run 0 show samples/inbound-call.json --tz Europe/Berlin
    shows 'Call 480337'
    shows '15:20:00'
    # shellcheck disable=SC2002
    cat samples/inbound-call.json | run 0 list --format csv
    counts 2

    # Captures, also compressed.
    run 0 list samples/day.jsonl --format csv
    counts 24
    for capture in calls.jsonl.zst members.jsonl.gz folder.zip; do
        run 0 extract "samples/captures/$capture"
        shows '480601'
        shows '480602'
    done

    # The gate of a CI job: findings, wrong usage, no such file.
    run 0 validate samples/inbound-call.json
    run 1 validate samples/broken/missing-status.json --format json
    shows '"missing-field"'
    run 2 validate --no-such-option
    run 3 list samples/no-such-file.json

    # The formats that need libraries.
    for extension in xlsx parquet csv; do
        run 0 export samples/day.jsonl -o "$folder/calls.$extension"
    done
    begins calls.xlsx PK
    begins calls.parquet PAR1
    [ "$(grep -c '^4810' "$folder/calls.csv")" -eq 23 ] || fail "calls.csv has not 23 calls"

    # Scripts and pages.
    run 0 completions bash
    shows '_postcall'
    run 0 man export
    shows '^.TH'
    [ -z "$pages" ] || [ -n "$(find "$pages" -name 'postcall-export.1*')" ] || fail "no man pages"
    [ -z "$completions" ] || [ -n "$(find "$completions" -name 'postcall*')" ] ||
        fail "no completions"

    # The licences of all crates come with the program.
    [ "$program" = "$artefact" ] ||
        [ -n "$(find "$folder" -name THIRD-PARTY-LICENCES.txt -size +99k)" ] || fail "no licences"

    # What README links to is installed with it.
    if [ -n "$readme" ]; then
        grep -o '](docs/[^)#]*\|](samples/[^)#]*\|](skills/[^)#]*' "$readme" | cut -c 3- >"$folder/links"
        while read -r link; do
            [ -e "$(dirname "$readme")/$link" ] || fail "README.md links to $link, which is missing"
        done <"$folder/links"
    fi
}

main
