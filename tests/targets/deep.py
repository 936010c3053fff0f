"""Three thousand frames on the main thread, of three functions in turn."""

import sys

from park import park

DEPTH = 3000
sys.setrecursionlimit(DEPTH + 100)


def red(n):
    return park() if n == 0 else green(n - 1)


def green(n):
    if n == 0:
        return park()
    return blue(n - 1)


def blue(n):
    if not n:
        return park()
    else:
        return red(n - 1)


red(DEPTH)
