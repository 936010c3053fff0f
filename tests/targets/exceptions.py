"""Parked inside of except, finally, __exit__ and __del__, with exceptions on the way."""

from park import park


class Last:
    def __del__(self):
        park()


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            raise KeyError("second") from value
        except KeyError:
            drop()
        return True


def drop():
    last = Last()
    last = None
    return last


def fail(n):
    if n:
        fail(n - 1)
    raise ValueError("first")


def inside_with():
    with Manager():
        fail(5)


def inside_finally():
    try:
        inside_with()
    finally:
        pass


def inside_except():
    try:
        1 // 0
    except ZeroDivisionError:
        try:
            fail(2)
        except ValueError:
            inside_finally()


inside_except()
