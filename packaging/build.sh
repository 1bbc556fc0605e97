#!/usr/bin/env bash
# Builds the archives, packages and the page of a release, from a clean clone:
#
#   packaging/build.sh                                   for all targets that this system can build
#   packaging/build.sh x86_64-unknown-linux-musl         for these targets
#
# They are in target/dist, with SHA256SUMS. What it needs is in packaging/README.md.
# The same commit gives the same files: SOURCE_DATE_EPOCH is the time of the commit.
set -euo pipefail
cd "$(dirname "$0")/.."

LINUX_TARGETS=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-pc-windows-gnu)
MACOS_TARGETS=(aarch64-apple-darwin x86_64-apple-darwin)

target_dir=${CARGO_TARGET_DIR:-$PWD/target}
dist=$PWD/target/dist
documents=$PWD/target/documents
# They are part of the wheel only if they are below its folder.
licences=$PWD/packaging/python/licences
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

main() {
    if [ $# -eq 0 ]; then
        if [ "$(uname -s)" = Darwin ]; then set -- "${MACOS_TARGETS[@]}"; else set -- "${LINUX_TARGETS[@]}"; fi
    fi
    rm -rf "$dist"
    mkdir -p "$dist"
    write_licences
    for target in "$@"; do
        echo "== $target"
        compile "$target"
    done
    write_documents "$1"
    for target in "$@"; do
        pack "$target"
    done
    # The page is the same for all systems.
    if [ "$(uname -s)" = Linux ]; then
        web/build_page.sh
        cp web/target/postcall.html "$dist"
    fi
    (cd "$dist" && sha256sum -- * >SHA256SUMS)
    ls -l "$dist"
}

# --- Programs and wheels --------------------------------------------------------------------------

# write_licences: the licence files that come with the program in every archive and package.
write_licences() {
    rm -rf "$licences"
    mkdir "$licences"
    cp LICENSE-MIT LICENSE-APACHE "$licences"
    python3 packaging/notices.py >"$licences/THIRD-PARTY-LICENCES.txt"
}

# compile TARGET: builds the program, and with it the wheel for `pip install postcall`, `uv tool
# install postcall` and `pipx`. Zig is the linker and C compiler for Linux.
compile() {
    local tag='' options=(--release --locked --target "$1" --out "$dist")
    rustup target add "$1" 2>/dev/null || [ -d "$(rustc --print target-libdir --target "$1")" ]
    case $1 in
        # A static program runs with both C libraries, but pip knows only what the tags say.
        x86_64-*-musl) options+=(--zig) tag=manylinux_2_17_x86_64.musllinux_1_1_x86_64 ;;
        aarch64-*-musl) options+=(--zig) tag=manylinux_2_17_aarch64.musllinux_1_1_aarch64 ;;
    esac
    (cd packaging/python && maturin build "${options[@]}")
    [ -z "$tag" ] ||
        python3 -m wheel tags --remove --platform-tag "$tag" "$dist"/postcall-*-musllinux_*_"${1%%-*}".whl
}

# program TARGET: the path of the program.
program() {
    case $1 in
        *-windows-*) echo "$target_dir/$1/release/postcall.exe" ;;
        *) echo "$target_dir/$1/release/postcall" ;;
    esac
}

# --- Documents ------------------------------------------------------------------------------------

# write_documents TARGET: pages, samples, man pages and completions, which are the same for all
# targets. The program of TARGET, which must run here, prints some of them.
write_documents() {
    local program page
    program=$(program "$1")
    rm -rf "$documents"
    mkdir -p "$documents/completions"
    "$program" --quiet man --split "$documents/man"
    "$program" completions bash >"$documents/completions/postcall.bash"
    "$program" completions zsh >"$documents/completions/_postcall"
    "$program" completions fish >"$documents/completions/postcall.fish"
    "$program" completions elvish >"$documents/completions/postcall.elv"
    "$program" completions powershell >"$documents/completions/postcall.ps1"
    # What README links to is beside it in each archive and package.
    mkdir "$documents/pages"
    cp -r README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE docs samples skills \
        "$licences/THIRD-PARTY-LICENCES.txt" "$documents/pages"
    mkdir "$documents/man-compressed"
    for page in "$documents"/man/*; do
        gzip --best --no-name --stdout "$page" >"$documents/man-compressed/${page##*/}.gz"
    done
}

# --- Archives and packages ------------------------------------------------------------------------

# pack TARGET: writes the archive and the other packages for a target.
pack() {
    archive "$1"
    npm_package "$1"
    case $1 in
        *-linux-*) system_packages "$1" ;;
    esac
}

# archive TARGET: the program with everything that a user needs offline.
archive() {
    local name=postcall-$version-$1 staging
    staging=$PWD/target/staging/$name
    rm -rf "$staging"
    mkdir -p "$staging"
    cp "$(program "$1")" "$staging"
    cp -r "$documents/pages/." "$documents/man" "$documents/completions" "$staging"
    case $1 in
        *-windows-*) python3 packaging/archive.py "$staging" "$dist/$name.zip" ;;
        *) python3 packaging/archive.py "$staging" "$dist/$name.tar.gz" ;;
    esac
}

# npm_package TARGET: the package of a platform, and the launcher that chooses among them.
npm_package() {
    python3 packaging/npm/pack.py "$(program "$1")" "$1" "$dist"
}

# system_packages TARGET: packages for Debian and for Red Hat, with what they install in Cargo.toml.
system_packages() {
    cargo deb --quiet --no-build --no-strip --target "$1" --output "$dist"
    cargo generate-rpm --target "$1" --output "$dist"
}

main "$@"
