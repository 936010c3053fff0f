"""Programs of which every possible stack is known, and a judge of what was seen.

mixture.py KIND FD    runs for ever, after it has said "ready" to that descriptor
mixture.py KIND       reads collapsed text, and fails if it has a stack that cannot be

Whatever mixes two of the chains below, skips a part of one, or goes on where one
ends, never was: it is made of frames that were read at different moments.
"""
import os
import sys
import tempfile


def line(name, depth):
    return [f"{name}{i}" for i in range(depth)]


def calls(chain):
    """Functions that call each other in this order, the last of which does nothing."""
    return [f"def {f}():\n    {g}()\n" for f, g in zip(chain, chain[1:])] + [
        f"def {chain[-1]}():\n    pass\n"]


def linked(chain):
    """The same by way of a function that all of them share."""
    return [f"def {f}():\n    link({g})\n" for f, g in zip(chain, chain[1:])] + [
        f"def {chain[-1]}():\n    pass\n"]


def yields(chain):
    """Generators, each of which delegates to the next."""
    return [f"def {f}():\n    yield from {g}()\n" for f, g in zip(chain, chain[1:])] + [
        f"def {chain[-1]}():\n    yield 1\n    yield 2\n"]


def between(chain):
    return [name for f in chain for name in (f, "link")][:-1]


def alternate(depth):
    a, b = line("a", depth), line("b", depth)
    return calls(a) + calls(b), ["a0()", "b0()"], [a, b]


def share(depth):
    a, b = line("a", depth), line("b", depth)
    link = ["def link(f):\n    f()\n"]
    return link + linked(a) + linked(b), ["a0()", "b0()"], [between(a), between(b)]


def meet(depth, argument, last, given, does="pass", begin="pass"):
    """Functions in the middle that are the same for both, and the last of which parts them."""
    middle = line("s", depth)
    source = [f"def {f}({argument}):\n    {g}({argument})\n" for f, g in zip(middle, middle[1:])]
    source += [f"def {middle[-1]}({argument}):\n{last}\n"]
    source += [f"def {x}1():\n    {does}\n"
               f"def {x}0():\n    {begin.format(x)}\n    s0({given[x]})\n" for x in "ab"]
    return source, ["a0()", "b0()"], [[f"{x}0"] + middle + [f"{x}1"] for x in "ab"]


def name_none(depth):
    return meet(depth, "last", "    last()", {"a": "a1", "b": "b1"})


def name_both(depth):
    return meet(depth, "first", "    if first:\n        a1()\n    else:\n        b1()",
                {"a": True, "b": False})


def lasting(depth):
    """The middle is soon over, and what they part for is not."""
    return meet(depth, "last", "    last()", {"a": "a1", "b": "b1"}, "for _ in range(200): pass")


def chosen(depth):
    """The same, where nothing that is handed over tells the two apart."""
    return meet(depth, "", "    chosen()", {"a": "", "b": ""}, "for _ in range(200): pass",
                "global chosen; chosen = {}1")


def delegate(depth):
    a, b = line("a", depth), line("b", depth)
    drive = [f"def drive_{x}():\n    for _ in {x}0():\n        step_{x}()\n"
             f"def step_{x}():\n    pass\n" for x in "ab"]
    chains = [[f"drive_{c[0][0]}"] + c for c in (a, b)]
    chains += [["drive_a", "step_a"], ["drive_b", "step_b"]]
    return drive + yields(a) + yields(b), ["drive_a()", "drive_b()"], chains


def by_c(depth):
    a, b = line("a", depth), line("b", depth)
    drive = ["def drive_a():\n    sum(a0())\n", "def drive_b():\n    list(b0())\n"]
    return drive + yields(a) + yields(b), ["drive_a()", "drive_b()"], [
        [f"drive_{c[0][0]}"] + c for c in (a, b)]


def resumed(depth):
    """Hundreds of generators that stay, as tasks do, each resumed by C once in a while."""
    chains = [line(x, depth) for x in "abc"]
    source = [f"def {f}():\n    while True:\n        yield from {g}()\n"
              for c in chains for f, g in zip(c, c[1:] + ["alone" if c[0] == "c0" else "both"])]
    source += [f"def {f}():\n    sum(range(30))\n    yield\n    sum(range(30))\n"
               for f in ("both", "alone")]
    source += ["def drive(generators):\n    any(map(next, generators))\n",
               "many = [f() for _ in range(300) for f in (a0, b0, c0)]\n"]
    return source, ["drive(many)"], [["drive"] + c + [last] for c, last in zip(
        chains, ("both", "both", "alone"))]


