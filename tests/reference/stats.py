#!/usr/bin/env python3
"""Computes the figures of `postcall stats` the slow, obvious way, and compares them.

    tests/reference/stats.py POSTCALL [CASES]

Generates CASES inputs (default: 300) with retries, leads that share a number, days at the change of
daylight saving time, repeated deliveries, unknown statuses and bad values, and compares the JSON of
`postcall stats` with the figures that this program computes from the same calls; for some of them
also both windows of `--compare`, or the calls to look at. It follows `docs/stats.md` and shares no
code with the program. Exits with 1 at the first difference.
"""

import json
import math
import os
import random
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

CONNECTED = {"completed", "ended", "ended_by_customer", "ended_by_assistant"}
MISSED = {"busy", "no-answer"}
OPEN = {"initiated", "ringing", "in-progress"}
SPELLINGS = {"no_answer": "no-answer", "No Answer": "no-answer", "besetzt": "busy"}
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ZONES = [None, "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]
STATUSES = ["completed", "completed", "ended", "ended_by_customer", "busy", "busy", "no-answer",
            "no_answer", "No Answer", "failed", "in-progress", "cancelled", "besetzt", None]
TALKS = [
    "", "Assistant: Hi", "Assistant: Hi\nCustomer: 12 3", "a note",
    "Assistant: Hi\nCustomer: Yes", "Assistant: Hi\nCustomer: Yes\nAssistant: So\nCustomer: No",
    "Assistant: Hi\nCustomer: Ja\nCustomer: 5\nAssistant: Bye",
]


def generate(random):
    """A list of bodies in the order of the input."""
    start = random.choice(["2024-03-29T20:00:00", "2024-10-25T20:00:00", "2024-01-01T00:00:00"])
    start = datetime.fromisoformat(start).replace(tzinfo=timezone.utc)
    campaigns = random.randint(0, 3)
    completed_only = {number for number in range(campaigns) if random.random() < 0.3}
    settings = [{
        "allowed_days": random.choice([WEEKDAYS[:5], WEEKDAYS, ["friday", "Sunday"], [], ["x"]]),
        "allowed_hours_start_time": random.choice(["00:00:00", "09:00", "22:00:00"]),
        "allowed_hours_end_time": random.choice(["23:59:00", "18:00:00", "02:00", "24:00"]),
        "max_calls_in_parallel": random.choice([1, 2, None]),
        "retry_interval": random.choice([10, 60, 1440]),
    } for _ in range(campaigns)]
    bodies = []
    for _ in range(random.randint(1, 60)):
        time = start + timedelta(minutes=random.randint(0, random.choice([600, 6000, 30000])))
        campaign = random.randrange(campaigns) if campaigns and random.random() < 0.8 else None
        status = random.choice(STATUSES)
        if campaign in completed_only:
            status = "completed"
        offset = timezone(timedelta(hours=random.choice([0, 0, 1, 2])))
        created = time.astimezone(offset).isoformat()
        lead = random.randint(1, 8)
        body = {
            "id": random.randint(1, 200) if random.random() < 0.95 else "no integer",
            "customer_phone": random.choice(["+4930", "+43123", None]) and f"+4930{lead // 2}",
            "assistant_phone": random.choice(["+49401", "+49 40 1", "+49402", None]),
            "duration": random.choice([0, 5, 9, 10, 29, 30, 31, 60, 600, "45", "long", -3]),
            "status": status,
            "transcript": random.choice(TALKS),
            "created_at": created if random.random() < 0.95 else "yesterday",
            "extracted_variables": random.choice(
                [{}, {"status": True}, {"status": False}, {"status": "true"}, {"status": None},
                 {"status": 1}, {"status": True, "city": "Bonn"}, {"city": "Köln"},
                 {"nps": random.randint(0, 10), "order": {"city": random.choice("ABC")}},
                 {"nps": random.choice(["7.5", "-", "9", 1e3, 12345678901234567]), "tags": [1]},
                 {"note": "x" * random.randint(50, 70), "nps": "viel", "tags": []}]),
            "lead": random.choice([
                {"id": lead, "status": random.choice(["scheduled", "reached-max-retries"])},
                {"id": lead}, {"id": str(lead)}, {"id": f"L{lead}"}, None]),
            "campaign": None if campaign is None else {
                "id": campaign + 100, "max_retries": random.choice([1, 2, 3, None]),
                **settings[campaign], **random.choice([{}] * 9 + [{"retry_interval": 10}])},
        }
        bodies.append(body)
        if random.random() < 0.1:
            bodies.insert(random.randrange(len(bodies) + 1), {**body, "duration": 77})
    if random.random() < 0.2:
        bodies.append({**bodies[0], "id": 999, "transcript": "sample transcript"})
    return bodies


def seconds(body):
    text = str(body["duration"])
    return int(text) if re.fullmatch(r"[0-9]+", text) else None


def status(body):
    return SPELLINGS.get(body["status"], body["status"])


def call_class(body):
    name, duration = status(body), seconds(body)
    if name == "failed":
        return "unclassed" if duration is None else "connected" if duration else "not_connected"
    if name in CONNECTED:
        return "connected"
    if name in MISSED:
        return "not_connected"
    return "open" if name in OPEN else "unclassed"


def is_connected(body):
    return call_class(body) == "connected"


def turns(body):
    found = re.findall(r"^(Assistant|Customer): (.*)$", body["transcript"], re.MULTILINE)
    return found if is_connected(body) else []


def is_two_way(body):
    return any(who == "Customer" and re.search(r"[^\W\d_]", text) for who, text in turns(body))


def is_conversation(body):
    by_customer = [text for who, text in turns(body) if who == "Customer"]
    return is_two_way(body) and len(by_customer) >= 2 and (seconds(body) or 0) >= 30


def goal(body):
    value = body["extracted_variables"].get("status")
    if value in ("true", "false"):
        value = value == "true"
    return value if isinstance(value, bool) else None


def is_goal(body):
    return is_connected(body) and goal(body) is True


def instant(body):
    try:
        return datetime.fromisoformat(body["created_at"])
    except ValueError:
        return None


def local(body, zone):
    time = instant(body)
    return time.astimezone(ZoneInfo(zone)) if time and zone else time


def lead_of(body):
    lead = body["lead"]
    if lead:
        return ("id", str(lead["id"]))
    return ("phone", body["customer_phone"]) if body["customer_phone"] else None


def distinct(bodies):
    """The last body of each id, and how many others there are."""
    last = {body["id"]: index for index, body in enumerate(bodies) if isinstance(body["id"], int)}
    kept = [body for index, body in enumerate(bodies) if last.get(body["id"], index) == index]
    return kept, len(bodies) - len(kept)


def rate(numerator, denominator):
    return (numerator, denominator)


def answers(calls):
    return rate(sum(map(is_connected, calls)), len(calls))


def attempts(leads):
    """Figures by attempt, from the calls of each lead: (campaign, lead) to sorted calls."""
    longest = max(map(len, leads.values()), default=0)
    figures = []
    for k in range(1, longest + 1):
        kth = [calls[k - 1] for calls in leads.values() if len(calls) >= k]
        kth = [call for call in kth if call_class(call) in ("connected", "not_connected")]
        chances = []
        for (campaign, _), calls in leads.items():
            starts = [instant(other[0]) for (same, _), other in leads.items()
                      if same == campaign and len(other) >= k and instant(other[0])]
            begin = instant(calls[0])
            if begin and starts and begin <= max(starts):
                chances.append(calls)
        reached = [calls for calls in chances if any(map(is_connected, calls[:k]))]
        figures.append((answers(kth), rate(len(reached), len(chances))))
    return figures


def sort_key(pair):
    number, body = pair
    time = instant(body)
    identifier = body["id"] if isinstance(body["id"], int) else 2**64
    return (time is None, time or 0, identifier, number)


def best_hour(rated, zone):
    by_hour = defaultdict(list)
    for call in rated:
        if local(call, zone):
            by_hour[local(call, zone).hour].append(call)
    if not rated:
        return None
    limit = wilson(*answers(rated))[1]
    better = [(-wilson(*answers(calls))[0], hour) for hour, calls in by_hour.items()
              if wilson(*answers(calls))[0] > limit]
    return min(better)[1] if better else None


def wilson(numerator, denominator):
    z, p, n = statistics.NormalDist().inv_cdf(0.975), numerator / denominator, denominator
    root = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((p + z * z / (2 * n) + sign * root) / (1 + z * z / n) for sign in (-1, 1))
    return max(low, 0.0) if numerator else 0.0, min(high, 1.0) if numerator < denominator else 1.0


def is_allowed(campaign, time):
    """Whether the campaign may call at this local time; None without limits."""
    hours, minutes = time.hour * 60 + time.minute, []
    for name in ("allowed_hours_start_time", "allowed_hours_end_time"):
        hour, minute = campaign[name].split(":")[:2]
        minutes.append(int(hour) * 60 + int(minute))
    start, end = minutes
    names = [name.lower() for name in campaign["allowed_days"]]
    if not names or not all(name in WEEKDAYS for name in names):
        return None
    has_hours = start != end and not (start == 0 and end >= 23 * 60 + 59)
    day = time.date()
    if has_hours:
        if start < end and not start <= hours < end:
            return False
        if start > end and end <= hours < start:
            return False
        if start > end and hours < end:
            day -= timedelta(days=1)
    return WEEKDAYS[day.weekday()] in names


def judged(dials, leads, zone):
    """For each rule, the calls that it judges, and whether they break it."""
    outside = []
    for call in dials:
        time = local(call, zone)
        if time and (zone or time.utcoffset()) and is_allowed(call["campaign"], time) is not None:
            outside.append((call, not is_allowed(call["campaign"], time)))
    parallel = []
    campaigns = defaultdict(list)
    for position, call in enumerate(dials):
        campaigns[call["campaign"]["id"]].append((position, call))
    for of in campaigns.values():
        of = [call for _, call in sorted(of, key=sort_key) if instant(call)]
        for number, call in enumerate(of):
            if call["campaign"]["max_calls_in_parallel"] is None:
                continue
            running = [other for other in of[:number] if instant(other).timestamp() // 1
                       + (seconds(other) or 0) > instant(call).timestamp() // 1]
            hit = len(running) + 1 > call["campaign"]["max_calls_in_parallel"]
            parallel.append((call, hit))
    early, attempts_made, later = [], [], []
    for of in leads.values():
        for k, call in enumerate(of):
            if call["campaign"]["max_retries"] is not None:
                attempts_made.append((call, k > call["campaign"]["max_retries"]))
            if k > 0:
                later.append((call, any(map(is_goal, of[:k]))))
                if instant(call) and instant(of[k - 1]):
                    gap = (instant(call) - instant(of[k - 1])).total_seconds()
                    early.append((call, gap < call["campaign"]["retry_interval"] * 60 - 60))
    return outside, early, attempts_made, parallel, later


def settings(call):
    """The settings of a call's campaign, None if one is missing."""
    campaign = call["campaign"]
    days = {name.lower() for name in campaign["allowed_days"]}
    hours = campaign["allowed_hours_start_time"][:5], campaign["allowed_hours_end_time"][:5]
    if hours[0] == hours[1] or hours[0] == "00:00" and hours[1] >= "23:59":
        hours = "all"
    return (campaign["max_retries"], campaign["retry_interval"],
            campaign["max_calls_in_parallel"],
            frozenset(days if days <= set(WEEKDAYS) else ()), hours)


def zip_sets(rows):
    return map(set, zip(*rows))


def audit(dials, leads, zone, has_goal):
    """Pairs of hits and judged calls by rule."""
    campaigns = defaultdict(list)
    for call in dials:
        campaigns[call["campaign"]["id"]].append(call)
    changed = [any(len(values - {None}) > 1 for values in zip_sets(map(settings, of)))
               for of in campaigns.values()]
    pairs = [rate(sum(hit for _, hit in of), len(of)) for of in judged(dials, leads, zone)]
    pairs[4] = pairs[4] if has_goal else (None, None)
    return pairs + [rate(sum(changed), len(changed))]


def flatten(value, name=""):
    """Names and values of variables; those of nested objects are joined with dots."""
    for member, inner in value.items():
        path = f"{name}.{member}" if name else member
        if isinstance(inner, dict) and inner:
            yield from flatten(inner, path)
        else:
            yield path, inner


def variable_figures(calls):
    """For each variable of the connected calls: filled, booleans, numbers, texts, lists."""
    values = defaultdict(list)
    for call in calls:
        for name, value in flatten(call["extracted_variables"]):
            values[name].append(value)
    figures = {}
    for name, of in values.items():
        of = [value for value in of if value not in (None, "", "-", [], {})]
        booleans = [str(value).lower() == "true" for value in of
                    if value is True or value is False or value in ("true", "false")]
        rest = [value for value in of if not isinstance(value, bool)
                and value not in ("true", "false")]
        lists = [value for value in rest if isinstance(value, list)]
        numbers, texts = [], []
        for value in rest:
            if isinstance(value, list):
                continue
            text = str(value).strip()
            if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) and len(text) < 16:
                numbers.append(float(text))
            else:
                texts.append(text)
        numbers.sort()
        long_texts = [text for text in texts if len(text) > 60]
        short = Counter(text for text in texts if len(text) <= 60)
        is_varied = len(short) + len(long_texts) > len(texts) // 2 and len(texts) >= 20
        is_free = len(long_texts) > len(texts) // 2 or is_varied
        figures[name] = (
            (len(of), len(calls)), (sum(booleans), len(booleans)) if booleans else None,
            (len(numbers), numbers[0], statistics.median(numbers),
             numbers[math.ceil(len(numbers) * Fraction(9, 10)) - 1], numbers[-1])
            if numbers else None,
            (len(texts), is_free, None if is_free else len(short), len(long_texts),
             {} if is_free else dict(short), sum(map(len, texts)), max(map(len, texts)))
            if texts else None,
            len(lists))
    return figures


def expected(bodies, zone):
    calls, copies = distinct(bodies)
    samples = [body for body in calls if body["transcript"].startswith("sample ")]
    calls = [body for body in calls if body not in samples]
    dials = [body for body in calls if body["campaign"]]
    by_campaign = defaultdict(list)
    for body in dials:
        by_campaign[body["campaign"]["id"]].append(body)
    rated_ids = {campaign for campaign, of in by_campaign.items()
                 if any(call_class(call) == "not_connected" for call in of)}
    rated_all = [call for call in dials if call["campaign"]["id"] in rated_ids]
    rated = [call for call in rated_all if call_class(call) in ("connected", "not_connected")]
    connected = [call for call in calls if is_connected(call)]
    readable = [call for call in connected if turns(call)]
    conversations = [call for call in calls if is_conversation(call)]
    leads = defaultdict(list)
    for _, call in sorted(enumerate(dials), key=sort_key):
        leads[call["campaign"]["id"], lead_of(call)].append(call)
    without_lead = [of for (_, lead), of in leads.items() if lead is None]
    leads = {key: of for key, of in leads.items() if key[1] is not None}
    rated_leads = {key: of for key, of in leads.items() if key[0] in rated_ids}
    has_goal = any("status" in call["extracted_variables"] for call in calls) or not calls
    has_goal = has_goal and (not connected or any(goal(call) is not None for call in connected))
    is_rated = bool(rated_ids)
    known = lambda pair, is_known=True: pair if is_rated and is_known else (None, None)
    times = sorted(local(call, zone).date() for call in calls if instant(call))
    talk = sorted(seconds(call) for call in connected if seconds(call) is not None)
    goals = lambda of: [call for call in of if is_goal(call)]
    exhausted = [of for of in rated_leads.values() if (of[-1]["lead"] or {}).get("status")
                 == "reached-max-retries" or (of[-1]["campaign"]["max_retries"] is not None
                 and len(of) >= of[-1]["campaign"]["max_retries"] + 1)]
    reached = [of for of in rated_leads.values() if any(map(is_connected, of))]
    numbers = defaultdict(list)
    for call in calls:
        numbers[call["assistant_phone"] and call["assistant_phone"].replace(" ", "")].append(call)
    last_day = max((local(call, zone).date() for call in dials if instant(call)), default=None)
    figures = {
        "copies": copies,
        "samples": len(samples),
        "classes": [len([call for call in calls if call_class(call) == name])
                    for name in ("connected", "not_connected", "open", "unclassed")],
        "outcomes": sorted(((status(call), call_class(call)) for call in calls), key=str),
        "days": ((times[-1] - times[0]).days + 1 if times else 0, len(set(times))),
        "without time": sum(instant(call) is None for call in calls),
        "talk": (sum(talk), len(talk), Fraction(sum(talk), len(talk)) if talk else None,
                 Fraction(talk[(len(talk) - 1) // 2] + talk[len(talk) // 2], 2) if talk else None,
                 talk[math.ceil(len(talk) * Fraction(9, 10)) - 1] if talk else None,
                 talk[-1] if talk else None),
        "answered": known(answers(rated)),
        "two-way": rate(sum(map(is_two_way, connected)), len(readable)),
        "conversations": rate(len(conversations), len(readable)),
        "goals of conversations": rate(len(goals(conversations)), len(conversations))
                                  if has_goal else (None, None),
        "goals of connected": rate(len(goals(connected)), len(connected))
                              if has_goal else (None, None),
        "goals of leads": known(rate(sum(bool(goals(of)) for of in rated_leads.values()),
                                     len(rated_leads)), has_goal),
        "goals missed": sum(goal(call) is False for call in connected),
        "goals not said": sum(goal(call) is None for call in connected),
        "leads": (len(leads), sum(map(len, without_lead))),
        "reached": known(rate(len(reached), len(rated_leads))),
        "reached first": known(rate(sum(is_connected(of[0]) for of in rated_leads.values()),
                                    len(rated_leads))),
        "exhausted": known(rate(len(exhausted), len(rated_leads))),
        "attempts": attempts(rated_leads),
        "attempts per lead": sorted(Counter(map(len, leads.values())).items()),
        "calls per goal": known(rate(len(rated), len(goals(rated)))),
        "talk per goal": rate(sum(seconds(call) or 0 for call in (rated if is_rated else dials)
                                  if is_connected(call)),
                              len(goals(rated if is_rated else dials))),
        "best hour": best_hour(rated, zone),
    }
    funnel = rated if is_rated else dials
    figures["call funnel"] = (
        len(funnel) if is_rated else None, sum(map(is_connected, funnel)),
        sum(map(is_two_way, funnel)), sum(map(is_conversation, funnel)),
        len(goals(filter(is_conversation, funnel))) if has_goal else None)
    week = defaultdict(list)
    days = defaultdict(list)
    for call in rated:
        if instant(call):
            time = local(call, zone)
            week[WEEKDAYS[time.weekday()], time.hour].append(call)
            days[str(time.date())].append(call)
    figures["week"] = {key: answers(of) for key, of in week.items()}
    figures["days answered"] = {day: known(answers(of)) for day, of in days.items()}
    for number, of in numbers.items():
        mine = [call for call in rated if call in of]
        recent = [call for call in mine if instant(call)
                  and (last_day - local(call, zone).date()).days < 7]
        before = [call for call in mine if instant(call) and call not in recent]
        timed = [call for call in of if is_connected(call) and seconds(call) is not None]
        figures["number", number] = (
            len(of), known(answers(mine)),
            rate(sum(seconds(call) < 10 for call in timed), len(timed)),
            known(answers(recent)), known(answers(before)))
    words = lambda who: sum(len(re.findall(r"\S*\w\S*", text)) for call in connected
                            for speaker, text in turns(call) if speaker == who)
    by_customer = [sum(who == "Customer" for who, _ in turns(call))
                   for call in connected if is_two_way(call)]
    figures["conversations"] = (
        rate(len(readable) - len(by_customer), len(readable)),
        rate(words("Customer"), words("Customer") + words("Assistant")),
        [rate(sum(count >= k for count in by_customer), len(by_customer))
         for k in range(1, min(20, max(by_customer, default=0)) + 1)])
    billed = [max(30, seconds(call)) for call in connected if seconds(call) is not None]
    figures["billing"] = (len(billed), sum(billed), sum(billed) / 60, len(goals(connected)))
    figures["audit"] = audit(dials, leads, zone, has_goal)
    figures["variables"] = variable_figures(connected)
    cities = Counter(call["extracted_variables"].get("city") for call in calls)
    figures["cities"] = cities if set(cities) - {None} else {}
    return figures


def found(stats):
    fraction = lambda rate: (rate["numerator"], rate["denominator"])
    calls, rates, leads = stats["calls"], stats["rates"], stats["leads"]
    talk, funnel = calls["talk_time"], rates["call_funnel"]
    exact = lambda value: None if value is None else Fraction(value)
    best = stats["week"]["best_hour"]
    outcomes = [[(outcome["status"], outcome["class"])] * outcome["calls"]
                for outcome in calls["outcomes"]]
    figures = {
        "copies": stats["input"]["copies"],
        "samples": stats["input"]["test_deliveries"],
        "classes": [calls[name] for name in ("connected", "not_connected", "open", "unclassed")],
        "outcomes": sorted(sum(outcomes, []), key=str),
        "days": (calls["days"], calls["days_with_calls"]),
        "without time": calls["calls_without_time"],
        "talk": (talk["seconds"], talk["calls"],
                 Fraction(talk["seconds"], talk["calls"]) if talk["mean"] is not None else None,
                 exact(talk["median"]), talk["p90"], talk["max"]),
        "answered": fraction(rates["answered"]),
        "two-way": fraction(rates["two_way"]),
        "conversations": fraction(rates["conversations"]),
        "goals of conversations": fraction(rates["goals_of_conversations"]),
        "goals of connected": fraction(rates["goals_of_connected"]),
        "goals of leads": fraction(rates["goals_of_leads"]),
        "goals missed": rates["goals_missed"],
        "goals not said": rates["goals_not_said"],
        "leads": (leads["leads"], leads["calls_without_lead"]),
        "reached": fraction(leads["reached"]),
        "reached first": fraction(leads["reached_at_first_attempt"]),
        "exhausted": fraction(leads["exhausted"]),
        "attempts": [(fraction(attempt["answered"]), fraction(attempt["reached_within"]))
                     for attempt in leads["attempts"]],
        "attempts per lead": [(count["attempts"], count["leads"])
                              for count in leads["attempts_per_lead"]],
        "calls per goal": fraction(leads["calls_per_goal"]),
        "talk per goal": fraction(leads["talk_time_per_goal"]),
        "best hour": best and best["hour"],
        "call funnel": tuple(funnel[name] for name in (
            "dials", "connected", "two_way", "conversations", "goals")),
        "week": {(hour["weekday"], hour["hour"]): fraction(hour["answered"])
                 for hour in stats["week"]["hours"]},
        "days answered": {day["day"]: fraction(day["answered"]) for day in stats["days"]
                          if day["answered"]["denominator"]},
        "cities": {group["value"]: group["calls"] for group in stats["groups"]["groups"]},
    }
    conversations, billing = stats["conversations"], stats["billing"]
    figures["conversations"] = (
        fraction(conversations["silent"]), fraction(conversations["words_of_customers"]),
        [fraction(turns["calls"]) for turns in conversations["customer_turns"]])
    figures["billing"] = tuple(billing[name] for name in ("calls", "seconds", "minutes", "goals"))
    figures["audit"] = [fraction(rate) for rate in stats["audit"].values()]
    figures["variables"] = {}
    for variable in stats["variables"]["variables"]:
        numbers, texts = variable.get("numbers"), variable.get("texts")
        figures["variables"][variable["name"]] = (
            fraction(variable["filled"]),
            fraction(variable["is_true"]) if "is_true" in variable else None,
            numbers and tuple(numbers[name] for name in ("calls", "min", "median", "p90", "max")),
            texts and (texts["calls"], texts["is_free_text"], texts["distinct"], texts["long_texts"],
                       {top["value"]: top["calls"] for top in texts["top"]},
                       round(texts["mean_characters"] * texts["calls"]), texts["longest"]),
            variable["lists"])
    for group in stats["numbers"]["groups"]:
        figures["number", group["value"]] = (
            group["calls"], fraction(group["answered"]), fraction(group["under_10_seconds"]),
            fraction(group["answered_last_7_days"]), fraction(group["answered_before"]))
    return figures


def check_rates(value):
    """Every rate in the JSON has the value and the interval of its fraction."""
    if isinstance(value, list):
        for item in value:
            check_rates(item)
    elif isinstance(value, dict):
        if "low" in value and value["value"] is not None:
            fraction = value["numerator"], value["denominator"]
            assert math.isclose(value["value"], fraction[0] / fraction[1]), value
            for bound, exact in zip(("low", "high"), wilson(*fraction)):
                assert math.isclose(value[bound], exact, abs_tol=1e-9), value
        for item in value.values():
            check_rates(item)


def days_of(bodies, zone):
    """The first and the last local day with a call."""
    days = [local(body, zone).date() for body in bodies if instant(body)]
    return (min(days), max(days)) if days else None


def choose_windows(random, bodies, zone):
    """A window of days in the zone, and the one before: pairs of the first and the last day. None
    without a time."""
    period = days_of(bodies, zone)
    if not period:
        return None
    length = random.randint(1, 9)
    first = period[0] + timedelta(days=random.randint(0, (period[1] - period[0]).days + 1))
    day = timedelta(days=1)
    return (first, first + (length - 1) * day), (first - length * day, first - day)


REASONS = ["outside_hours", "after_goal", "too_many_attempts", "too_many_in_parallel",
           "early_retry", "errors", "goal_missing", "silent", "short"]


def expected_queue(bodies, zone, has_errors):
    """The lines of the calls to look at with their reasons, in order. `has_errors` has the lines of
    the bodies in which `show` finds errors."""
    calls, _ = distinct(bodies)
    calls = [body for body in calls if not body["transcript"].startswith("sample ")]
    dials = [body for body in calls if body["campaign"]]
    leads = defaultdict(list)
    for _, call in sorted(enumerate(dials), key=sort_key):
        if lead_of(call) is not None:
            leads[call["campaign"]["id"], lead_of(call)].append(call)
    connected = [call for call in calls if is_connected(call)]
    has_goal = any("status" in call["extracted_variables"] for call in calls) or not calls
    has_goal = has_goal and (not connected or any(goal(call) is not None for call in connected))
    outside, early, attempts_made, parallel, later = judged(dials, leads, zone)
    hits = lambda of: {id(call) for call, hit in of if hit}
    lines = {id(body): number for number, body in enumerate(bodies, 1)}
    by_reason = {
        "outside_hours": hits(outside),
        "after_goal": hits(later) if has_goal else set(),
        "too_many_attempts": hits(attempts_made),
        "too_many_in_parallel": hits(parallel),
        "early_retry": hits(early),
        "errors": {id(call) for call in calls if lines[id(call)] in has_errors},
        "goal_missing": {id(call) for call in calls if has_goal and is_conversation(call)
                         and seconds(call) >= 120 and not is_goal(call)
                         and "status" in call["extracted_variables"]},
        "silent": {id(call) for call in connected if turns(call) and not is_two_way(call)},
        "short": {id(call) for call in connected if seconds(call) is not None
                  and seconds(call) < 10},
    }
    queue = [(lines[id(call)], [name for name in REASONS if id(call) in by_reason[name]])
             for call in calls]
    queue = [(line, reasons) for line, reasons in queue if reasons]
    return sorted(queue, key=lambda entry: (REASONS.index(entry[1][0]), entry[0]))


def compare_queue(program, bodies, zone, seed):
    """Compares the calls to look at."""
    text = "".join(json.dumps(body) + "\n" for body in bodies)
    show = subprocess.run([program, "show", "--no-config", "--format", "jsonl", "--quiet"],
                          input=text.encode(), capture_output=True, check=False)
    shown = [json.loads(line) for line in show.stdout.splitlines()]
    has_errors = {call["start"]["line"] for call in shown if call["verdict"]["errors"]}
    review = run_stats(program, bodies, zone, ["--only", "review"])["review"]
    queue = [(call["line"], call["reasons"]) for call in review["queue"]]
    counts = {count["reason"]: count["calls"] for count in review["reasons"]}
    ours = expected_queue(bodies, zone, has_errors)
    of_reasons = Counter(reason for _, reasons in ours for reason in reasons)
    if (queue != ours or review["calls"] != len(ours)
            or counts != {reason: of_reasons[reason] for reason in REASONS}):
        sys.exit(f"seed {seed}, {zone}: the calls to look at\n  expected {ours}\n"
                 f"  found    {queue}\n{counts}\n{text}")


def compare_windows(program, random, bodies, zone, seed):
    """Compares the figures of both windows of `--compare` with those of their calls. The time of
    the run is in the last day of the window or after it; without `--until`, that day does not
    count."""
    windows = choose_windows(random, bodies, zone)
    if not windows:
        return
    (first, last), (first_before, last_before) = windows
    clock = ZoneInfo(zone or "UTC")
    arguments = ["--compare", "--since", str(first)]
    today = last + timedelta(days=1)
    if random.random() < 0.5:
        arguments += ["--until", str(last)]
        today = last + timedelta(days=random.randint(-1, 3))
    now = datetime(today.year, today.month, today.day, random.randint(0, 23), tzinfo=clock)
    stats = run_stats(program, bodies, zone, arguments, int(now.timestamp()))
    day_of = lambda body: local(body, zone).date() if instant(body) else None
    chosen, late = [], []
    for body in bodies:
        day = day_of(body)
        if day and first_before <= day <= last:
            chosen.append(body)
        elif day and day > last and "--until" not in arguments:
            late.append(body)
    # The last body of an id is looked for in all calls that the filters let through.
    calls, copies = distinct([body for body in bodies if body in chosen or body in late])
    compare, read = stats["compare"], stats["input"]
    counts = {
        "copies": (read["copies"], copies),
        "today": (read.get("today_or_later"),
                  None if "--until" in arguments else sum(body in late for body in calls)),
        "filtered out": (read["filtered_out"], len(bodies) - len(chosen) - len(late)),
        "is over": (compare["is_over"], last < now.date()),
        "window": (tuple(compare["window"][name] for name in ("from", "to")),
                   (str(first), str(last))),
        "window before": (tuple(compare["window_before"][name] for name in ("from", "to")),
                          (str(first_before), str(last_before))),
    }
    for name, (found_value, expected_value) in counts.items():
        if found_value != expected_value:
            sys.exit(f"seed {seed}, {zone}, {arguments}: {name}: {found_value}, "
                     f"not {expected_value}")
    for name, sections, (start, end) in (("window", stats, (first, last)),
                                         ("window before", compare["before"],
                                          (first_before, last_before))):
        inside = [body for body in calls if day_of(body) and start <= day_of(body) <= end]
        theirs, ours = found({**sections, "input": read}), expected(inside, zone)
        for key in ("copies", "samples"):
            del theirs[key], ours[key]
        report_difference(theirs, ours, f"seed {seed}, {zone}, {arguments}, {name}", inside)
    check_rates(stats)


def run_stats(program, bodies, zone, options, now=None):
    """The JSON of `postcall stats` of these bodies."""
    arguments = [program, "stats", "--no-config", "--format", "json", "--by", "city", "--quiet"]
    environment = {**os.environ, **({"SOURCE_DATE_EPOCH": str(now)} if now else {}), "TZ": "UTC"}
    text = "".join(json.dumps(body) + "\n" for body in bodies)
    options = (["--tz", zone] if zone else []) + options
    run = subprocess.run(arguments + options, input=text.encode(), capture_output=True, check=False,
                         env=environment)
    assert run.returncode == 0, run
    return json.loads(run.stdout)


def report_difference(theirs, ours, name, bodies):
    """Ends the program at the first figure that differs."""
    for figure in {**ours, **theirs}:
        if ours.get(figure) != theirs.get(figure):
            text = "".join(json.dumps(body) + "\n" for body in bodies)
            sys.exit(f"{name}: {figure}\n  expected {ours.get(figure)}\n"
                     f"  found    {theirs.get(figure)}\n{text}")


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    for seed in range(cases):
        generator = random.Random(seed)
        bodies = generate(generator)
        zone = generator.choice(ZONES)
        stats = run_stats(program, bodies, zone, [])
        check_rates(stats)
        report_difference(found(stats), expected(bodies, zone), f"seed {seed}, {zone}", bodies)
        if seed % 3 == 0:
            compare_windows(program, generator, bodies, zone, seed)
        elif seed % 3 == 1:
            compare_queue(program, bodies, zone, seed)
    print(f"{cases} inputs: all figures are equal")


main()
