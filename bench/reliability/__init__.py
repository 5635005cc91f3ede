"""Faults put into the real product, and what came of them: one part a module, one command for all.

A part offers `measure(advance, *, full) -> Section`, with a `count` where it counts something. What
it finds is kept in `docs/reliability.json`, so that a part which takes hours is run alone, at
night, and the page says of each part when it was run and at which size.
"""
