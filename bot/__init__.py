"""The outer program: the only place that wires things together."""
