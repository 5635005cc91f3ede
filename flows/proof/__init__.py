"""The parts of the proof that `flows.verify` puts together, one guarantee or tool a module."""
