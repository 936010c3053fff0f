"""A coroutine that blocks its loop, below others that await it."""

import asyncio

from park import park


class Resource:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        await innermost()


async def innermost():
    park()


async def numbers():
    async with Resource():
        yield 1


async def consume():
    async for _ in numbers():
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(consume())


asyncio.run(main())
