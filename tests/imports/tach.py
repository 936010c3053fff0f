#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tach.py FILE WAY...: write a file of Tachyon's anew, the same profile in another way.

big, little: words in that byte order.  plain, packed: samples as they are, or by zstd(1).
full, suffix, pop-push: each stack in this form of a record, where it can be.
apart: no repeats.  old, none: statistics in their old form, or none.
The way in is the reader of the format that the tests believe: it is not ours.
"""
import struct
import subprocess
import sys

HEAD = "4sI3BxQQQIQQII"
REPEAT, FULL, SUFFIX, POP_PUSH = range(4)


class Bytes:
    def __init__(self, data, order):
        self.data, self.at, self.order = data, 0, order

    def number(self):
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def words(self, form):
        size = struct.calcsize("=" + form)
        self.at += size
        return struct.unpack(self.order + form, self.data[self.at - size : self.at])

    def stack(self):
        return [self.number() for _ in range(self.number())]


def number(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def zstd(data, *how):
    return subprocess.run(["zstd", "-q", "-c", *how], input=data, stdout=subprocess.PIPE, check=True).stdout


def read(data):
    """The head, [(thread, delta, status, stack)] in the order of the file, the tables, statistics."""
    order = "<" if data[:4] == b"HCAT" else ">"
    head = list(struct.unpack(order + HEAD, data[:64]))
    strings = head[9]
    body = data[64:strings]
    b, stacks, samples = Bytes(zstd(body, "-d") if head[11] else body, order), {}, []
    while b.at < len(b.data):
        *thread, kind = b.words("QIB")
        thread = tuple(thread)
        old = stacks.get(thread, [])
        if kind == REPEAT:
            samples += [(thread, b.number(), b.byte(), old) for _ in range(b.number())]
            continue
        delta, status = b.number(), b.byte()
        if kind == FULL:
            new = b.stack()
        elif kind == SUFFIX:
            shared = b.number()
            new = b.stack() + old[len(old) - shared :]
        else:
            popped = b.number()
            new = b.stack() + old[popped:]
        stacks[thread] = new
        samples.append((thread, delta, status, new))
    statistics = data[-88:-32] if data[-48:-40] == b"TACHSTAT" else b""
    return order, head, samples, data[strings : len(data) - 32 - len(statistics)], statistics


def change(form, old, new):
    """A record's kind and its end: the stack new after old."""
    same = 0
    while same < min(len(old), len(new)) and old[-1 - same] == new[-1 - same]:
        same += 1
    if form == "suffix" and same == len(old):
        return SUFFIX, number(same) + stack(new[: len(new) - same])
    if form == "pop-push":
        return POP_PUSH, number(len(old) - same) + stack(new[: len(new) - same])
    return FULL, stack(new)


def stack(frames):
    return number(len(frames)) + b"".join(map(number, frames))


def records(order, samples, form, apart):
    out, stacks, i = b"", {}, 0
    while i < len(samples):
        thread, delta, status, new = samples[i]
        old, end = stacks.get(thread, []), i + 1
        out += struct.pack(order + "QI", *thread)
        if old == new and not apart:
            while end < len(samples) and samples[end][0] == thread and samples[end][3] == new:
                end += 1
            out += bytes([REPEAT]) + number(end - i)
            out += b"".join(number(s[1]) + bytes([s[2]]) for s in samples[i:end])
        else:
            kind, rest = change(form, old, new)
            out += bytes([kind]) + number(delta) + bytes([status]) + rest
        stacks[thread] = new
        i = end
    return out


def write(read, ways):
    old, head, samples, tables, statistics = read
    order = ">" if "big" in ways else "<" if "little" in ways else old
    form = next((w for w in ways if w in ("full", "suffix", "pop-push")), "full")
    body = records(order, samples, form, "apart" in ways)
    if "packed" in ways or (head[11] and "plain" not in ways):
        body, head[11] = zstd(body), 1
    else:
        head[11] = 0
    fields = struct.unpack(old + "4d2I8s2I", statistics)
    statistics = struct.pack(order + "4d2I8s2I", *fields)
    if "old" in ways:
        statistics = struct.pack(order + "2d8s2I", *fields[:2], b"TACHSTAT", 1, 32)
    if "none" in ways:
        statistics = b""
    head[0] = b"HCAT" if order == "<" else b"TACH"
    head[10] += 64 + len(body) - head[9]
    head[9] = 64 + len(body)
    counts = struct.unpack(old + "2I", FOOTER[:8])
    size = 64 + len(body) + len(tables) + len(statistics) + 32
    footer = struct.pack(order + "2IQ16x", *counts, size)
    return struct.pack(order + HEAD, *head) + body + tables + statistics + footer


with open(sys.argv[1], "rb") as file:
    data = file.read()
FOOTER = data[-32:]
sys.stdout.buffer.write(write(read(data), sys.argv[2:]))
