"""Generators in generators: looped over, delegated to, sent to, and in an expression."""

from park import park


def innermost():
    yield 1
    yield park()


def delegating():
    got = yield from innermost()
    yield got


def looping():
    for value in delegating():
        yield value


def echo():
    inner = looping()
    while True:
        yield (yield next(inner))


def first(values):
    for value in values:
        if value == b"":
            return value


class Rows:
    def __iter__(self):
        talk = echo()
        while True:
            yield talk.send(None)


first(x for x in (y for y in Rows()) if x != 1)
