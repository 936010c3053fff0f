# SPDX-License-Identifier: MIT
"""heat.py PAGE PART...: what a page of theat(1) holds, as lines of text.

Parts are files, folders, functions, lines, calls, spans, and source PATH; of a
comparison those of the current side, or with "was" before them of the baseline.
"""
import base64
import json
import re
import sys
import zlib


def inflate(text):
    return zlib.decompress(base64.b64decode(text))


def column(table, name):
    numbers, number, shift = [], 0, 0
    for byte in inflate(table[name]):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    assert len(numbers) == table["n"], (name, len(numbers), table["n"])
    return numbers


class Side:
    def __init__(self, page, number):
        self.page, self.data = page, page["sides"][number]
        self.strings = page["strings"]
        files, functions, lines, spots = (self.data[name] for name in ("files", "functions", "lines", "spots"))
        self.paths = [self.strings[i] for i in column(files, "path")]
        self.names = [self.strings[i] for i in column(functions, "name")]
        self.of = column(functions, "file")
        at, before = [], (None, 0)
        for file, step in zip(column(lines, "file"), column(lines, "line")):
            before = (file, step + (before[1] if before[0] == file else 0))
            at.append(f"{self.paths[file]}:{before[1]}")
        self.at = at
        self.spots = [
            (self.names[f], at[line - 1] if line else f"{self.paths[self.of[f]]}:?")
            for f, line in zip(column(spots, "function"), column(spots, "line"))
        ]

    def sums(self, name):
        """Self and total, in milliseconds where the page has times, and in samples."""
        table = self.data[name]
        unit = self.data["quantum"] / (1e6 if self.page["unit"] == "ns" else 1)
        parts = [column(table, key) for key in ("self", "total", "self_samples", "total_samples")]
        return [f"{a * unit:g} {b * unit:g} {c} {d}" for a, b, c, d in zip(*parts)]

    def files(self):
        states, sources, pages = (column(self.data["files"], name) for name in ("state", "source", "page"))
        for path, state, source, page, sums in zip(self.paths, states, sources, pages, self.sums("files")):
            yield f"{path} state {state} source {source} page {page}: {sums}"

    def folders(self):
        ways = []
        for i, (parent, name) in enumerate(zip(column(self.data["folders"], "parent"), self.data["folders"]["names"])):
            ways.append(str(i) if parent == i else f"{ways[parent]}/{name}")
        return (f"{way}: {sums}" for way, sums in zip(ways, self.sums("folders")))

    def functions(self):
        lines = column(self.data["functions"], "line")
        return (f"{name} {self.paths[f]}:{line}: {s}" for name, f, line, s in zip(self.names, self.of, lines, self.sums("functions")))

    def lines(self):
        return (f"{at}: {sums}" for at, sums in zip(self.at, self.sums("lines")))

    def calls(self):
        table = self.data["calls"]
        unit = self.data["quantum"] / (1e6 if self.page["unit"] == "ns" else 1)
        rows = zip(*(column(table, name) for name in ("spot", "callee", "total", "total_samples")))
        for spot, callee, total, samples in rows:
            name, at = self.spots[spot]
            yield f"{name} {at} -> {self.names[callee]}: {total * unit:g} {samples}"

    def spans(self):
        table = self.data["spans"]
        parts = [column(table, name) for name in ("spot", "name", "down", "from", "to")]
        for spot, name, down, start, end, sums in zip(*parts, self.sums("spans")):
            yield f"{self.spots[spot][1]} {self.strings[name]} {start - 1}-{end - 1} {down}: {sums}"

    def source(self, path):
        number = column(self.data["files"], "source")[self.paths.index(path)]
        if number == 0:
            return ["(none)"]
        source = self.page["sources"][number - 1]
        return [inflate(source["text"]).decode()] + ([f"odd: {source['odd']}"] if source["odd"] else [])


def main(path, *parts):
    text = open(path, encoding="utf-8").read()
    page = json.loads(re.search(r'id="profile">\n(.*)\n</script>', text)[1])
    side = Side(page, 1 if parts[0] == "was" else 0)
    parts = [part for part in parts if part != "was"]
    print("\n".join(getattr(side, parts[0])(*parts[1:])))


main(*sys.argv[1:])
