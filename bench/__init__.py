"""Measurements: speed, the simulated clinic, taps, mutants. Each by one command."""
