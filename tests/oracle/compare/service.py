"""service.py PASSES PLANTED: a service of three threads, with a queue of requests between them.

Each of PASSES (0: for ever) is a batch of requests: clients write them as JSON, a worker checks
them, keeps them in a database in memory, and answers with compressed text. A tenth of the time
is in price(), which has PLANTED times the work: 1 as it is, 1.2 a fifth more.
"""
import json
import queue
import random
import re
import sqlite3
import sys
import threading
import zlib

MAIL = re.compile(r"^([\w.+-]+)@((?:[\w-]+\.)+[a-z]{2,})$")
WORD = re.compile(r"[a-z]+")
BATCH = 40


def request(chance, number):
    words = ["".join(chance.choices("etaoinshrdlu", k=6)) for _ in range(25)]
    return json.dumps({"id": number, "mail": "%s@%s.example" % (words[0], words[1]),
                       "text": " ".join(words), "parts": [len(w) * number % 17 for w in words]})


def client(requests, answers, passes, seed):
    chance = random.Random(seed)
    done = 0
    while not passes or done < passes:
        for number in range(BATCH):
            requests.put(request(chance, number))
        for number in range(BATCH):
            check(answers.get())
        done += 1
    requests.put(None)


def check(answer):
    told = json.loads(zlib.decompress(answer))
    if not told["ok"]:
        raise ValueError(told)


def valid(order):
    found = MAIL.match(order["mail"])
    return bool(found) and len(WORD.findall(order["text"])) > 20


def price(parts, rounds):
    total = 0
    for i in range(rounds):
        total = (total + parts[i % 25] * 7) % 99991
    return total


class Store:
    def __init__(self):
        self.base = sqlite3.connect(":memory:")
        self.base.execute("create table orders (id integer primary key, mail text, total integer)")

    def keep(self, order, total):
        self.base.execute("insert or replace into orders values (?, ?, ?)",
                          (order["id"], order["mail"], total))

    def best(self):
        return self.base.execute("select mail, total from orders order by total desc limit 5").fetchall()


def answer(store, order, rounds):
    total = price(order["parts"], rounds)
    store.keep(order, total)
    text = json.dumps({"ok": valid(order), "total": total, "best": store.best(), "text": order["text"]})
    return zlib.compress(text.encode(), 6)


def worker(requests, answers, rounds, clients):
    store = Store()
    while clients:
        text = requests.get()
        if text is None:
            clients -= 1
        else:
            answers.put(answer(store, json.loads(text), rounds))


def main(passes, planted):
    requests, answers = queue.Queue(), queue.Queue()
    threads = [threading.Thread(target=client, args=(requests, answers, passes, seed), daemon=True)
               for seed in (1, 2)]
    for thread in threads:
        thread.start()
    worker(requests, answers, round(1000 * planted), len(threads))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
