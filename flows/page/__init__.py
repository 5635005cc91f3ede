"""The parts of docs/thresholds.md; `flows.render` puts them in order."""
