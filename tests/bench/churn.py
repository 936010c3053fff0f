# SPDX-License-Identifier: MIT
"""Executes new code all the time, every piece with names of its own: memory for them must not grow."""
import itertools

print("ready", flush=True)
for n in itertools.count():
    space = {}
    exec(compile(f"def f{n}():\n return sum(i * i for i in range(200))", f"/churn/{n}.py", "exec"), space)
    space[f"f{n}"]()
