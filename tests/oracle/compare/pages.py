"""pages.py PASSES PLANTED: tasks of asyncio that hand pages of text to one another.

Each of PASSES (0: for ever) goes through a chain of tasks that write pages, read them again,
count and wrap their words, and make a table of them. A tenth of the time is in score(), which
has PLANTED times the work: 1 as it is, 1.2 a fifth more.
"""
import asyncio
import collections
import csv
import html
import html.parser
import io
import random
import sys
import textwrap

LETTERS = "etaoinshrdlucmfwyp<&"


def write(chance):
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(120)]
    items = "".join("<li class='%d'>%s</li>" % (len(w), html.escape(w)) for w in words)
    return "<html><body><h1>Page</h1><ul>%s</ul></body></html>" % items


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.depth, self.words = [], []

    def handle_starttag(self, tag, attributes):
        self.depth.append(tag)

    def handle_endtag(self, tag):
        self.depth.pop()

    def handle_data(self, data):
        self.words.append(data)


def read(text):
    page = Page()
    page.feed(text)
    page.close()
    return page.words


def score(words, rounds):
    best = 0
    for i in range(rounds):
        best = max(best, (len(words[i % 100]) * 7919 + i) % 1009)
    return best


def lines(words):
    return textwrap.wrap(" ".join(words), 60)


def table(words):
    counts = collections.Counter(words)
    out = io.StringIO()
    writer = csv.writer(out)
    for word, count in counts.most_common(50):
        writer.writerow([word, count, len(word)])
    return [row for row in csv.reader(io.StringIO(out.getvalue())) if row]


async def writing(out, passes):
    chance = random.Random(7)
    done = 0
    while not passes or done < passes:
        for _ in range(8):
            await out.put(write(chance))
        done += 1
    await out.put(None)


async def each(step, into, out):
    while True:
        item = await into.get()
        if item is None:
            break
        result = step(item)
        await out.put(result)
    await out.put(None)


async def main(passes, planted):
    rounds = round(1080 * planted)
    pages, texts, scored = (asyncio.Queue(4) for _ in range(3))
    done = asyncio.Queue()

    def weigh(words):
        return words, score(words, rounds)

    def finish(pair):
        return len(lines(pair[0])) + len(table(pair[0])) + pair[1]

    async def last():
        while await done.get() is not None:
            pass

    await asyncio.gather(writing(pages, passes), each(read, pages, texts),
                         each(weigh, texts, scored), each(finish, scored, done), last())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
