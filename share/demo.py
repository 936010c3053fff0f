#!/usr/bin/env python3
"""share/demo.py: a small newsroom, to look at through a profiler.

The wire makes up telegrams, two desks parse and score them, and the main thread
keeps the front page and prints it as JSON. It works for the given number of
seconds (8) and has things to find: a hash of everything that is computed twice,
a sort that need not be one, a page that is printed far too often, and a wire
that mostly waits.
"""

import collections
import hashlib
import json
import random
import re
import sys
import threading
import time

CITIES = "Bergen Cadiz Dover Esbjerg Gdansk Lisbon Malmo Nantes Oslo Porto".split()
TOPICS = "harbour weather grain chess railway election comet football".split()


class Telegram:
    """One message, and what the desks found out about it."""

    def __init__(self, number, text):
        self.number = number
        self.text = text
        self.words = {}
        self.score = 0.0

    def fingerprint(self):
        digest = hashlib.sha256(self.text.encode())
        for _ in range(40):
            digest.update(digest.digest())
        return digest.hexdigest()


def invent(chance, number):
    """A telegram of some sixty words."""
    words = [chance.choice(TOPICS) for _ in range(60)]
    words[0] = chance.choice(CITIES) + ":"
    words.insert(chance.randrange(2, 50), "%d.%02d" % (chance.randrange(900), number % 100))
    return Telegram(number, " ".join(words))


def wire(incoming, until):
    """Keeps the desks busy, until it is time."""
    chance = random.Random(1912)
    number = 0
    while time.monotonic() < until:
        if len(incoming) > 500:
            time.sleep(0.02)
            continue
        incoming.append(invent(chance, number))
        number += 1


def tokens(text):
    """Words and numbers, one by one."""
    pattern = re.compile(r"(?P<number>\d+\.\d+)|(?P<word>[A-Za-z]+)")
    for match in pattern.finditer(text):
        yield match.lastgroup, match.group()


def count(telegram):
    for kind, token in tokens(telegram.text):
        if kind == "word":
            telegram.words[token] = telegram.words.get(token, 0) + 1


def distance(a, b):
    """How many edits turn a into b."""
    if not a or not b:
        return len(a) + len(b)
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def rate(telegram):
    """Chess is news, and so is what sounds like it."""
    for word, times in telegram.words.items():
        telegram.score += times / (1 + distance(word, "chess"))


def desk(incoming, scored, until):
    """Parses, scores, hands on."""
    while time.monotonic() < until:
        if not incoming:
            time.sleep(0.001)
            continue
        telegram = incoming.popleft()
        count(telegram)
        rate(telegram)
        telegram.fingerprint()
        scored.append(telegram)


class FrontPage:
    """The ten best telegrams, always in order."""

    def __init__(self):
        self.best = []
        self.seen = set()

    def add(self, telegram):
        mark = telegram.fingerprint()
        if mark in self.seen:
            return
        self.seen.add(mark)
        self.best.append(telegram)
        self.best.sort(key=lambda t: (-t.score, t.number))
        del self.best[400:]

    def render(self):
        rows = [{"n": t.number, "score": round(t.score, 2), "words": t.words} for t in self.best]
        return json.dumps(rows, indent=1, sort_keys=True)


def nested(depth):
    """The archive is a box in a box in a box."""
    if depth == 0:
        return sum(i * i % 7 for i in range(2000))
    return nested(depth - 1) + 1


def edit(scored, until):
    """The front page, with everything that came in."""
    page, number = FrontPage(), 0
    while time.monotonic() < until:
        if not scored:
            time.sleep(0.001)
            continue
        page.add(scored.popleft())
        number += 1
        if number % 50 == 0:
            page.render()
        if number % 200 == 0:
            nested(30)
    return "%d telegrams, the best: %s" % (number, page.best[0].text[:40])


def main():
    until = time.monotonic() + float(sys.argv[1] if len(sys.argv) > 1 else 8)
    incoming, scored = collections.deque(), collections.deque()
    threads = [threading.Thread(target=wire, args=(incoming, until), name="wire")]
    threads += [threading.Thread(target=desk, args=(incoming, scored, until), name=name)
                for name in ("north", "south")]
    for thread in threads:
        thread.start()
    print(edit(scored, until))
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
