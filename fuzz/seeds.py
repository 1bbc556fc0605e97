#!/usr/bin/env python3
"""Writes the first inputs of a fuzz target: fuzz/seeds.py TARGET FOLDER

They come from the samples and the fixtures of the rules, with choices that are always the same.
"""

import json
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).parent.parent
MAX_BYTES = 16_000

target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
choices = random.Random(target)


def sources():
    """The files with calls, in a fixed order."""
    for below in ["samples", "tests/rules", "tests/cmd"]:
        for path in sorted((ROOT / below).rglob("*")):
            if path.is_file() and path.suffix not in [".md", ".toml"]:
                content = path.read_bytes()
                if len(content) < MAX_BYTES:
                    yield content


def settings():
    """The settings files of the fixtures, in a fixed order."""
    paths = sorted((ROOT / "tests/rules").rglob("*.toml"))
    return [b""] + [path.read_bytes()[:255] for path in paths]


def texts():
    """Texts that look like formulas, or have one after a separator."""
    for line in (ROOT / "tests/cmd/export/formulas.jsonl").read_text().splitlines():
        yield from (value for value in json.loads(line).values() if isinstance(value, str))


def seeds():
    if target == "scanner":
        yield from sources()
    elif target == "pauses":
        for source in sources():
            yield choices.randbytes(8) + source
    elif target == "csv_cells":
        values = [text.encode() for text in texts()]
        values += [b"null", b"true", b"-1.50", b"1e400", b'"\\u00e4\\n"', b"[1, {}]", b"{}", b""]
        for _ in range(100):
            yield choices.randbytes(2) + b"\0".join(choices.choices(values, k=4))
    elif target == "decoders":
        for form in range(36):
            for length in [16, 60, 200]:
                yield bytes([form]) + choices.randbytes(length)
    elif target == "command_line":
        files = settings()
        for source in sources():
            for _ in range(8):
                chosen, config = choices.randbytes(40), choices.choice(files)
                yield bytes([len(chosen), len(config)]) + chosen + config + source
    else:
        sys.exit(f"no seeds for {target}")


folder.mkdir(parents=True, exist_ok=True)
for index, seed in enumerate(seeds()):
    (folder / f"seed-{index:04}").write_bytes(seed)
