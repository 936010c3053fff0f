"""One function through itself, and two through each other."""

from park import park


def down(n):
    if n == 0:
        return even(7)
    return down(n - 1)


def even(n):
    if n == 0:
        return park()
    return odd(n - 1)


def odd(n):
    if n == 0:
        return park()

    return even(n - 1)


down(40)
