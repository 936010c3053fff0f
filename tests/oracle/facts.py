#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""facts.py: prints of the totals of reader.py "THREAD FACT VALUE WEIGHT" of the facts of states."""
import sys

FACTS = "cpu", "gil", "exception", "gc"

names, counts = {}, {}
for line in sys.stdin:
    kind, *words = line.split()
    if kind == "named":
        names[words[0]] = words[2] if len(words) > 2 else words[0]
    elif kind == "thread":
        thread, state, samples, weight = words
        for shift, fact in enumerate(FACTS):
            key = thread, fact, int(state, 16) >> 2 * shift & 3
            counts[key] = counts.get(key, 0) + int(weight) * (int(samples) > 0)
for (thread, fact, value), weight in sorted(counts.items()):
    if weight:
        print(names.get(thread, thread), fact, value, weight)
