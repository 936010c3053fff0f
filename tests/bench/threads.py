# SPDX-License-Identifier: MIT
"""argv[1] threads that compute, each ten calls deep."""
import sys
import threading


def descend(depth):
    while depth == 0:
        sum(range(100))
    descend(depth - 1)


for _ in range(int(sys.argv[1])):
    threading.Thread(target=descend, args=(10,), daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
