#!/usr/bin/env python3
"""judge.py FOLDER [PAIRS]: compares what tests/oracle/compare/record made, and judges tdiff.

Of PAIRS (200) pairs of sides that are equal, at most one in twenty may show any function as
changed; of as many in which a function of a tenth of the time has a fifth more or less work, nine
in ten must show that one. Pairs are drawn by chance, the same each time, in turn of all programs,
and at 1 kHz the same as at 10 kHz. The status is 1 where tdiff fails.
"""
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys

PLANTED = {"sources": "fingerprint", "service": "price", "pages": "score"}
EQUAL, FOUND = 0.05, 0.9
ROWS = (  # what is compared, of which recordings, how many a side
    ("windows, one a side, 1 kHz:", "window-1khz", "window-1khz", 1),
    ("windows, one a side, 10 kHz:", "window-10khz", "window-10khz", 1),
    ("complete, three a side, 1 kHz:", "run-1khz", "run-1khz", 3),
    ("complete, three a side, 10 kHz:", "run-10khz", "run-10khz", 3),
    ("complete, five a side, 1 kHz:", "run-1khz", "run-1khz", 5),
    ("complete, five a side, 10 kHz:", "run-10khz", "run-10khz", 5),
    ("a fifth more, five a side:", "as-is", "more", 5),
    ("a fifth less, five a side:", "as-is", "less", 5),
)


def recordings(folder, program, kind):
    pattern = re.compile(r"%s-%s-\d+\.bin" % (program, kind))
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if pattern.fullmatch(name)]


def changed(baseline, current):
    """The names of the functions whose self or total tdiff calls changed; <torn> is none."""
    command = ["tdiff", "-q", "--json", "--fdr", "0.02"]
    for side, files in (("-b", baseline), ("-c", current)):
        for file in files:
            command += side, file
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return {function["function"] for function in told["functions"]
            if "changed" in (function["self"]["verdict"], function["total"]["verdict"])} - {"<torn>"}


def pairs_of(folder, row, count):
    """Programs, and for each the files of both sides."""
    label, before, after, n = row
    chance = random.Random(n)
    for i in range(count):
        program = sorted(PLANTED)[i % len(PLANTED)]
        files = recordings(folder, program, before)
        drawn = chance.sample(files, 2 * n if before == after else n)
        others = drawn[n:] or chance.sample(recordings(folder, program, after), n)
        yield program, drawn[:n], others


def judge(folder, row, count, pool):
    """What is told of a row, whether it is well, and what was called changed of equals."""
    programs, befores, afters = zip(*pairs_of(folder, row, count))
    shown = list(pool.map(changed, befores, afters))
    found = sum(PLANTED[program] in names for program, names in zip(programs, shown))
    if row[1] != row[2]:
        return "%d found" % found, found >= FOUND * count, set()
    names = {program + ": " + name for program, of_pair in zip(programs, shown) for name in of_pair}
    number = sum(map(bool, shown))
    return "%d show a change" % number, number <= EQUAL * count, names


def main(folder, count=200):
    good = True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for row in ROWS:
            told, well, names = judge(folder, row, count, pool)
            print("%-32s of %d pairs %s%s" % (row[0], count, told, "" if well else ": not well"))
            for name in sorted(names):
                print("    " + name)
            good = good and well
    return not good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
