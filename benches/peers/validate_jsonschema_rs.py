"""Validates JSON Lines with jsonschema-rs, the Python binding of the `jsonschema` crate. Prints the
number of lines and the number of valid lines."""

import json
import sys

import jsonschema_rs

schema, source = sys.argv[1:]
with open(schema, "rb") as file:
    is_valid = jsonschema_rs.validator_for(json.load(file)).is_valid

total = valid = 0
with open(source, "rb") as lines:
    for line in lines:
        total += 1
        valid += is_valid(json.loads(line))
print(total, valid)
sys.exit(total != valid)
