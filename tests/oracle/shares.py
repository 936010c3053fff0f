"""A program that keeps account of where its time goes, to the nanosecond.

shares.py split FD      half of it in fifty(), three tenths in thirty(), the rest in twenty()
shares.py periodic FD   three tenths of every millisecond in work(), the rest in rest()
shares.py tasks FD      300 tasks in steps of microseconds, of short_task() and long_task(),
                        which await the same functions
shares.py brief FD      a third of it in calls of brief(), each of a microsecond or two, from
                        a generator, and more in calls of lasting(), which stays in C

It says "ready" to the descriptor. A line from standard input begins the account
anew; the next one ends the program, which then prints "function nanoseconds".
"""
import asyncio
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


async def inner(count):
    for _ in range(count):
        pass


async def outer(count):
    await inner(count)


async def short_task():
    while True:
        await accounted("short_task", outer(300))
        await asyncio.sleep(0)


async def long_task():
    while True:
        await accounted("long_task", outer(900))
        await asyncio.sleep(0)


async def accounted(name, work):
    begin = now()
    await work
    account[name] = account.get(name, 0) + now() - begin
    calls[name] = 0


loop = asyncio.new_event_loop()
running = []


def tasks():
    if not running:
        running.extend(loop.create_task(f()) for _ in range(150) for f in (short_task, long_task))
    loop.run_until_complete(asyncio.sleep(0))


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
main({"split": split, "periodic": periodic, "tasks": tasks,
      "brief": turns.__next__}[sys.argv[1]])
