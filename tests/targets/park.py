"""Parking: a target says where it stands, and then stays there.

argv[1] is where to say it: a FIFO, or the number of an open descriptor. What is
said is one line of JSON, {"thread's name": [[function, file, line, instruction], ...],
...}, stacks from the outermost frame to the innermost, a marker as ["<GC>", null, 0, null].
The instruction is the one that dis lists there, in its plain form; the innermost frame is at
another one later, which calls too. Whoever started the target
holds the writing end of its standard input; what comes from there sets it free.
"""

import dis
import json
import os
import sys
import threading

stacks = {}
markers = {}  # by the name of a function: what lies between it and the frame outside of it


def instruction_at(code, offset):
    """An inline cache, and a prefix, belong to their instruction."""
    found = None
    for instruction in dis.get_instructions(code):
        if instruction.offset > offset and found != "EXTENDED_ARG":
            break
        found = instruction.opname
    return found


def stack_of(frame):
    """The frames from the outermost down to this one, as a reader from outside names them."""
    stack = []
    while frame is not None:
        code = frame.f_code
        name = getattr(code, "co_qualname", code.co_name)
        stack.append([name, code.co_filename, frame.f_lineno, instruction_at(code, frame.f_lasti)])
        if name in markers:
            stack.append([markers[name], None, 0, None])
        frame = frame.f_back
    return stack[::-1]


def announce(frame):
    """Keeps the stack that ends in the caller's line; None, so that "or" goes on."""
    stacks[threading.current_thread().name] = stack_of(frame)


def ready(frame):
    """As announce(), and says all stacks that were announced."""
    announce(frame)
    where = sys.argv[1]
    with open(int(where) if where.isdigit() else where, "w") as out:
        print(json.dumps(stacks), file=out)


def park():
    """Says that all is ready and stays on this very line."""
    return ready(sys._getframe()) or os.read(0, 1)


def park_beside():
    """Stays on this line; another thread says that all is ready."""
    return announce(sys._getframe()) or os.read(0, 1)


def park_at(lock):
    """The same, waiting for a lock."""
    return announce(sys._getframe()) or lock.acquire()
