#!/usr/bin/env python3
"""Checks that a tag can be released, or prints its release notes:

    python3 packaging/check_release.py v1.2.3 https://github.com/OWNER/postcall
    python3 packaging/check_release.py --notes v1.2.3

The version of the tag is that of Cargo.toml, CHANGELOG.md describes it, and the address of the
repository in Cargo.toml is the given one.
"""

import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).parent.parent


def notes(version):
    """The section of CHANGELOG.md about a version, without its heading."""
    text = (ROOT / "CHANGELOG.md").read_text()
    sections = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    for heading, section in zip(sections[1::2], sections[2::2]):
        if re.match(rf"\[?{re.escape(version)}\]?( |$)", heading):
            return section.strip()
    sys.exit(f"CHANGELOG.md has no section {version}")


def check(tag, address):
    package = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
    if tag != f"v{package['version']}":
        sys.exit(f"the tag is {tag}, but Cargo.toml has version {package['version']}")
    if package["repository"] != address:
        sys.exit(f"Cargo.toml has repository {package['repository']}, but this is {address}")
    if not notes(package["version"]):
        sys.exit(f"CHANGELOG.md says nothing about {package['version']}")


def main():
    if sys.argv[1] == "--notes":
        print(notes(sys.argv[2].removeprefix("v")))
    else:
        check(sys.argv[1], sys.argv[2])


main()
