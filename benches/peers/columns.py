"""The columns of the corpus, written by hand for the peers: names in postcall's order, and types.

`python columns.py` prints a program for jq and jaq that writes a header and one row per call.
"""

import json

NUMBER, WHOLE, BOOLEAN, TEXT, LIST = "number", "whole", "boolean", "text", "list"

# Maps each name to its type. The type of an object is a dict of its members.
COLUMNS = {
    "id": WHOLE,
    "customer_phone": TEXT,
    "assistant_phone": TEXT,
    "duration": WHOLE,
    "status": TEXT,
    "extracted_variables": {
        "termin_vereinbart": BOOLEAN,
        "termin_datum": TEXT,
        "uhrzeit": TEXT,
        "anliegen": TEXT,
        "rückruf_gewünscht": BOOLEAN,
        "notiz": TEXT,
        "zahlung_zugesagt": BOOLEAN,
        "zahlungsziel": TEXT,
        "mahnstufe": WHOLE,
        "einzelpreis": NUMBER,
        "grund": TEXT,
        "bemerkung": TEXT,
        "nps_score": WHOLE,
        "would_recommend": BOOLEAN,
        "comment": TEXT,
        "feature": TEXT,
        "fair_price": NUMBER,
        "follow_up": TEXT,
        "issue_resolved": BOOLEAN,
        "customer_satisfaction": WHOLE,
        "refund": NUMBER,
        "support_category": TEXT,
        "summary": TEXT,
        "status": BOOLEAN,
        "interesse": TEXT,
        "mitarbeiter": WHOLE,
        "budget_eur": NUMBER,
        "naechster_kontakt": TEXT,
    },
    "input_variables": {
        "kundenname": TEXT,
        "firma": TEXT,
        "rechnung": TEXT,
        "betrag": NUMBER,
        "customer_name": TEXT,
        "company": TEXT,
        "Name": TEXT,
        "Patientennr": TEXT,
        "account": TEXT,
    },
    "transcript": TEXT,
    "recording_url": TEXT,
    "created_at": TEXT,
    "finished_at": TEXT,
    "lead": {
        "id": WHOLE,
        "phone_number": TEXT,
        "variables": {
            "kundenname": TEXT,
            "firma": TEXT,
            "source": TEXT,
            "plz": TEXT,
            "customer_name": TEXT,
            "company": TEXT,
            "Name": TEXT,
            "Patientennr": TEXT,
            "rechnung": TEXT,
            "betrag": NUMBER,
        },
        "status": TEXT,
        "created_at": TEXT,
        "updated_at": TEXT,
    },
    "campaign": {
        "id": WHOLE,
        "name": TEXT,
        "status": TEXT,
        "allowed_hours_start_time": TEXT,
        "allowed_hours_end_time": TEXT,
        "allowed_days": LIST,
        "max_calls_in_parallel": WHOLE,
        "max_retries": WHOLE,
        "retry_interval": WHOLE,
        "created_at": TEXT,
        "updated_at": TEXT,
    },
}


def paths(members=None, prefix=()):
    """Yields the path of each column, as a tuple of names, and its type, in order."""
    for name, kind in (COLUMNS if members is None else members).items():
        if isinstance(kind, dict):
            yield from paths(kind, (*prefix, name))
        else:
            yield (*prefix, name), kind


def names():
    """The names of the columns."""
    return [".".join(path) for path, _ in paths()]


def rows(source):
    """Yields the cells of each call in a file of JSON Lines. Lists become JSON text."""
    columns = list(paths())
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            call = json.loads(line)
            yield [cell(call, path) for path, _ in columns]


def cell(value, path):
    for name in path:
        if value is None:
            return None
        value = value.get(name)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def jq_program():
    """Returns a program for `jq -r -n`. Lists become JSON text, as in postcall's CSV."""
    heads = ", ".join(json.dumps(name, ensure_ascii=False) for name in names())
    cells = ", ".join(
        # `@csv` rejects lists. A missing list stays null, which is an empty cell.
        f"({value} | if . then tojson else . end)" if kind == LIST else value
        for path, kind in paths()
        for value in ["." + ".".join(f"{json.dumps(name, ensure_ascii=False)}" for name in path)]
    )
    return f"([{heads}], (inputs | [{cells}])) | @csv"


if __name__ == "__main__":
    print(jq_program())
