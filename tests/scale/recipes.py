"""The files that docs/scale.md shows: fenced blocks with a language and a file name.

The page is the only copy of its recipes. The checks write them into a folder and run them there.
"""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_recipes():
    """The content of each file of the page, by name."""
    recipes = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert len(recipes) > 8, f"{PAGE} shows only {sorted(recipes)}"
    return recipes


def write_recipes(folder, names):
    """Writes these files of the page into the folder."""
    recipes = read_recipes()
    for name in names:
        Path(folder, name).write_text(recipes[name], encoding="utf-8")
