"""Names and files of four thousand characters, in one-byte and in wider texts."""

from park import park

TEMPLATE = """
class C{tail}:
    def m{tail}(self, inner):
        return inner()

def f{tail}(inner):
    return C{tail}().m{tail}(inner)
"""


def define(letter, file):
    """Qualified names have both the class's and the method's part."""
    names = {}
    tail = "_" + letter * 2000
    exec(compile(TEMPLATE.format(tail=tail), file, "exec"), names)
    return names["f" + tail]


plain = define("x", "/" + "/".join(["directory"] * 399) + "/a.py")
wide = define("\u65e5", "<wide>")

plain(lambda: wide(park))
