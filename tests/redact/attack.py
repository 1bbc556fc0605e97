"""Tries to recover 1,000 phone numbers, ids and names from the output of `postcall redact`, with
everything that an attacker can know but the key: the program, its output, and the list of all
candidates.

    python3 tests/redact/attack.py POSTCALL

Prints a table: hits of each attack, and how many are expected by chance. Exits with 1 if an attack
is better than chance, at the 99.9 % bound.
"""

import json
import math
import os
import random
import subprocess
import sys
from collections import Counter

COUNT = 1000
CALLS_PER_PHONE = 2
# Keys that an attacker tries: constants, and the key of the documentation.
GUESSED_KEYS = [
    "00" * 32,
    "ff" * 32,
    "00112233445566778899aabbccddeeff" * 2,
    "an-example-key-of-32-characters.",
    "postcall redact 2026-11-29 phone",
]


def main(program):
    source = random.Random(7)
    phones = [f"+4915{number:08}" for number in sorted(source.sample(range(10**8), COUNT))]
    ids = list(range(1_480_000, 1_480_000 + COUNT * CALLS_PER_PHONE))
    names = [name(source) for _ in range(COUNT)]
    bodies = make_bodies(source, phones, ids, names)
    redacted = redact(program, bodies)
    fakes = list(dict.fromkeys(body["customer_phone"] for body in redacted))
    truth = dict(zip((body["customer_phone"] for body in redacted), (body["customer_phone"] for body in bodies)))
    id_truth = {new["id"]: old["id"] for new, old in zip(redacted, bodies)}
    rows = [
        ("phones: redact all with guessed keys", enumerate_phones(program, phones, set(fakes)), 0),
        ("phones: the same text in the output", hits_of_text(phones, redacted), 0),
        ("phones: by order of numbers", match(sorted(fakes), phones, truth), 1),
        ("phones: by order of appearance", match(fakes, phones, truth), 1),
        ("ids: by order of numbers", match(sorted(id_truth), ids, id_truth), 1),
        ("ids: by the same distance", distances(sorted(id_truth), id_truth), 1),
        ("names: the same text in the output", hits_of_text(names, redacted), 0),
        ("names: by frequency of words", name_frequency(bodies, redacted), 1),
    ]
    failed = False
    for title, hits, chance in rows:
        bound = poisson_bound(chance)
        failed |= hits > bound
        print(f"{title:40} {hits:5} of {COUNT}, {chance} expected by chance, at most {bound}")
    return 1 if failed else 0


def name(source):
    syllables = ["ba", "che", "ga", "ho", "ju", "ka", "kö", "pe", "vi", "wa", "zy", "xe"]
    return "".join(source.choice(syllables) for _ in range(4)).capitalize()


def make_bodies(source, phones, ids, names):
    order = phones * CALLS_PER_PHONE
    source.shuffle(order)
    bodies = []
    for identifier, phone in zip(ids, order):
        # Few names are frequent, as in reality.
        caller = names[min(int(source.paretovariate(0.7)) - 1, COUNT - 1)]
        bodies.append({
            "id": identifier, "customer_phone": phone, "duration": 60, "status": "completed",
            "extracted_variables": {"customer_name": caller},
            "transcript": f"Assistant: Guten Tag, {caller}!\nCustomer: Hier ist {caller}, {phone}.",
            "created_at": "2024-01-15T10:30:00Z", "lead": None, "campaign": None,
        })
    return bodies


def redact(program, bodies, key=None):
    environment = {name: value for name, value in os.environ.items() if name != "POSTCALL_REDACT_KEY"}
    if key is not None:
        environment["POSTCALL_REDACT_KEY"] = key
    text = "".join(json.dumps(body) + "\n" for body in bodies)
    run = subprocess.run([program, "redact", "--quiet"], input=text, capture_output=True, text=True, env=environment, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def enumerate_phones(program, phones, fakes):
    """Redacts all candidates with keys that the attacker guesses, and looks for equal pseudonyms."""
    bodies = [{"id": 1_000_000, "customer_phone": phone, "duration": 1, "transcript": ""} for phone in phones]
    found = set()
    for key in GUESSED_KEYS:
        guesses = (body["customer_phone"] for body in redact(program, bodies, key))
        found.update(guess for guess in guesses if guess in fakes)
    return len(found)


def hits_of_text(values, redacted):
    text = json.dumps(redacted, ensure_ascii=False)
    return sum(value in text for value in values)


def match(pseudonyms, values, truth):
    """Assigns the candidates in order."""
    return sum(truth[pseudonym] == value for pseudonym, value in zip(pseudonyms, values))


def distances(pseudonyms, truth):
    """Neighbours that are neighbours in the input."""
    pairs = list(zip(pseudonyms, pseudonyms[1:]))[:COUNT]
    return sum(truth[second] - truth[first] == 1 for first, second in pairs)


def name_frequency(bodies, redacted):
    """Assigns the names to the words of the variable, the most frequent first."""
    old = [body["extracted_variables"]["customer_name"] for body in bodies]
    new = [body["extracted_variables"]["customer_name"] for body in redacted]
    ranks = [value for value, _ in Counter(old).most_common()]
    # Words of the same length only, which the filler keeps.
    assigned = dict(zip((value for value, _ in Counter(new).most_common()), ranks))
    recovered = {}
    for word, value in zip(new, old):
        recovered.setdefault(word, Counter())[value] += 1
    # A word is recovered if it always means the assigned name.
    return sum(set(recovered[word]) == {name} and sum(recovered[word].values()) > 1 for word, name in assigned.items())


def poisson_bound(mean):
    """The number that is exceeded in at most 0.1 % of random cases."""
    total, number = math.exp(-mean), 0
    term = total
    while total < 0.999:
        number += 1
        term *= mean / number
        total += term
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
