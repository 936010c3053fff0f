"""Calls of classes that CPython has specialised: it puts a frame of its own between."""

from park import park


class Base:
    def __init__(self, depth, last):
        self.inner = Middle(depth - 1, last) if depth else self.stand(last)

    def stand(self, last):
        return park() if last else None


class Middle(Base):
    def __init__(self, depth, last):
        super().__init__(depth, last)


def make():
    for i in range(100):
        Base(4, i == 99)


make()
