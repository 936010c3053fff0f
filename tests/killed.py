# SPDX-License-Identifier: MIT
"""killed.py TIMES COMMAND...: a sampler that is killed leaves its target running.

Starts a target with two threads that count, then, so many times, COMMAND with
the target's number behind it, and kills it with SIGKILL at a random moment.
Each time, no thread of the target may stand, and both must count on.
"""
import mmap
import os
import random
import signal
import subprocess
import sys
import threading
import time

counts = memoryview(mmap.mmap(-1, 4096)).cast("Q")


def count(i):
    while True:
        counts[i] += 1


def target():
    for i in range(2):
        threading.Thread(target=count, args=(i,), daemon=True).start()
    signal.pause()


def states(pid):
    """The letters of its threads' states."""
    for tid in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{tid}/stat", encoding="latin1") as f:
            yield f.read().rpartition(")")[2].split()[0]


def counts_on():
    before = list(counts[:2])
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if all(now > then for now, then in zip(counts[:2], before)):
            return True
        time.sleep(0.001)
    return False


def main():
    times, command = int(sys.argv[1]), sys.argv[2:]
    pid = os.fork()
    if pid == 0:
        target()
    stopped = stuck = seized = 0
    try:
        for _ in range(times):
            sampler = subprocess.Popen([*command, str(pid)])
            time.sleep(random.uniform(0.003, 0.020))
            seized += any("TracerPid:\t0" not in open(f"/proc/{pid}/task/{tid}/status").read()
                          for tid in os.listdir(f"/proc/{pid}/task"))
            sampler.kill()
            sampler.wait()
            stopped += any(state in "tT" for state in states(pid))
            stuck += not counts_on()
    finally:
        os.kill(pid, signal.SIGKILL)
    print(f"killed {times}, seized {seized > times // 4}, stopped {stopped}, stuck {stuck}")
    print(f"seized {seized} of {times}", file=sys.stderr)


main()
