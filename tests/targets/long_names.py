"""Names and files of four thousand bytes, in one-byte and in wider texts."""

from park import park

LENGTH = 4000
TEMPLATE = """
class C{tail}:
    def m{tail}(self, inner):
        return inner()

def f{tail}(inner):
    return C{tail}().m{tail}(inner)
"""


def define(letter, width, file):
    names = {}
    tail = "_" + letter * ((LENGTH - 2) // width)
    exec(compile(TEMPLATE.format(tail=tail), file, "exec"), names)
    return names["f" + tail]


plain = define("x", 1, "/" + "/".join(["directory"] * 399) + "/a.py")
wide = define("\u65e5", 3, "<wide>")

plain(lambda: wide(park))
