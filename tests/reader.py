#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reader.py FILE...: print the totals of streams, written from the page tstream(5) alone."""
import io, re, struct, subprocess, sys, zlib

RESTART, ZSTD, PORTABLE, REFUSED = 1, 2, 64, 128  # flags of a block, bits of a record's type
KINDS = ("", "<native>", "<GC>", "<task>", "<truncated>", "<torn>", "<missed>", "<no python>",
         "<unreadable>", "<thread>", "<process>")
ODD = {b: "\\x%02x" % b for b in range(256) if not 32 <= b < 127 or b in b";\\"}  # in texts
# By type: what a record is; the contents that may hold it, and whether it is of a (r)un, a (l)ist, or
# (p)rinted as it stands; its first fields, see Reader.take().
RECORDS = {
    0x81: ("begin", "012", "v3 v v t"), 0x82: ("run", "012", "b16 v3 v v v v v v v v t t t t t"),
    0x83: ("process", "012r", "v1048576 v v v v v t t"), 0x05: ("exit", "012rp", "I v o2"),
    0x84: ("thread", "012r", "v1048576 P v v v v v v v1048577 t"), 0x07: ("ran", "012rp", "T v v v v"),
    0x06: ("outcome", "012r", "v v v v v v"), 0x87: ("string", "012l", "t65536"),
    0x88: ("function", "012l", "v S S v2147483648"), 0x89: ("frame", "012l", "F v32"),
    0x8a: ("stack", "012l", "v N"), 0x8b: ("tick", "0lr", "v"), 0x8c: ("cells", "12r", "T b1"),
    0x4d: ("", "012r", "t t"), 0x4e: ("", "012r", "t b32 v v t"), 0xbf: ("finish", "012", ""),
    0x8f: ("compare", "2p", "v n n" + 12 * " v" + " t"), 0x90: ("match", "2lp", "M M"),
    0x91: ("verdict", "2p", "M v v v" + 12 * " u"),
}

def need(truth, fact):
    if not truth:
        raise ValueError(fact)

class Body(io.BytesIO):
    def more(self):
        return self.tell() < len(self.getbuffer())

    def bytes(self, n):
        found = self.read(min(n, 1 << 24))
        need(len(found) == n, "a record is cut")
        return found

    def varint(self, below=1 << 64):
        number, shift, byte = 0, 0, 128
        while byte > 127 and shift < 70:
            byte = self.bytes(1)[0]
            number, shift = number | (byte & 127) << shift, shift + 7
        need(byte < 128 and number < below, "a number is out of its range")
        return number

def words(*fields):
    return " ".join("-" if field is None else str(field) for field in fields)

def add(run, sums, *lines):
    for line in lines:
        run[line] = [a + b for a, b in zip(sums, run.get(line, (0, 0)))]

def far_to_restart(data):
    for match in re.compile(rb"(?=(\x93tst\x01.{15})(.{4}))", re.S).finditer(data, 1):
        if match[1][5] & RESTART and zlib.crc32(match[1]) == int.from_bytes(match[2], "little"):
            return match.start()
    return len(data)

