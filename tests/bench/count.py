# SPDX-License-Identifier: MIT
"""Computes ten calls deep, and keeps in the file argv[1] what it has done by when.

Two native numbers of 64 bits: pieces of work done, and the nanoseconds since it began. Every
half a millisecond or so they are written as one.
"""
import mmap
import struct
import sys
import time


def work():
    return sum(n * n for n in range(50))


def count(done):
    print("ready", flush=True)
    pieces = 0
    begin = time.perf_counter_ns()
    while True:
        for _ in range(100):
            work()
        pieces += 100
        struct.pack_into("QQ", done, 0, pieces, time.perf_counter_ns() - begin)


def descend(depth, done):
    descend(depth - 1, done) if depth > 1 else count(done)


with open(sys.argv[1], "r+b") as file:
    descend(9, mmap.mmap(file.fileno(), 16))
