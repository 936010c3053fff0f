# SPDX-License-Identifier: MIT
"""lines.py FOLDER FILES STACKS DEPTH SAMPLES ROUNDS: write a program of modules, 250 lines each,
into FOLDER; print stacks in it, which go to all of its lines, as collapsed text: in each round
all of them, in another order.
"""
import os
import sys

FUNCTIONS, LINES = 25, 10
BODY = '''def function_{f}(value, other=None):
    """What function {f} of module {m} does."""
    total = 0
    for index, item in enumerate(value):
        if item is None or index > {f}:
            continue
        total += other.weight * item.price - len(str(index))  # {n}
        other.append([item.name, total, {n}])
    return total

'''


def path(folder, module):
    return f"{folder}/pkg{module // 100:02d}/mod{module:04d}.py"


def write(folder, files):
    for m in range(files):
        os.makedirs(os.path.dirname(path(folder, m)), exist_ok=True)
        with open(path(folder, m), "w") as out:
            out.write("".join(BODY.format(f=f, m=m, n=m * 7919 * (f + 1) % 1000003) for f in range(FUNCTIONS)))


def frame(folder, line, files):
    module, f = line // (FUNCTIONS * LINES) % files, line // LINES % FUNCTIONS
    return f"function_{f} ({path(folder, module)}:{f * LINES + line % LINES + 1})"


def main(folder, files, stacks, depth, samples, rounds):
    write(folder, files)
    for i in range(rounds * stacks):
        n = (i * 7919 + i // stacks * 104729) % stacks
        # The outer frames are those of the neighbours, as in a program.
        callers = [(n >> (2 * (depth - k))) * 131 + k * 977 for k in range(depth - 1)]
        frames = [frame(folder, line, files) for line in [*callers, n]]
        print(";".join(frames), 1 + (i * 31 + n) % (2 * samples // stacks // rounds - 1))


main(sys.argv[1], *map(int, sys.argv[2:]))
