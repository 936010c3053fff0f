"""Bodies of classes, closures, lambdas, decorators, properties and comprehensions."""

import functools

from park import park


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper


class Outer:
    class Inner:
        @property
        def value(self):
            return {key: self[key] for key in ("k",)}

        def __getitem__(self, key):
            return [[park() for _ in range(1)] for _ in key]

    @logged
    def method(self):
        inner = self.Inner()
        return (lambda: {repr(x) for x in [inner.value]})()

    @classmethod
    def make(cls):
        class Local(cls):
            answer = cls().method()
        return Local


def build():
    count = 0

    def closure():
        nonlocal count
        count += 1
        return Outer.make()
    return closure


build()()
