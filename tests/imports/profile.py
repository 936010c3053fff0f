#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""profile.py LINE...: a small profile of pprof, its fields as words.

types T/U...       value types            sample LOC,... VALUE,... [KEY=TEXT|KEY=#NUMBER ...]
function ID NAME FILE LINE                location ID [FUNCTION:LINE:COLUMN ...] [@ADDRESS:MAPPING]
mapping ID FILE                           raw HEX
A sample with "alone" as its first word has its numbers apart, not packed.
"""
import sys

strings = [""]


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def number(field, n):
    return varint(field << 3) + varint(n) if n else b""


def data(field, body):
    return varint(field << 3 | 2) + varint(len(body)) + body


def string(text):
    if text not in strings:
        strings.append(text)
    return strings.index(text)


def numbers(field, words, alone):
    values = [int(w) for w in words.split(",") if w]
    if alone:
        return b"".join(varint(field << 3) + varint(n) for n in values)
    return data(field, b"".join(map(varint, values)))


def label(word):
    key, value = word.split("=")
    is_number = value.startswith("#")
    kind = number(3, int(value[1:])) if is_number else number(2, string(value))
    return data(3, number(1, string(key)) + kind)


def sample(words):
    alone = words[0] == "alone"
    stack, values, *labels = words[alone:]
    body = numbers(1, "" if stack == "-" else stack, alone) + numbers(2, values, alone)
    return data(2, body + b"".join(map(label, labels)))


def location(words):
    body = number(1, int(words[0]))
    for word in words[1:]:
        if word.startswith("@"):
            address, mapping = word[1:].split(":")
            body += number(2, int(mapping)) + number(3, int(address, 16))
        else:
            function, line, column = map(int, word.split(":"))
            body += data(4, number(1, function) + number(2, line) + number(3, column))
    return data(4, body)


def field(line):
    kind, *words = line.split()
    if kind == "types":
        pairs = [word.split("/") for word in words]
        return b"".join(data(1, number(1, string(t)) + number(2, string(u))) for t, u in pairs)
    if kind == "sample":
        return sample(words)
    if kind == "function":
        name, file = string(words[1]), string(words[2] if words[2] != "-" else "")
        body = number(1, int(words[0])) + number(2, name) + number(4, file)
        return data(5, body + number(5, int(words[3])))
    if kind == "location":
        return location(words)
    if kind == "mapping":
        return data(3, number(1, int(words[0])) + number(5, string(words[1])))
    return bytes.fromhex(words[0])


body = b"".join(map(field, sys.argv[1:]))
sys.stdout.buffer.write(body + b"".join(data(6, s.encode()) for s in strings))
