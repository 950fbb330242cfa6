#!/usr/bin/env python3
"""A forecast program for wattif that needs only Python's standard library.

One JSON line per issue comes in on standard input, one goes out on standard output. The forecast of
a slot is the median of the same slot over the newest seven days; quantiles are those of the newest
28 days. Try it with:

    {version: median, kind: program, command: [python3, scenarios/forecasters/seasonal_median.py]}
"""
import json
import statistics
import sys


def column(history, per_day, horizon, days):
    """Values of the same slot of the day on the newest `days` days, for every slot ahead."""
    for lead in range(horizon):
        back = lead % per_day - per_day
        slots = range(len(history) + back, -1, -per_day)
        yield [history[i] for i in list(slots)[:days] if history[i] is not None]


def quantile(values, level):
    values = sorted(values)
    place = level * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


for line in sys.stdin:
    question = json.loads(line)
    history = question["history"]["values"]
    per_day = 86400 // question["step_s"]
    horizon = question["horizon"]
    week = list(column(history, per_day, horizon, 7))
    answer = {
        "id": question["id"],
        "values": [statistics.median(v) if v else None for v in week],
    }
    if question["quantiles"]:
        month = list(column(history, per_day, horizon, 28))
        answer["quantiles"] = {
            str(level): [quantile(v, level) if v else None for v in month]
            for level in question["quantiles"]
        }
    print(json.dumps(answer), flush=True)
