#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""watch.py COMMAND...: runs a tsample(1), whose options come last, and watches it meanwhile.

Prints "STATUS GAP TICK EARLY LATE": its status, the longest time between two of its lines of
statistics in seconds, its longest tick in milliseconds, and its memory in kB, at most, in the
second fifth of the time and in the last.
"""

import json
import os
import subprocess
import sys
import time

reading, writing = os.pipe()
command = sys.argv[1:]
process = subprocess.Popen(command[:1] + ["--stats-json", str(writing)] + command[1:], pass_fds=[writing])
os.close(writing)


def resident():
    try:
        with open("/proc/%d/status" % process.pid) as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmRSS")), 0)
    except OSError:
        return 0


before, gap, tick, memory = None, 0, 0, []
for line in os.fdopen(reading):
    now, told = time.monotonic(), json.loads(line)
    if before:
        gap = max(gap, now - before)
    before = now
    tick = max(tick, told["sample_us_max"] * told["samples"] / max(told["ticks"], 1) / 1000)
    memory.append(resident())
status = process.wait()
memory = [n for n in memory if n] or [0]
fifth = max(len(memory) // 5, 1)
early, late = memory[fifth : 2 * fifth] or memory[:1], memory[-fifth:]
print(status, "%.2f" % gap, "%.1f" % tick, max(early), max(late))
