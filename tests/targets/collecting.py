"""Parked in a finalizer that a collection runs, which the program asked for."""

import gc

from park import markers, park


class Last:
    def __init__(self):
        self.me = self

    def __del__(self):
        finish()


def finish():
    park()


def collect():
    Last()
    gc.collect()


gc.disable()
markers["Last.__del__"] = markers["__del__"] = "<GC>"
collect()
