"""Tasks that come and go all the time. Each kind has one way to be awaited, and one chain."""

import asyncio
import sys


def define(kind, depth):
    """kind_0 to kind_N, each awaiting the next."""
    for i in range(depth):
        inner = f"{kind}_{i + 1}" if i + 1 < depth else "leaf"
        exec(f"async def {kind}_{i}():\n    await {inner}()\n", globals())


async def leaf():
    await asyncio.sleep(0)


define("red", 3)
define("green", 3)
define("blue", 5)
define("grey", 1)


async def boss_red():
    while True:
        await asyncio.create_task(red_0(), name="red")


async def boss_green():
    while True:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(green_0(), name="green")


async def boss_blue():
    while True:
        await asyncio.gather(*(asyncio.create_task(blue_0(), name="blue") for _ in range(4)))


async def wait_for(task):
    await task


async def boss_grey():
    while True:
        await wait_for(asyncio.create_task(grey_0(), name="grey"))


async def alternating():
    while True:
        await red_0()
        await green_0()
        await blue_0()


async def main():
    print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
    await asyncio.gather(*(asyncio.create_task(boss(), name=boss.__name__)
                           for boss in (boss_red, boss_green, boss_blue, boss_grey, alternating)))


asyncio.run(main())
