#!/bin/sh
# Installs postcall @VERSION@ for Linux and macOS:
#
#   curl -fsSL @REPOSITORY@/releases/download/v@VERSION@/install.sh | sh
#
# The program goes to POSTCALL_INSTALL_DIR (default: ~/.local/bin). POSTCALL_DOWNLOAD_URL is the
# address of the archives, for a mirror. Nothing else is changed, and a download whose checksum is
# wrong is not installed.
set -eu

main() {
    target=$(find_target)
    checksum=$(find_checksum "$target")
    name=postcall-@VERSION@-$target
    url=${POSTCALL_DOWNLOAD_URL:-@REPOSITORY@/releases/download/v@VERSION@}/$name.tar.gz
    directory=${POSTCALL_INSTALL_DIR:-${HOME:?}/.local/bin}

    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    echo "Downloading $url" >&2
    download "$url" "$folder/archive" || fail "the download failed"
    [ "$(sha256 "$folder/archive")" = "$checksum" ] || fail "the checksum of $url is wrong"
    tar -xzf "$folder/archive" -C "$folder"
    mkdir -p "$directory"
    # A rename: a program that is running is replaced, and a full disk leaves the old one.
    cp "$folder/$name/postcall" "$directory/.postcall.new"
    chmod 755 "$directory/.postcall.new"
    mv -f "$directory/.postcall.new" "$directory/postcall"
    echo "Installed $("$directory/postcall" --version) to $directory/postcall" >&2
    case :$PATH: in
        *:"$directory":*) ;;
        *) echo "Add it to your PATH: export PATH=\"$directory:\$PATH\"" >&2 ;;
    esac
}

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

# The name of this platform in the names of the archives.
find_target() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64 | Linux-amd64) echo x86_64-unknown-linux-musl ;;
        Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        *) fail "there is no program for $(uname -s) on $(uname -m); build it: cargo install postcall" ;;
    esac
}

# The SHA-256 checksums of the archives.
find_checksum() {
    case $1 in
@CHECKSUMS@
        *) fail "this release has no program for $1" ;;
    esac
}

download() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
    elif command -v wget >/dev/null; then
        wget --quiet --tries=3 --output-document="$2" "$1"
    else
        fail "needs curl or wget"
    fi
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1" | cut -d ' ' -f 1
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1" | cut -d ' ' -f 1
    else
        fail "needs sha256sum or shasum"
    fi
}

# The last line: an interrupted download of this script runs nothing.
main
