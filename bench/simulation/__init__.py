"""The whole product on a clock that costs nothing, with a seed: people, faults, and what must hold.

A first version: beside the watchdog a seed does not come to its end yet, so nothing runs it.
"""
