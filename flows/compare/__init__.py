"""The parts of `flows.diff`: what changed in the file, what it means, and a search for cases."""
