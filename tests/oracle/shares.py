"""A program that keeps account of where its time goes, to the nanosecond.

shares.py split FD      half of it in fifty(), three tenths in thirty(), the rest in twenty()
shares.py periodic FD   three tenths of every millisecond in work(), the rest in rest()
shares.py brief FD      a third of it in calls of brief(), each of a microsecond or two, from
                        a generator, and more in calls of lasting(), which stays in C

It says "ready" to the descriptor. A line from standard input begins the account
anew; the next one ends the program, which then prints "function nanoseconds".
"""
import os
import select
import sys
from time import perf_counter_ns as now

account, calls = {}, {}


def enter(function, until):
    begin = now()
    function(until)
    name = function.__name__
    account[name] = account.get(name, 0) + now() - begin
    calls[name] = calls.get(name, 0) + 1


def fifty(until):
    while now() < until:
        pass


def thirty(until):
    while now() < until:
        pass


def twenty(until):
    while now() < until:
        pass


def work(until):
    while now() < until:
        pass


def rest(until):
    while now() < until:
        pass


def split():
    enter(fifty, now() + 500_000)
    enter(thirty, now() + 300_000)
    enter(twenty, now() + 200_000)


def periodic():
    begin = now() // 1_000_000 * 1_000_000
    enter(work, begin + 300_000)
    enter(rest, begin + 1_000_000)


def nothing(_):
    pass


def entering():
    """What the account of a function has too much, for each call."""
    times = []
    for _ in range(2001):
        account.pop("nothing", None)
        enter(nothing, None)
        times.append(account.pop("nothing"))
    return sorted(times)[1000]


def brief(_):
    for _ in range(120):
        pass


def lasting(_, numbers=tuple(range(3000))):
    sum(numbers)


def takes_turns():
    while True:
        for _ in range(10):
            enter(brief, None)
        enter(lasting, None)
        yield


turns = takes_turns()


def told():
    return select.select([0], [], [], 0)[0] and os.read(0, 1)


def main(each):
    while not told():
        each()
    account.clear()
    calls.clear()
    while not told():
        each()
    for name, ns in list(account.items()):
        print(name, ns - entering() * calls[name])


os.write(int(sys.argv[2]), b"ready\n")
main({"split": split, "periodic": periodic, "brief": turns.__next__}[sys.argv[1]])
