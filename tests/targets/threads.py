"""Named threads, each parked elsewhere; one waits for a lock."""

import threading

from park import park, park_at, park_beside, stacks


def worker(n):
    if n:
        return worker(n - 1)
    return park_beside()


class Desk:
    def __init__(self, lock):
        self.lock = lock

    def wait(self):
        return (lambda: park_at(self.lock))()


def main():
    lock = threading.Lock()
    lock.acquire()
    threads = [threading.Thread(target=worker, args=(n,), name="worker %d" % n, daemon=True)
               for n in range(3)]
    threads.append(threading.Thread(target=Desk(lock).wait, name="desk", daemon=True))
    for thread in threads:
        thread.start()
    while len(stacks) < len(threads):
        pass
    park()


main()
