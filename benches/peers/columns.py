"""The columns of the corpus, as who exports it with a peer has to write them down: names in postcall's order, and types.

`python columns.py` prints them as a program for jq and jaq: a header, then a row for each call.
"""

import json

NUMBER, WHOLE, BOOLEAN, TEXT, LIST = "number", "whole", "boolean", "text", "list"

# Name to type; an object's members are a dict of the same kind.
COLUMNS = {
    "id": WHOLE,
    "customer_phone": TEXT,
    "assistant_phone": TEXT,
    "duration": WHOLE,
    "status": TEXT,
    "extracted_variables": {
        "zahlung_zugesagt": BOOLEAN,
        "zahlungsziel": TEXT,
        "mahnstufe": WHOLE,
        "einzelpreis": NUMBER,
        "grund": TEXT,
        "bemerkung": TEXT,
        "termin_vereinbart": BOOLEAN,
        "termin_datum": TEXT,
        "uhrzeit": TEXT,
        "anliegen": TEXT,
        "rückruf_gewünscht": BOOLEAN,
        "notiz": TEXT,
        "status": BOOLEAN,
        "summary": TEXT,
        "interesse": TEXT,
        "mitarbeiter": WHOLE,
        "budget_eur": NUMBER,
        "naechster_kontakt": TEXT,
        "issue_resolved": BOOLEAN,
        "customer_satisfaction": WHOLE,
        "refund": NUMBER,
        "support_category": TEXT,
        "nps_score": WHOLE,
        "would_recommend": BOOLEAN,
        "comment": TEXT,
        "feature": TEXT,
        "fair_price": NUMBER,
        "follow_up": TEXT,
    },
    "input_variables": {
        "rechnung": TEXT,
        "betrag": NUMBER,
        "kundenname": TEXT,
        "firma": TEXT,
        "Name": TEXT,
        "Patientennr": TEXT,
        "customer_name": TEXT,
        "company": TEXT,
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
            "rechnung": TEXT,
            "betrag": NUMBER,
            "source": TEXT,
            "plz": TEXT,
            "kundenname": TEXT,
            "firma": TEXT,
            "Name": TEXT,
            "Patientennr": TEXT,
            "customer_name": TEXT,
            "company": TEXT,
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


def paths(members=None, above=()):
    """Each column as the names that lead to it, with its type, in order."""
    for name, kind in (COLUMNS if members is None else members).items():
        if isinstance(kind, dict):
            yield from paths(kind, (*above, name))
        else:
            yield (*above, name), kind


def jq_program():
    """Header and rows for `jq -r -n`; a list becomes JSON text, as in postcall's CSV."""
    names = ", ".join(json.dumps(".".join(path), ensure_ascii=False) for path, _ in paths())
    cells = ", ".join(
        # jq has no CSV of a list, and none of a missing one either.
        f"({value} | if . then tojson else . end)" if kind == LIST else value
        for path, kind in paths()
        for value in ["." + ".".join(f"{json.dumps(name, ensure_ascii=False)}" for name in path)]
    )
    return f"([{names}], (inputs | [{cells}])) | @csv"


if __name__ == "__main__":
    print(jq_program())
