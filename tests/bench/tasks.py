# SPDX-License-Identifier: MIT
"""A group of 100 tasks: one computes; the others wait three awaits deep, ten a second are new."""
import asyncio
import time


async def wait(depth, seconds):
    if depth > 1:
        await wait(depth - 1, seconds)
    else:
        await asyncio.sleep(seconds)


def begin(group, number, seconds):
    """A task that another one follows when it ends."""
    task = group.create_task(wait(3, seconds), name=f"wait {number}")
    task.add_done_callback(lambda _: begin(group, number, 9.8))


def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(100))


async def compute():
    print("ready", flush=True)
    while True:
        spin(0.01)
        await asyncio.sleep(0)


async def main():
    async with asyncio.TaskGroup() as group:
        for number in range(99):
            begin(group, number, 0.1 * (number + 1))
        group.create_task(compute(), name="compute")


asyncio.run(main())
