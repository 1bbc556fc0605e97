"""The same loop with jsonschema-rs, the Python binding of the crate `jsonschema`: prints how many lines there are, and how many are valid."""

import json
import sys

import jsonschema_rs

schema, source = sys.argv[1:]
with open(schema, "rb") as file:
    is_valid = jsonschema_rs.validator_for(json.load(file)).is_valid

seen = valid = 0
with open(source, "rb") as lines:
    for line in lines:
        seen += 1
        valid += is_valid(json.loads(line))
print(seen, valid)
sys.exit(seen != valid)
