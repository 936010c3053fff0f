# SPDX-License-Identifier: MIT
"""tach.py OUT <STACKS: write collapsed stacks as a binary file of profiling.sampling, by its own writer."""
import re
import sys
import time

from _remote_debugging import FrameInfo, InterpreterInfo, LocationInfo, ThreadInfo
from profiling.sampling.binary_collector import BinaryCollector

FRAME = re.compile(r"(.*) \((.*?)(?::(\d+))?\)")
known, begin = {}, time.monotonic_ns() // 1000
at = begin


def frame_of(text):
    if text not in known:
        match = FRAME.fullmatch(text)
        line = int(match[3] or 1)
        known[text] = FrameInfo((match[2], LocationInfo((line, line, 0, 0)), match[1], None))
    return known[text]


with BinaryCollector(sys.argv[1], 1000, mode=0) as out:
    for line in sys.stdin:
        stack, _, count = line.rpartition(" ")
        frames = [frame_of(text) for text in reversed(stack.split(";"))]
        sample = [InterpreterInfo((0, [ThreadInfo((1, 0, frames))]))]
        for _ in range(int(count)):
            at += 1000
            out.collect(sample, at)
    out.set_stats(1000, (at - begin) / 1e6, 1000.0)
