# A program to be sampled by other profilers: what it does is known, and it ends by itself.
#
#	watched.py SECONDS [CHILDREN]
import subprocess
import sys
import threading
import time


def leaf(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


def middle(n):
    return leaf(n) + leaf(n // 2)


class Work:
    def run(self, until):
        while time.monotonic() < until:
            middle(2000)


def collect(until):
    while time.monotonic() < until:
        circles = []
        for _ in range(3000):
            circle = []
            circle.append(circle)
            circles.append(circle)


def rest(until):
    while time.monotonic() < until:
        time.sleep(0.005)


def main(seconds):
    now = time.monotonic()
    thread = threading.Thread(target=rest, args=(now + seconds,), name="resting")
    thread.start()
    Work().run(now + seconds / 2)
    try:
        raise ValueError
    except ValueError:
        collect(now + seconds)
    thread.join()


children = [
    subprocess.Popen([sys.executable, sys.argv[0], sys.argv[1]])
    for _ in range(int(sys.argv[2]) if sys.argv[2:] else 0)
]
main(float(sys.argv[1]))
for child in children:
    child.wait()
