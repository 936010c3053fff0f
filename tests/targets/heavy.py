"""A stack whose names are more than a megabyte together."""

from park import park

FRAMES = 300
names = {"park": park}
for i in range(FRAMES):
    name = "f%d_%s" % (i, "x" * 4000)
    exec("def %s(): return inner%d()" % (name, i), names)
    if i:
        names["inner%d" % (i - 1)] = names[name]
    else:
        outermost = names[name]
names["inner%d" % (FRAMES - 1)] = park
outermost()
