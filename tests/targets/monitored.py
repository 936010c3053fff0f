"""Parked where sys.monitoring, of 3.12 and later, is told of lines, calls and instructions."""

import sys

from park import park


def watched():
    return list(map(lambda one: beside(one), [
        1,
    ]))


def beside(one):
    return by_line(
        one) if one else None


def by_line(one):
    for _ in [one]:
        return park()


def watch():
    monitoring = sys.monitoring
    events = monitoring.events
    monitoring.use_tool_id(3, "target")
    monitoring.set_local_events(3, watched.__code__, events.LINE | events.CALL)
    monitoring.set_local_events(3, beside.__code__, events.LINE | events.INSTRUCTION)
    monitoring.set_local_events(3, by_line.__code__, events.LINE)


if hasattr(sys, "monitoring"):
    watch()
watched()
