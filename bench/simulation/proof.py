"""Everything that must hold after a story, whatever happened in it."""

from bench.simulation import (
    of_alerts,
    of_nights,
    of_patients,
    of_questions,
    of_staff,
    of_storage,
    of_watch,
)  # fmt: skip
from bench.simulation.evidence import Evidence
from bench.simulation.story import Story

MODULES = (of_alerts, of_staff, of_patients, of_questions, of_nights, of_storage, of_watch)
CHECKS = tuple(check for module in MODULES for check in module.CHECKS)


def faults_of(story: Story) -> list[str]:
    """Return a sentence for each thing that does not hold, with the check's name before it."""
    evidence = Evidence(story)
    return [f"{check.__name__}: {fault}" for check in CHECKS for fault in check(evidence)]
