#!/usr/bin/env python3
"""Prints the notices of third parties for a release:

    packaging/notices.py > THIRD-PARTY-LICENCES.txt     of the program
    packaging/notices.py web/Cargo.toml                 of the page, whose package this is

The program is one file that contains all crates it depends on, so each archive and package has to
contain these texts: the licence files of the crates, each text once. The same holds for the page.
The output depends only on Cargo.lock.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)([-._].*)?", re.I)
RULE = "=" * 100

# The library of Rust is in the program too. Its files are not in every installation of Rust.
STANDARD_LIBRARY = "the Rust standard library (MIT OR Apache-2.0)"
RUST_AUTHORS = "The Rust Project contributors"


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def dependencies():
    """The crates in the program on any platform and with all features, and those that build it."""
    metadata = json.loads(
        run(
            *("cargo", "metadata", "--locked", "--all-features", "--format-version", "1"),
            *("--manifest-path", sys.argv[1] if len(sys.argv) > 1 else "Cargo.toml"),
        )
    )
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    found, pending = set(), [root]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            for dependency in nodes[node]["deps"]:
                if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
                    pending.append(dependency["pkg"])
    found.remove(root)
    return sorted((packages[node] for node in found), key=lambda p: (p["name"], p["version"]))


def licence_texts(package):
    """The licence files of a crate. Libraries in other languages are in folders of it."""
    folder = pathlib.Path(package["manifest_path"]).parent
    files = [path for path in sorted(folder.rglob("*")) if LICENCE_FILE.fullmatch(path.name)]
    texts = [path.read_text(encoding="utf-8") for path in files if is_text(path)]
    # An alternative to the licence that zstd is used under.
    texts = [text for text in texts if "GNU GENERAL PUBLIC LICENSE" not in text[:200]]
    if package["license_file"]:
        texts.append((folder / package["license_file"]).read_text(encoding="utf-8"))
    return texts or [text_without_file(package)]


def is_text(path):
    is_source = path.suffix and path.suffix not in [".md", ".txt"] and "-" not in path.name
    return path.is_file() and not is_source


def text_without_file(package):
    """The MIT licence, for crates that name it and do not contain it."""
    if "MIT" not in re.split(r"[^\w.-]+", package["license"] or ""):
        sys.exit(f"{package['name']} {package['version']} contains no text of its licence")
    authors = ", ".join(re.sub(r" <.*?>", "", author) for author in package["authors"])
    return mit_licence(authors or f"the authors of {package['name']}")


def mit_licence(holder):
    text = (ROOT / "LICENSE-MIT").read_text(encoding="utf-8")
    return re.sub(r"Copyright .*", f"Copyright (c) {holder}", text, count=1)


def main():
    owners = {}

    def add(name, texts):
        for text in texts:
            # Copies of one text differ in their line breaks and indentation.
            key = " ".join(text.split())
            text = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
            owners.setdefault(key, (text, []))[1].append(name)

    add(STANDARD_LIBRARY, [mit_licence(RUST_AUTHORS)])
    for package in dependencies():
        name = f"{package['name']} {package['version']} ({package['license']})"
        add(name, licence_texts(package))
    print("postcall contains the following software of third parties.\n")
    names = sorted({name for _, names in owners.values() for name in names})
    print("\n".join(f"- {name}" for name in names))
    for text, names in owners.values():
        names = ", ".join(dict.fromkeys(names))
        print(f"\n{RULE}\n{names}\n{RULE}\n\n{text}")


main()
