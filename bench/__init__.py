"""Measurements and proofs, each by one command.

Speed beside peers, the simulated clinic, taps, mutants; kills, power cuts, reliability, simulation;
hazards, warning signs in free text, exports in LibreOffice, the pages' pictures.
"""
