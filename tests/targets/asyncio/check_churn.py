"""Reads what tfold -t says of churn.py; tells what cannot have been, and is 1 then."""

import re
import sys

DEPTHS = {"red": 3, "green": 3, "blue": 5, "grey": 1}
GROUP = ["TaskGroup.__aexit__", "TaskGroup._aexit"]
BETWEEN = {"red": [], "green": GROUP, "blue": [], "grey": ["wait_for"]}


def is_chain(frames, kind):
    """The outermost frames of the kind's chain, however many; it may call C, and asyncio."""
    whole = [f"{kind}_{i}" for i in range(DEPTHS[kind])] + ["leaf", "sleep", "__sleep0"]
    return whole[:len(frames)] == frames


def wrong(tasks):
    """Why this cannot be: a list of (name of a task, its frames), the outermost first."""
    (root, frames), *rest = tasks
    if not rest:
        return root in DEPTHS and not is_chain(frames, root)  # made, and not awaited yet
    if root != "Task-1" or frames != ["main"]:
        return "root"
    (boss, frames), *rest = rest
    if boss == "alternating":
        return rest or not (frames[:1] == [boss]
                            and any(is_chain(frames[1:], k) for k in ("red", "green", "blue")))
    if not rest:
        return False
    (kind, chain), *rest = rest
    if rest or boss != "boss_" + kind or not is_chain(chain, kind):
        return "member"
    return frames and frames != [boss] + BETWEEN[kind]  # no frames: it has just made it


bad = total = 0
for line in sys.stdin:
    stack, count = line.rstrip("\n").rsplit(" ", 1)
    total += int(count)
    tasks = []
    for frame in stack.split(";"):
        if frame.endswith(" (<task>)"):
            tasks.append((frame[:-len(" (<task>)")], []))
        elif tasks and frame != "<torn>":
            tasks[-1][1].append(re.sub(r" \(.*", "", frame))
    if tasks and wrong(tasks):
        bad += int(count)
        print(count, stack)
print(f"{bad} of {total} samples cannot have been", file=sys.stderr)
sys.exit(bad > 0)
