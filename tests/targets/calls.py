"""Python called by C, and calls that take several lines."""

import functools
import operator

from park import park


class Key:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return functools.reduce(
            add,
            [
                self.n,
                other.n,
            ],
        )


def add(a,
        b):
    return list(
        map(
            lambda x: (
                park()
                if x
                else None
            ),
            [a + b],
        )
    )


def through(*functions):
    return operator.methodcaller("__call__",
                                 *functions[1:])(
        functions[0]
    )


through(sorted, [Key(2),
                 Key(1)])