def short_lived(top, rest, begin):
    """Coroutines that end soon, whose memory the next one takes, of another function maybe."""
    source = [f"async def top_{x}():\n{top.format(x)}\ndef {x}0():\n    for _ in range(200):\n        pass\n"
              for x in "abc"]
    source += [f"import asyncio, itertools, random\n{rest}\n",
               "async def shared(f):\n    await last(f)\nasync def last(f):\n    f()\n",
               "order = itertools.cycle(random.Random(1).choices((top_a, top_b, top_c), k=997))\n",
               f"async def main():\n{begin}\n    await asyncio.Event().wait()\n"]
    return source, ["asyncio.run(main())"]


def ended():
    top = "    spawn()\n    await shared({0}0)"
    rest = "def spawn():\n    asyncio.get_running_loop().create_task(next(order)())\n"
    return *short_lived(top, rest, "    for _ in range(5):\n        spawn()"), [
        ["main", "spawn"]] + [[f"top_{x}"] + chain for x in "abc"
                              for chain in (["spawn"], ["shared", "last", f"{x}0"])]


def replaced():
    top = "    await shared({0}0)\n    await asyncio.sleep(0)\n    await shared({0}0)"
    rest = "async def stay():\n    while True:\n        await next(order)()\n"
    begin = "    tasks = [asyncio.create_task(stay()) for _ in range(5)]"
    return *short_lived(top, rest, begin), [["main"]] + [
        ["stay", f"top_{x}", "shared", "last", f"{x}0"] for x in "abc"]


def called_by_c():
    drive = [f"def drive_{x}():\n    {f}({x}0, (1, 2, 3, 4))\ndef {x}0(n):\n    return {x}1(n)\n"
             f"def {x}1(n):\n    return n\n" for x, f in (("a", "order"), ("b", "reach"))]
    by = ["def order(f, numbers):\n    sorted(numbers, key=f)\n",
          "def reach(f, numbers):\n    list(map(f, numbers))\n"]
    return drive + by, ["drive_a()", "drive_b()"], [
        ["drive_a", "order", "a0", "a1"], ["drive_b", "reach", "b0", "b1"]]


def deepen(depth):
    deep, shallow = line("deep", depth), line("shallow", 2)
    return calls(deep + ["leaf"]) + calls(shallow + ["leaf"]), ["deep0()", "shallow0()"], [
        deep + ["leaf"], shallow + ["leaf"]]


KINDS = {
    "chains": lambda: alternate(3),
    "long_chains": lambda: alternate(20),
    "shared": lambda: share(10),
    "middle": lambda: name_none(5),
    "choice": lambda: name_both(5),
    "lasting": lambda: lasting(5),
    "chosen": lambda: chosen(5),
    "generators": lambda: delegate(8),
    "driven": lambda: by_c(2),
    "resumed": lambda: resumed(3),
    "called": called_by_c,
    "deep_and_shallow": lambda: deepen(40),
}
OUTSIDE = ["<module>", "run", "run"]
SHORT_LIVED = {"ended": ended, "replaced": replaced}
KINDS.update(SHORT_LIVED)


def run(kind, ready):
    """From a file, because code from none is read more often."""
    functions, begins, _ = KINDS[kind]()
    loop = "def run():\n    while True:\n" + "".join(f"        {b}\n" for b in begins)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mixed.py")
        with open(path, "w") as file:
            file.write("".join(functions) + loop)
        sys.path.insert(0, folder)
        sys.dont_write_bytecode = True
        import mixed
    os.write(ready, b"ready\n")
    mixed.run()


def own(places):
    """Those of this file and of what it made: asyncio's lie between them, and inside of them."""
    return [place for place in places if place.endswith(("/mixture.py)", "/mixed.py)"))]


def judge(kind):
    """The places of a line are "name (file)"; those outside of run() are of this file."""
    chains = [OUTSIDE + c for c in KINDS[kind]()[2]]
    possible = {tuple(c[:n]) for c in chains for n in range(len(c) + 1)}
    seen = torn = impossible = told = 0
    for text in sys.stdin:
        places, samples = text.rstrip("\n").rsplit(" ", 1)
        places = places.split(";")
        torn_here = places[-1] == "<torn>"
        if torn_here:
            places.pop()
        if kind in SHORT_LIVED:
            places = own(places)
        stack = [place.split(" (")[0] for place in places]
        seen += int(samples)
        torn += torn_here * int(samples)
        told += not torn_here and len(stack) > len(OUTSIDE)
        if tuple(stack) not in possible:
            impossible += int(samples)
            print(f"{samples} times: {' '.join(stack)}{' <torn>' if torn_here else ''}")
    print(f"{seen} samples, {torn} of them torn, {impossible} impossible")
    return impossible > 0 or (told == 0 and kind not in SHORT_LIVED)


if len(sys.argv) > 2:
    run(sys.argv[1], int(sys.argv[2]))
else:
    sys.exit(judge(sys.argv[1]))
