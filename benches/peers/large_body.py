"""Prints one body of this many megabytes, for `benches/compare.sh`: the call of body.json with a
long transcript.
"""

import json
import sys

TURN = 'Assistant: Guten Tag, passt es Ihnen um "halb vier"?\nCustomer: Ja, schön, bis dann. 👋\n'

with open("body.json", encoding="utf-8") as file:
    body = json.load(file)
turn = len(json.dumps(TURN, ensure_ascii=False).encode()) - 2
body["transcript"] = TURN * (int(sys.argv[1]) * 1_000_000 // turn)
json.dump(body, sys.stdout, ensure_ascii=False, separators=(",", ":"))
