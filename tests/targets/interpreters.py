"""Interpreters: one that is there before it is said, another one when the target is set free.

With "coming" as first argument they come and go all the time instead. In each one a thread
stands in a function of its own, and the main thread in main_waits().
"""

import os
import sys
import threading
import time

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

never, _ = os.pipe()


def begin(name, wait):
    script = "import os\ndef %s():\n    os.write(%d, b'x')\n    os.read(%d, 1)\n%s()"
    there, say = os.pipe()
    number = interpreters.create()
    threading.Thread(target=interpreters.run_string,
                     args=(number, script % (name, say, wait, name)), daemon=True).start()
    os.read(there, 1)
    return number


def come_and_go():
    """Until it is set free; each of them lives a few milliseconds."""
    while not select.select([0], [], [], 0)[0]:
        wait, go = os.pipe()
        number = begin("passing", wait)
        time.sleep(0.005)
        os.write(go, b"x")
        while threading.active_count() > 1:
            time.sleep(0.001)
        interpreters.destroy(number)
        os.close(wait)
        os.close(go)


def main_waits():
    return os.read(0, 1)


kept = [begin("early", never)] if sys.argv[1] != "coming" else []
print("ready", file=open(int(sys.argv[-1]), "w"), flush=True)
if kept:
    main_waits()
    kept.append(begin("late", never))
    main_waits()
else:
    import select

    come_and_go()
os._exit(0)
