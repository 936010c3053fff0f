#!/usr/bin/env python3
"""A program with one of everything that is read: what scramble.c scrambles.

Threads with names, deep and shallow ones, one that handles exceptions within each other, one
that runs generators within each other, interpreters, classes, and from 3.14 on a loop with tasks
that await each other. The main thread runs on and on, in C and back. With "family" a child is
forked that does the same. Says the numbers of its processes when all of it is there.
"""

import asyncio
import os
import sys
import threading

out = int(sys.argv[-1])
family = "family" in sys.argv
silent, there = os.pipe()
ready = threading.Semaphore(0)


def park():
    ready.release()
    os.read(silent, 1)


def deep(n):
    return deep(n - 1) if n else park()


def handling(n):
    try:
        raise ValueError(n)
    except ValueError:
        return handling(n - 1) if n else park()


def generator(n):
    if n:
        yield from generator(n - 1)
    else:
        park()
        yield n


def generators():
    for _ in sorted(generator(5), key=lambda n: n):
        pass


class Naïve:
    """Names of more than ASCII."""

    def __init__(self):
        self.größe()

    def größe(self):
        sorted([1, 2], key=lambda n: park() if n == 1 else n)


async def leaf(hold):
    await hold


async def inner(n, hold):
    if n:
        await inner(n - 1, hold)
    else:
        await leaf(hold)


async def awaiting(tasks):
    await asyncio.gather(*tasks)


async def loop():
    hold = asyncio.get_running_loop().create_future()
    tasks = [asyncio.ensure_future(inner(n, hold)) for n in range(8)]
    groups = [asyncio.ensure_future(awaiting(tasks[n : n + 4])) for n in range(5)]
    for n, task in enumerate(tasks[::2]):
        if hasattr(task, "set_name"):
            task.set_name("täsk %d" % n)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asyncio.ensure_future(awaiting(groups))
    await asyncio.sleep(0)
    park()


def begin():
    work = [
        (deep, 3, "shallow"),
        (deep, 600, "deep"),
        (handling, 10, "handling"),
        (lambda _: generators(), 0, "generators"),
        (lambda _: Naïve(), 0, "naïve"),
        (lambda _: asyncio.run(loop()), 0, "loop"),
    ]
    for target, n, name in work:
        threading.Thread(target=target, args=(n,), name=name, daemon=True).start()
    for _ in work:
        ready.acquire()
    return interpreters()


def interpreters():
    """Two more; whoever refers to them must live on."""
    for name in "_interpreters", "_xxsubinterpreters":
        try:
            module = __import__(name)
        except ImportError:
            continue
        return [module.create() for _ in range(2)]


def work(n):
    return len(sorted(range(8), key=lambda k: work(n - 1) if n and k == 3 else -k))


pids = [os.getpid()]
if family:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        kept = begin()
        os.write(writing, b"x")
        while os.getppid() > 1:
            work(3)
        os._exit(0)
    os.read(reading, 1)
    pids.append(child)
kept = begin()
os.write(out, (" ".join(map(str, pids)) + "\n").encode())
os.close(out)
while True:
    work(3)