class Reader:
    runs, complaints = {"": {}}, 0  # lines, with their sums, of all and of each run

    def complain(self, fact):
        print("%s: byte %d: %s" % (self.name, self.at, fact), file=sys.stderr)
        self.complaints += 1

    def read(self, name, data):
        self.name, self.at, self.number, self.skipped, self.known = name, 0, None, 0, {}
        # Of a stream: the segment that is due (none: no stream; -1: any), its last tick and outcome.
        self.due, self.last, self.to = None, None, -1
        while self.at < len(data):
            try:
                self.at += self.block(data[self.at:])
            except ValueError as fact:
                lost = far_to_restart(data[self.at:])
                self.complain("%s; %d bytes are lost" % (fact, lost))
                self.at, self.due = self.at + lost, self.due and -1
        self.finish()
        if self.skipped:
            print("%s: unknown records: %d" % (name, self.skipped), file=sys.stderr)

    def block(self, data):
        """Read the block that data begin with, and return how long it is."""
        head = bytes(data[:24]).ljust(24, b"-")
        magic, version, flags, number, stored, size, check, head_check = struct.unpack("<4s2BH4I", head)
        need(magic == b"\x93tst" and head_check == zlib.crc32(head[:20]), "there is no block, or it is cut")
        need(version == 1 and flags <= RESTART | ZSTD, "the version or a flag is unknown")
        need(len(raw := data[24:24 + stored]) == stored and check == zlib.crc32(raw), "a block is cut, or its check is wrong")
        if flags & RESTART:
            self.missing, self.zstd, self.zipped = number > (self.number or 0), flags & ZSTD, b""
            number = self.number = self.size = 0
        need(number == self.number and flags & ZSTD == self.zstd, "another block is due")
        self.number, self.size = number + 1, self.size + size
        need(stored <= 2097152 and size <= 1048576 and self.size <= 8388608, "a length is beyond its limit")
        if self.zstd:
            self.zipped += raw
            end = b"\1\0\0"  # an empty last block: of an open frame zstd may keep the tail for itself
            raw = subprocess.run(["zstd", "-dcqM8MB"], input=self.zipped + end, capture_output=True).stdout
        need(len(raw) == (self.size if self.zstd else size), "the raw bytes of a block are not as many")
        self.records(Body(raw[len(raw) - size:]), bool(flags & RESTART))
        return 24 + stored

    def records(self, block, first):
        need(block.more() if first else self.due is not None, "no begin record, or a block after the end")
        while block.more():
            kind, body = block.bytes(1)[0], Body(block.bytes(block.varint()))
            need(first == (kind == 0x81), "a begin record is missing or out of place")
            need(kind in RECORDS or kind < REFUSED, "record %02x is unknown" % kind)
            name, how, form = RECORDS.get(kind, ("", "012r" if kind & PORTABLE else "012", ""))
            need(first or str(self.content) in how, "a record is of another content, or after the end")
            need("r" not in how or self.here is not None, "there is no run")
            first = False
            for _ in iter(body.more, False) if "l" in how else [body]:
                fields = list(self.take(body, form))
                if "p" in how:
                    (self.here if "r" in how else self.runs[""])[words(name, *fields)] = ()
                elif name:
                    getattr(self, name)(body, *fields)
            if kind & PORTABLE:
                self.here["portable %02x %s" % (kind, body.getvalue().hex())] = ()
            self.skipped += kind not in RECORDS and not kind & PORTABLE

    def take(self, body, form):
        """Fields of a form: letters, with what a number is below or how many bytes there are."""
        for letter, n in re.findall(r"(\w)(\d*)", form):
            number = int(n) if letter == "b" else body.varint(int(n or 1 << 64))
            need(number in self.known.get(letter, range(letter == "n", 1 << 64)), "a number is not defined")
            yield (self.known[letter][number] if letter in self.known else
                   body.bytes(number).hex() if letter == "b" else
                   body.bytes(number).decode("latin-1").translate(ODD) if letter == "t" else
                   number >> 1 ^ -(number & 1) if letter == "s" else
                   (None, body.varint())[number] if letter == "o" else
                   None if letter == "u" and not number else number)

    def begin(self, _, content, number, at, *_rest):
        if number == 0:
            self.finish()
        elif self.due not in (number, -1) or self.due == number and self.missing:
            self.complain("segments or blocks before segment %d are missing" % number)
        self.lasts(at if number == self.due and not self.missing else -1)
        self.due, self.content, self.now, self.here = number + 1, content, at, None
        self.known = {"S": {0: ""}, "F": {1: (6, KINDS[6], "", 0)}, "M": {1: KINDS[6]}, "N": {1: KINDS[6]},
                      "K": {0: (None, "", 0), 1: ((None, "", 0), KINDS[6], 1)}, "P": {}, "I": {}, "T": {}}

    def run(self, _, number, side, unit, interval, *rest):
        need((side > 0) == (self.content == 2) and not rest[5] & rest[5] - 1, "a wrong side or epoch_ms")
        need(self.content or self.here is None, "a raw segment has a second run")
        self.here = self.runs.setdefault("run %s %d" % (number, side), {})
        self.known.update(P={}, I={}, T={}, L={})
        self.seen, self.listed, self.timeless = {}, None, not unit
        self.interval = interval and unit and max(1, interval // unit)

    def process(self, _, number, pid, *_rest):
        self.known["P"][number], self.known["I"][number] = pid, number

    def thread(self, _, number, pid, *rest):
        lane = rest[4] if rest[3] & 2 else None, *rest[5:7]
        need(self.known["L"].setdefault(number, lane) == lane and lane[1] < max(lane[2], 1) and
             (lane[0] is None or self.known["L"].get(lane[0], lane)[0] is None), "a lane is wrong")
        self.known["T"][number] = number
        self.here[words("named", number, pid, rest[-1])] = ()

    def outcome(self, body, start, to, *rest):
        losses = ["%d:%d" % (body.varint(), body.varint()) for _ in range(rest[-1])]
        self.to, self.here[words("outcome", start, to, *rest[:-1], *losses)] = to, ()

    def string(self, _, text):
        self.known["S"][len(self.known["S"])] = text

    def function(self, _, kind, name, file, line):
        number = len(self.known["F"]) + 1
        self.known["M"][number] = name = name or "".join(KINDS[kind:kind + 1])
        self.known["F"][number] = kind, name, file, line

    def frame(self, body, function, shape):
        line, end, *rest = (next(self.take(body, form)) if shape >> bit & 1 else None for bit, form
                            in enumerate(("s", "s", "v2147483647", "v2147483647", "S")))
        line = None if line is None else function[3] + line
        end = None if end is None else (line or 0) + end
        need(all(n is None or 0 < n < 1 << 31 for n in (line, end)), "a line is out of its range")
        self.runs[""][words("frame", *function[:3], line, end, *rest[:2], rest[2] or None)] = ()
        self.known["N"][len(self.known["N"]) + 1] = function[1]

    def stack(self, _, back, name):
        stacks = self.known["K"]
        parent = stacks.get(len(stacks) - 1 - back)
        need(parent and parent[2] < 65535, "a stack is not defined, or too deep")
        stacks[len(stacks)] = parent, name, parent[2] + 1

    def names(self, number):
        need(number in self.known["K"], "a stack is not defined")
        names, stack = [], self.known["K"][number]
        while stack[2]:
            names.append(stack[1])
            stack = stack[0]
        return "stack " + ";".join(reversed(names))

    def cells(self, body, thread, state):
        stack = 0
        while body.more():
            step, n = self.take(body, "s n")
            stack, epoch, names = stack + step, 0, self.names(stack + step)
            for i in range(n):
                later, *sums = self.take(body, "v v v" if i == 0 else "n v v")
                epoch += later
                add(self.here, sums, "thread %d %s" % (thread, state), names, "epoch %d" % epoch)

    def tick(self, body, head):
        form, self.now = head & 3, self.now + (head >> 2)
        need(head > 3 or self.last is None, "two ticks are at one time")
        self.lasts(self.now)
        for _ in range(body.varint() if form == 3 else min(form, 1)):
            if form == 3:
                self.listed, = self.take(body, "T")
            stack = body.varint() - (form == 3)
            if stack < 0:
                self.seen.pop(self.listed, None)
                continue
            need(form == 3 or self.listed in self.seen, "no thread was listed")
            state = self.seen[self.listed][0] if form == 1 else body.bytes(1).hex()
            self.seen[self.listed] = state, self.names(stack)
        self.last = self.now

    def lasts(self, until):
        """Weigh the last tick, which lasts until a time; if that is before it, for one interval."""
        if self.last is not None:
            time, self.last = self.last, None
            end = time + 1 if self.timeless else until if until >= time else time + (self.interval or 1)
            ends, slot = min(end, time + 4 * self.interval if self.interval else end), time // (self.interval or 1)
            for thread, (state, names) in self.seen.items():
                _, part, parts = self.known["L"][thread]
                counts, weight, missed = ((b + part) // max(parts, 1) - (a + part) // max(parts, 1)
                                          for a, b in ((slot, slot + 1), (time, ends), (ends, end)))
                thread = "thread %d %s" % (thread, state)
                add(self.here, (counts, weight), thread, names)
                if end > ends:
                    add(self.here, (0, missed), thread, "stack <missed>")

    def finish(self, end=None):
        if self.due is not None and end is None:
            self.complain("the stream is cut")
        self.lasts(self.to)
        self.due, self.content, self.to = None, None, -1

if __name__ == "__main__":
    reader = Reader()
    for name in sys.argv[1:]:
        reader.read(name, memoryview(open(0 if name == "-" else name, "rb").read()))
    for head, lines in sorted(reader.runs.items()):
        lines = [head] * bool(head) + sorted(words(line, *sums) for line, sums in lines.items())
        sys.stdout.writelines(line + "\n" for line in lines)
    sys.exit(reader.complaints > 0)
