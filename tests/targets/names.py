"""Threads that are called as few are; one is renamed when the target is set free."""

import os
import sys
import threading

from park import park, park_at, stacks

NAMES = ["r\u00e9veil", "\u65e5\u672c \U0001f600", "n" * 100, "semi;colon\n", "short"]


class Own(threading.Thread):
    """Its dict is its own, and larger than others'."""

    def __init__(self, **kinds):
        self.before = None
        super().__init__(**kinds)
        for i in range(40):
            setattr(self, "attribute_%d" % i, i)


def main():
    lock = threading.Lock()
    lock.acquire()
    threads = [threading.Thread(target=park_at, args=(lock,), name=name, daemon=True) for name in NAMES]
    threads.append(Own(target=park_at, args=(lock,), name="own", daemon=True))
    threads[0].__dict__["made"] = True
    for thread in threads:
        thread.start()
    while len(stacks) < len(threads):
        pass
    park()
    threads[4].name = "renamed since"
    sys.stdout.write("renamed\n")
    sys.stdout.flush()
    os.read(0, 1)


main()
