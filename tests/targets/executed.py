"""Code from texts: exec, eval, compile with a file that is not there, and odd names."""

from park import park

ODD = "a;b c\n(d:1)\\\t\x1b[31m"


def rename(function, name):
    """The same function by a name that no grammar allows."""
    changes = {"co_name": name}
    if hasattr(function.__code__, "co_qualname"):
        changes["co_qualname"] = name
    function.__code__ = function.__code__.replace(**changes)
    return function


def odd(inner):
    return inner()


def evaluated():
    return eval("(lambda: park())()")


exec(
    compile(
        "\n\n\ndef outer():\n    return middle(evaluated)\n\n\nouter()\n",
        "/nowhere/generated.py",
        "exec",
    ),
    {"middle": rename(odd, ODD), "evaluated": evaluated},
)
