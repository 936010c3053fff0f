# SPDX-License-Identifier: MIT
"""Spins for ever under argv[1] frames of recursion, after saying "ready" on standard output."""
import sys


def spin():
    print("ready", flush=True)
    n = 0
    while True:
        n = (n + 1) & 1023


def descend(depth):
    if depth > 1:
        descend(depth - 1)
    else:
        spin()


sys.setrecursionlimit(10000)
if int(sys.argv[1]) > 1:
    descend(int(sys.argv[1]) - 1)
else:
    spin()
