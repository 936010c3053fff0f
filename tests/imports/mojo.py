#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mojo.py FILE: Austin's binary file as the text that Austin writes, a line for each sample.

The way in is the reader of the format that the tests believe: it is not ours.
"""
import sys


class Reader:
    def __init__(self, data):
        self.data, self.at, self.pid = data, 3, 0
        self.strings, self.frames = {}, {}
        self.version = self.number()

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def number(self):
        byte = self.byte()
        number, shift, sign = byte & 63, 6, -1 if byte & 64 else 1
        while byte & 128:
            byte = self.byte()
            number |= (byte & 127) << shift
            shift += 7
        return sign * number

    def text(self):
        end = self.data.index(0, self.at)
        text = self.data[self.at : end].decode("utf-8", "surrogateescape")
        self.at = end + 1
        return text

    def name(self, key):
        return self.strings.get((self.pid, key), "<unknown>")

    def frame(self):
        key, file, scope, line = (self.number() for _ in range(4))
        if self.version >= 2:
            for _ in range(3):
                self.number()
        self.frames[self.pid, key] = "%s:%s:%d" % (self.name(file), self.name(scope), line)

    def lines(self):
        """(whether it is a comment, its words and metrics), in the order of the file."""
        line, metrics = None, []
        while self.at < len(self.data):
            event = self.byte()
            if event in (1, 2) and line:
                yield ";".join(line) + " " + ",".join(metrics)
                line, metrics = None, []
            if event == 1:
                yield "# %s: %s" % (self.text(), self.text())
            elif event == 2:
                self.pid = self.number()
                interpreter = self.number() if self.version >= 3 else 0
                line = ["P%d" % self.pid, "T%d:%d" % (interpreter, int(self.text(), 16))]
            elif event == 3:
                self.frame()
            elif event == 4:
                line.append(":INVALID:")
            elif event == 5:
                line.append(self.frames[self.pid, self.number()])
            elif event == 6:
                line.append("kernel:%s:0" % self.text())
            elif event == 7:
                line.append(":GC:")
            elif event == 8:
                metrics[-1] = "1"
            elif event == 9:
                metrics.append("%d" % self.number())
                if self.full:
                    metrics.append("0")
            elif event == 10:
                metrics.append("%d" % self.number())
            elif event == 11:
                key = self.number()
                self.strings[self.pid, key] = self.text()
            else:
                raise ValueError("event %d at byte %d" % (event, self.at - 1))
        if line:
            yield ";".join(line) + " " + ",".join(metrics)


with open(sys.argv[1], "rb") as file:
    reader = Reader(file.read())
reader.full = b"\0full\0" in reader.data[:200]
sys.stdout.reconfigure(errors="surrogateescape")
for line in reader.lines():
    print(line)
