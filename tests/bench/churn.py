# SPDX-License-Identifier: MIT
"""Executes new code all the time: memory of a sampler for what is gone must not grow.

Names come again after a while, because CPython itself keeps every name that it met.
"""
import itertools

print("ready", flush=True)
for n in itertools.cycle(range(20000)):
    space = {}
    exec(compile(f"def f{n}():\n return sum(i * i for i in range(200))", f"/churn/{n}.py", "exec"), space)
    space[f"f{n}"]()
