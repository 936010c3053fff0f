#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""threads.py READER FILE: prints "NATIVE-ID PYTHON-ID INTERPRETER MAIN" of a stream's threads."""

import importlib.util
import sys

spec = importlib.util.spec_from_file_location("reader", sys.argv[1])
reader = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reader)


class Threads(reader.Reader):
    told = set()

    def thread(self, body, number, pid, native, python, interpreter, flags, *rest):
        super().thread(body, number, pid, native, python, interpreter, flags, *rest)
        self.told.add((native, python, interpreter, flags & 1))


threads = Threads()
with open(sys.argv[2], "rb") as file:
    threads.read(sys.argv[2], file.read())
for thread in sorted(threads.told):
    print(*thread)
sys.exit(threads.complaints > 0)
