"""Threads in known states, told apart by their names.

argv[1] says which, see groups; argv[2] is the descriptor on which one
line of JSON says the thread ids, {"name": tid, ...}, once all have begun. What
comes from standard input, or its end, ends the program.
"""

import hashlib
import json
import os
import sys
import threading
import time
import zlib

begun = {}
never = threading.Lock()
never.acquire()


def stay():
    """Blocked for good, without the GIL."""
    begun[threading.current_thread().name] = threading.get_native_id()
    never.acquire()


def sleeping():
    begin()
    while True:
        time.sleep(3600)


def waiting():
    stay()


def reading():
    begin()
    os.read(os.pipe()[0], 1)


def spinning():
    begin()
    while True:
        pass


def napping():
    begin()
    while True:
        time.sleep(0.01)
        until = time.perf_counter() + 0.005
        while time.perf_counter() < until:
            pass


def hashing():
    begin()
    data = bytes(1 << 24)
    while True:
        hashlib.sha256(data).digest()


def packing():
    begin()
    data = bytes(1 << 22)
    while True:
        zlib.compress(data)


def begin():
    begun[threading.current_thread().name] = threading.get_native_id()


def outside():
    """An exception was handled, and is over."""
    try:
        fail()
    except ValueError:
        pass
    stay()


def handled():
    try:
        fail()
    except ValueError:
        stay()


def named():
    """The name of the exception goes at the end of the block, the exception does not before."""
    try:
        fail()
    except ValueError as error:
        del error
        stay()


def nested():
    try:
        fail()
    except ValueError:
        try:
            fail()
        except ValueError:
            pass
        stay()


def finally_failed():
    try:
        fail()
    finally:
        stay()


def finally_good():
    try:
        pass
    finally:
        stay()


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        stay()


def exit_failed():
    with Manager():
        fail()


def exit_good():
    with Manager():
        pass


def handling(call):
    try:
        fail()
    except ValueError:
        yield call()


def generator_handled():
    for _ in handling(stay):
        pass


def generator_suspended():
    """The generator stands in its except block; who asked it does not."""
    it = handling(int)
    next(it)
    stay()
    next(it)


def generator_below():
    """The generator handles nothing; who asked it does."""
    try:
        fail()
    except ValueError:
        list(stay() for _ in range(1))


def fail():
    raise ValueError("for the test")


def deep(n):
    if n:
        return deep(n - 1)
    raise ValueError("for the test")


def unwinding():
    """On its way up an exception is raised; on the way down there is none."""
    begin()
    while True:
        try:
            deep(200)
        except ValueError:
            pass


groups = {
    "cpu": {sleeping: 1, waiting: 1, reading: 1, spinning: 2, napping: 1, packing: 1},
    "free": {hashing: 1, reading: 1},
    "exception": {outside: 1, handled: 1, named: 1, nested: 1, finally_failed: 1, finally_good: 1,
                  exit_failed: 1, exit_good: 1, generator_handled: 1, generator_suspended: 1,
                  generator_below: 1},
    "unwinding": {unwinding: 1},
    "gil": {spinning: 3, sleeping: 1, hashing: 1},
}


def main():
    group = [(function, n) for function, count in groups[sys.argv[1]].items()
             for n in range(count)]
    for function, n in group:
        threading.Thread(target=function, name=function.__name__ + str(n), daemon=True).start()
    while len(begun) < len(group):
        time.sleep(0.001)
    with open(int(sys.argv[2]), "w") as out:
        print(json.dumps(begun), file=out)
    os.read(0, 1)
    os._exit(0)


main()
