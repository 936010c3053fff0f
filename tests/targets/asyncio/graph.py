"""Tasks that stand still at known places, awaiting each other in known ways."""

import asyncio
import os
import sys


async def deep(n):
    if n:
        return await deep(n - 1)
    await asyncio.get_running_loop().create_future()


async def worker(n):
    await deep(n)


async def produce():
    await deep(1)
    yield 1


async def consume():
    async for _ in produce():
        pass


async def wait_for(task):
    await task


async def group():
    async with asyncio.TaskGroup() as members:
        members.create_task(worker(0), name="member")
        members.create_task(worker(0), name="member")


async def circle(next_one):
    await asyncio.sleep(0)
    await next_one[0]


def park(n):
    if n:
        return park(n - 1)
    print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
    os.read(0, 1)


async def run():
    for _ in range(10):
        await asyncio.sleep(0)
    park(2)


async def main():
    shared = asyncio.create_task(worker(1), name="shared")
    first, second = [], []
    first.append(asyncio.create_task(circle(second), name="one of two"))
    second.append(asyncio.create_task(circle(first), name="two of two"))
    await asyncio.gather(
        asyncio.create_task(wait_for(shared), name="first"),
        asyncio.create_task(wait_for(shared), name="zw\u00f6lf \u2013 \U0001f600"),
        asyncio.create_task(group(), name="group"),
        asyncio.create_task(consume()),
        asyncio.create_task(run(), name="run"),
    )


asyncio.run(main())
