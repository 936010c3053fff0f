"""sources.py PASSES PLANTED: a job in one thread that reads the sources of the standard library.

Each of PASSES (0: for ever) tokenizes, parses, compares and serializes some of them. A tenth of
the time is in fingerprint(), which has PLANTED times the work: 1 as it is, 1.2 a fifth more.
"""
import ast
import difflib
import io
import json
import pathlib
import sys
import tokenize

NAMES = "abc bisect colorsys fnmatch keyword reprlib sched shlex stat textwrap".split()


def sources():
    folder = pathlib.Path(ast.__file__).parent
    return [(folder / (name + ".py")).read_text("utf-8")[:6000] for name in NAMES]


def words(text):
    counts = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            counts[token.string] = counts.get(token.string, 0) + 1
    except (tokenize.TokenError, SyntaxError):
        pass
    return counts


class Names(ast.NodeVisitor):
    def __init__(self):
        self.found = []

    def visit_Name(self, node):
        self.found.append(node.id)

    def visit_FunctionDef(self, node):
        self.found.append(node.name)
        self.generic_visit(node)


def names(text):
    try:
        tree = ast.parse(text[: text.rindex("\n\n\n")])
    except (SyntaxError, ValueError):
        return []
    visitor = Names()
    visitor.visit(tree)
    return visitor.found + [ast.dump(node) for node in tree.body[:2]]


def compare(old, new):
    old, new = old.splitlines()[:30], new.splitlines()[:30]
    return sum(line[0] in "+-" for line in difflib.unified_diff(old, new))


def fingerprint(text, rounds):
    total = 0
    for i in range(rounds):
        total = (total * 31 + ord(text[i % 1000])) & 0xFFFFFFFF
    return total


def sort_key(item):
    return -item[1], item[0]


def serialize(counts, found):
    common = sorted(counts.items(), key=sort_key)[:60]
    text = json.dumps({"words": common, "names": found}, indent=1)
    return len(json.loads(text)["words"])


def one(text, other, rounds):
    counts = words(text)
    found = names(text)
    changed = compare(text, other)
    mark = fingerprint(text, rounds)
    return serialize(counts, found) + changed + mark


def main(passes, planted):
    texts = sources()
    rounds = round(2400 * planted)
    done = 0
    while not passes or done < passes:
        for i, text in enumerate(texts):
            one(text, texts[i - 1], rounds)
        done += 1


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
