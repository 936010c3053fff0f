"""kinds.py [watched] FD: calls of all kinds, for ever, after it has said "ready" to that descriptor.

By the interpreter alone and by way of C, of functions, methods, classes and what they define,
with arguments of all kinds, some of which are written to. watched: a debugger is told of each line.
"""
import collections
import contextlib
import functools
import os
import sys


def spin(n=30):
    total = 0
    for i in range(n):
        total += i
    return total


class Thing:
    @property
    def prop(self):
        return spin()

    def __getitem__(self, i):
        return spin()

    def __call__(self, x):
        return spin()

    def __add__(self, other):
        return spin()

    def __eq__(self, other):
        return spin()

    def __getattr__(self, name):
        return spin()

    def __enter__(self):
        spin()
        return self

    def __exit__(self, *what):
        spin()

    def method(self, a, b=2, *c, d=4, **e):
        return spin()

    def other_self(self, n):
        self = n
        spin()
        return self

    def closed_over(self):
        def inner():
            return self
        spin()
        return inner

    @classmethod
    def of_class(cls, x):
        return spin()

    @staticmethod
    def of_none(x):
        return spin()


class Derived(Thing):
    def __init__(self, x):
        self.x = x
        spin()

    def method(self, *a, **k):
        return super().method(*a, **k)


class Asked:
    def __getattribute__(self, name):
        return spin()


class Pair(collections.namedtuple("Pair", "a b")):
    def __new__(cls, a, b):
        spin()
        return super().__new__(cls, a, b)


def decorate(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        return f(*a, **k)
    return wrapper


@decorate
def decorated(x, y=1):
    return spin()


def generate():
    for i in range(3):
        spin()
        yield i


def delegate():
    yield from generate()


def swap(a, b):
    b, a = a, b
    spin()
    return a


def named(*, a):
    return spin()


def spread(f, *a):
    return f(*a)


def apply(f, x):
    return f(x)


@contextlib.contextmanager
def context():
    spin()
    yield
    spin()


def recurse(n):
    return spin() if n == 0 else recurse(n - 1)


def count_down(n):
    while n:
        n -= 1
        spin(5)
    return n


def defaults(a=None, b=2):
    return spin()


def none(a=None):
    return spin()


def by_name(a=None, b=2):
    return spin()


def any_number(*a):
    return spin()


def no_locals():
    return [THINGS, spin()], [7, spin()]


class Visitor:
    def visit(self, name):
        method = getattr(self, "visit_" + name, self.fallback)
        return method(name)

    def fallback(self, name):
        return spin(3)

    def visit_a(self, name):
        return spin(3)

    def visit_b(self, name):
        return spin(3)


THINGS = [1, 2]


def vary():
    for y in None, 5:
        abs(3), max(y or 1, 2), none(), by_name(b=y), spin(1), none(y)
    for t in (), (1,):
        spread(any_number, *t), any_number(*t)
    max(THINGS), no_locals(), len(THINGS), no_locals()
    visitor = Visitor()
    for name in "abc":
        visitor.visit(name)


def round_trip(thing, derived, asked):
    thing.prop, thing[1], thing(1), thing + thing, thing == thing, thing.unknown, asked.any
    thing.method(1), thing.method(1, 2, 3, d=5, z=1), thing.other_self(3), thing.closed_over()()
    Thing.of_class(1), Thing.of_none(2), derived.method(1), derived.method(2, d=1)
    Derived(2), Pair(1, 2), decorated(1), decorated(1, y=2), swap(1, 2), swap(b=1, a=2), named(a=1)
    list(generate()), sum(delegate()), recurse(5), count_down(4)
    defaults(), defaults(5), defaults(b=6), defaults(None)
    for _ in delegate():
        spin()
    for f in spin, thing.method, Derived, thing:
        spread(f, 1)
    for f in (spin, Thing.of_none, thing.of_class, Derived, thing, thing.method, defaults,
              thing.other_self, count_down, lambda x: spin(), abs):
        apply(f, 3)
    with thing, context():
        spin()
    [spin(x) for x in range(3)], list(map(spin, [1, 2])), sorted([3, 2, 1], key=lambda x: spin(x))
    functools.reduce(lambda a, b: spin(3), [1, 2, 3]), functools.partial(defaults, 3)()
    (lambda *a: spin())(1, 2), (lambda **k: spin())(x=1), exec("spin()"), eval("spin()")
    type("Made", (), {"method": lambda self: spin()})().method()
    vary()


def watch(frame, event, argument):
    return watch


def run(ready):
    thing, derived, asked = Thing(), Derived(1), Asked()
    round_trip(thing, derived, asked)
    if sys.argv[1] == "watched":
        sys.settrace(watch)
    os.write(ready, b"ready\n")
    while True:
        round_trip(thing, derived, asked)


run(int(sys.argv[-1]))
