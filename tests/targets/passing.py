"""Threads that come and go all the time, until the target is set free; then it prints their ids."""

import _thread
import select
import sys

ids = {(_thread.get_native_id(), _thread.get_ident())}
slots = [_thread.allocate_lock() for _ in range(8)]


def passing(slot):
    ids.add((_thread.get_native_id(), _thread.get_ident()))
    sum(range(300))
    slot.release()


def main():
    print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
    while not select.select([0], [], [], 0)[0]:
        for slot in slots:
            slot.acquire()
            _thread.start_new_thread(passing, (slot,))
    for slot in slots:
        slot.acquire()
    for pair in sorted(ids):
        print(*pair)


main()
