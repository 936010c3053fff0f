"""A root and two workers that are made as argv[1] says; all of them are parked.

Each worker adds a line of JSON to the file $SAY, {"pid": ..., "stack": ...}; a
byte from the FIFO $GATE sets one of them free. The root says the same as other
targets do, at argv[2], and ends when a line comes and both workers have ended.
"""

import json
import multiprocessing
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import park


def say(frame):
    with open(os.environ["SAY"], "a") as out:
        out.write(json.dumps({"pid": os.getpid(), "stack": park.stack_of(frame)}) + "\n")


def work(status):
    os.dup2(os.open(os.environ["GATE"], os.O_RDONLY), 0)
    say(sys._getframe()) or os.read(0, 1)
    if status:
        sys.exit(status)


def by_fork():
    pids = []
    for status in 3, 4:
        pid = os.fork()
        if pid == 0:
            try:
                work(status)
            except SystemExit as end:
                os._exit(end.code)
        pids.append(pid)
    return lambda: [os.waitpid(pid, 0) for pid in pids]


def by_subprocess():
    ends = [subprocess.Popen([sys.executable, __file__, "worker", str(status)])
            for status in (3, 4)]
    return lambda: [end.wait() for end in ends]


def by_multiprocessing(method):
    context = multiprocessing.get_context(method)
    ends = [context.Process(target=work, args=(status,)) for status in (3, 4)]
    for end in ends:
        end.start()
    return lambda: [end.join() for end in ends]


def by_pool():
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(2)
    for _ in range(2):
        pool.submit(work, 0)
    return pool.shutdown


def main():
    how, sys.argv[1:] = sys.argv[1], sys.argv[2:]
    if how == "worker":
        return work(int(sys.argv[1]))
    if how == "fork":
        wait = by_fork()
    elif how == "subprocess":
        wait = by_subprocess()
    elif how == "pool":
        wait = by_pool()
    else:
        wait = by_multiprocessing(how)
    while not os.path.exists(os.environ["SAY"]) or len(open(os.environ["SAY"]).readlines()) < 2:
        pass
    park.park()
    wait()


if __name__ == "__main__":
    main()
